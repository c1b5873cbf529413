"""The truth as a person writes it down: state, start and end in seconds, number of the cycle."""

from decimal import Decimal, InvalidOperation

from productivity.errors import BadInput
from productivity.intervals import StateInterval
from productivity.time import SECOND, Instant, since
from storage.files import File
from storage.intervals_csv import whole_number
from storage.rows import LATEST, IntervalRow, in_order
from storage.table import TableRow, read_table

REQUIRED = ("state", "start_s", "end_s")
OPTIONAL = ("station", "cycle")
NANOSECOND = Decimal("1e-9")


def read_truth_csv(path: File) -> list[IntervalRow]:
    """Read rows by station and start; a file without a station column has one station, named "".

    Decimal seconds become whole nanoseconds exactly. Raises `BadInput` naming file, line and expectation.
    """
    return in_order((line.place, _row(line)) for line in read_table(path, REQUIRED, OPTIONAL))


def _row(line: TableRow) -> IntervalRow:
    start, end = _instant(line, "start_s"), _instant(line, "end_s")
    if end <= start:
        raise BadInput(
            f"state {line['state']!r} ends before it has lasted",
            where=str(line.place),
            expected=f"end_s above {line['start_s']}",
            found=line["end_s"],
        )
    interval = StateInterval(line["station"], line["state"], start, since(start, end))
    return IntervalRow(interval, None, whole_number(line, "cycle") if line["cycle"] else None)


def _instant(line: TableRow, column: str) -> Instant:
    text = line[column]
    try:
        number = Decimal(text)
        # Compared before it is rounded: '1e999999' must not become an integer of a million digits.
        if number.is_finite() and 0 <= number <= LATEST // SECOND:
            exact = number.quantize(NANOSECOND)
            if exact == number:
                return Instant(int(exact.scaleb(9)))
    except InvalidOperation:
        pass
    raise BadInput(
        f"{column} is not a time",
        where=str(line.place),
        expected="seconds from 0 with a decimal point and at most 9 decimals",
        found=repr(text[:40]),
    )
