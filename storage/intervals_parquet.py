"""State intervals as Parquet: for data tools; the same columns as the CSV file, with types.

Importing this module needs pyarrow; callers import it where they need it, not at their top.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from productivity.errors import BadInput, MissingExtra
from productivity.intervals import StateInterval
from productivity.states import StateCategory
from productivity.time import Duration, Instant
from storage.files import File
from storage.rows import IntervalRow, in_order

try:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]
except ImportError:
    raise MissingExtra("edge", "pyarrow") from None

SCHEMA = pa.schema(
    [
        pa.field("station", pa.string(), nullable=False),
        pa.field("state", pa.string(), nullable=False),
        pa.field("category", pa.string(), nullable=False),  # empty for unknown and not recorded
        pa.field("start_ns", pa.int64(), nullable=False),
        pa.field("duration_ns", pa.int64(), nullable=False),
        pa.field("confidence", pa.float64(), nullable=False),
        pa.field("cycle", pa.int32()),
        pa.field("reason", pa.string(), nullable=False),
    ]
)

_TEXTS = [field.name for field in SCHEMA if field.type == pa.string()]

MOST_ROWS = 1 << 20
"""Ten changes of state a minute, around the clock, for more than two months. Rows that are all alike take
next to nothing in a file, and each its place in memory."""
LARGEST_UNPACKED = 1 << 28
"""Bytes: a quarter of a kilobyte for each row."""
_AT_ONCE = 1 << 14


def write_intervals_parquet(path: Path, rows: Iterable[IntervalRow]) -> None:
    """Write rows; an existing file is overwritten."""
    pq.write_table(pa.Table.from_pylist([_record(row) for row in rows], schema=SCHEMA), path)


def read_intervals_parquet(path: File) -> list[IntervalRow]:
    """Read rows by station and start. Raises `BadInput` naming file, row (from 0) and expectation."""
    try:
        # ParquetFile reads one file; read_table would also take a directory and make data sets of it.
        with path.open("rb") as content:
            metadata = pq.read_metadata(content)
            _check_schema(path, metadata.schema.to_arrow_schema())
            _check_size(path, metadata)
            with pq.ParquetFile(content, metadata=metadata, read_dictionary=_TEXTS) as file:
                placed = [_placed(path, number, record) for number, record in enumerate(_records(file))]
    except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not a Parquet file, or damaged"
        raise BadInput(f"file cannot be read: {reason}", where=str(path)) from None
    return in_order(placed)


@dataclass(frozen=True, slots=True)
class _Place:
    path: File
    row: int

    def __str__(self) -> str:
        return f"{self.path} row {self.row}"


def _check_schema(path: File, found: pa.Schema) -> None:
    columns = {field.name: field.type for field in found}
    for field in SCHEMA:
        if columns.get(field.name) != field.type:
            raise BadInput(
                f"column {field.name!r} is missing or of another type",
                where=str(path),
                expected=str(field.type),
                found=str(columns.get(field.name, "no such column")),
            )
    if strange := sorted(set(columns) - set(SCHEMA.names)):
        raise BadInput(f"column {strange[0]!r} is unknown", where=str(path), expected=", ".join(SCHEMA.names))
    if len(found) > len(columns):
        raise BadInput("a column stands there twice", where=str(path), expected=", ".join(SCHEMA.names))


def _check_size(path: File, found: pq.FileMetaData) -> None:
    size = sum(found.row_group(number).total_byte_size for number in range(found.num_row_groups))
    if found.num_rows > MOST_ROWS or size > LARGEST_UNPACKED:
        raise BadInput(
            "file is too large",
            where=str(path),
            expected=f"at most {MOST_ROWS} rows and {LARGEST_UNPACKED} bytes unpacked",
            found=f"{found.num_rows} rows and {size} bytes",
        )


def _records(file: pq.ParquetFile) -> Iterator[dict[str, Any]]:
    """Yield rows by column. Rows with the same text share it, as they do in the file."""
    for batch in file.iter_batches(_AT_ONCE):
        names = batch.schema.names
        for cells in zip(*map(_cells, batch.columns), strict=True):
            yield dict(zip(names, cells, strict=True))


def _cells(column: pa.Array) -> list[Any]:
    if not isinstance(column, pa.DictionaryArray):
        return list(column.to_pylist())
    texts = column.dictionary.to_pylist()
    return [None if index is None else texts[index] for index in column.indices.to_pylist()]


def _record(row: IntervalRow) -> dict[str, object]:
    interval = row.interval
    return {
        "station": interval.station,
        "state": interval.state,
        "category": row.category.value if row.category else "",
        "start_ns": interval.start,
        "duration_ns": interval.duration,
        "confidence": interval.confidence,
        "cycle": row.cycle,
        "reason": interval.reason,
    }


def _placed(path: File, number: int, record: dict[str, Any]) -> tuple[_Place, IntervalRow]:
    place = _Place(path, number)
    empty = [name for name, value in record.items() if value is None and name != "cycle"]
    if empty:
        raise BadInput(f"{empty[0]} is empty", where=str(place), expected="a value")
    interval = StateInterval(
        station=record["station"],
        state=record["state"],
        start=Instant(record["start_ns"]),
        duration=Duration(record["duration_ns"]),
        confidence=record["confidence"],
        reason=record["reason"],
    )
    if record["category"] not in {"", *StateCategory}:
        raise BadInput(
            "category is unknown",
            where=str(place),
            expected=", ".join(StateCategory),
            found=repr(record["category"][:40]),
        )
    category = StateCategory(record["category"]) if record["category"] else None
    return place, IntervalRow(interval, category, record["cycle"])
