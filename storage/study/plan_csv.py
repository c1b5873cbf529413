"""plan.csv: how many samples are to be taken at which station, as `fairtakt study plan` writes it."""

from collections.abc import Iterable
from pathlib import Path

from consent.durable import replace
from productivity.errors import BadInput
from productivity.records import RecordingMode, Unit
from productivity.study.plan import PlannedStudy
from storage.files import File
from storage.intervals_csv import whole_number
from storage.study.records_csv import name_in, table_text, word_in
from storage.table import TableRow, read_table

COLUMNS = ("system", "variant", "mode", "unit", "samples", "sessions")


def read_plan(path: Path) -> tuple[PlannedStudy, ...]:
    """Read a recording plan; an absent file plans nothing. Raises `BadInput` naming file and line."""
    return plan_in(path) if path.exists() else ()


def plan_in(file: File) -> tuple[PlannedStudy, ...]:
    """Read the plan in a file."""
    return tuple(_planned(row) for row in read_table(file, COLUMNS))


def write_plan(path: Path, plan: Iterable[PlannedStudy]) -> None:
    """Write a recording plan; it is never half written, and durable when this returns."""
    rows = [
        (one.system, one.variant, one.mode.value, one.unit.value, one.samples, one.sessions or "")
        for one in plan
    ]
    replace(path, table_text(COLUMNS, rows).encode())


def _planned(row: TableRow) -> PlannedStudy:
    samples = whole_number(row, "samples")
    sessions = whole_number(row, "sessions") if row["sessions"] else None
    if samples < 1 or (sessions is not None and sessions < 1):
        raise BadInput("plan of nothing", where=str(row.place), expected="samples and sessions from 1")
    return PlannedStudy(
        name_in(row, "system"),
        row["variant"],
        word_in(row, "mode", RecordingMode),
        word_in(row, "unit", Unit),
        samples,
        sessions,
    )
