"""Instants of the log: UTC in whole milliseconds since 1970, and their one spelling."""

import re
from datetime import UTC, datetime, timedelta

from productivity.errors import BadInput

_SPELLING = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

LATEST_MS = (datetime(9999, 12, 31, tzinfo=UTC) - _EPOCH) // _MILLISECOND
"""Later instants have no spelling of four digits."""


def utc_text(at_ms: int) -> str:
    """Spell an instant: `2027-03-01T08:00:00.000Z`. `BadInput` before 1970 or after the year 9999."""
    if not 0 <= at_ms <= LATEST_MS:
        raise BadInput("instant has no spelling", expected="a time between the years 1970 and 9999")
    moment = _EPOCH + at_ms * _MILLISECOND
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{at_ms % 1000:03d}Z"


def utc_ms(text: str) -> int:
    """Read an instant in that spelling; any other is refused with `BadInput`."""
    error = BadInput("not an instant", expected="UTC such as 2027-03-01T08:00:00.000Z")
    if not _SPELLING.fullmatch(text):
        raise error
    try:
        at_ms = (datetime.fromisoformat(text) - _EPOCH) // _MILLISECOND
    except ValueError:  # the 30th of February
        raise error from None
    if not 0 <= at_ms <= LATEST_MS:
        raise error
    return at_ms
