"""Calendar days at the site: to which day an instant belongs, and when a day begins.

Both functions fit each other: a day is [its beginning, the next day's beginning), also where clocks change.
A day that has begun does not end again when the clock is set back over midnight, and a day that the site's
calendar leaves out is empty. Days of agreements last 23 to 25 hours where clocks change by an hour.

Zones come from the package tzdata and not from the machine, so that plant and council count alike.
Source: IANA time zone database; PEP 495 for gaps and folds.
"""

from bisect import bisect_left
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from productivity.errors import BadInput

_NEXT = timedelta(days=1)
_NO_PLACE = "Factory"
"""The one name of the database that means "not set"."""


def local_day(at_ms: int, time_zone: str) -> date:
    """Return the day of an instant (UTC ms); `BadInput` for no zone, or an instant that no calendar has."""
    zone = load_zone(time_zone)
    try:
        day = datetime.fromtimestamp(at_ms // 1000, zone).date()
        while day_begins_ms(day + _NEXT, time_zone) <= at_ms:  # set back over midnight
            day += _NEXT
    except (OverflowError, ValueError, OSError):
        raise BadInput("instant has no day", expected="UTC milliseconds of years 1 to 9999") from None
    return day


def day_begins_ms(day: date, time_zone: str) -> int:
    """Return the first instant (UTC ms) of a day, or of the next one if the site's calendar leaves it out.

    Raises `BadInput` if there is no such zone.
    """
    zone = load_zone(time_zone)
    midnight = datetime.combine(day, time(), zone)
    first, second = (int(midnight.replace(fold=fold).timestamp()) for fold in (0, 1))
    if first > second:
        # The clock jumps over midnight. PEP 495 then gives two instants, the jump between them.
        instants = range(second, first + 1)
        first = instants[
            bisect_left(instants, day, key=lambda posix_s: datetime.fromtimestamp(posix_s, zone).date())
        ]
    return first * 1000


@cache
def load_zone(name: str) -> ZoneInfo:
    """Return a zone of the database; `BadInput` for any other name, before it can be taken for a path."""
    database = files("tzdata")
    if name == _NO_PLACE or name not in database.joinpath("zones").read_text(encoding="ascii").split():
        raise BadInput("not a time zone", expected="an IANA name such as Europe/Berlin")
    with database.joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)
