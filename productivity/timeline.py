"""A station's timeline: state intervals that tile a span, without gap and without overlap.

Promise 1: the durations of all intervals, *not recorded* included, add up to the recorded span exactly,
in whole nanoseconds. Every function here keeps sums exact; none of them rounds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from productivity.errors import BadInput
from productivity.intervals import StateInterval
from productivity.states import NOT_RECORDED
from productivity.time import SECOND, Duration, Instant, since


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of time [start, end)."""

    start: Instant
    end: Instant

    @property
    def duration(self) -> Duration:
        """How long the span is."""
        return since(self.start, self.end)


def covering_span(intervals: Sequence[StateInterval]) -> Span:
    """Return the span from the first start to the last end. Requires at least one interval."""
    return Span(min(i.start for i in intervals), max(i.end for i in intervals))


def check_tiling(intervals: Sequence[StateInterval], span: Span) -> None:
    """Refuse intervals that do not tile `span`: in order, of one station, without gap or overlap.

    An empty span is tiled by no interval. Raises `BadInput` naming the first place that is wrong.
    """
    _refuse_odd(intervals)
    edge = span.start
    for interval in intervals:
        if interval.start != edge:
            kind = "gap" if interval.start > edge else "overlap"
            raise BadInput(
                f"{kind} before state {interval.state!r}",
                where=_place(interval),
                expected=f"a start at {edge} ns",
                found=f"{interval.start} ns",
            )
        edge = interval.end
    if edge != span.end:
        raise BadInput(
            "timeline does not fill its span", expected=f"an end at {span.end} ns", found=f"{edge} ns"
        )


def check_order(intervals: Sequence[StateInterval]) -> None:
    """Refuse intervals of one station that overlap or stand out of order; gaps are allowed."""
    _refuse_odd(intervals)
    for before, interval in pairwise(intervals):
        if interval.start < before.end:
            raise BadInput(
                f"states {before.state!r} and {interval.state!r} overlap or are out of order",
                where=_place(interval),
                expected=f"a start at {before.end} ns or later",
                found=f"{interval.start} ns",
            )


def fill_gaps(
    intervals: Sequence[StateInterval], span: Span, *, station: str, reason: str
) -> list[StateInterval]:
    """Cut intervals to `span` and fill what they leave open with *not recorded*, so that they tile it.

    Requires intervals of one station in time order (`check_order`).
    """
    tiled: list[StateInterval] = []
    edge = span.start
    for interval in intervals:
        start, end = max(interval.start, edge), min(interval.end, span.end)
        if start >= end:
            continue
        if start > edge:
            tiled.append(StateInterval(station, NOT_RECORDED, edge, since(edge, start), reason=reason))
        tiled.append(replace(interval, start=start, duration=since(start, end)))
        edge = end
    if edge < span.end:
        tiled.append(StateInterval(station, NOT_RECORDED, edge, since(edge, span.end), reason=reason))
    return tiled


def merge_neighbours(intervals: Iterable[StateInterval]) -> list[StateInterval]:
    """Join touching intervals of the same station, state and reason; confidence is weighted by duration."""
    merged: list[StateInterval] = []
    for interval in intervals:
        if merged and _continues(merged[-1], interval):
            merged[-1] = _joined(merged[-1], interval)
        else:
            merged.append(interval)
    return merged


def totals(intervals: Iterable[StateInterval]) -> dict[str, Duration]:
    """Return the time in each state, states in order of their first appearance."""
    sums: dict[str, Duration] = {}
    for interval in intervals:
        sums[interval.state] = Duration(sums.get(interval.state, 0) + interval.duration)
    return sums


def _continues(before: StateInterval, interval: StateInterval) -> bool:
    same = (before.station, before.state, before.reason) == (
        interval.station,
        interval.state,
        interval.reason,
    )
    return same and before.end == interval.start


def _joined(before: StateInterval, interval: StateInterval) -> StateInterval:
    duration = Duration(before.duration + interval.duration)
    evidence = before.confidence * before.duration + interval.confidence * interval.duration
    # Weighing equal confidences must give that confidence again, not a neighbour of it among the floats.
    same = before.confidence == interval.confidence
    return replace(before, duration=duration, confidence=before.confidence if same else evidence / duration)


def _refuse_odd(intervals: Sequence[StateInterval]) -> None:
    for interval in intervals:
        if interval.station != intervals[0].station:
            raise BadInput(
                "timeline mixes stations",
                where=_place(interval),
                expected=repr(intervals[0].station),
                found=repr(interval.station),
            )
        if interval.duration <= 0:
            raise BadInput(
                f"state {interval.state!r} has no duration",
                where=_place(interval),
                expected="a duration above 0 ns",
                found=f"{interval.duration} ns",
            )


def _place(interval: StateInterval) -> str:
    return f"{interval.station or 'station'} at {interval.start / SECOND:.3f} s"
