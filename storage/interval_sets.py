"""State intervals as data sets for the engines: whole milliseconds, a period's label, and no clock time.

Importing this module needs pyarrow; callers import it where they need it, not at their top.
"""

from collections.abc import Iterable
from pathlib import Path

from productivity.errors import MissingExtra
from productivity.time import SECOND
from storage.rows import IntervalRow

try:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]
except ImportError:
    raise MissingExtra("server", "pyarrow") from None

MILLISECOND = SECOND // 1000

SCHEMA = pa.schema(
    [pa.field(name, pa.string(), nullable=False) for name in ("station", "state", "category", "period")]
    + [pa.field("duration_ms", pa.int64(), nullable=False)]
)


def write_interval_set(path: Path, rows: Iterable[IntervalRow], period: str) -> None:
    """Write the intervals of one period as one Parquet file; an existing file is overwritten.

    Boundaries are rounded, not durations: intervals that tile a span still tile it, so that their sum is the
    rounded span however many they are. An interval between two boundaries that round alike has 0 ms.
    """
    columns: dict[str, list[str | int]] = {name: [] for name in SCHEMA.names}
    for row in rows:
        interval = row.interval
        columns["station"].append(interval.station)
        columns["state"].append(interval.state)
        columns["category"].append(row.category.value if row.category else "")
        columns["period"].append(period)
        columns["duration_ms"].append(_nearest(interval.end) - _nearest(interval.start))
    pq.write_table(pa.table(columns, schema=SCHEMA), path)


def _nearest(instant: int) -> int:
    """Return the nearest whole millisecond; halves are rounded up, so that the order stays."""
    return (instant + MILLISECOND // 2) // MILLISECOND
