"""A study of the demonstration's weeks: all eight steps, with data that come out of the server's tables."""

from collections.abc import Sequence
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

from cli.demo.calendar import DAY, WEEK, at
from cli.demo.dates import Dates
from cli.demo.layout import AREA, PLACES, SITE, TIME_ZONE, StationPlan
from cli.demo.sessions import Course
from productivity.records import Unit
from productivity.study.plan import recording_plan, refined
from productivity.time import SECOND
from storage.files import MemoryFile
from storage.importers.mapping import CycleStates
from storage.sql.database import Database
from storage.sql.documented import documented_times
from storage.sql.lookup import Selection
from storage.sql.measures import outputs, paid_times
from storage.sql.observed import observed_sessions
from storage.study.adding import add_source
from storage.study.by_hand import read_by_hand, write_by_hand
from storage.study.editing import Change, read_text, replace_texts
from storage.study.folder import PLAN, PORTFOLIO, SETTINGS, STATES, read_study
from storage.study.plan_csv import write_plan
from storage.study.records_csv import RecordFile
from storage.study.server_data import (
    SOURCE,
    Names,
    Periods,
    Taken,
    camera_samples,
    documented_records,
    measures,
)
from storage.study.shelf import Shelf

NAME = "two-weeks"
TITLE = "The weeks until now in the assembly hall (invented)"
VARIANT = "drive 100"
_PORTFOLIO = ((VARIANT, 7300), ("drive 200", 2400), ("drive 250 with brake", 900), ("spare part kit", 240))
_BATCHES = 4
"""Taken with a stopwatch at each station: a camera's cycles hold no change of batch."""


def two_weeks(
    shelf: Shelf, database: Database, stations: Sequence[StationPlan], recorded: Sequence[Course], days: Dates
) -> None:
    """Make a study of the weeks of the campaigns: all of its data come out of the server's tables."""
    study = shelf.create(NAME, TITLE, "en")
    weeks = _weeks(days)
    _write(study, SETTINGS, _settings(stations, weeks))
    _write(study, STATES, states_text(study))
    _write(
        study, PORTFOLIO, "product,pieces\n" + "".join(f"{name},{pieces}\n" for name, pieces in _PORTFOLIO)
    )
    _write_batches(study, recorded)
    selection, names = Selection(SITE), Names()
    periods = Periods("week", ZoneInfo(TIME_ZONE))
    first, last = days.first, days.recorded[-1] if days.recorded else days.first
    from_ms, to_ms = at(first, time(0), TIME_ZONE), at(last + DAY, time(0), TIME_ZONE)
    cycles = {plan.name: CycleStates(first=plan.cycle[0], last=plan.cycle[1]) for plan in stations}
    # The newest week is what intervals are still there for.
    seen_ms = max(from_ms, at(max(first, last - WEEK), time(0), TIME_ZONE))
    sessions = observed_sessions(database, selection, seen_ms, to_ms)
    taken = {
        Taken.CAMERA: camera_samples(sessions, cycles, names) if sessions else None,
        Taken.DOCUMENTED: documented_records(
            documented_times(database, selection, from_ms, to_ms), names, periods
        ),
        Taken.MEASURES: measures(
            outputs(database, selection, first, last),
            paid_times(database, selection, first, last),
            names,
            periods,
        ),
    }
    for kind, imported in taken.items():
        if imported is not None and imported.report.used:
            add_source(
                study,
                kind.replace(" ", "-"),
                imported,
                MemoryFile(SOURCE, b""),
                kind,
                stations=[plan.name for plan in stations],
            )
    settings = read_study(study).study(weeks[-1])
    plan = recording_plan(AREA, settings.system, settings.variants, settings.modes, _BATCHES)
    # Four changes of batch are no pilot: what they ask for is more noise than plan.
    pieces = refined((one for one in plan if one.unit is Unit.PIECE), settings.records.sampled, 0.05)
    write_plan(study / PLAN, (*pieces, *(one for one in plan if one.unit is Unit.BATCH)))


def _weeks(days: Dates) -> list[str]:
    """Return the names of the weeks with data."""
    return list(dict.fromkeys(f"{day:%G}-W{day:%V}" for day in days.recorded)) or [
        f"{days.first:%G}-W{days.first:%V}"
    ]


def _write(study: Path, name: str, text: str) -> None:
    replace_texts(study, {name: Change(text, read_text(study, name)[1])})


def _settings(stations: Sequence[StationPlan], weeks: Sequence[str]) -> str:
    systems = [f"  - {{name: {AREA}, level: area}}"]
    cells = {plan.cell for plan in stations}
    systems += [f"  - {{name: {cell}, level: cell, part_of: {AREA}}}" for cell, _ in PLACES if cell in cells]
    systems += [f"  - {{name: {one.name}, level: workplace, part_of: {one.cell}}}" for one in stations]
    return "\n".join(
        [
            "# Made by fairtakt serve --demo from its own tables; nobody was observed.",
            "fairtakt: study 1",
            f"title: {TITLE}",
            "language: en",
            "systems:",
            *systems,
            f"area: {AREA}",
            f"periods: [{', '.join(weeks)}]",
            "abc: output",
            f"variants: [{VARIANT}]",
            "plan: {samples: 4, half_width: 0.05}",
            "confidence: 0.95",
            "modes:",
            "  cycle-bound: [CV, RTS]",
            "  batch-bound: [RTS]",
            "  periodical: [SR]",
            "  irregular: [OMD, SR]",
            "",
        ]
    )


def states_text(study: Path) -> str:
    """Return the usual states, and those of this plant."""
    text, _ = read_text(study, STATES)
    text = text.replace("  - {name: transport}\n", "  - {name: transport}\n  - {name: material transport}\n")
    return text.replace(
        "      - {name: breakdown}\n", "      - {name: breakdown}\n      - {name: waiting for machine}\n"
    )


def _write_batches(study: Path, recorded: Sequence[Course]) -> None:
    """Write what the engineer took with a stopwatch: a few changes of batch at each station."""
    rows = []
    for course in recorded:
        for state in {one.state for one in course.plan.between}:
            lengths = [
                (recording.id[:8], piece.duration)
                for recording in course.recordings
                for piece in recording.intervals
                if piece.state == state
            ]
            rows += [
                {
                    "system": course.plan.name,
                    "state": state,
                    "mode": "RTS",
                    "unit": "batch",
                    "session": session,
                    "duration_s": f"{round(duration / SECOND)}",
                }
                for session, duration in lengths[:_BATCHES]
            ]
    revision = read_by_hand(study, RecordFile.SAMPLES).revision
    write_by_hand(study, RecordFile.SAMPLES, rows, revision)
