"""Days at the site: known clock changes by hand, then any instant in every zone."""

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.agreement.calendar import day_begins_ms, load_zone, local_day
from productivity.errors import BadInput

HOUR_MS = 3_600_000
DAY = timedelta(days=1)
ZONES = [name for name in files("tzdata").joinpath("zones").read_text("ascii").split() if name != "Factory"]


def utc_ms(text):
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


# Each row by hand from the zone's published rules.
BEGINNINGS = {
    "UTC": ("UTC", "1970-01-01", "1970-01-01T00:00"),
    "Berlin in winter": ("Europe/Berlin", "2027-03-01", "2027-02-28T23:00"),
    "Berlin in summer": ("Europe/Berlin", "2027-06-01", "2027-05-31T22:00"),
    "Berlin, clocks go forward on this day": ("Europe/Berlin", "2027-03-28", "2027-03-27T23:00"),
    "Berlin, the day after": ("Europe/Berlin", "2027-03-29", "2027-03-28T22:00"),
    "Berlin, clocks go back on this day": ("Europe/Berlin", "2027-10-31", "2027-10-30T22:00"),
    "Apia, before the missing day": ("Pacific/Apia", "2011-12-29", "2011-12-29T10:00"),
    "Apia, the missing day": ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00"),
    "Apia, after the missing day": ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00"),
    "Sao Paulo, from 23:59 to 01:00": ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00"),
    "Toronto, from 23:30 to 00:30": ("America/Toronto", "1919-03-31", "1919-03-31T04:30"),
    "Havana, midnight comes twice": ("America/Havana", "2027-11-07", "2027-11-07T04:00"),
    "St Johns, back from 00:01 to 23:01": ("America/St_Johns", "2010-11-07", "2010-11-07T02:30"),
}


@pytest.mark.parametrize(("zone", "day", "expected"), BEGINNINGS.values(), ids=BEGINNINGS)
def test_a_day_begins(zone, day, expected):
    assert day_begins_ms(date.fromisoformat(day), zone) == utc_ms(expected)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2027-03-27", 24),
        ("Europe/Berlin", "2027-03-28", 23),
        ("Europe/Berlin", "2027-10-31", 25),
        ("Pacific/Apia", "2011-12-30", 0),
        ("America/Sao_Paulo", "2018-11-04", 23),
        ("America/Sao_Paulo", "2018-02-17", 25),
    ],
)
def test_a_day_lasts(zone, day, hours):
    first = date.fromisoformat(day)
    assert day_begins_ms(first + DAY, zone) - day_begins_ms(first, zone) == hours * HOUR_MS


@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("Europe/Berlin", "2027-02-28T22:59:59.999", "2027-02-28"),
        ("Europe/Berlin", "2027-02-28T23:00", "2027-03-01"),
        ("Europe/Berlin", "2027-10-31T22:59:59.999", "2027-10-31"),
        ("Pacific/Apia", "2011-12-30T09:59:59.999", "2011-12-29"),
        ("Pacific/Apia", "2011-12-30T10:00", "2011-12-31"),
        ("America/Sao_Paulo", "2018-11-04T02:59:59.999", "2018-11-03"),
        ("America/St_Johns", "2010-11-07T02:29:59.999", "2010-11-06"),
        ("America/St_Johns", "2010-11-07T03:00", "2010-11-07"),  # its clocks show 23:30 of the day before
    ],
)
def test_an_instant_belongs_to_a_day(zone, at, day):
    assert local_day(utc_ms(at), zone) == date.fromisoformat(day)


@given(
    st.integers(utc_ms("1970-01-02"), utc_ms("2100-01-01")),
    st.sampled_from([*ZONES, "America/St_Johns", "Pacific/Apia", "America/Toronto"]),
)
def test_every_instant_lies_between_the_ends_of_its_day(at_ms, zone):
    day = local_day(at_ms, zone)
    assert day_begins_ms(day, zone) <= at_ms < day_begins_ms(day + DAY, zone)


def test_days_follow_each_other_in_every_zone():
    """No day ends before it begins, and none is longer than 27 hours (Casey, 5 March 2010)."""
    days = [date(2010, 1, 1) + number * DAY for number in range(366)]
    for zone in ZONES:
        for begin, end in pairwise(day_begins_ms(day, zone) for day in days):
            assert 0 <= end - begin <= 27 * HOUR_MS, zone


@pytest.mark.parametrize("name", ["", "Factory", "localtime", "europe/berlin", "../zones", "/etc/localtime"])
def test_what_is_no_zone_is_refused(name):
    with pytest.raises(BadInput, match="not a time zone"):
        load_zone(name)


@pytest.mark.parametrize("at_ms", [-(10**17), 10**15, 10**30])
def test_an_instant_beyond_the_calendar_is_refused(at_ms):
    with pytest.raises(BadInput, match="instant has no day"):
        local_day(at_ms, "Europe/Berlin")
