"""A site's shifts are replaced as a whole or not at all."""

import pytest

from productivity.errors import BadInput
from storage.sql.lookup import NoSuch
from storage.sql.plant import Site, add_site
from storage.sql.shifts import Shift, replace_shifts, shifts
from tests.storage.sql.plants import DAY, HOUR, MONDAY

EARLY = Shift("early", MONDAY + 6 * HOUR, MONDAY + 14 * HOUR)
LATE = Shift("late", MONDAY + 14 * HOUR, MONDAY + 22 * HOUR)
NIGHT = Shift("night", MONDAY + 22 * HOUR, MONDAY + 30 * HOUR)


@pytest.fixture
def manned(plant):
    replace_shifts(plant, "north", MONDAY, MONDAY + DAY, [LATE, NIGHT, EARLY])
    return plant


def test_shifts_that_touch_a_span_come_by_start(manned):
    assert shifts(manned, "north", MONDAY, MONDAY + DAY) == [EARLY, LATE, NIGHT]
    assert shifts(manned, "north", EARLY.end_ms, NIGHT.start_ms) == [LATE]
    assert shifts(manned, "north", MONDAY + DAY, MONDAY + 2 * DAY) == [NIGHT]


def test_replacing_takes_what_begins_in_the_span_and_no_more(manned):
    new = Shift("day", MONDAY + DAY, MONDAY + DAY + 8 * HOUR)
    replace_shifts(manned, "north", LATE.start_ms, MONDAY + 2 * DAY, [new])
    assert shifts(manned, "north", MONDAY, MONDAY + 2 * DAY) == [EARLY, new]
    replace_shifts(manned, "north", MONDAY, MONDAY + 2 * DAY, [])
    assert shifts(manned, "north", MONDAY, MONDAY + 2 * DAY) == []


def test_another_site_keeps_its_shifts(manned):
    add_site(manned, Site("east", "UTC"))
    replace_shifts(manned, "east", MONDAY, MONDAY + DAY, [EARLY])
    replace_shifts(manned, "east", MONDAY, MONDAY + DAY, [])
    assert len(shifts(manned, "north", MONDAY, MONDAY + DAY)) == 3


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ([Shift("early", MONDAY - 1, MONDAY + HOUR)], "begins outside the span"),
        ([Shift("early", MONDAY + DAY, MONDAY + DAY + HOUR)], "begins outside the span"),
        ([Shift("early", MONDAY, MONDAY)], "an end after its start"),
        ([Shift("early", MONDAY, MONDAY + DAY + 1)], "at most 24 hours later"),
        ([EARLY, Shift("flexible", EARLY.start_ms, EARLY.end_ms + 1)], "begin at the same time"),
        ([Shift("", MONDAY, MONDAY + 1)], "no usable name"),
    ],
)
def test_one_bad_shift_leaves_the_calendar_as_it_is(manned, new, says):
    with pytest.raises(BadInput, match=says):
        replace_shifts(manned, "north", MONDAY, MONDAY + DAY, [Shift("ok", MONDAY + 1, MONDAY + 2), *new])
    assert shifts(manned, "north", MONDAY, MONDAY + DAY) == [EARLY, LATE, NIGHT]


def test_an_unknown_site_is_named(plant):
    with pytest.raises(NoSuch, match="no such site: found 'south'"):
        replace_shifts(plant, "south", MONDAY, MONDAY + DAY, [EARLY])
