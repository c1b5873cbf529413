"""Intervals come back session by session, in their order, as corrected; on both databases."""

import pytest

from productivity.errors import BadInput
from storage.sql.corrections import IntervalId, correct
from storage.sql.lookup import NoSuch, Selection
from storage.sql.observed import observed_sessions, session_lines
from storage.sql.timelines import timeline
from tests.storage.sql.plants import HOUR, MONDAY, Deliveries, add_account, interval_record

NORTH = Selection("north")
DAY = 24 * HOUR
FIRST, SECOND = bytes(15) + b"a", bytes(15) + b"b"


@pytest.fixture
def device(plant):
    return Deliveries(plant)


def test_sessions_come_in_their_order_however_their_batches_arrived(plant, device):
    for session, ordinal, start, state in (
        (SECOND, 1, HOUR, "late"),
        (FIRST, 1, 0, "two"),
        (FIRST, 0, 0, "one"),
        (SECOND, 0, HOUR, "early"),
    ):
        device.send(interval_record(MONDAY + start, session=session, ordinal=ordinal, state=state))
    found = observed_sessions(plant, NORTH, MONDAY, MONDAY + DAY)
    assert [(one.session, [each.state for each in one.intervals]) for one in found] == [
        (FIRST.hex(), ["one", "two"]),
        (SECOND.hex(), ["early", "late"]),
    ]
    lines = session_lines(plant, NORTH, MONDAY, MONDAY + DAY)
    assert [(line.session, line.start_ms, line.duration_ms, line.intervals) for line in lines] == [
        (FIRST.hex(), MONDAY, 8000, 2),
        (SECOND.hex(), MONDAY + HOUR, 8000, 2),
    ]


def test_one_session_of_some_stations_in_a_span_is_selected(plant, device):
    for station, session, start in (("A", FIRST, 0), ("A", SECOND, HOUR), ("B", FIRST, 0)):
        device.send(interval_record(MONDAY + start, station=station, session=session))

    def read(selection=NORTH, to_ms=MONDAY + DAY, **one):
        found = observed_sessions(plant, selection, MONDAY, to_ms, **one)
        assert len(session_lines(plant, selection, MONDAY, to_ms)) >= len(found)
        return [(each.station, each.session[-2:]) for each in found]

    assert read() == [("A", "61"), ("A", "62"), ("B", "61")]
    assert read(Selection("north", stations=("A",))) == [("A", "61"), ("A", "62")]
    assert read(session=SECOND.hex()) == [("A", "62")]
    assert read(to_ms=MONDAY + HOUR) == [("A", "61"), ("B", "61")]
    assert read(to_ms=MONDAY) == []
    with pytest.raises(NoSuch, match="no such station"):
        read(Selection("north", stations=("C",)))
    with pytest.raises(BadInput, match="hexadecimal"):
        read(session="x")


def test_the_newest_correction_counts(plant, device):
    device.send(interval_record(ordinal=0, state="screwing"), interval_record(ordinal=1, state="screwing"))
    columns = timeline(plant, NORTH, MONDAY, MONDAY + DAY, resolution_ms=1)["columns"]
    which = IntervalId(columns["batch"][0], columns["position"][0])
    for state in ("waiting", "rework"):
        correct(
            plant,
            "north",
            which,
            state=state,
            category=interval_record().category,
            reason="seen",
            account_id=add_account(plant, state),
            at_ms=5,
        )
    [session] = observed_sessions(plant, NORTH, MONDAY, MONDAY + DAY)
    assert [one.state for one in session.intervals] == ["rework", "screwing"]


def test_more_than_is_allowed_is_refused_and_not_cut(plant, device):
    device.send(*(interval_record(ordinal=n) for n in range(3)))
    assert observed_sessions(plant, NORTH, MONDAY, MONDAY + DAY, most=3)
    with pytest.raises(BadInput, match="at most 2 intervals"):
        observed_sessions(plant, NORTH, MONDAY, MONDAY + DAY, most=2)
