"""Labels of a video as observations: what the readers of ELAN, BORIS, Label Studio and plain tables share.

A label that is empty, ends before it begins or overlaps another one of its station is refused with a
finding; of two that overlap, the one that begins later.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from productivity.comparison import Observation
from productivity.cycles import count_cycles
from productivity.errors import BadInput
from productivity.intervals import StateInterval
from productivity.time import Instant, since
from storage.importers.mapping import FileMapping
from storage.importers.report import ROW_REFUSED, Tally
from storage.rows import LATEST, numbered_cycles

NANOSECONDS = 9


@dataclass(frozen=True, slots=True)
class Label:
    """A label from `start_ns` to `end_ns` (or later); `source` is where it stands in its file.

    `cycle` is the number of its working cycle, in files that say so.
    """

    source: str
    station: str
    text: str
    start_ns: int
    end_ns: int
    cycle: int | None = None


def exact_ns(number: str | float, unit: int) -> int | None:
    """Return a count of seconds (9), milliseconds (6) ... as whole nanoseconds; None for no such time.

    `unit` is the number of decimal places from the unit to nanoseconds. Decimal digits are kept exactly.
    """
    try:
        found = Decimal(str(number).strip())
        if found.is_finite() and 0 <= found <= LATEST:
            nanoseconds = int(found.scaleb(unit).to_integral_value())
            return nanoseconds if nanoseconds <= LATEST else None
    except InvalidOperation:
        pass
    return None


def observations(labels: Iterable[Label], mapping: FileMapping, tally: Tally) -> tuple[Observation, ...]:
    """Return one observation per station, its cycles found by the mapping's `cycle`, else as the file says.

    States are named by the mapping's `states`, as in a state log; null is passed over. Stations by its
    `systems`. Raises `BadInput` when nothing is left.
    """
    by_station: dict[str, list[Label]] = {}
    for label in labels:
        tally.read += 1
        if (named := _named(label, mapping, tally)) is not None:
            by_station.setdefault(named.station, []).append(named)
    found = tuple(
        _observation(station, _free(same, tally), mapping, tally) for station, same in by_station.items()
    )
    if not any(observation.intervals for observation in found):
        raise BadInput("no label with a duration", where=tally.source, expected="at least one")
    return found


def _named(label: Label, mapping: FileMapping, tally: Tally) -> Label | None:
    if not label.text:
        tally.refuse(ROW_REFUSED, "label is empty", label.source)
    elif label.end_ns <= label.start_ns:
        lasted = label.end_ns - label.start_ns
        code, text = "negative-duration", "label has no duration"
        tally.refuse(code, text, label.source, duration_ns=lasted)
    elif mapping.states and label.text not in mapping.states:
        text = f"label {label.text!r} is not in the mapping's states"
        tally.refuse("state-not-mapped", text, label.source, state=label.text)
    else:
        state = mapping.states[label.text] if mapping.states else label.text
        if state is not None:
            return replace(label, text=state, station=mapping.systems.get(label.station, label.station))
        tally.passed_over += 1
        tally.add_time(label.text, label.end_ns - label.start_ns)
    return None


def _free(labels: list[Label], tally: Tally) -> list[Label]:
    """Return the labels in time order, without those that begin before the one before has ended."""
    free: list[Label] = []
    for label in sorted(labels, key=lambda label: label.start_ns):
        if free and label.start_ns < free[-1].end_ns:
            overlap = min(label.end_ns, free[-1].end_ns) - label.start_ns
            text = "label overlaps another, which is used"
            tally.refuse("overlap", text, label.source, free[-1].source, overlap_ns=overlap)
        else:
            free.append(label)
    return free


def _observation(station: str, labels: list[Label], mapping: FileMapping, tally: Tally) -> Observation:
    intervals = [
        StateInterval(
            station,
            label.text,
            Instant(label.start_ns),
            since(Instant(label.start_ns), Instant(label.end_ns)),
        )
        for label in labels
    ]
    for interval in intervals:
        tally.used += 1
        tally.add_time(interval.state, interval.duration)
    cycle = mapping.cycle
    if cycle is not None:
        cycles = count_cycles(intervals, cycle.first, cycle.last)
    else:
        numbers = [label.cycle for label in labels]
        cycles = numbered_cycles(zip(intervals, numbers, strict=True), tally.source)
    return Observation(station, tuple(intervals), tuple(cycles))
