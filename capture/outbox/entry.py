"""What leaves the device: one state interval in the words of the wire. No person, no picture, no pose."""

import json
import math
import re
from dataclasses import dataclass, fields
from typing import Any

from productivity.errors import BadInput
from productivity.states import NOT_RECORDED, StateCategory

MILLISECOND = 1_000_000
"""Nanoseconds."""

CERTAIN = 1000
"""Confidence of what needs no evidence: *not recorded*."""

_SESSION = re.compile(r"[0-9a-f]{32}", re.ASCII)
_WORD = re.compile("[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{1,200}")
"""A station, state or reason: one line that UTF-8 can hold; bounded, so that a row has a size."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A half-open span of one worker state; its fields are those of the batch format, name for name.

    `ordinal` orders entries within a session. `start_ms` is UTC, rounded down to the agreement's resolution
    before anything is written; `duration_ns` is exact. `confidence` is in thousandths. Raises `BadInput`.
    """

    session: str
    ordinal: int
    station: str
    state: str
    category: StateCategory | None
    start_ms: int
    duration_ns: int
    confidence: int
    cycle: int | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        _require(_SESSION.fullmatch(self.session) is not None, "session", "32 hexadecimal digits")
        _require(self.ordinal >= 0, "ordinal", "0 or more")
        _require(self.start_ms >= 0, "start_ms", "0 or more")
        _require(self.duration_ns > 0, "duration_ns", "more than 0")
        _require(0 <= self.confidence <= CERTAIN, "confidence", "0 to 1000")
        for name in ("station", "state", "reason"):
            word = getattr(self, name)
            if word is not None:
                check_word(name, word)

    @property
    def latest_end_ms(self) -> int:
        """UTC milliseconds, rounded up, at which it ends if its start was not rounded."""
        return self.start_ms + math.ceil(self.duration_ns / MILLISECOND)

    def text(self) -> str:
        """Return it as JSON, as it is kept and sent."""
        # Field by field: `asdict` copies each value first, which takes five times as long.
        content = {name: getattr(self, name) for name in _FIELDS}
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


_FIELDS = tuple(field.name for field in fields(Entry))


def check_word(name: str, word: str) -> None:
    """Refuse with `BadInput` a station, state or reason that the wire does not carry."""
    _require(_WORD.fullmatch(word) is not None, name, "1 to 200 characters in one line")


def entry_from(fields: dict[str, Any]) -> Entry:
    """Make an entry of its JSON object."""
    category = fields["category"]
    return Entry(**{**fields, "category": None if category is None else StateCategory(category)})


def parse_entry(text: str) -> Entry:
    """Read back what `Entry.text` gave."""
    return entry_from(json.loads(text))


def round_down(ms: int, resolution_ms: int) -> int:
    """Return the last multiple of the resolution that is not after `ms` (both UTC milliseconds)."""
    return ms - ms % resolution_ms


def not_recorded(first: Entry, duration_ns: int, reason: str) -> Entry:
    """Return the *not recorded* entry that stands for a run of entries beginning with `first`."""
    return Entry(
        session=first.session,
        ordinal=first.ordinal,
        station=first.station,
        state=NOT_RECORDED,
        category=None,
        start_ms=first.start_ms,
        duration_ns=duration_ns,
        confidence=CERTAIN,
        reason=reason,
    )


def _require(fits: bool, name: str, expected: str) -> None:
    if not fits:
        raise BadInput(f"{name} of an interval", expected=expected)
