import pytest

from productivity.errors import BadInput
from productivity.intervals import Cycle, StateInterval
from productivity.states import StateCategory, WorkerState
from storage.intervals_csv import write_intervals_csv
from storage.observations import read_observations
from storage.rows import interval_rows
from storage.truth import read_truth_csv

TRUTH = """\
station,state,start_s,end_s,cycle
bench,part handling,0.000,2.100,1
bench,assembly,2.100,7.333333333,1
bench,waiting,7.333333333,10,
"""


def truth_file(tmp_path, content):
    path = tmp_path / "truth.csv"
    path.write_text(content)
    return path


def test_decimal_seconds_become_whole_nanoseconds_exactly(tmp_path):
    """2.1 has no exact binary fraction: read as a float, some sum would be off by a nanosecond."""
    rows = read_truth_csv(truth_file(tmp_path, TRUTH))
    assert [(r.interval.state, r.interval.start, r.interval.duration, r.cycle) for r in rows] == [
        ("part handling", 0, 2_100_000_000, 1),
        ("assembly", 2_100_000_000, 5_233_333_333, 1),
        ("waiting", 7_333_333_333, 2_666_666_667, None),
    ]


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("8589934592.123456789", 8589934592123456789),
        ("1e-9", 1),
        ("5.", 5_000_000_000),
        ("2.50000000000000", 2_500_000_000),
    ],
)
def test_times_that_floats_or_rounding_would_spoil(tmp_path, text, nanoseconds):
    rows = read_truth_csv(truth_file(tmp_path, f"state,start_s,end_s\na,0,{text}\n"))
    assert rows[0].interval.end == nanoseconds


def test_station_and_cycle_may_be_missing(tmp_path):
    rows = read_truth_csv(truth_file(tmp_path, "start_s,end_s,state\n0,1,a\n"))
    assert rows[0].interval == StateInterval("", "a", 0, 1_000_000_000)
    assert rows[0].cycle is None


BAD = [
    ("comma", "bench,a,0,'1,5',", "line of another length"),
    ("word", "bench,a,0,late,", "line 2: end_s is not a time: .* found 'late'"),
    ("infinite", "bench,a,0,Infinity,", "end_s is not a time"),
    ("not a number", "bench,a,NaN,1,", "start_s is not a time"),
    ("negative", "bench,a,-1,1,", "start_s is not a time"),
    ("too fine", "bench,a,0,0.0000000001,", "end_s is not a time: .*at most 9 decimals"),
    ("much too fine", "bench,a,0,1.0000000000000000000000000000000000001,", "end_s is not a time"),
    ("huge", "bench,a,0,1e999999,", "end_s is not a time"),
    (
        "no length",
        "bench,a,1,1,",
        "line 2: state 'a' ends before it has lasted: expected end_s above 1, found 1",
    ),
    ("backwards", "bench,a,2,1,", "ends before it has lasted"),
    ("no state", "bench,,0,1,", "state is empty"),
    ("cycle", "bench,a,0,1,first", "line 2: cycle is not a whole number"),
    (
        "overlap",
        "bench,a,0,2,\nbench,b,1.5,3,",
        "line 3: state 'b' overlaps state 'a': expected a start at 2.000000000 s",
    ),
]


@pytest.mark.parametrize(("lines", "text"), [c[1:] for c in BAD], ids=[c[0] for c in BAD])
def test_a_bad_truth_is_refused_with_file_and_line(tmp_path, lines, text):
    path = truth_file(tmp_path, "station,state,start_s,end_s,cycle\n" + lines + "\n")
    with pytest.raises(BadInput, match=text) as caught:
        read_truth_csv(path)
    assert str(path) in str(caught.value)


def test_observations_come_from_truth_and_from_intervals_alike(tmp_path):
    path = truth_file(tmp_path, TRUTH)
    [truth] = read_observations(path)
    assert truth.cycles == (Cycle("bench", 1, 0, 7_333_333_333),)
    states = [WorkerState("assembly", StateCategory.CYCLE_BOUND, value_adding=True)]
    rows = interval_rows(truth.intervals, states, truth.cycles)
    write_intervals_csv(tmp_path / "intervals.csv", rows)
    assert read_observations(tmp_path / "intervals.csv") == [truth]
    parquet = pytest.importorskip("storage.intervals_parquet", reason="pyarrow is not installed")
    parquet.write_intervals_parquet(tmp_path / "intervals.parquet", rows)
    assert read_observations(tmp_path / "intervals.parquet") == [truth]


def test_stations_are_told_apart(tmp_path):
    path = truth_file(tmp_path, "station,state,start_s,end_s,cycle\nl,a,0,1,1\nr,a,0,1,1\nr,b,1,2,2\n")
    assert [(o.station, len(o.cycles)) for o in read_observations(path)] == [("l", 1), ("r", 2)]


@pytest.mark.parametrize(
    ("lines", "text"),
    [("", "no interval in the file"), ("b,a,0,1,1\nb,a,1,2,2\nb,a,2,3,1\n", "cycles 1 and 2 overlap")],
    ids=["header only", "cycles overlap"],
)
def test_what_no_observer_can_have_seen_is_refused(tmp_path, lines, text):
    with pytest.raises(BadInput, match=text):
        read_observations(truth_file(tmp_path, "station,state,start_s,end_s,cycle\n" + lines))
