"""An agreement study: a stopwatch and a camera at the same sessions, both of them invented."""

import csv
import io
import tempfile
import zlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from cli.demo.calendar import WEEK
from cli.demo.dates import Dates
from cli.demo.layout import AREA, PILOT, StationPlan
from cli.demo.sessions import Course, Recording
from cli.demo.study_of_weeks import states_text
from productivity.cycles import count_cycles
from productivity.intervals import StateInterval
from productivity.states import NOT_RECORDED, UNKNOWN, WorkerState
from productivity.time import SECOND, Duration, Instant, seconds
from storage.files import MemoryFile
from storage.importers.load import import_file
from storage.importers.mapping import CycleStates, FileMapping, Kind
from storage.intervals_csv import write_intervals_csv
from storage.rows import interval_rows
from storage.study.adding import add_source
from storage.study.editing import Change, read_text, replace_texts
from storage.study.folder import PROTOCOL, SETTINGS, STATES
from storage.study.shelf import Shelf

NAME = "camera-and-stopwatch"
TITLE = "Camera and stopwatch at the same sessions (invented)"
_SHARED_S = 900
"""How much of a session both observers watched."""
_STATIONS, _SESSIONS, _CYCLES = 4, 2, 5
_BY_HAND_S, _BY_CAMERA_S = 0.2, 0.5
"""How exactly each of them notes a change of state: standard deviation."""


def camera_and_stopwatch(shelf: Shelf, recorded: Sequence[Course], days: Dates, seed: int) -> None:
    """Make an agreement study: a stopwatch and a camera at the same sessions of several stations."""
    study = shelf.create(NAME, TITLE, "en")
    watched_at = [one for one in recorded if one.campaign is not PILOT][:_STATIONS]
    _write(study, SETTINGS, _settings([one.plan for one in watched_at]))
    _write(study, STATES, states_text(study))
    _write(study, PROTOCOL, _fixed_on(read_text(study, PROTOCOL)[0], days.first))
    for course in watched_at:
        for number, recording in enumerate(_worth_while(course)[:_SESSIONS]):
            name = f"{course.plan.name.replace(' ', '-').replace('_', '-')}-{number + 1}"
            watched = _beginning(recording)
            draw = np.random.default_rng([seed, zlib.crc32(recording.id.encode())])
            _add_manual(study, f"stopwatch-{name}", course.plan, _moved(watched, _BY_HAND_S, draw))
            _add_measured(study, f"camera-{name}", course.plan, _moved(watched, _BY_CAMERA_S, draw))


def _write(study: Path, name: str, text: str) -> None:
    replace_texts(study, {name: Change(text, read_text(study, name)[1])})


def _settings(stations: Sequence[StationPlan]) -> str:
    return "\n".join(
        [
            "# Two observers of the same sessions. Nothing is evaluated here but how well they agree.",
            "fairtakt: study 1",
            f"title: {TITLE}",
            "language: en",
            "systems:",
            f"  - {{name: {AREA}, level: area}}",
            *(f"  - {{name: {one.name}, level: workplace, part_of: {AREA}}}" for one in stations),
            f"area: {AREA}",
            "periods: [sessions]",
            "",
        ]
    )


def _fixed_on(protocol: str, day: date) -> str:
    commented = next(line for line in protocol.splitlines() if line.startswith("# fixed_on"))
    return protocol.replace(commented, f"fixed_on: {day - WEEK}")


def _worth_while(course: Course) -> list[Recording]:
    """Return sessions in which enough can be seen at the beginning: others begin with a break."""
    return [
        one for one in course.recordings if len(count_cycles(_beginning(one), *course.plan.cycle)) >= _CYCLES
    ]


def _beginning(recording: Recording) -> list[StateInterval]:
    """Return whole intervals from the beginning of a session."""
    return [one for one in recording.intervals if one.end <= seconds(_SHARED_S)]


def _moved(
    watched: Sequence[StateInterval], spread_s: float, draw: np.random.Generator
) -> list[StateInterval]:
    """Return what another observer would have noted: each change of state a little sooner or later."""
    edges = [0]
    for one in watched[:-1]:
        moved = one.end + round(float(draw.normal(0, spread_s)) * SECOND)
        # An observer notes one after the other, and a state for a tenth of a second at least.
        edges.append(max(edges[-1] + SECOND // 10, moved))
    edges.append(max(edges[-1] + SECOND // 10, watched[-1].end))
    return [
        StateInterval(
            one.station, one.state, Instant(begin), Duration(end - begin), one.confidence, one.reason
        )
        for one, begin, end in zip(watched, edges, edges[1:], strict=False)
    ]


def _add_manual(study: Path, name: str, plan: StationPlan, noted: Sequence[StateInterval]) -> None:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("station", "state", "start_s", "end_s"))
    for one in noted:
        if one.state not in {UNKNOWN, NOT_RECORDED}:
            table.writerow((one.station, one.state, _s(one.start), _s(one.end)))
    file = MemoryFile(f"{name}.csv", text.getvalue().encode())
    mapping = FileMapping(kind=Kind.LABELS, cycle=_cycle(plan), session=name)
    add_source(study, name, import_file(file, mapping), file, mapping.kind)


def _add_measured(study: Path, name: str, plan: StationPlan, seen: Sequence[StateInterval]) -> None:
    states = [WorkerState(state, category, False) for state, category in plan.states.items()]
    rows = interval_rows(seen, states, count_cycles(seen, *plan.cycle))
    mapping = FileMapping(kind=Kind.RECORDING, session=name)
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / f"{name}.csv"
        write_intervals_csv(file, rows)
        add_source(study, name, import_file(file, mapping), file, mapping.kind)


def _cycle(plan: StationPlan) -> CycleStates:
    first, last = plan.cycle
    return CycleStates(first=first, last=last)


def _s(instant: int) -> str:
    return f"{instant // SECOND}.{instant % SECOND:09d}"
