"""What a stop takes back of what was recorded before the recorder heard of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from productivity.intervals import StateInterval
from productivity.states import NOBODY_PRESENT, NOT_RECORDED
from productivity.time import Instant, since


@dataclass(frozen=True, slots=True)
class Place:
    """To which session an instant of the recording belongs, and to what starts are rounded in it.

    `until`: what was recorded in this session from here on is taken back, and `why`; None: nothing is.
    """

    session: str
    """32 hexadecimal digits."""
    resolution_ms: int
    until: Instant | None = None
    why: str = ""


def without(interval: StateInterval, place: Place) -> Iterable[StateInterval]:
    """Yield what is left of an interval that begins at `place`: as long as before, in one part or two.

    What was taken back is *not recorded*. Time in which nobody looked stays what it was.
    """
    looked = interval.state != NOT_RECORDED or interval.reason == NOBODY_PRESENT
    if place.until is None or interval.end <= place.until or not looked:
        yield interval
        return
    start = max(interval.start, place.until)
    if interval.start < start:
        yield replace(interval, duration=since(interval.start, start))
    yield StateInterval(interval.station, NOT_RECORDED, start, since(start, interval.end), reason=place.why)
