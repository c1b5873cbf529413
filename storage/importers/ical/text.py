"""The lines of a calendar, of which only few are kept: never descriptions, organisers or names of people.

Time zones come apart from events. A library that read both would remember a zone by its name, and take it
for a zone of the same name in the next calendar.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from productivity.errors import BadInput

LARGEST = 1024 * 1024
"""Bytes. A plant's year of three shifts, each written out as an event of its own, has a quarter of that."""
MOST_EVENTS = 2_000
MOST_ZONES = 20
_DEEPEST = 5
LONGEST_LINE = 20_000
"""Characters of a line that is kept: a thousand dates on which a shift does not take place."""

_TIMES = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"})
_EVENT = frozenset({"UID", "SUMMARY", "STATUS", "ATTENDEE"}) | _TIMES
_ZONE = frozenset({"TZID", "TZNAME", "TZOFFSETFROM", "TZOFFSETTO", "DTSTART", "RRULE", "RDATE"})
_NAME = re.compile(r"[A-Za-z0-9-]+")
_TZID = re.compile(r"([A-Z-]+(?:;[^:]*?)?);TZID=", re.IGNORECASE)


@dataclass(slots=True)
class Block:
    """An event or a time zone: the line at which it begins, and its lines."""

    line: int
    lines: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Return it as a calendar spells it."""
        return "\r\n".join(self.lines) + "\r\n"


class CalendarText:
    """What is kept of a calendar, filled line by line."""

    def __init__(self, name: str) -> None:
        self.events: list[Block] = []
        self.zones: list[Block] = []
        self._name = name
        self._inside: list[str] = []
        self._block: Block | None = None

    def add(self, number: int, line: str) -> None:
        """Take one line. Raises `BadInput`."""
        where = f"{self._name}:{number}"
        word, _, value = (part.strip().upper() for part in line.partition(":"))
        if not self._inside and (word, value) != ("BEGIN", "VCALENDAR"):
            raise BadInput("not a calendar", where=where, expected="BEGIN:VCALENDAR")
        if word == "BEGIN":
            self._begin(number, value)
        self._keep(where, line)
        if word == "END":
            if self._inside.pop() != value:
                raise BadInput("calendar is damaged", where=where, expected="END as it began")
            if len(self._inside) < 2:
                self._block = None

    def finish(self) -> None:
        """Raise `BadInput` if something has begun and not ended."""
        if self._inside:
            raise BadInput("not a whole calendar", where=self._name, expected="END:VCALENDAR at its end")

    def _begin(self, number: int, value: str) -> None:
        self._inside.append(value)
        blocks = {"VEVENT": self.events, "VTIMEZONE": self.zones}.get(value)
        if blocks is not None and self._inside == ["VCALENDAR", value]:
            self._block = Block(number)
            blocks.append(self._block)
        if len(self.events) > MOST_EVENTS or len(self.zones) > MOST_ZONES or len(self._inside) > _DEEPEST:
            raise BadInput(
                "calendar holds too much",
                where=f"{self._name}:{number}",
                expected=f"at most {MOST_EVENTS} events and {MOST_ZONES} time zones",
            )

    def _keep(self, where: str, line: str) -> None:
        if self._block is None or not (kept := _kept(self._inside, line)):
            return
        if len(kept) > LONGEST_LINE:
            raise BadInput("line is too long", where=where, expected=f"at most {LONGEST_LINE} characters")
        self._block.lines.append(kept)


def read_text(content: bytes, name: str) -> CalendarText:
    """Return the kept lines of a calendar. Raises `BadInput` for what is none, not whole, or too much."""
    if len(content) > LARGEST:
        raise BadInput("calendar is too large", where=name, expected=f"at most {LARGEST} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput("not a calendar", where=name, expected="iCalendar in UTF-8") from None
    if not text.strip():
        raise BadInput("calendar is empty", where=name, expected="BEGIN:VCALENDAR")
    found = CalendarText(name)
    for number, line in _unfolded(text):
        found.add(number, line)
    found.finish()
    return found


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines that are not empty, each with the number of its first part (RFC 5545 section 3.1)."""
    parts, begun = list[str](), 1
    for number, part in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if part[:1] in {" ", "\t"}:
            parts.append(part[1:])
            continue
        if line := "".join(parts):
            yield begun, line
        parts, begun = [part], number
    if line := "".join(parts):
        yield begun, line


def _kept(inside: list[str], line: str) -> str:
    found = _NAME.match(line)
    name = found.group().upper() if found else ""
    structure = name in {"BEGIN", "END"}
    if inside[:2] == ["VCALENDAR", "VTIMEZONE"]:
        return line if structure or name in _ZONE else ""
    if inside == ["VCALENDAR", "VEVENT"]:
        if name == "ATTENDEE":
            return "ATTENDEE:mailto:nobody"  # that there is one is all that is asked
        # Under a name that the library does not know: it looks zones up in a memory of its own.
        return _TZID.sub(r"\1;X-ZONE=", line, count=1) if structure or name in _EVENT else ""
    return ""
