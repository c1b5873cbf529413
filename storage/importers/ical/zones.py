"""What a calendar means by the name of a time zone: that zone, or the rules that it brings along."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from dateutil.tz import tzical
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from productivity.errors import BadInput
from storage.importers.ical.text import Block

_OFFSET = re.compile(r"[+-](?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?", re.ASCII)
"""RFC 5545 section 3.3.14."""
_SIMPLE = frozenset({"FREQ", "INTERVAL", "BYMONTH", "BYDAY", "BYMONTHDAY", "UNTIL", "WKST"})


def zones_of(blocks: list[Block], site: tzinfo, name: str) -> Callable[[str], tzinfo | None]:
    """Return what gives the zone of a name; "" is the site's own. None for a zone that nobody knows.

    Names of the tz database and of Windows mean what they mean everywhere, whatever the calendar says about
    them; rules that it brings along are asked for other names. Raises `BadInput` for rules that are none.
    """
    brought: dict[str, tzinfo] = {}
    for block in blocks:
        key = _tzid(block)
        if key is None:
            raise BadInput("time zone has no TZID", where=f"{name}:{block.line}")
        if _known(key) is None and key not in brought:
            brought[key] = _made(block, name)

    def zone(key: str) -> tzinfo | None:
        if not key:
            return site
        found = _known(key)
        return brought.get(key) if found is None else found

    return zone


def _tzid(block: Block) -> str | None:
    return next((line.partition(":")[2] for line in block.lines if line.upper().startswith("TZID")), None)


def _known(key: str) -> tzinfo | None:
    if key.upper() in {"UTC", "GMT", "Z"}:
        return UTC
    steps = key.strip("/").split("/")
    # "/vendor.example/Europe/Berlin" is spelled so that it is unique; what it means stands at its end.
    for candidate in (key, WINDOWS_TO_OLSON.get(key, ""), *("/".join(steps[-n:]) for n in (3, 2))):
        try:
            if candidate:
                return ZoneInfo(candidate)
        except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
            continue
    return None


def _made(block: Block, name: str) -> tzinfo:
    where = f"{name}:{block.line}"
    for line in block.lines:
        if line.upper().startswith("RRULE"):
            parts = dict(part.partition("=")[::2] for part in line.partition(":")[2].upper().split(";"))
            # A change of clocks is a day of the year. Anything finer would be worked out for hours.
            if parts.get("FREQ") != "YEARLY" or parts.keys() - _SIMPLE or not _at_least_one(parts):
                raise BadInput("time zone changes otherwise than on a day of the year", where=where)
        if line.upper().startswith("TZOFFSET") and not _OFFSET.fullmatch(line.partition(":")[2].strip()):
            # The library takes any, and no clock can be set by it.
            raise BadInput("time zone is no time of day from UTC", where=where, expected="such as +0100")
    try:
        found = tzical(io.StringIO(block.text())).get()
        for month in (1, 7):  # rules are only read when somebody asks for a time
            if found is not None:
                found.utcoffset(datetime(2026, month, 1))
    except (ValueError, TypeError, OverflowError, AttributeError, IndexError, KeyError):
        found = None
    if found is None:
        raise BadInput("time zone cannot be understood", where=where)
    return found


def _at_least_one(parts: dict[str, str]) -> bool:
    interval = parts.get("INTERVAL", "1")
    return interval.isascii() and interval.isdigit() and int(interval) > 0
