import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productivity.errors import BadInput
from productivity.intervals import Cycle, StateInterval
from productivity.states import NOT_RECORDED, UNKNOWN, StateCategory, WorkerState
from storage.cycles_csv import read_cycles_csv, write_cycles_csv
from storage.intervals_csv import read_intervals_csv, write_intervals_csv
from storage.rows import IntervalRow, interval_rows

pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")

from storage import intervals_parquet  # noqa: E402
from storage.intervals_parquet import SCHEMA, read_intervals_parquet, write_intervals_parquet  # noqa: E402

FORMATS = {
    "csv": (write_intervals_csv, read_intervals_csv),
    "parquet": (write_intervals_parquet, read_intervals_parquet),
}
HEADER = "station,state,category,start_ns,duration_ns,confidence,cycle,reason\n"
STATES = [
    WorkerState("assembly", StateCategory.CYCLE_BOUND, value_adding=True),
    WorkerState("transport", StateCategory.BATCH_BOUND, value_adding=False),
]

names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"]), min_size=1, max_size=12)


@st.composite
def recordings(draw):
    rows, edge = [], draw(st.integers(0, 10**9))
    for _ in range(draw(st.integers(0, 8))):
        duration = draw(st.integers(1, 2**55))
        state = draw(st.one_of(names, st.just(NOT_RECORDED)))
        reason = draw(names) if state == NOT_RECORDED else ""
        interval = StateInterval("Prüfplatz, 3", state, edge, duration, draw(st.floats(0, 1)), reason)
        category = draw(st.one_of(st.none(), st.sampled_from(StateCategory)))
        rows.append(IntervalRow(interval, category, draw(st.one_of(st.none(), st.integers(1, 2**31 - 1)))))
        edge += duration
    return rows


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=50, deadline=None)
@given(rows=recordings())
def test_what_was_written_is_read_back_exactly(tmp_path_factory, kind, rows):
    write, read = FORMATS[kind]
    path = tmp_path_factory.mktemp("rows") / f"intervals.{kind}"
    write(path, rows)
    assert read(path) == rows


def test_the_csv_file_is_plain_and_readable(tmp_path):
    path = tmp_path / "intervals.csv"
    intervals = [
        StateInterval("bench", "assembly", 0, 5, confidence=2 / 3),
        StateInterval("bench", NOT_RECORDED, 5, 2, reason="no frames"),
    ]
    write_intervals_csv(path, interval_rows(intervals, STATES, [Cycle("bench", 1, 0, 5)]))
    assert path.read_text().splitlines() == [
        "station,state,category,start_ns,duration_ns,confidence,cycle,reason",
        "bench,assembly,cycle-bound,0,5,0.6667,1,",
        "bench,not recorded,,5,2,1.0,,no frames",
    ]


def test_the_parquet_file_has_types_that_other_tools_understand(tmp_path):
    path = tmp_path / "intervals.parquet"
    write_intervals_parquet(path, interval_rows([StateInterval("bench", "assembly", 0, 5)], STATES, []))
    assert {field.name: str(field.type) for field in pq.read_schema(path)} == {
        "station": "string",
        "state": "string",
        "category": "string",
        "start_ns": "int64",
        "duration_ns": "int64",
        "confidence": "double",
        "cycle": "int32",
        "reason": "string",
    }
    assert pq.read_table(path).column("cycle").null_count == 1


def test_rows_know_their_category_and_cycle():
    """Cycles [10, 30) and [40, 50); what lies between or beside them has no number."""
    cycles = [Cycle("bench", 1, 10, 20), Cycle("bench", 2, 40, 10)]
    pieces = ["transport", "assembly", UNKNOWN, "transport", "assembly", NOT_RECORDED]
    intervals = [StateInterval("bench", state, 10 * n, 10) for n, state in enumerate(pieces)]
    rows = interval_rows(intervals, STATES, cycles)
    assert [row.cycle for row in rows] == [None, 1, 1, None, 2, None]
    assert [row.category for row in rows] == [
        StateCategory.BATCH_BOUND,
        StateCategory.CYCLE_BOUND,
        None,
        StateCategory.BATCH_BOUND,
        StateCategory.CYCLE_BOUND,
        None,
    ]


def test_rows_come_by_station_and_start_whatever_their_order_in_the_file(tmp_path):
    path = tmp_path / "intervals.csv"
    path.write_text(HEADER + "left,b,,5,5,1,,\nright,c,,2,1,1,,\n\nleft,a,,0,5,1,,\n")
    read = [(row.interval.station, row.interval.state) for row in read_intervals_csv(path)]
    assert read == [("left", "a"), ("left", "b"), ("right", "c")]


def test_a_byte_order_mark_of_a_spreadsheet_does_no_harm(tmp_path):
    path = tmp_path / "intervals.csv"
    path.write_text("\ufeff" + HEADER + "bench,a,,0,5,1,,\n", encoding="utf-8")
    assert len(read_intervals_csv(path)) == 1


BAD_CSV = [
    ("empty file", "", "file is empty: expected a CSV file with a header"),
    ("missing column", HEADER.replace("reason", "x"), "line 1: column 'reason' is missing"),
    ("unknown column", HEADER.replace("\n", ",worker\n"), "line 1: column 'worker' is unknown"),
    ("column twice", HEADER.replace("\n", ",state\n"), "line 1: column 'state' stands there twice"),
    ("too few cells", HEADER + "bench,a,,0,5\n", "line 2: line of another length: expected 8 cells, found 5"),
    ("no state", HEADER + "bench,,,0,5,1,,\n", "line 2: state is empty"),
    (
        "unknown category",
        HEADER + "bench,a,daily,0,5,1,,\n",
        "line 2: category is unknown: expected cycle-bound, .*'daily'",
    ),
    (
        "fractional start",
        HEADER + "bench,a,,0.5,5,1,,\n",
        "line 2: start_ns is not a whole number: expected digits, found '0.5'",
    ),
    ("underscores", HEADER + "bench,a,,1_0,5,1,,\n", "line 2: start_ns is not a whole number"),
    ("negative start", HEADER + "bench,a,,-1,5,1,,\n", "line 2: start is negative"),
    ("negative duration", HEADER + "bench,a,,0,-5,1,,\n", "line 2: duration is not positive: .* found -5 ns"),
    ("no duration", HEADER + "bench,a,,0,0,1,,\n", "line 2: duration is not positive"),
    ("later than 64 bits", HEADER + "bench,a,,9223372036854775807,1,1,,\n", "line 2: end is too late"),
    ("confidence no number", HEADER + "bench,a,,0,5,high,,\n", "line 2: confidence is not a number"),
    ("confidence above 1", HEADER + "bench,a,,0,5,1.5,,\n", "line 2: confidence is out of range"),
    ("confidence NaN", HEADER + "bench,a,,0,5,nan,,\n", "line 2: confidence is out of range"),
    ("cycle 0", HEADER + "bench,a,,0,5,1,0,\n", "line 2: cycle is out of range"),
    ("reason at a state", HEADER + "bench,a,,0,5,1,,no frames\n", "line 2: reason without cause"),
    ("overlap", HEADER + "bench,a,,0,5,1,,\nbench,b,,4,5,1,,\n", "line 3: state 'b' overlaps state 'a'"),
    (
        "overlap out of order",
        HEADER + "b,a,,4,5,1,,\nb,c,,9,5,1,,\nb,b,,0,5,1,,\n",
        "line 2: state 'a' overlaps state 'b'",
    ),
    ("open quotes", HEADER + 'bench,"a,,0,5,1,,\n', "not a CSV file"),
    ("Latin-1", (HEADER + "bänk,a,,0,5,1,,\n").encode("latin-1"), "not a text file"),
]


@pytest.mark.parametrize(("content", "text"), [c[1:] for c in BAD_CSV], ids=[c[0] for c in BAD_CSV])
def test_a_bad_csv_file_is_refused_in_one_line(tmp_path, content, text):
    path = tmp_path / "intervals.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadInput, match=text) as caught:
        read_intervals_csv(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_that_cannot_be_read_is_named(tmp_path, kind):
    _, read = FORMATS[kind]
    for path in (tmp_path / f"absent.{kind}", tmp_path):
        with pytest.raises(BadInput, match="file cannot be read") as caught:
            read(path)
        assert str(path) in str(caught.value)


GOOD = {
    "station": "bench",
    "state": "assembly",
    "category": "",
    "start_ns": 0,
    "duration_ns": 5,
    "confidence": 1.0,
    "cycle": None,
    "reason": "",
}


def arrow_table(*records, schema=None):
    nullable = pa.schema([pa.field(f.name, f.type) for f in schema or SCHEMA])
    return pa.Table.from_pylist(list(records), schema=nullable)


@pytest.mark.parametrize(
    ("table", "text"),
    [
        (
            arrow_table(GOOD).drop_columns("reason"),
            "column 'reason' is missing or of another type: expected string",
        ),
        (arrow_table(GOOD).append_column("worker", pa.array(["x"])), "column 'worker' is unknown"),
        (
            arrow_table(GOOD).append_column(SCHEMA.field("state"), pa.array(["x"])),
            "a column stands there twice: expected station",
        ),
        (
            arrow_table(GOOD, schema=SCHEMA.set(3, pa.field("start_ns", pa.float64()))),
            "column 'start_ns' is missing or of another type: expected int64, found double",
        ),
        (arrow_table(GOOD, GOOD | {"state": None, "start_ns": 5}), "row 1: state is empty"),
        (arrow_table(GOOD, GOOD | {"start_ns": 5, "duration_ns": -1}), "row 1: duration is not positive"),
        (arrow_table(GOOD, GOOD | {"start_ns": 4}), "row 1: state 'assembly' overlaps state 'assembly'"),
        (arrow_table(GOOD | {"category": "daily"}), "row 0: category is unknown"),
    ],
    ids=["missing", "unknown", "twice", "type", "null", "negative", "overlap", "category"],
)
def test_a_bad_parquet_file_is_refused_in_one_line(tmp_path, table, text):
    path = tmp_path / "intervals.parquet"
    pq.write_table(table, path)
    with pytest.raises(BadInput, match=text) as caught:
        read_intervals_parquet(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("keep", [0, 4, 100, -1], ids=["empty", "magic", "cut", "last byte missing"])
def test_a_damaged_parquet_file_is_refused(tmp_path, keep):
    path = tmp_path / "intervals.parquet"
    pq.write_table(arrow_table(GOOD), path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(BadInput, match="not a Parquet file, or damaged") as caught:
        read_intervals_parquet(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("limit", "most"), [("MOST_ROWS", 1), ("LARGEST_UNPACKED", 100)])
def test_a_parquet_file_that_is_small_only_as_long_as_it_is_packed_is_refused(
    tmp_path, monkeypatch, limit, most
):
    path = tmp_path / "intervals.parquet"
    pq.write_table(arrow_table(GOOD, GOOD | {"start_ns": 5}), path)
    assert len(read_intervals_parquet(path)) == 2
    monkeypatch.setattr(intervals_parquet, limit, most)
    with pytest.raises(
        BadInput, match=rf"file is too large: expected at most .*\b{most} .* found 2 rows and"
    ):
        read_intervals_parquet(path)


def test_a_long_text_in_many_rows_of_a_parquet_file_is_kept_once(tmp_path):
    path = tmp_path / "intervals.parquet"
    rows = [GOOD | {"state": "s" * 10_000, "start_ns": 5 * number} for number in range(100)]
    pq.write_table(arrow_table(*rows), path)
    assert len({id(row.interval.state) for row in read_intervals_parquet(path)}) == 1


def test_a_parquet_file_whose_text_is_none_is_refused(tmp_path):
    path = tmp_path / "intervals.parquet"
    no_text = pa.array([b"\xff"]).view(pa.string())
    pq.write_table(arrow_table(GOOD).set_column(1, SCHEMA.field("state"), no_text), path)
    with pytest.raises(BadInput, match="not a Parquet file, or damaged"):
        read_intervals_parquet(path)


def test_cycles_are_read_back_exactly(tmp_path):
    path = tmp_path / "cycles.csv"
    cycles = [Cycle("bench", 1, 0, 26_400_000_001), Cycle("bench", 2, 2**60, 7)]
    write_cycles_csv(path, cycles)
    assert read_cycles_csv(path) == cycles
    assert path.read_text().splitlines()[1] == "bench,1,0,26400000001"


@pytest.mark.parametrize("cells", ["0,0,5", "1,-1,5", "1,0,0"], ids=["number", "start", "duration"])
def test_a_cycle_that_cannot_be_is_refused(tmp_path, cells):
    path = tmp_path / "cycles.csv"
    path.write_text(f"station,cycle,start_ns,duration_ns\nbench,{cells}\n")
    with pytest.raises(BadInput, match="line 2: no cycle can be so"):
        read_cycles_csv(path)
