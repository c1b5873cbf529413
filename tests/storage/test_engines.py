"""DuckDB and Spark give the integers that plain Python gives."""

import os
import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from productivity.errors import BadInput
from productivity.intervals import StateInterval
from productivity.scale.totals import DAY_MS, reference_totals, roll_up
from storage.engines import duckdb_totals, local_spark, spark_totals
from storage.interval_sets import write_interval_set
from storage.rows import IntervalRow

ROWS = 1_000_000
FINEST = ("station", "state", "category", "period", "day")
GROUPINGS = [FINEST, ("station", "state"), ("category", "day"), ("period",)]


@pytest.fixture(scope="module")
def columns():
    """A million intervals: 12 stations, 9 states, two shifts, ten days; some of 8 hours, some of 0 ms."""
    rng = np.random.default_rng(20260301)
    states = np.array([f"state {number}" for number in range(8)] + ["Prüfen – final"])
    categories = np.array(["cycle-bound", "batch-bound", "periodical", "irregular", ""])
    picked = rng.integers(0, len(states), ROWS)
    durations = rng.integers(0, 120_000, ROWS)
    durations[:: ROWS // 100] = 8 * 3_600_000
    return {
        "station": np.array([f"S{number:02}" for number in range(12)])[rng.integers(0, 12, ROWS)].tolist(),
        "state": states[picked].tolist(),
        "category": categories[picked % 5].tolist(),
        "period": np.array(["early", "late"])[rng.integers(0, 2, ROWS)].tolist(),
        "start_ms": (1_772_000_000_000 + rng.integers(0, 10 * DAY_MS, ROWS)).tolist(),
        "duration_ms": durations.tolist(),
    }


@pytest.fixture(scope="module")
def dataset(columns, tmp_path_factory):
    """The intervals as a Parquet data set of three files, in a folder per period."""
    folder = tmp_path_factory.mktemp("intervals")
    table = pa.table(columns)
    for number, (start, stop) in enumerate([(0, 400_000), (400_000, 400_001), (400_001, ROWS)]):
        (folder / f"part {number}").mkdir()
        pq.write_table(table.slice(start, stop - start), folder / f"part {number}" / "intervals.parquet")
    return folder


@pytest.fixture(scope="module")
def reference(columns):
    return reference_totals(columns, FINEST)


def rolled(reference, by):
    return roll_up(reference, [FINEST.index(name) for name in by])


@pytest.mark.parametrize("by", GROUPINGS)
def test_duckdb_gives_the_reference_on_a_million_intervals(dataset, reference, by):
    found = duckdb_totals(dataset, by)
    assert found == rolled(reference, by)
    assert sum(total.count for total in found) == ROWS
    assert all(type(value) is int for total in found[:3] for value in (total.total_ms, total.squares_ms2))


def test_duckdb_gives_the_reference_within_little_memory(dataset, reference, tmp_path):
    assert duckdb_totals(dataset, FINEST, memory_mb=60, spill=tmp_path) == reference
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
def test_spark_gives_the_reference_on_a_million_intervals(dataset, reference):
    pytest.importorskip("pyspark", reason="pyspark is not installed: the extra spark")
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        pytest.skip("no Java runtime for Spark")
    session = local_spark()
    try:
        assert spark_totals(dataset, FINEST, session=session) == reference
        with pytest.raises(BadInput, match="'duration_ms' is missing"):
            spark_totals(without(dataset, "duration_ms"), ("state",), session=session)
    finally:
        session.stop()


def without(dataset, column):
    table = pq.read_table(dataset / "part 1" / "intervals.parquet").drop_columns([column])
    pq.write_table(table, dataset.parent / f"without {column}.parquet")
    return dataset.parent / f"without {column}.parquet"


@pytest.mark.parametrize(
    ("change", "by", "message"),
    [
        ({"duration_ms": [5, None]}, ("state",), "interval without a key or a duration"),
        ({"state": ["assembly", None]}, ("state",), "interval without a key or a duration"),
        ({"duration_ms": [5, -1]}, ("state",), "negative duration: expected 0 ms or more"),
        (
            {"duration_ms": [5.0, 1.0]},
            ("state",),
            "'duration_ms' is missing or of another type: expected Int64",
        ),
        ({"state": [1, 2]}, ("state",), "'state' is missing or of another type: expected String"),
        ({}, ("day",), "'start_ms' is missing"),
        ({}, (), "nothing to group by"),
        ({}, ("worker",), "cannot group by 'worker': expected station, state"),
    ],
)
def test_a_data_set_that_would_give_wrong_sums_is_refused(tmp_path, change, by, message):
    columns = {"state": ["assembly", "assembly"], "duration_ms": [5, 6]} | change
    pq.write_table(pa.table(columns), tmp_path / "odd.parquet")
    with pytest.raises(BadInput, match=message):
        duckdb_totals(tmp_path / "odd.parquet", by)


def test_a_damaged_file_and_no_file_are_named(tmp_path):
    with pytest.raises(BadInput, match="no Parquet file"):
        duckdb_totals(tmp_path, ("state",))
    (tmp_path / "torn.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(BadInput, match="data set cannot be aggregated"):
        duckdb_totals(tmp_path, ("state",))


def test_a_recording_becomes_a_data_set_whose_sum_is_the_rounded_span(tmp_path):
    """A thousand intervals of 1.4999 ms: rounded one by one they would lose a third of the time."""
    length = 1_499_900
    rows = [
        IntervalRow(StateInterval("bench", f"state {n % 3}", n * length, length), None, None)
        for n in range(1000)
    ]
    write_interval_set(tmp_path / "early.parquet", rows, "early")
    (total,) = duckdb_totals(tmp_path, ("station", "category", "period"))
    assert (total.key, total.count, total.total_ms) == (("bench", "", "early"), 1000, 1500)
