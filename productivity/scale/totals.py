"""What an engine computes for a group of state intervals, and the plain-Python reference for it.

Whole milliseconds. Python's integers do not overflow; those of an engine hold 64 bits. The largest figure is
the sum of squares, at most (longest interval) x (sum of durations): 64 bits hold it for three years of one
station with intervals of up to a day. So engines group by station and period, and `roll_up` adds up exactly.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

KEYS = ("station", "state", "category", "period", "site", "mode")
"""Columns of text that intervals can be grouped by; *unknown* and *not recorded* have the category ""."""

DURATION = "duration_ms"
EXACT_DURATION = "duration_ns"
"""Of data sets that hold nanoseconds; their durations count as the nearest whole milliseconds."""

START = "start_ms"
"""Milliseconds since 1970, of data sets that still hold clock times; only "day" needs it."""

DAY = "day"
"""A fifth key: days since 1970-01-01 that `START` falls on, in the clock that it counts."""

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class IntervalTotal:
    """The intervals of one group. `key` holds the group's values in the order that was asked for.

    `sums` holds the sums of further columns, in the order that was asked for.
    """

    key: tuple[str | int, ...]
    count: int
    total_ms: int
    squares_ms2: int
    shortest_ms: int
    longest_ms: int
    sums: tuple[int, ...] = ()

    @property
    def mean_ms(self) -> Fraction:
        """The mean duration, exactly."""
        return Fraction(self.total_ms, self.count)

    @property
    def variance_ms2(self) -> Fraction | None:
        """The sample variance (n - 1) of the durations, exactly; None for a single interval.

        Integers make the textbook formula safe that cancels catastrophically among floats.
        """
        n = self.count
        return Fraction(n * self.squares_ms2 - self.total_ms**2, n * (n - 1)) if n > 1 else None


def roll_up(totals: Iterable[IntervalTotal], keep: Sequence[int]) -> list[IntervalTotal]:
    """Add up groups that agree in the key values at the positions `keep`; sorted by the key."""
    merged: dict[tuple[str | int, ...], IntervalTotal] = {}
    for total in totals:
        key = tuple(total.key[position] for position in keep)
        before = merged.get(key)
        merged[key] = IntervalTotal(
            key,
            total.count + (before.count if before else 0),
            total.total_ms + (before.total_ms if before else 0),
            total.squares_ms2 + (before.squares_ms2 if before else 0),
            min(total.shortest_ms, before.shortest_ms) if before else total.shortest_ms,
            max(total.longest_ms, before.longest_ms) if before else total.longest_ms,
            tuple(a + b for a, b in zip(total.sums, before.sums, strict=True)) if before else total.sums,
        )
    return [merged[key] for key in sorted(merged)]


def reference_totals(columns: Mapping[str, Sequence[str | int]], by: Sequence[str]) -> list[IntervalTotal]:
    """Return what every engine must return, by plain Python; `columns` are equally long. Sorted by key."""
    groups: dict[tuple[str | int, ...], list[int]] = {}
    keys = [[int(t) // DAY_MS for t in columns[START]] if name == DAY else columns[name] for name in by]
    for *key, duration in zip(*keys, columns[DURATION], strict=True):
        groups.setdefault(tuple(key), []).append(int(duration))
    return [
        IntervalTotal(key, len(found), sum(found), sum(d * d for d in found), min(found), max(found))
        for key, found in sorted(groups.items())
    ]
