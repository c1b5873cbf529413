"""Events that BORIS exported: tabular (START and STOP on lines of their own) or aggregated, CSV or TSV.

Both forms may begin with lines about the observation; the table begins where the column `Behavior` stands.
Seen: exports of BORIS 3 to 8. Subjects are told apart, but their names are not kept: the first subject of an
observation is the station with the observation's name, the second one "<name> #2", and so on.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from productivity.errors import BadInput
from storage.files import File
from storage.importers.labels import NANOSECONDS, Label, exact_ns
from storage.importers.report import ROW_REFUSED, Tally

AGGREGATED = ("Behavior", "Start (s)", "Stop (s)")
TABULAR = ("Behavior", "Time")
_BEGIN = 1 << 16
"""Bytes in which the header must stand; an observation's own lines before it are a page at most."""
_Row: TypeAlias = tuple[str, Mapping[str, str]]


def is_boris(path: File) -> bool:
    """Whether a text file has a BORIS table in it. Looks at its beginning only; True is no promise."""
    try:
        with path.open("rb") as file:
            begin = file.read(_BEGIN)
    except OSError:
        return False
    return b"Behavior" in begin and (b"Start (s)" in begin or b"Time" in begin)


def boris_labels(path: File, tally: Tally) -> Iterator[Label]:
    """Yield state events; point events have no duration and are passed over.

    Raises `BadInput` for a file without a table of events.
    """
    header, rows = _table(path)
    stations = _Stations()
    if set(AGGREGATED) <= set(header):
        yield from _aggregated(rows, stations, tally)
    else:
        yield from _tabular(rows, stations, tally)


def _aggregated(rows: Sequence[_Row], stations: "_Stations", tally: Tally) -> Iterator[Label]:
    for source, cells in rows:
        if cells.get("Behavior type", "").upper() == "POINT":
            tally.read += 1
            tally.passed_over += 1
            continue
        start, end = (exact_ns(cells[name], NANOSECONDS) for name in AGGREGATED[1:])
        if start is None or end is None:
            tally.read += 1
            tally.refuse(ROW_REFUSED, "Start (s), Stop (s): expected seconds from 0", source)
            continue
        yield Label(source, stations.of(cells), cells["Behavior"], start, end)


def _tabular(rows: Sequence[_Row], stations: "_Stations", tally: Tally) -> Iterator[Label]:
    """Pair each START with the next STOP of the same station and behaviour."""
    running: dict[tuple[str, str], tuple[str, int]] = {}
    for source, cells in rows:
        status = (cells.get("Status") or cells.get("Behavior type") or "").upper()
        at = exact_ns(cells["Time"], NANOSECONDS)
        key = stations.of(cells), cells["Behavior"]
        if status == "START" and at is not None and key not in running:
            running[key] = source, at
        elif status == "STOP" and at is not None and key in running:
            began, start = running.pop(key)
            yield Label(f"{began}-{source.rpartition(':')[2]}", *key, start, at)
        elif status == "POINT":
            tally.read += 1
            tally.passed_over += 1
        else:
            tally.read += 1
            tally.refuse(ROW_REFUSED, "expected START and STOP in turn, each with seconds from 0", source)
    for source, _ in running.values():
        tally.read += 1
        tally.refuse(ROW_REFUSED, "START without a STOP", source)


@dataclass(slots=True)
class _Stations:
    """Gives each subject of an observation a station, without keeping the subject's name in it."""

    _known: dict[tuple[str, str], str]

    def __init__(self) -> None:
        self._known = {}

    def of(self, cells: Mapping[str, str]) -> str:
        observation, subject = cells.get("Observation id", ""), cells.get("Subject", "")
        key = observation, subject
        if key not in self._known:
            number = 1 + sum(other == observation for other, _ in self._known)
            self._known[key] = observation if number == 1 else f"{observation} #{number}".strip()
        return self._known[key]


def _table(path: File) -> tuple[Sequence[str], Sequence[_Row]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"file cannot be read: {error.strerror}", where=path.name) from None
    except UnicodeDecodeError:
        raise BadInput("not a text file", where=path.name, expected="CSV or TSV in UTF-8") from None
    for separator in ("\t", ",", ";"):
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
            lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
        except csv.Error:
            continue
        observation = next((c[1] for _, c in lines if len(c) > 1 and c[0] == "Observation id"), "")
        for index, (_, cells) in enumerate(lines):
            if any(set(form) <= set(cells) for form in (AGGREGATED, TABULAR)):
                return cells, list(_rows(path, cells, lines[index + 1 :], observation))
    raise BadInput(
        "no table of events", where=path.name, expected="columns Behavior and Time, or Start (s) and Stop (s)"
    )


def _rows(
    path: File, header: Sequence[str], lines: Sequence[tuple[int, list[str]]], observation: str
) -> Iterator[_Row]:
    for number, cells in lines:
        if any(cells):
            padded = [*cells, *[""] * (len(header) - len(cells))]
            found = dict(zip(header, padded, strict=False))
            found.setdefault("Observation id", observation)
            yield f"{path.name}:{number}", found
