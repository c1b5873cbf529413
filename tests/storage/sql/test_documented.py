"""Documented times count once under their key, whatever comes again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select

from productivity.errors import BadInput
from productivity.records import RecordingMode
from storage.sql.documented import DocumentedTime, KeyTaken, document, documented_times
from storage.sql.lookup import NoSuch, Selection
from storage.sql.plant import StationPlace, put_station
from storage.sql.records import Acceptance
from storage.sql.tables import documented, spent_key
from tests.storage.sql.plants import DAY, HOUR, IRREGULAR, MONDAY, PERIODICAL

STORED, DUPLICATE, _ = Acceptance
NORTH = Selection("north")


def a_time(number=0, **changes):
    key = number.to_bytes(16)
    fields = {"mode": RecordingMode.SR, "state": "rework", "category": IRREGULAR, "start_ms": MONDAY}
    return DocumentedTime(key, **({"station": "bench", "duration_ns": 60 * 10**9} | fields | changes))


@pytest.fixture
def north(plant):
    for name in ("bench", "press"):
        put_station(plant, "north", StationPlace(name))
    return plant


def count(database):
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(documented)).scalar()


def test_times_come_back_as_they_were_documented(north):
    times = [
        a_time(3, start_ms=MONDAY + 1),
        a_time(1, mode=RecordingMode.OMD, state="breakdown", duration_ns=0, occurrences=0),
        a_time(2, station="press", state="cleaning", category=PERIODICAL, occurrences=4),
    ]
    assert document(north, "north", times, 5) == [STORED] * 3
    assert documented_times(north, NORTH, MONDAY, MONDAY + HOUR) == [times[1], times[0], times[2]]
    assert documented_times(north, NORTH, MONDAY + 1, MONDAY + HOUR) == [times[0]]
    assert documented_times(north, NORTH, MONDAY, MONDAY + 1) == [times[1], times[2]]
    assert documented_times(north, Selection("north", stations=("press",)), MONDAY, MONDAY + 1) == [times[2]]


def test_of_when_a_time_came_the_day_is_kept(north):
    """Who presses a key when a state ends sends its end with it, to the millisecond."""
    document(north, "north", [a_time(1)], 3 * DAY + 99)
    with north.reading() as connection:
        assert connection.execute(select(documented.c.received_ms)).scalar() == 3 * DAY


def test_a_replay_is_harmless(north):
    assert document(north, "north", [a_time(1), a_time(2), a_time(1)], 5) == [STORED, STORED, DUPLICATE]
    assert document(north, "north", [a_time(2), a_time(3)], 6) == [DUPLICATE, STORED]
    assert count(north) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"station": "press"},
        {"mode": RecordingMode.OMD},
        {"state": "searching"},
        {"category": PERIODICAL},
        {"start_ms": MONDAY + 1},
        {"duration_ns": 1},
        {"occurrences": 2},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_another_content_under_a_key_is_a_conflict_and_stores_nothing(north, changes):
    document(north, "north", [a_time(1)], 5)
    with pytest.raises(KeyTaken):
        document(north, "north", [a_time(0), a_time(1, **changes), a_time(2)], 6)
    assert documented_times(north, NORTH, MONDAY, MONDAY + HOUR) == [a_time(1)]


def test_a_key_is_spent_also_after_its_row_was_deleted(north):
    document(north, "north", [a_time(1)], 5)
    with north.writing() as connection:
        connection.execute(insert(spent_key).from_select(["key"], select(documented.c.key)))
        connection.execute(delete(documented))
    assert document(north, "north", [a_time(1), a_time(2)], 6) == [DUPLICATE, STORED]
    assert count(north) == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"key": b"short"}, "key of a documented time: expected 16 bytes"),
        ({"mode": RecordingMode.CV}, "mode of a documented time: expected SR or OMD"),
        ({"state": "unknown"}, "a name that is not reserved"),
        ({"state": "a\tb"}, "state has no usable name"),
        ({"start_ms": -1}, "start_ms"),
        ({"duration_ns": -1}, "duration_ns"),
        ({"occurrences": -1}, "occurrences"),
        ({"occurrences": 2**31}, "occurrences"),
    ],
)
def test_what_is_no_documented_time_is_refused(changes, says):
    with pytest.raises(BadInput, match=says):
        replace(a_time(), **changes)


def test_unknown_stations_are_named_and_nothing_is_stored(north):
    with pytest.raises(NoSuch, match="no such station: found 'lathe'"):
        document(north, "north", [a_time(1), a_time(2, station="lathe")], 5)
    assert count(north) == 0


def test_many_at_once_store_each_time_once(north):
    """Eight threads bring the same rows, each in an order of its own."""
    times = [a_time(number) for number in range(30)]

    def bring(turn):
        return document(north, "north", times[turn:] + times[:turn], 5)

    with ThreadPoolExecutor(8) as threads:
        outcomes = [outcome for one in threads.map(bring, range(8)) for outcome in one]
    assert outcomes.count(STORED) == 30
    assert outcomes.count(DUPLICATE) == 210
    assert count(north) == 30


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=st.lists(st.lists(st.integers(0, 9), max_size=5), max_size=6), data=st.data())
def test_whatever_order_and_repetition_each_key_counts_once(north, calls, data):
    first = data.draw(st.integers(1, 2**60)) * 16
    before = count(north)
    outcomes = [
        outcome
        for call in calls
        for outcome in document(north, "north", [a_time(first + n) for n in call], 5)
    ]
    keys = {n for call in calls for n in call}
    assert count(north) - before == outcomes.count(STORED) <= len(keys)
    assert len(outcomes) == sum(map(len, calls))
