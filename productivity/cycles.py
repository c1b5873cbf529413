"""Working cycles, found in a station's timeline by the state that begins and the state that ends them."""

from collections.abc import Sequence

from productivity.intervals import Cycle, StateInterval
from productivity.states import NOBODY_PRESENT, NOT_RECORDED
from productivity.time import since


def count_cycles(intervals: Sequence[StateInterval], first: str, last: str) -> list[Cycle]:
    """Return the completed cycles of one station, numbered from 1.

    Rules, for intervals in time order:

    1. A cycle opens at an interval of state `first` when none is open.
    2. Going back to `first` before any `last` belongs to the open cycle; after a `last` it opens the next.
    3. A cycle is complete at the end of its last interval of state `last`.
    4. Everything in between belongs to it: waiting, transport, breaks, *unknown*.
    5. A cycle that is open at the end without a `last` is not counted.
    6. A cycle with time in it that the camera did not see (*not recorded* for any reason but "nobody
       present") is left out: neither its duration nor its number of pieces can be told.

    `first` and `last` may be the same state: then each of its intervals is a cycle.
    """
    cycles: list[Cycle] = []
    opened: int | None = None
    ended: int | None = None

    def close() -> None:
        if opened is None or ended is None or any(map(_unseen, intervals[opened:ended])):
            return
        start, end = intervals[opened].start, intervals[ended].end
        cycles.append(Cycle(intervals[opened].station, len(cycles) + 1, start, since(start, end)))

    for index, interval in enumerate(intervals):
        if interval.state == first and (opened is None or ended is not None):
            close()
            opened, ended = index, None
        if interval.state == last and opened is not None:
            ended = index
    close()
    return cycles


def _unseen(interval: StateInterval) -> bool:
    return interval.state == NOT_RECORDED and interval.reason != NOBODY_PRESENT
