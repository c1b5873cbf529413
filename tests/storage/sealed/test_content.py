"""What a sealed file holds, and that no clock time can be had from it."""

import io
import random

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from storage.sealed.content import SCHEMA, sealed_content

STATIONS = {1: "bench", 2: "press"}


def interval(number, **changes):
    fields = {
        "batch_id": number // 20,
        "position": number % 20,
        "station_id": 1,
        "session": b"a" * 16,
        "cycle": None,
        "state": "screwing",
        "category": "cycle-bound",
        "reason": None,
        "duration_ns": 4_000_000_000,
        "confidence": 900,
    }
    return tuple((fields | changes).values())


def sealed(rows, revised=None, documented=()):
    content = sealed_content("north", "2026-11", STATIONS, rows, revised or {}, documented)
    return pq.read_table(io.BytesIO(content))


def test_a_file_has_these_columns_and_no_start():
    table = sealed([interval(0, reason="dark"), interval(1, category=None)])
    assert table.schema.equals(SCHEMA)
    assert not [name for name in table.schema.names if "start" in name or "end" in name or "ordinal" in name]
    first, second = table.to_pylist()
    assert first == {
        "site": "north",
        "station": "bench",
        "period": "2026-11",
        "mode": "CV",
        "state": "screwing",
        "category": "",
        "reason": "",
        "duration_ns": 4_000_000_000,
        "occurrences": 1,
        "confidence": 900,
        "session": 0,
        "cycle": None,
    }
    assert (second["category"], second["reason"]) == ("cycle-bound", "dark")


def test_documented_times_stand_beside_with_their_mode():
    (row,) = sealed([], documented=[(7, 2, "SR", "rework", "irregular", 60, 3)]).to_pylist()
    assert (row["station"], row["mode"], row["duration_ns"], row["occurrences"]) == ("press", "SR", 60, 3)
    assert (row["confidence"], row["session"], row["cycle"]) == (None, None, None)


def test_a_correction_counts():
    rows = [interval(0), interval(1)]
    table = sealed(rows, revised={(0, 1): ("rework", "irregular")})
    assert [(row["state"], row["category"]) for row in table.to_pylist()] == [
        ("rework", "irregular"),
        ("screwing", "cycle-bound"),
    ]


@settings(max_examples=30, deadline=None)
@given(
    rows=st.lists(
        st.builds(
            interval,
            st.integers(0, 500),
            station_id=st.sampled_from([1, 2]),
            session=st.sampled_from([b"a" * 16, b"b" * 16]),
            state=st.sampled_from(["screwing", "waiting", "gluing"]),
            duration_ns=st.integers(1, 5),
            confidence=st.integers(0, 3),
        ),
        max_size=40,
    ),
    seed=st.integers(),
)
def test_rows_stand_in_the_order_of_their_content(rows, seed):
    """The order in which rows came leaves no trace: any order gives the same table, drawn numbers aside."""
    other = list(rows)
    random.Random(seed).shuffle(other)
    kept = [name for name in SCHEMA.names if name not in ("session", "cycle")]
    assert sealed(rows).select(kept).equals(sealed(other).select(kept))


def test_sessions_and_cycles_are_told_apart_and_not_named():
    rows = [
        interval(0, cycle=7, duration_ns=1),
        interval(1, cycle=7, duration_ns=2),
        interval(2, cycle=8, duration_ns=3),
        interval(3, cycle=7, duration_ns=4, session=b"b" * 16),
        interval(4, cycle=7, duration_ns=5, station_id=2),
    ]
    found = {row["duration_ns"]: (row["session"], row["cycle"]) for row in sealed(rows).to_pylist()}
    assert found[1] == found[2], "one cycle"
    assert found[3][0] == found[1][0], "one session"
    assert found[3][1] != found[1][1], "two cycles"
    assert len({found[1][0], found[4][0], found[5][0]}) == 3, "a session is of one station"
    assert len({cycle for _, cycle in found.values()}) == 4
    assert {number for number, _ in found.values()} == {0, 1, 2}


@pytest.mark.parametrize("label", ["cycle", "session"])
def test_drawn_numbers_tell_nothing_about_what_came_first(label):
    """Durations that grow with time stand for the time; 0.2 is six standard deviations at 1000 values."""
    rows = [
        interval(n, cycle=n + 1, duration_ns=n + 1, session=(n if label == "session" else 0).to_bytes(16))
        for n in range(1000)
    ]
    table = sealed(rows)
    correlation = spearmanr(table["duration_ns"].to_numpy(), table[label].to_numpy()).statistic
    assert abs(correlation) < 0.2


def test_numbers_are_drawn_anew_for_each_file():
    rows = [interval(n, cycle=n + 1, duration_ns=n + 1) for n in range(50)]
    assert sealed(rows)["cycle"] != sealed(rows)["cycle"]


def test_the_file_itself_tells_no_time():
    content = sealed_content("north", "2026-11", STATIONS, [interval(0)], {}, [])
    with pq.ParquetFile(io.BytesIO(content)) as file:
        assert set(file.metadata.metadata or {}) <= {b"ARROW:schema"}
        assert file.schema_arrow.metadata is None
