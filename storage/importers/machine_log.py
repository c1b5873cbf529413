"""Execution states of a machine from the SHDR text that its MTConnect adapter sent.

A line is `time|key|value|key|value...` (MTConnect Adapter Agent Protocol 2.0); a value may be quoted, a key
may bear its device ("lathe:execution"). A state lasts until the next one.

A log holds one or several connections. Each begins with all values at once, so `avail` is sent again; nothing
is known of the time in between, and the state that was sent last ends with the last line of its connection.
So do connections that were appended in any order, and clocks that were set back, give no negative time. Lines
about assets are passed over: they carry the time at which the asset was changed, long before it was sent.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from productivity.errors import BadInput
from productivity.records import Documented, Records
from storage.files import File
from storage.importers.cells import Moment, Notation, moment
from storage.importers.mapping import FileMapping
from storage.importers.report import ROW_REFUSED, Imported, RowRefused, Tally
from storage.importers.tables import PERIODS

UNAVAILABLE = "UNAVAILABLE"
"""The value of a data item that cannot be told: no state, and no time."""

_FIELDS = re.compile(r'"(?:[^"\\]|\\.)*"(?=\||$)|(?:\\\||[^|])*')
_ASSET = "@"


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    at: Moment
    values: dict[str, str]


@dataclass(slots=True)
class _Connection:
    """The changes of one key within one connection, and when its last line was sent."""

    changes: list[tuple[int, Moment, str]]
    last: Moment


def import_machine_log(path: File, mapping: FileMapping) -> Imported:
    """Read how long each execution state lasted; `read` counts changes of state, not lines.

    The work system is the mapping's `constants.system`, else the file's name without its ending. States are
    mapped as in a state log. Raises `BadInput` for a file without the execution key.
    """
    tally = Tally(path.name)
    key, connections = _connections(path, mapping.execution, tally)
    if len(connections) > 1:
        tally.note(
            "several-connections",
            f"the log holds {len(connections)} connections; the time between them is not counted",
            path.name,
            connections=len(connections),
        )
    documented: list[Documented] = []
    for connection in connections:
        for number, start, duration_ns, state in _states(connection):
            tally.read += 1
            source = f"{path.name}:{number}"
            if state == UNAVAILABLE:
                tally.passed_over += 1
                continue
            if duration_ns < 0:
                tally.refuse(
                    "negative-duration",
                    "the clock went back during this state",
                    source,
                    duration_ns=duration_ns,
                )
                continue
            tally.add_time(state, duration_ns)
            if mapping.states and state not in mapping.states:
                text = f"state {state!r} of {key} is not in the mapping's states"
                tally.refuse("state-not-mapped", text, source, state=state)
                continue
            name = mapping.states[state] if mapping.states else state
            if name is None:
                tally.passed_over += 1
                continue
            tally.used += 1
            period = PERIODS[mapping.period](start) if mapping.period in PERIODS else mapping.period
            system = str(mapping.constants.get("system", path.name.partition(".")[0]))
            mode = mapping.recording_mode
            documented.append(Documented(system, name, mode, period, duration_ns, source=source))
    return Imported(tally.report(), Records(documented=tuple(documented)))


def _states(connection: _Connection) -> Iterator[tuple[int, Moment, int, str]]:
    """Yield line, start, duration and name of each state; repeated values continue the state."""
    kept = [
        change
        for index, change in enumerate(connection.changes)
        if index == 0 or change[2] != connection.changes[index - 1][2]
    ]
    ends = [at for _, at, _ in kept[1:]] + [connection.last]
    for (number, start, state), end in zip(kept, ends, strict=True):
        yield number, start, end.ns - start.ns, state


def _connections(path: File, wanted: str | None, tally: Tally) -> tuple[str, list[_Connection]]:
    connections: list[_Connection] = []
    key, seen = wanted, set[str]()
    for line in _lines(path, tally):
        if not connections or "avail" in line.values:
            connections.append(_Connection([], line.at))
        connection = connections[-1]
        connection.last = line.at
        if key is None:
            key = next((name for name in line.values if name.endswith("execution")), None)
        if key is not None and key in line.values:
            connection.changes.append((line.number, line.at, line.values[key]))
        elif key is None:
            seen.update(line.values)
    known = [connection for connection in connections if connection.changes]
    if key is None or not known:
        raise BadInput(
            f"no execution state{f' {key!r}' if key else ''} in the log",
            where=path.name,
            expected="SHDR lines 'time|execution|ACTIVE', or the key's name as `execution` in the mapping",
            found=f"{len(seen)} other keys" if seen else "none",
        )
    return key, known


def _lines(path: File, tally: Tally) -> Iterator[_Line]:
    """Yield lines with time and values; pass over assets, commands ("* ...") and what belongs to assets."""
    notation = Notation()
    inside: str | None = None
    for number, line in _text(path):
        if inside is not None:
            inside = None if line.strip() == inside else inside
            continue
        fields = _fields(line)
        if multiline := next((field for field in fields if field.startswith("--multiline--")), None):
            inside = multiline
        if len(fields) < 3 or fields[1].startswith((_ASSET, "*")) or line.startswith("*"):
            continue
        # "2026-03-01T08:00:00Z@100.0": what follows the @ is how long a statistic was taken.
        try:
            at = moment(fields[0].partition("@")[0].strip(), notation)
        except RowRefused as refused:
            tally.warn(ROW_REFUSED, f"line passed over: {refused.text}", f"{path.name}:{number}")
            continue
        yield _Line(number, at, dict(_pairs(fields[1:])))


def _pairs(fields: list[str]) -> Iterable[tuple[str, str]]:
    for index in range(0, len(fields) - 1, 2):
        yield fields[index].strip().rpartition(":")[2], fields[index + 1].strip()


def _fields(line: str) -> list[str]:
    fields, at = [], 0
    while at <= len(line):
        found = _FIELDS.match(line, at)
        field = found.group() if found else ""
        fields.append(field)
        at += len(field) + 1
    return fields


def _text(path: File) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            for number, line in enumerate(file, start=1):
                yield number, line.rstrip("\r\n")
    except OSError as error:
        raise BadInput(f"file cannot be read: {error.strerror}", where=path.name) from None
