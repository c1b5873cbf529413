"""Corrections are revisions: the original stays, the newest counts, a sealed interval is left alone."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, select, update

from productivity.errors import BadInput
from storage.sql.corrections import IntervalId, Sealed, correct, history
from storage.sql.lookup import NoSuch
from storage.sql.plant import Site, StationPlace, add_site, put_station
from storage.sql.tables import interval, revision
from tests.storage.sql.plants import CYCLE_BOUND, IRREGULAR, MONDAY, Deliveries, add_account, interval_record


@pytest.fixture
def which(plant):
    Deliveries(plant).send(interval_record(MONDAY), interval_record(MONDAY + 1, 7, confidence=400))
    with plant.reading() as connection:
        return IntervalId(connection.execute(select(interval.c.batch_id)).scalar(), 1)


@pytest.fixture
def planner(plant):
    return add_account(plant)


def put_right(plant, which, planner, **changes):
    values = {"state": "rework", "category": IRREGULAR, "reason": "seen", "account_id": planner, "at_ms": 5}
    return correct(plant, "north", which, **(values | changes))


def test_history_tells_the_original_and_each_revision(plant, which, planner):
    assert put_right(plant, which, planner).number == 1
    assert put_right(plant, which, planner, state="unknown", category=None, at_ms=6).number == 2
    told = history(plant, "north", which)
    assert (told.station, told.state, told.category, told.confidence) == (
        "bench",
        "screwing",
        CYCLE_BOUND,
        400,
    )
    assert (told.start_ms, told.duration_ns, told.reason, told.sealed) == (MONDAY + 1, 7, None, False)
    assert [(one.number, one.state, one.category, one.at_ms) for one in told.revisions] == [
        (1, "rework", IRREGULAR, 5),
        (2, "unknown", None, 6),
    ]
    assert {(one.account, one.reason) for one in told.revisions} == {("planning", "seen")}


def test_an_interval_that_does_not_exist_any_more_is_not_corrected(plant, which, planner):
    with plant.writing() as connection:
        connection.execute(delete(interval).where(interval.c.position == 1))
    with pytest.raises(NoSuch, match="does not exist any more"):
        put_right(plant, which, planner)
    with pytest.raises(NoSuch, match="does not exist any more"):
        history(plant, "north", which)


def test_an_interval_of_another_site_is_neither_told_nor_corrected(plant, which, planner):
    """Batches are numbered across sites, so a number alone says nothing about whose interval it is."""
    add_site(plant, Site("south", "UTC"))
    put_station(plant, "south", StationPlace("bench"))
    with pytest.raises(NoSuch, match="does not exist"):
        history(plant, "south", which)
    with pytest.raises(NoSuch, match="does not exist"):
        correct(
            plant,
            "south",
            which,
            state="rework",
            category=IRREGULAR,
            reason="seen",
            account_id=planner,
            at_ms=5,
        )
    assert history(plant, "north", which).revisions == ()


def test_a_sealed_interval_is_not_corrected(plant, which, planner):
    with plant.writing() as connection:
        connection.execute(update(interval).values(seal_id=1))
    with pytest.raises(Sealed, match="interval is sealed"):
        put_right(plant, which, planner)
    assert history(plant, "north", which).sealed
    assert history(plant, "north", which).revisions == ()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"state": ""}, "state of a correction"),
        ({"state": "  "}, "state of a correction"),
        ({"state": "a\nb"}, "state of a correction"),
        ({"state": "x" * 201}, "state of a correction"),
        ({"reason": ""}, "reason of a correction"),
        ({"category": None}, "category of a correction"),
        ({"state": "not recorded"}, "category of a correction"),
        ({"account_id": 99}, "no such account"),
    ],
)
def test_what_is_no_correction_changes_nothing(plant, which, planner, changes, says):
    with pytest.raises(BadInput, match=says):
        put_right(plant, which, planner, **changes)
    assert history(plant, "north", which).revisions == ()


def test_corrections_at_the_same_time_are_numbered_one_after_the_other(plant, which, planner):
    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(lambda n: put_right(plant, which, planner, at_ms=n), range(18)))
    assert sorted(one.number for one in made) == list(range(1, 19))
    with plant.reading() as connection:
        assert len(connection.execute(select(revision)).all()) == 18
