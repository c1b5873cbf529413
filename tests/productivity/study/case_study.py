"""The case study of Czumanski & Lödding 2012 as records: an assembly cell of nine workers, one month.

Published are the totals of nine states and of what was not recorded, their portions, the non-value-adding
portion, the irregular time per piece, and the number of stations. Everything else is derived, with as
little added as an analysis needs:

* Paid time: 1127.0 h. The published portions are met by 1126.5 h to 1128.0 h; this is a round number of it.
* States that the paper does not list: the 87.5 h that the balance leaves. Each has less than the last listed
  state (28.8 h), so they are at least four: here four of equal length. Their category and mode are not
  published; as *periodical*, noted by the workers, they need no count to be multiplied by. That leaves the
  two listed absences as the irregular time.
* Pieces: 2158, the whole number nearest to 259.0 h of irregular time / 7.2 min per piece. (Were the unlisted
  states irregular too, it would be 2888.) The split between the two variants is not published.
* Sampled states: only their totals are published, not the four samples per station. So each is *one* mean
  per piece of the whole cell, total / pieces, rounded to a nanosecond: a total stays within 1079 ns of
  the published one, and there are no confidence limits to be had.
"""

from productivity.hierarchy import DEFAULT_HIERARCHY, Hierarchy, StateNode
from productivity.levels import Level, System, SystemNode
from productivity.records import Documented, Output, PaidTime, RecordingMode, Records, Sampled
from productivity.states import StateCategory

HOUR = 3_600_000_000_000
PERIOD = "month"
CELL = "assembly cell"
PIECES = 2158
PAID_NS = 1127 * HOUR


def hours(number):
    """Return tenths of hours as exact nanoseconds."""
    return round(number * 10) * (HOUR // 10)


# state, category, recording mode, hours, portion in %: as published
PUBLISHED = [
    ("manual assembly", StateCategory.CYCLE_BOUND, RecordingMode.RTS, 270.4, 24.0),
    ("screwing", StateCategory.CYCLE_BOUND, RecordingMode.RTS, 159.4, 14.1),
    ("sickness", StateCategory.IRREGULAR, RecordingMode.OMD, 140.0, 12.4),
    ("vacation", StateCategory.IRREGULAR, RecordingMode.OMD, 119.0, 10.6),
    ("part handling", StateCategory.CYCLE_BOUND, RecordingMode.RTS, 98.8, 8.8),
    ("final inspection", StateCategory.CYCLE_BOUND, RecordingMode.RTS, 84.2, 7.5),
    ("cell feeding", StateCategory.PERIODICAL, RecordingMode.SR, 57.6, 5.1),
    ("packaging", StateCategory.CYCLE_BOUND, RecordingMode.RTS, 35.4, 3.1),
    ("labeling", StateCategory.CYCLE_BOUND, RecordingMode.RTS, 28.8, 2.6),
]
NOT_RECORDED_HOURS, NOT_RECORDED_PERCENT = 45.9, 4.1

UNLISTED = tuple(f"unlisted state {number} of 4" for number in range(1, 5))
UNLISTED_NS = (PAID_NS - hours(NOT_RECORDED_HOURS) - sum(hours(row[3]) for row in PUBLISHED)) // 4

HIERARCHY = Hierarchy(
    DEFAULT_HIERARCHY.nodes
    + tuple(StateNode(name, StateCategory.PERIODICAL, value_adding=False) for name in UNLISTED)
)

SYSTEM = System(
    (
        SystemNode(CELL, Level.CELL),
        *(SystemNode(f"workstation {number}", Level.WORKPLACE, CELL) for number in range(1, 14)),
        *(SystemNode(f"inspection {number}", Level.WORKPLACE, CELL) for number in (1, 2)),
        SystemNode("packaging station", Level.WORKPLACE, CELL),
    )
)

RECORDS = Records(
    sampled=tuple(
        Sampled(CELL, state, mode, (round(hours(number) / PIECES),), source=f"paper:{state}")
        for state, _, mode, number, _ in PUBLISHED
        if mode is RecordingMode.RTS
    ),
    documented=tuple(
        Documented(CELL, state, mode, PERIOD, hours(number), source=f"paper:{state}")
        for state, _, mode, number, _ in PUBLISHED
        if mode is not RecordingMode.RTS
    )
    + tuple(
        Documented(CELL, name, RecordingMode.SR, PERIOD, UNLISTED_NS, source="derived:unlisted")
        for name in UNLISTED
    ),
    output=(Output(CELL, PERIOD, pieces=PIECES, source="derived:pieces"),),
    paid=(PaidTime(CELL, PERIOD, PAID_NS, source="derived:paid time"),),
)
