"""The demonstration's studies, on the shelf from which the server's pages take them."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from cli.demo import study_of_agreement, study_of_weeks
from cli.demo.dates import Dates
from cli.demo.layout import StationPlan
from cli.demo.sessions import Course
from storage.sql.database import Database
from storage.study.shelf import Shelf

CASE = "paper-case-study"


def make_studies(
    shelf: Shelf,
    database: Database,
    stations: Sequence[StationPlan],
    recorded: Sequence[Course],
    days: Dates,
    seed: int,
) -> None:
    """Make the studies; the published case study is among them where fairtakt has its examples beside it."""
    study_of_weeks.two_weeks(shelf, database, stations, recorded, days)
    study_of_agreement.camera_and_stopwatch(shelf, recorded, days, seed)
    if examples := case_study():
        shutil.copytree(examples, shelf.root / CASE)


def case_study() -> Path | None:
    """Return the published case study; None where fairtakt was installed without its examples."""
    folder = Path(__file__).resolve().parents[2] / "examples" / "assembly_cell"
    return folder if folder.is_dir() else None
