"""A span's intervals as the timelines component takes them."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, text

from productivity.errors import BadInput
from storage.sql.corrections import IntervalId, correct
from storage.sql.lookup import NoSuch, Selection
from storage.sql.plant import Place, StationPlace, put_place, put_station
from storage.sql.shifts import Shift, replace_shifts
from storage.sql.tables import interval, station, station_file
from storage.sql.timelines import LONGEST_SPAN_MS, _within, timeline
from tests.storage.sql.plants import (
    CYCLE_BOUND,
    DAY,
    HOUR,
    IRREGULAR,
    MONDAY,
    Deliveries,
    add_account,
    interval_record,
)

NORTH = Selection("north")
NUMBERS = itertools.count()


@pytest.fixture
def device(plant):
    return Deliveries(plant)


def read(plant, selection=NORTH, from_ms=MONDAY, to_ms=MONDAY + DAY, **options):
    return timeline(plant, selection, from_ms, to_ms, resolution_ms=60_000, **options)


def rows_of(data):
    """The columns as rows of words again."""
    columns = data["columns"]
    assert len({len(values) for values in columns.values()}) == 1
    return [
        (
            data["sessions"][session]["station"],
            data["sessions"][session]["id"],
            start,
            duration,
            data["states"][state]["name"],
            confidence,
            data["reasons"][reason] if reason >= 0 else None,
        )
        for session, start, duration, state, confidence, reason in zip(
            *(columns[n] for n in ("session", "start_ms", "duration_ns", "state", "confidence", "reason")),
            strict=True,
        )
    ]


def test_an_empty_span_is_a_timeline_without_intervals(plant):
    data = read(plant)
    assert data["zone"] == "Europe/Berlin"
    assert data["resolution_ms"] == 60_000
    assert (data["states"], data["reasons"], data["sessions"], data["shifts"]) == ([], [], [], [])
    assert set(map(len, data["columns"].values())) == {0}


def test_intervals_come_as_columns(plant, device):
    device.send(
        interval_record(MONDAY, 5, session=b"b" * 16, station="press"),
        interval_record(MONDAY + 1, 6, session=b"a" * 16),
        interval_record(MONDAY + 2, 7, session=b"a" * 16, state="not recorded", category=None, reason="dark"),
    )
    data = read(plant)
    assert rows_of(data) == [
        ("bench", "61" * 16, MONDAY + 1, 6, "screwing", 900, None),
        ("bench", "61" * 16, MONDAY + 2, 7, "not recorded", 900, "dark"),
        ("press", "62" * 16, MONDAY, 5, "screwing", 900, None),
    ]
    assert data["states"] == [
        {"name": "screwing", "category": "cycle-bound", "value_adding": True},
        {"name": "not recorded", "category": None, "value_adding": False},
    ]
    columns = data["columns"]
    assert len(set(zip(columns["batch"], columns["position"], strict=True))) == 3
    assert columns["corrected"] == [0, 0, 0]


def test_within_a_session_the_order_is_that_of_the_recording(plant, device):
    """Starts that were rounded down are equal for a whole minute; batches come in any order."""
    device.send(interval_record(ordinal=2, duration_ns=3), interval_record(ordinal=3, duration_ns=4))
    device.send(interval_record(ordinal=0, duration_ns=1), interval_record(ordinal=1, duration_ns=2))
    assert read(plant)["columns"]["duration_ns"] == [1, 2, 3, 4]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    spans=st.lists(
        st.tuples(
            st.integers(-5 * HOUR, 5 * HOUR),
            st.one_of(st.integers(1, 10**9), st.integers(1, 10 * 3600 * 10**9)),
        ),
        min_size=1,
        max_size=20,
    ),
    width=st.integers(1, 4 * HOUR),
)
def test_what_reaches_into_the_span_is_there_once_however_long_it_is(plant, spans, width):
    """Also an interval that began hours before, which no index of starts alone would find."""
    name = f"bench {next(NUMBERS)}"
    records = [interval_record(MONDAY + at, length, station=name, ordinal=0) for at, length in spans]
    Deliveries(plant).send(*records)
    found = read(plant, Selection("north", stations=(name,)), MONDAY, MONDAY + width)
    inside = [
        (start, length)
        for start, length in spans
        if start < width and (start >= 0 or start + length // 1_000_000 > 0)
    ]
    columns = found["columns"]
    read_back = [
        (start - MONDAY, length)
        for start, length in zip(columns["start_ms"], columns["duration_ns"], strict=True)
    ]
    assert sorted(read_back) == sorted(inside)


def test_an_interval_of_the_last_year_that_calendars_know_does_no_harm(plant, device):
    device.send(interval_record(253_402_300_799_999, 366 * 86_400 * 10**9), interval_record())
    assert len(read(plant)["columns"]["state"]) == 1


def test_stations_are_selected_by_site_place_and_name(plant, device):
    device.send(*(interval_record(station=name, session=name.encode() * 4) for name in "ABCD"))
    put_place(plant, "north", Place("hall 1"))
    put_place(plant, "north", Place("cell 1", area="hall 1"))
    put_station(plant, "north", StationPlace("B", "hall 1"))
    put_station(plant, "north", StationPlace("C", "cell 1"))

    def selected(**changes):
        return [one["station"] for one in read(plant, Selection("north", **changes))["sessions"]]

    assert selected() == ["A", "B", "C", "D"]
    assert selected(place="hall 1") == ["B", "C"]
    assert selected(place="cell 1") == ["C"]
    assert selected(stations=("D", "A")) == ["A", "D"]
    assert selected(stations=("B", "A"), place="hall 1") == ["B"]
    assert selected(stations=()) == []


@pytest.mark.parametrize(
    ("selection", "says"),
    [
        (Selection("south"), "no such site: found 'south'"),
        (Selection("north", place="hall 9"), "no such place: found 'hall 9'"),
        (Selection("north", stations=("bench 9",)), "no such station: found 'bench 9'"),
    ],
)
def test_what_is_not_there_is_named(plant, selection, says):
    with pytest.raises(NoSuch, match=says):
        read(plant, selection)


@pytest.mark.parametrize("width", [0, -1, LONGEST_SPAN_MS + 1])
def test_a_span_that_is_none_or_too_long_is_refused(plant, width):
    with pytest.raises(BadInput, match="at most 104 days"):
        read(plant, to_ms=MONDAY + width)


def test_more_intervals_than_can_be_shown_are_refused_and_not_cut(plant, device):
    device.send(*(interval_record(MONDAY + n) for n in range(5)))
    assert len(read(plant, most=5)["columns"]["state"]) == 5
    with pytest.raises(BadInput, match="at most 4 intervals"):
        read(plant, most=4)


def test_shifts_that_touch_the_span_are_given(plant):
    times = [
        Shift("early", MONDAY + 6 * HOUR, MONDAY + 14 * HOUR),
        Shift("late", MONDAY + 14 * HOUR, MONDAY + DAY),
    ]
    replace_shifts(plant, "north", MONDAY, MONDAY + DAY, times)
    spans = [(time.start_ms, time.end_ms) for time in times]
    assert read(plant)["shifts"] == spans
    assert read(plant, to_ms=MONDAY + 14 * HOUR)["shifts"] == spans[:1]
    assert read(plant, from_ms=MONDAY + 14 * HOUR)["shifts"] == spans[1:]


def test_a_correction_is_shown_and_marked_and_the_newest_counts(plant, device):
    device.send(*(interval_record(MONDAY + n) for n in range(3)))
    before = read(plant)
    which = IntervalId(before["columns"]["batch"][1], before["columns"]["position"][1])
    planner = add_account(plant)
    for state, category in (("rework", IRREGULAR), ("unknown", None)):
        correct(
            plant, "north", which, state=state, category=category, reason="seen", account_id=planner, at_ms=9
        )
    after = read(plant)
    assert [row[4] for row in rows_of(after)] == ["screwing", "unknown", "screwing"]
    assert after["columns"]["corrected"] == [0, 1, 0]
    assert after["columns"]["duration_ns"] == before["columns"]["duration_ns"]


def test_one_name_in_two_categories_becomes_two_states(plant, device):
    device.send(
        interval_record(MONDAY, state="waiting", category=CYCLE_BOUND),
        interval_record(MONDAY + 1, state="waiting", category=IRREGULAR),
        interval_record(MONDAY + 2, state="waiting (irregular)", category=IRREGULAR),
    )
    data = read(plant)
    assert [row[4] for row in rows_of(data)] == [
        "waiting (cycle-bound)",
        "waiting (irregular)'",
        "waiting (irregular)",
    ]
    assert len({state["name"] for state in data["states"]}) == 3


def test_a_state_without_a_category_is_shown_as_unknown(plant, device):
    device.send(
        interval_record(MONDAY, state="humming", category=None),
        interval_record(MONDAY + 1, state="unknown", category=CYCLE_BOUND),
    )
    data = read(plant)
    assert [row[4] for row in rows_of(data)] == ["unknown", "unknown"]
    assert data["states"] == [{"name": "unknown", "category": None, "value_adding": False}]


STATION_FILE = """fairtakt: station 1
name: bench
states:
  - {{name: gluing, category: cycle-bound, value_adding: {gluing}, when: present}}
  - {{name: screwing, category: cycle-bound, value_adding: false, when: absent}}
"""


def publish(plant, name, revision, content, at_ms):
    with plant.writing() as connection:
        number = connection.execute(select(station.c.id).where(station.c.name == name)).scalar()
        row = {
            "station_id": number,
            "revision": revision,
            "text": content,
            "digest": bytes(32),
            "written_ms": 0,
        }
        connection.execute(insert(station_file).values(**row, published_ms=at_ms))


def test_value_adding_is_what_the_newest_published_file_says(plant, device):
    device.send(
        interval_record(MONDAY, state="gluing"),
        interval_record(MONDAY + 1, state="screwing"),
        interval_record(MONDAY + 2, state="packaging"),
        interval_record(MONDAY + 3, state="humming"),
    )

    def adds():
        return {state["name"] for state in read(plant)["states"] if state["value_adding"]}

    assert adds() == {"screwing", "packaging"}, "what is usual in manual assembly"
    publish(plant, "bench", 1, STATION_FILE.format(gluing="true"), 5)
    assert adds() == {"gluing", "packaging"}
    publish(plant, "bench", 2, STATION_FILE.format(gluing="false"), 6)
    publish(plant, "bench", 3, STATION_FILE.format(gluing="true"), None)
    assert adds() == {"packaging"}, "an unpublished file does not count"
    publish(plant, "bench", 4, "fairtakt: station 99", 7)
    assert adds() == {"screwing", "packaging"}, "a file that cannot be read does not hide the times"


def test_stations_that_differ_about_a_state_make_it_not_value_adding(plant, device):
    device.send(*(interval_record(station=name, session=name.encode() * 4, state="gluing") for name in "AB"))
    publish(plant, "A", 1, STATION_FILE.format(gluing="true"), 5)
    assert read(plant)["states"][0]["value_adding"] is True
    publish(plant, "B", 1, STATION_FILE.format(gluing="false"), 5)
    assert read(plant)["states"][0]["value_adding"] is False
    assert read(plant, Selection("north", stations=("A",)))["states"][0]["value_adding"] is True


def test_sqlite_looks_a_span_up_in_indexes(plant):
    """Each part of the statement: none of them reads the whole table."""
    with plant.reading() as connection:
        if connection.dialect.name != "sqlite":
            return  # PostgreSQL scans a table as small as this one, whatever the indexes
    statement = _within(select(interval.c.state), [1, 2], MONDAY, MONDAY + DAY)
    with plant.reading() as connection:
        compiled = str(statement.compile(connection, compile_kwargs={"literal_binds": True}))
        plan = [row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]
    assert not [line for line in plan if line.startswith("SCAN")]
    assert any("ix_interval_long" in line for line in plan)
