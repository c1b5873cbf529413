"""What a sealed file holds: how long each state lasted, and nothing from which a clock time can be had.

No start and no end. Rows stand in the order of their content, not of time. Sessions and cycles have numbers
that are drawn anew for each file, so they tell what belongs together within a shift and not what came first.
What remains is what evaluation needs: durations by station, state and mode, which of them make up one cycle
(the samples of eq. 3), and which were taken in one session (samples of one session are correlated).

Known hole: exact durations are a fingerprint. Who has timed the same cycles with another clock, such as the
protocol of a machine, may recognise them. That is why sealed data stay inside the plant, and are deleted too.
"""

from collections.abc import Hashable, Mapping, Sequence
from secrets import SystemRandom
from typing import Any

from productivity.errors import MissingExtra
from productivity.records import RecordingMode

try:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]
except ImportError:
    raise MissingExtra("server", "pyarrow") from None

SCHEMA = pa.schema(
    [
        pa.field("site", pa.string(), nullable=False),
        pa.field("station", pa.string(), nullable=False),
        pa.field("period", pa.string(), nullable=False),  # month, such as 2026-11
        pa.field("mode", pa.string(), nullable=False),
        pa.field("state", pa.string(), nullable=False),
        pa.field("category", pa.string(), nullable=False),  # empty for unknown and not recorded
        pa.field("reason", pa.string(), nullable=False),
        pa.field("duration_ns", pa.int64(), nullable=False),
        pa.field("occurrences", pa.int64(), nullable=False),
        pa.field("confidence", pa.int16()),  # thousandths; none for what was documented
        pa.field("session", pa.int32()),  # a number drawn for this file alone
        pa.field("cycle", pa.int32()),  # likewise
    ]
)

INTERVAL_COLUMNS = (
    *("batch_id", "position", "station_id", "session", "cycle"),
    *("state", "category", "reason", "duration_ns", "confidence"),
)
"""What is read of an interval, in this order."""

DOCUMENTED_COLUMNS = ("id", "station_id", "mode", "state", "category", "duration_ns", "occurrences")
"""What is read of a documented time, in this order."""

Revised = Mapping[tuple[int, int], tuple[str, str | None]]
"""The newest revision's state and category, by batch and position."""


def sealed_content(
    site: str,
    month: str,
    stations: Mapping[int, str],
    intervals: Sequence[Sequence[Any]],
    revised: Revised,
    documented: Sequence[Sequence[Any]],
) -> bytes:
    """Return the file. Rows of intervals and documented times have the columns above."""
    table = pa.concat_tables([_intervals(stations, intervals, revised), _documented(stations, documented)])
    for name, value in (("period", month), ("site", site)):
        table = table.add_column(0, name, pa.array([value], pa.string()).take(_zeros(table.num_rows)))
    table = table.select(SCHEMA.names).cast(SCHEMA)
    # By content, and what is alike in all that is kept by the numbers that were drawn.
    table = table.sort_by([(name, "ascending") for name in SCHEMA.names])
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def _zeros(count: int) -> Any:  # noqa: ANN401  # pyarrow has no types
    return pa.array(bytes(count), pa.uint8()) if count else pa.array([], pa.uint8())


def _intervals(stations: Mapping[int, str], rows: Sequence[Sequence[Any]], revised: Revised) -> Any:  # noqa: ANN401  # pyarrow has no types
    lists = list(zip(*rows, strict=True)) or [()] * len(INTERVAL_COLUMNS)
    batch, position, station, session, cycle, state, category, reason, duration, confidence = lists
    kinds = list(zip(state, category, strict=True))
    if revised:
        identities = zip(batch, position, strict=True)
        kinds = [revised.get(which, kind) for which, kind in zip(identities, kinds, strict=True)]
    recordings = list(zip(session, station, strict=True))
    cycles = [
        None if number is None else (recording, number)
        for recording, number in zip(recordings, cycle, strict=True)
    ]
    return pa.table(
        {
            "station": pa.array([stations[number] for number in station], pa.string()),
            "mode": pa.array([RecordingMode.CV.value] * len(rows), pa.string()),
            "state": pa.array([name for name, _ in kinds], pa.string()),
            "category": pa.array([name or "" for _, name in kinds], pa.string()),
            "reason": pa.array([text or "" for text in reason], pa.string()),
            "duration_ns": pa.array(duration, pa.int64()),
            "occurrences": pa.array([1] * len(rows), pa.int64()),
            "confidence": pa.array(confidence, pa.int16()),
            "session": pa.array(_drawn(recordings), pa.int32()),
            "cycle": pa.array(_drawn(cycles), pa.int32()),
        }
    )


def _documented(stations: Mapping[int, str], rows: Sequence[Sequence[Any]]) -> Any:  # noqa: ANN401  # pyarrow has no types
    lists = list(zip(*rows, strict=True)) or [()] * len(DOCUMENTED_COLUMNS)
    _, station, mode, state, category, duration, occurrences = lists
    nothing = [None] * len(rows)
    return pa.table(
        {
            "station": pa.array([stations[number] for number in station], pa.string()),
            "mode": pa.array(mode, pa.string()),
            "state": pa.array(state, pa.string()),
            "category": pa.array(category, pa.string()),
            "reason": pa.array([""] * len(rows), pa.string()),
            "duration_ns": pa.array(duration, pa.int64()),
            "occurrences": pa.array(occurrences, pa.int64()),
            "confidence": pa.array(nothing, pa.int16()),
            "session": pa.array(nothing, pa.int32()),
            "cycle": pa.array(nothing, pa.int32()),
        }
    )


def _drawn(keys: Sequence[Hashable | None]) -> list[int | None]:
    """Give each different key a number, drawn without replacement: its size tells nothing about its place."""
    different = dict.fromkeys(key for key in keys if key is not None)
    numbers = list(range(len(different)))
    SystemRandom().shuffle(numbers)
    number_of = dict(zip(different, numbers, strict=True))
    return [None if key is None else number_of[key] for key in keys]
