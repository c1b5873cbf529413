"""Engines that aggregate Parquet data sets of state intervals: DuckDB, or Spark for more than one machine.

Both run the same expression (`productivity.scale.aggregation`) and give the same integers. Neither loads the
data set: DuckDB streams it within a memory limit and spills what does not fit to a directory.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw

from productivity.errors import BadInput, MissingExtra
from productivity.scale.aggregation import aggregate
from productivity.scale.totals import DAY, DURATION, KEYS, START, IntervalTotal

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MEMORY_MB = 1024
"""Megabytes that DuckDB may take for data; 20 million intervals need a fraction of it."""


def duckdb_totals(
    dataset: Path, by: Sequence[str], *, memory_mb: int = MEMORY_MB, spill: Path | None = None
) -> list[IntervalTotal]:
    """Return the totals of a Parquet file, or of all Parquet files below a directory, sorted by key.

    `by`: some of `KEYS`, and "day". What exceeds `memory_mb` is spilled into the directory `spill`, by
    default the system's for temporary files. Raises `BadInput` for a data set that cannot be read or lacks a
    column, and for intervals with a missing or negative duration.
    """
    import duckdb  # here and not above: other commands start without loading a database

    files = parquet_files(dataset)
    with tempfile.TemporaryDirectory(prefix="fairtakt-", dir=spill) as scratch:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": f"{memory_mb}MB",
            "temp_directory": scratch,
            "preserve_insertion_order": False,  # sums need no order, and without it nothing is held back
            "autoinstall_known_extensions": False,  # nothing is fetched from a network
        }
        with duckdb.connect(":memory:", config=settings) as connection:
            try:
                frame = nw.from_native(connection.read_parquet([str(file) for file in files]))
                _check_columns(frame, by, dataset)
                rows = aggregate(frame, by).to_native().fetchall()
            except duckdb.Error as error:
                raise BadInput(
                    f"data set cannot be aggregated ({type(error).__name__})", where=str(dataset)
                ) from None
    return _totals(rows, dataset)


def spark_totals(
    dataset: Path, by: Sequence[str], *, session: "SparkSession | None" = None
) -> list[IntervalTotal]:
    """Return the totals as `duckdb_totals` does, by Spark: on `session`, or else on this machine.

    Raises as `duckdb_totals` does, `MissingExtra` without pyspark and `BadInput` without a Java runtime.
    """
    files = parquet_files(dataset)
    spark = session or local_spark()
    from pyspark.errors import PySparkException

    try:
        frame = nw.from_native(spark.read.parquet(*(str(file) for file in files)))
        _check_columns(frame, by, dataset)
        rows = [tuple(row) for row in aggregate(frame, by).to_native().collect()]
    except PySparkException as error:
        raise BadInput(
            f"data set cannot be aggregated ({type(error).__name__})", where=str(dataset)
        ) from None
    finally:
        if session is None:
            spark.stop()
    return _totals(rows, dataset)


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


def parquet_files(dataset: Path) -> list[Path]:
    """Return a Parquet file, or all of them below a directory, by name. Raises `BadInput` for none."""
    files = sorted(dataset.rglob("*.parquet")) if dataset.is_dir() else [dataset]
    if not files or not files[0].is_file():
        raise BadInput("no Parquet file", where=str(dataset), expected="a file, or a directory with some")
    return files


def _check_columns(frame: nw.LazyFrame[Any], by: Sequence[str], dataset: Path) -> None:
    if not by:
        raise BadInput("nothing to group by", expected="at least one of " + ", ".join((*KEYS, DAY)))
    schema = frame.collect_schema()
    wanted: dict[str, type[nw.dtypes.DType]] = {name: nw.String for name in KEYS if name in by}
    wanted[DURATION] = nw.Int64
    for name in by:
        if name == DAY:
            wanted[START] = nw.Int64
        elif name not in KEYS:
            raise BadInput(f"cannot group by {name!r}", expected=", ".join((*KEYS, DAY)))
    for name, dtype in wanted.items():
        if schema.get(name) != dtype:
            raise BadInput(
                f"column {name!r} is missing or of another type",
                where=str(dataset),
                expected=str(dtype()),
                found=str(schema.get(name, "no such column")),
            )


def _totals(rows: Iterable[Sequence[Any]], dataset: Path) -> list[IntervalTotal]:
    totals: list[IntervalTotal] = []
    for *key, count, known, total, squares, shortest, longest in rows:
        if known != count or None in key:
            raise BadInput("interval without a key or a duration", where=str(dataset), expected="none empty")
        if shortest < 0:
            raise BadInput("interval with a negative duration", where=str(dataset), expected="0 ms or more")
        totals.append(IntervalTotal(tuple(key), count, total, squares, shortest, longest))
    return totals
