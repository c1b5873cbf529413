"""The aggregation of state intervals, written once: narwhals expressions that every engine translates."""

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from productivity.scale.totals import DAY, DAY_MS, DURATION, EXACT_DURATION, START

_MILLISECOND = 1_000_000
_PART = 2**16
"""A duration in milliseconds is cut into so many, and the rest, before it is squared: a year's square has
more than 64 bits, its parts' products have 38."""


def aggregate(intervals: nw.LazyFrame[Any], by: Sequence[str], sums: Sequence[str] = ()) -> nw.LazyFrame[Any]:
    """Return a row for each group of intervals, by key; lazily: nothing is read before it is collected.

    `by` are columns of the frame, or "day". Durations are 64-bit whole milliseconds; see `totals` for how
    far their squares reach. Columns: the keys, count, known, total_ms, squares_ms2, shortest_ms, longest_ms,
    and the sums of the columns `sums`; `known` counts the intervals that have a duration, so anything but
    `count` is a fault of the data.
    """
    intervals = _with_day(intervals, by)
    duration = nw.col(DURATION)
    return _grouped(intervals, by, [(duration * duration).sum().alias("squares_ms2")], sums)


def aggregate_exact(
    intervals: nw.LazyFrame[Any], by: Sequence[str], sums: Sequence[str] = ()
) -> nw.LazyFrame[Any]:
    """Return what `aggregate` does for intervals whose durations are nanoseconds, of up to a year each.

    In place of squares_ms2 there are three columns, which `squares` adds up.
    """
    nearest = (nw.col(EXACT_DURATION) + _MILLISECOND // 2) // _MILLISECOND
    intervals = _with_day(intervals, by).with_columns(nearest.alias(DURATION))
    high, low = nw.col(DURATION) // _PART, nw.col(DURATION) % _PART
    parts = [
        (high * high).sum().alias("squares_high"),
        (high * low).sum().alias("squares_middle"),
        (low * low).sum().alias("squares_low"),
    ]
    return _grouped(intervals, by, parts, sums)


def squares(high: int, middle: int, low: int) -> int:
    """Return the sum of squares from its three parts: (high * part + low)^2, multiplied out."""
    return high * _PART**2 + 2 * middle * _PART + low


def _with_day(intervals: nw.LazyFrame[Any], by: Sequence[str]) -> nw.LazyFrame[Any]:
    return intervals.with_columns((nw.col(START) // DAY_MS).alias(DAY)) if DAY in by else intervals


def _grouped(
    intervals: nw.LazyFrame[Any], by: Sequence[str], squared: Sequence[nw.Expr], sums: Sequence[str]
) -> nw.LazyFrame[Any]:
    duration = nw.col(DURATION)
    groups = intervals.group_by(*by).agg(
        nw.len().alias("count"),
        duration.count().alias("known"),
        duration.sum().alias("total_ms"),
        *squared,
        duration.min().alias("shortest_ms"),
        duration.max().alias("longest_ms"),
        *(nw.col(name).sum().alias(f"sum_{name}") for name in sums),
    )
    return groups.sort(*by)
