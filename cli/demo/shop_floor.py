"""What comes otherwise than from a camera: self-recorded times, machine data, headcounts, output, paid time.

Invented, repeatable, and fitting together: pieces are what the paid time allows after everything else,
and some per cent of it stay unaccounted for. Pure.
"""

import math
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from cli.demo.calendar import MINUTE_MS, SHIFTS, at
from cli.demo.layout import CLEANING, MEETING, PLANNED_BREAK, TIME_ZONE, Doing, Happening, StationPlan
from productivity.records import RecordingMode
from productivity.states import StateCategory

SECOND_NS = 1_000_000_000
_USED = 0.91
"""Share of what is left that turns up as cycles; the rest nobody has recorded."""
_SHORT_BREAK_S = 15 * 60
_HOURS = 7
"""In which something can happen, of a shift."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A time that somebody noted (SR), or that a machine did (OMD)."""

    key: bytes
    mode: RecordingMode
    state: str
    category: StateCategory
    start_ms: int
    duration_ns: int
    occurrences: int = 1


@dataclass(frozen=True, slots=True)
class StationDay:
    """A station's day: two shifts at one workplace; `people` take turns there."""

    plan: StationPlan
    day: date
    people: int
    pieces: int
    batches: int
    paid_ns: int
    noted: tuple[Noted, ...]


def station_days(stations: Sequence[StationPlan], days: Sequence[date], seed: int) -> list[StationDay]:
    """Return each station's days."""
    return [_day(plan, day, seed) for plan in stations for day in days]


def _day(plan: StationPlan, day: date, seed: int) -> StationDay:
    draw = np.random.default_rng([seed, zlib.crc32(plan.name.encode()), day.toordinal(), 1])
    noted = tuple(_noted(plan, day, draw))
    paid_s = sum(shift.paid_minutes for shift in SHIFTS) * 60
    left_s = paid_s - sum(one.duration_ns for one in noted) / SECOND_NS
    cycle_s = sum(step.mean_s for step in plan.steps) + sum(one.mean_s for one in plan.between) / plan.batch
    pace = 1 + plan.learning / 4 + plan.drift * draw.standard_normal()
    pieces = math.floor(left_s * _USED / (cycle_s * pace))
    absent = int(draw.random() < 0.15)
    return StationDay(
        plan=plan,
        day=day,
        people=max(1, plan.crew * len(SHIFTS) - absent),
        pieces=pieces,
        batches=math.ceil(pieces / plan.batch),
        paid_ns=paid_s * SECOND_NS,
        noted=noted,
    )


def _noted(plan: StationPlan, day: date, draw: np.random.Generator) -> Iterator[Noted]:
    for shift in SHIFTS:
        begins_ms = at(day, shift.begins, TIME_ZONE)
        # Only the paid one of the two breaks.
        yield _note(Doing(PLANNED_BREAK, StateCategory.PERIODICAL, _SHORT_BREAK_S, 0.0), begins_ms, 180, draw)
        if day.weekday() == 0:
            yield _note(Doing(MEETING, StateCategory.PERIODICAL, 15 * 60, 0.0), begins_ms, 0, draw)
        if plan.cleans:
            yield _note(CLEANING, begins_ms, 480 - CLEANING.mean_s / 60, draw)
        for happening in plan.happenings:
            if happening.doing.category is StateCategory.IRREGULAR:
                yield from _irregular(happening, begins_ms, draw)
            else:
                yield _counted(happening, RecordingMode.SR, begins_ms, draw)
        if draw.random() < 0.5:
            yield _note(_CONSULTATION, begins_ms, float(draw.uniform(20, 440)), draw)


def _irregular(happening: Happening, begins_ms: int, draw: np.random.Generator) -> Iterator[Noted]:
    """Yield what a machine counts in a shift; or what people note, and they forget half of it."""
    if happening.doing.state in _BY_MACHINES:
        yield _counted(happening, RecordingMode.OMD, begins_ms, draw)
        return
    for _ in range(int(draw.poisson(happening.per_hour * _HOURS / 2))):
        yield _note(happening.doing, begins_ms, float(draw.uniform(20, 440)), draw)


def _counted(happening: Happening, mode: RecordingMode, begins_ms: int, draw: np.random.Generator) -> Noted:
    """Return all of a shift in one row, with the number of times."""
    doing = happening.doing
    times = int(draw.poisson(happening.per_hour * _HOURS))
    length_s = sum(max(1, round(_length_s(doing, draw))) for _ in range(times))
    return Noted(
        bytes(draw.bytes(16)), mode, doing.state, doing.category, begins_ms, length_s * SECOND_NS, times
    )


def _note(doing: Doing, begins_ms: int, minutes: float, draw: np.random.Generator) -> Noted:
    """Return what somebody notes: whole minutes."""
    length_s = max(60, round(_length_s(doing, draw) / 60) * 60)
    start_ms = begins_ms + round(minutes) * MINUTE_MS
    return Noted(
        bytes(draw.bytes(16)),
        RecordingMode.SR,
        doing.state,
        doing.category,
        start_ms,
        length_s * SECOND_NS,
    )


def _length_s(doing: Doing, draw: np.random.Generator) -> float:
    return doing.mean_s * float(draw.lognormal(0, doing.spread / 2))


_CONSULTATION = Doing("consultation", StateCategory.IRREGULAR, 300, 0.6)
_BY_MACHINES = frozenset({"breakdown", "waiting for machine"})
