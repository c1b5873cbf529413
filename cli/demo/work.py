"""What a camera would have told of one session at a station: invented, repeatable, without a gap. Pure.

1. Cycles follow each other; each step's time is drawn anew, slower at first (learning), and in each session a
   little different (drift).
2. After each batch comes what a new batch needs. Now and then something happens.
3. In breaks and meetings nobody is there: *not recorded*, nobody present. The end of a shift is for cleaning.
4. Sometimes the camera cannot tell (*unknown*) or no picture comes (*not recorded*, no frames).

The intervals tile the session exactly, in whole nanoseconds.
"""

import math
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cli.demo.calendar import Span
from cli.demo.layout import CLEANING, Doing, StationPlan
from productivity.intervals import StateInterval
from productivity.states import NOBODY_PRESENT, NOT_RECORDED, UNKNOWN
from productivity.time import SECOND, Duration, Instant, after, seconds, since

NO_FRAMES = "no frames"
_LEARNED_AFTER = 150
"""Cycles after which about a third of the learning is still to come."""
_LOST_PER_HOUR = 0.25
_NS_PER_MS = 1_000_000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of a session before it begins: its time, the breaks, the end of the shift, experience."""

    span: Span
    away: Sequence[Span]
    shift_end_ms: int
    cycles_before: int


def session(plan: StationPlan, around: Surroundings, seed: int) -> Iterator[StateInterval]:
    """Yield the intervals of a session; instants count from its beginning."""
    # One stream for each station and session: a change in one does not change the others.
    station = zlib.crc32(plan.name.encode())
    draw = np.random.default_rng([seed, station, around.span.start_ms // 1000])
    return _tiled(plan, _pieces(plan, around, draw), around, draw)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What happens next, for how long; `reason` where nothing is recorded."""

    state: str
    seconds: float
    reason: str = ""


def _pieces(plan: StationPlan, around: Surroundings, draw: np.random.Generator) -> Iterator[_Piece]:
    """Yield work without end."""
    pace = max(0.8, 1 + plan.drift * draw.standard_normal())
    made = around.cycles_before
    due = [draw.exponential(3600 / one.per_hour) for one in plan.happenings]
    lost_s = draw.exponential(3600 / _LOST_PER_HOUR)
    worked_s = 0.0
    while True:
        slower = pace * (1 + plan.learning * math.exp(-made / _LEARNED_AFTER))
        for doing in plan.steps:
            step = _drawn(doing, draw, slower)
            worked_s += step.seconds
            yield from _as_seen(step, plan.hidden, draw)
            if worked_s > lost_s:
                gap = _Piece(NOT_RECORDED, float(draw.uniform(4, 40)), NO_FRAMES)
                lost_s = worked_s + draw.exponential(3600 / _LOST_PER_HOUR)
                yield gap
        made += 1
        if made % plan.batch == 0:
            yield from (_drawn(doing, draw) for doing in plan.between)
        for place, happening in enumerate(plan.happenings):
            if worked_s > due[place]:
                due[place] = worked_s + draw.exponential(3600 / happening.per_hour)
                yield _drawn(happening.doing, draw)


def _drawn(doing: Doing, draw: np.random.Generator, slower: float = 1.0) -> _Piece:
    variance = math.log(1 + doing.spread**2)
    drawn_s = doing.mean_s * draw.lognormal(-variance / 2, math.sqrt(variance))
    return _Piece(doing.state, max(0.8, drawn_s * slower))


def _as_seen(step: _Piece, hidden: float, draw: np.random.Generator) -> Iterator[_Piece]:
    """Yield a step, now and then with a while in which the camera could not tell."""
    if draw.random() >= hidden or step.seconds < 4:
        yield step
        return
    before = float(draw.uniform(0.2, 0.6)) * step.seconds
    unseen = float(draw.uniform(0.1, 0.3)) * step.seconds
    yield _Piece(step.state, before)
    yield _Piece(UNKNOWN, unseen)
    yield _Piece(step.state, step.seconds - before - unseen)


def _tiled(
    plan: StationPlan, pieces: Iterator[_Piece], around: Surroundings, draw: np.random.Generator
) -> Iterator[StateInterval]:
    """Lay pieces end to end from the beginning of the session to its end; breaks and cleaning cut in."""
    start_ms = around.span.start_ms
    end = Instant((around.span.end_ms - start_ms) * _NS_PER_MS)
    cleaning = Instant((around.shift_end_ms - start_ms) * _NS_PER_MS - seconds(CLEANING.mean_s))
    now = Instant(0)
    while now < end:
        break_ = _break_at(around, now)
        if break_ is not None:
            until = Instant((break_.end_ms - start_ms) * _NS_PER_MS)
            piece = _Piece(NOT_RECORDED, (until - now) / SECOND, NOBODY_PRESENT)
            length = Duration(until - now)
        elif plan.cleans and now >= cleaning:
            piece = _drawn(CLEANING, draw)
            length = Duration(end - now)
        else:
            piece = next(pieces)
            length = Duration(round(piece.seconds * SECOND))
        length = Duration(min(length, end - now))
        sure = 1.0 if piece.state == NOT_RECORDED else _confidence(piece.state, draw)
        yield StateInterval(plan.name, piece.state, now, length, sure, piece.reason)
        now = after(now, length)


def _break_at(around: Surroundings, now: Instant) -> Span | None:
    at_ms = around.span.start_ms + now // _NS_PER_MS
    return next((span for span in around.away if span.holds(at_ms)), None)


def _confidence(state: str, draw: np.random.Generator) -> float:
    low, high = (0.3, 0.55) if state == UNKNOWN else (0.82, 0.99)
    return round(float(draw.uniform(low, high)), 3)


def until(intervals: Sequence[StateInterval], end: Instant) -> list[StateInterval]:
    """Return what of the intervals lies before an instant."""
    kept = [one for one in intervals if one.start < end]
    if kept and kept[-1].end > end:
        kept[-1] = replace(kept[-1], duration=since(kept[-1].start, end))
    return kept
