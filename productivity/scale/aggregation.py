"""The aggregation of state intervals, written once: narwhals expressions that every engine translates."""

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from productivity.scale.totals import DAY, DAY_MS, DURATION, START


def aggregate(intervals: nw.LazyFrame[Any], by: Sequence[str]) -> nw.LazyFrame[Any]:
    """Return a row for each group of intervals, by key; lazily: nothing is read before it is collected.

    `by` are columns of the frame, or "day". Durations are 64-bit whole milliseconds; see `totals` for how
    far their squares reach. Columns: the keys, count, known, total_ms, squares_ms2, shortest_ms, longest_ms;
    `known` counts the intervals that have a duration, so anything but `count` is a fault of the data.
    """
    if DAY in by:
        intervals = intervals.with_columns((nw.col(START) // DAY_MS).alias(DAY))
    duration = nw.col(DURATION)
    groups = intervals.group_by(*by).agg(
        nw.len().alias("count"),
        duration.count().alias("known"),
        duration.sum().alias("total_ms"),
        (duration * duration).sum().alias("squares_ms2"),
        duration.min().alias("shortest_ms"),
        duration.max().alias("longest_ms"),
    )
    return groups.sort(*by)
