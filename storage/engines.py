"""Engines that aggregate Parquet data sets of state intervals: DuckDB, or Spark for more than one machine.

Both run the same expression (`productivity.scale.aggregation`) and give the same integers. Neither loads the
data set: DuckDB streams it within a memory limit and spills what does not fit to a directory.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw

from productivity.errors import BadInput, MissingExtra
from productivity.scale.aggregation import aggregate, aggregate_exact, squares
from productivity.scale.totals import DAY, DURATION, EXACT_DURATION, KEYS, START, IntervalTotal, roll_up

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pyspark.sql import SparkSession

MEMORY_MB = 1024
"""Megabytes that DuckDB may take for data; 20 million intervals need a fraction of it."""


def duckdb_totals(
    dataset: Path | Sequence[Path],
    by: Sequence[str],
    *,
    sums: Sequence[str] = (),
    memory_mb: int = MEMORY_MB,
    spill: Path | None = None,
) -> list[IntervalTotal]:
    """Return the totals of Parquet files, or of all below a directory, sorted by key.

    `by`: some of `KEYS`, and "day"; `sums`: further columns of 64-bit integers to add up. What exceeds
    `memory_mb` is spilled into the directory `spill`, by default the system's for temporary files. Raises
    `BadInput` for a data set that cannot be read or lacks a column, and for intervals with a missing or
    negative duration.
    """
    files = [str(file) for file in parquet_files(dataset)]
    where = _name(dataset)
    with _duckdb(where, memory_mb, spill) as connection:
        # Names of directories say nothing here: what counts stands in the files.
        frame = nw.from_native(connection.read_parquet(files, hive_partitioning=False))
        grouped, exact = _aggregated(frame, by, sums, where)
        rows = grouped.to_native().fetchall()
    return _totals(rows, by, where, exact=exact)


def arrow_totals(
    tables: Iterable[Any],
    by: Sequence[str],
    *,
    sums: Sequence[str] = (),
    memory_mb: int = MEMORY_MB,
    spill: Path | None = None,
) -> list[IntervalTotal]:
    """Return the totals of Arrow tables as `duckdb_totals` does; one table at a time is in memory."""
    where = "intervals"
    totals: list[IntervalTotal] = []
    with _duckdb(where, memory_mb, spill) as connection:
        for table in tables:
            frame = nw.from_native(connection.from_arrow(table))
            grouped, exact = _aggregated(frame, by, sums, where)
            totals += _totals(grouped.to_native().fetchall(), by, where, exact=exact)
            totals = roll_up(totals, range(len(by)))
    return totals


@contextmanager
def _duckdb(where: str, memory_mb: int, spill: Path | None) -> Iterator["DuckDBPyConnection"]:
    import duckdb  # here and not above: other commands start without loading a database

    with tempfile.TemporaryDirectory(prefix="fairtakt-", dir=spill) as scratch:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": f"{memory_mb}MB",
            "temp_directory": scratch,
            "preserve_insertion_order": False,  # sums need no order, and without it nothing is held back
            "autoinstall_known_extensions": False,  # nothing is fetched from a network
        }
        with duckdb.connect(":memory:", config=settings) as connection:
            try:
                yield connection
            except duckdb.Error as error:
                raise BadInput(
                    f"data set cannot be aggregated ({type(error).__name__})", where=where
                ) from None


def spark_totals(
    dataset: Path | Sequence[Path],
    by: Sequence[str],
    *,
    sums: Sequence[str] = (),
    session: "SparkSession | None" = None,
) -> list[IntervalTotal]:
    """Return the totals as `duckdb_totals` does, by Spark: on `session`, or else on this machine.

    Raises as `duckdb_totals` does, `MissingExtra` without pyspark and `BadInput` without a Java runtime.
    """
    files = parquet_files(dataset)
    where = _name(dataset)
    spark = session or local_spark()
    from pyspark.errors import PySparkException

    try:
        frame = nw.from_native(spark.read.parquet(*(str(file) for file in files)))
        grouped, exact = _aggregated(frame, by, sums, where)
        rows = [tuple(row) for row in grouped.to_native().collect()]
    except PySparkException as error:
        raise BadInput(f"data set cannot be aggregated ({type(error).__name__})", where=where) from None
    finally:
        if session is None:
            spark.stop()
    return _totals(rows, by, where, exact=exact)


def local_spark() -> "SparkSession":
    """Start Spark on this machine, reachable from this machine only; the caller stops it."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise MissingExtra("spark", "pyspark") from None
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise BadInput("no Java runtime for Spark", expected="Java 17 or newer, such as default-jre-headless")
    builder: Any = SparkSession.builder
    settings = {
        "spark.master": "local[*]",
        "spark.app.name": "fairtakt",
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "8",
        "spark.sql.ansi.enabled": "true",  # an overflow is an error and not a wrong sum
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    session: SparkSession = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def parquet_files(dataset: Path | Sequence[Path]) -> list[Path]:
    """Return Parquet files, or all of them below a directory, by name. Raises `BadInput` for none."""
    if not isinstance(dataset, Path):
        if not dataset:
            raise BadInput("no Parquet file", expected="at least one")
        return [file for one in dataset for file in parquet_files(one)]
    files = sorted(dataset.rglob("*.parquet")) if dataset.is_dir() else [dataset]
    if not files or not files[0].is_file():
        raise BadInput("no Parquet file", where=str(dataset), expected="a file, or a directory with some")
    return files


def _name(dataset: Path | Sequence[Path]) -> str:
    return str(dataset) if isinstance(dataset, Path) else f"{len(dataset)} Parquet files"


def _aggregated(
    frame: nw.LazyFrame[Any], by: Sequence[str], sums: Sequence[str], where: str
) -> tuple[nw.LazyFrame[Any], bool]:
    """Return the groups, and whether durations are nanoseconds, after a look at the columns."""
    schema = frame.collect_schema()
    exact = EXACT_DURATION in schema and DURATION not in schema
    _check_columns(schema, by, [EXACT_DURATION if exact else DURATION, *sums], where)
    return (aggregate_exact if exact else aggregate)(frame, by, sums), exact


def _check_columns(schema: nw.Schema, by: Sequence[str], numbers: Sequence[str], where: str) -> None:
    if not by:
        raise BadInput("nothing to group by", expected="at least one of " + ", ".join((*KEYS, DAY)))
    wanted: dict[str, type[nw.dtypes.DType]] = {name: nw.String for name in KEYS if name in by}
    wanted |= dict.fromkeys(numbers, nw.Int64)
    for name in by:
        if name == DAY:
            wanted[START] = nw.Int64
        elif name not in KEYS:
            raise BadInput(f"cannot group by {name!r}", expected=", ".join((*KEYS, DAY)))
    for name, dtype in wanted.items():
        if schema.get(name) != dtype:
            raise BadInput(
                f"column {name!r} is missing or of another type",
                where=where,
                expected=str(dtype()),
                found=str(schema.get(name, "no such column")),
            )


def _totals(
    rows: Iterable[Sequence[Any]], by: Sequence[str], where: str, *, exact: bool
) -> list[IntervalTotal]:
    keys, parts = len(by), 3 if exact else 1
    totals: list[IntervalTotal] = []
    for row in rows:
        key, (count, known, total), rest = row[:keys], row[keys : keys + 3], row[keys + 3 :]
        squared, (shortest, longest, *sums) = rest[:parts], rest[parts:]
        if known != count or None in key:
            raise BadInput("interval without a key or a duration", where=where, expected="none empty")
        if shortest < 0:
            raise BadInput("interval with a negative duration", where=where, expected="0 ms or more")
        together = squares(*squared) if exact else squared[0]
        totals.append(IntervalTotal(tuple(key), count, total, together, shortest, longest, tuple(sums)))
    return totals
