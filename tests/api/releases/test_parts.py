"""The pure parts: periods, people that are certain, dimensions, and what is kept without loss."""

from dataclasses import replace
from datetime import date

import pytest

from api.releases.data import PlantDays, plant_days, uncounted
from api.releases.form import read, write
from api.releases.making import Made
from api.releases.periods import days, units, whole
from api.releases.plan import cells_of, described, state_dimension, station_dimension
from api.releases.wire import Counted, StateDetail, StationDepth, Unit, Wanted
from productivity.disclosure.dimension import Dimension
from productivity.disclosure.release import release
from productivity.disclosure.rules import Rules
from productivity.disclosure.table import Table
from productivity.errors import BadInput
from storage.sealed.daily import DayTotal
from storage.sql.plant import Site, StationPlace
from tests.api.releases.works import CYCLE_BOUND, WANTED

MONDAY, SUNDAY = date(2026, 12, 28), date(2027, 1, 3)


@pytest.mark.parametrize(
    ("unit", "first", "last", "expected", "names"),
    [
        (Unit.WEEK, date(2026, 12, 30), date(2026, 12, 30), (MONDAY, SUNDAY), ["2026-W53"]),
        (Unit.WEEK, MONDAY, date(2027, 1, 4), (MONDAY, date(2027, 1, 10)), ["2026-W53", "2027-W01"]),
        (Unit.MONTH, date(2028, 2, 9), date(2028, 2, 9), (date(2028, 2, 1), date(2028, 2, 29)), ["2028-02"]),
        (Unit.MONTH, MONDAY, SUNDAY, (date(2026, 12, 1), date(2027, 1, 31)), ["2026-12", "2027-01"]),
    ],
    ids=["a week of two years", "two weeks", "a leap month", "two months"],
)
def test_periods_are_whole_weeks_and_months(unit, first, last, expected, names):
    assert whole(unit, first, last) == expected
    found = units(unit, days(*expected))
    assert [name for name, _ in found] == names
    assert sum(len(some) for _, some in found) == (expected[1] - expected[0]).days + 1


PEOPLE = {("a", "1"): 3, ("b", "1"): 4, ("a", "2"): 5}


@pytest.mark.parametrize(
    ("stations", "then", "once", "each"),
    [
        ("a", "1", 3, 3),
        ("ab", "1", 7, 4),
        ("a", "12", 5, 5),
        ("ab", "12", 7, 5),
        ("b", "2", 0, 0),
        ("c", "1", 0, 0),
    ],
)
def test_people_that_are_certain(stations, then, once, each):
    for counted, expected in ((Counted.ONCE, once), (Counted.AT_EACH, each)):
        assert PlantDays({}, PEOPLE, counted).crew(stations, then) == expected


@pytest.mark.parametrize("counted", Counted)
def test_a_part_never_has_more_people_than_the_whole(counted):
    plant = PlantDays({}, PEOPLE, counted)
    for stations in ("a", "b", "ab"):
        for then in ("1", "2", "12"):
            assert plant.crew(stations, then) <= plant.crew("abc", "123")


def total(state, seconds, *, day=MONDAY, category=CYCLE_BOUND):
    return DayTotal("a", state, category, day, round(seconds * 10**9))


def test_seconds_are_rounded_once_for_each_day_and_states_of_one_name_stay_apart():
    found = [
        total("x", 1.5),
        total("x", 1.4, day=SUNDAY),
        total("x", 2, category=None),
        total("not recorded", 0.2, category=None),
    ]
    people = {("a", MONDAY): 3, ("a", SUNDAY): 3}
    plant = plant_days(found, people, Counted.ONCE)
    assert plant.seconds == {
        ("a", "cycle-bound/x", "2026-12-28"): 2,
        ("a", "cycle-bound/x", "2027-01-03"): 1,
        ("a", "/x", "2026-12-28"): 2,
    }


def test_only_recorded_states_need_somebody_counted():
    found = [
        total("x", 5),
        total("not recorded", 9, day=SUNDAY, category=None),
        total("x", 0.1, day=date(2027, 1, 2)),
    ]
    assert uncounted(found, {}) == [("a", MONDAY)]
    assert uncounted(found, {("a", MONDAY): 0}) == [("a", MONDAY)]
    assert uncounted(found, {("a", MONDAY): 1}) == []


@pytest.mark.parametrize("state", [("not recorded", 9), ("x", 0.1)], ids=["no camera", "nothing to speak of"])
def test_who_was_counted_where_nothing_was_recorded_is_behind_no_figure(state):
    """The time is that of one person on Monday: six who came on Sunday, or work next door, hide nobody."""
    elsewhere = [total(*state, day=SUNDAY), replace(total(*state), station="b")]
    people = {("a", MONDAY): 1, ("a", SUNDAY): 6, ("b", MONDAY): 6}
    for counted in Counted:
        plant = plant_days([total("x", 5), *elsewhere], people, counted)
        assert plant.crew("ab", [MONDAY.isoformat(), SUNDAY.isoformat()]) == 1


PLACED = [
    StationPlace("press", "line"),
    StationPlace("line", "line"),
    StationPlace("saw", "yard"),
    StationPlace("x"),
]
AREAS = {"line": "hall", "hall": None, "yard": None}


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        (StationDepth.ALL, ["all"]),
        (StationDepth.AREA, ["all", "area:hall", "area:yard"]),
        (StationDepth.CELL, ["all", "area:hall", "cell:line", "area:yard"]),
        (
            StationDepth.STATION,
            [
                "all",
                "area:hall",
                "cell:line",
                "station:line",
                "station:press",
                "area:yard",
                "station:saw",
                "station:x",
            ],
        ),
    ],
)
def test_stations_stand_below_their_places_and_names_stay_apart(detail, expected):
    dimension = station_dimension(detail, PLACED, AREAS)
    assert [group.name for group in dimension.groups] == expected
    assert dimension.groups[0].members == {"press", "line", "saw", "x"}


def test_unknown_stands_beside_the_categories():
    members = ["/unknown", "cycle-bound/a/b", "irregular/c"]
    names = [group.name for group in state_dimension(StateDetail.CATEGORY, members).groups]
    assert names == ["all", "category:cycle-bound", "category:irregular", "state:/unknown"]
    assert described("state:cycle-bound/a/b") == ("state", "cycle-bound", "a/b")


def made(seconds=(10, 20, 4)):
    plant = PlantDays(
        {(station, "/x", "2027-01-01"): value for station, value in zip("abc", seconds, strict=True)},
        {("a", "2027-01-01"): 9, ("b", "2027-01-01"): 8, ("c", "2027-01-01"): 1},
        Counted.ONCE,
    )
    dimensions = (
        Dimension.tree("station", {"all": None, "a": "all", "b": "all", "c": "all"}),
        state_dimension(StateDetail.STATE, ["/x"]),
        Dimension.fixed("period", "2027-01", ["2027-01-01"]),
    )
    table = Table("ä", "recorded seconds", dimensions, cells_of(dimensions, plant))
    wanted = Wanted.model_validate(WANTED)
    released = release(table, Rules(5))
    return Made(wanted, Site("north", "Europe/Berlin"), MONDAY, SUNDAY, "0" * 64, released, 0, ())


def test_what_is_kept_comes_back_without_loss():
    one = made()
    kept = read(write(one, "a" * 32, 5), "release")
    assert kept.released == one.released
    assert 0 < one.released.suppressed < one.released.cells
    assert kept.document.release == "a" * 32


def test_equal_tables_have_different_commitments_so_nothing_can_be_guessed():
    one = made()
    first, second = (read(write(one, "a" * 32, 5), "release").document for _ in range(2))
    assert first.commitment != second.commitment
    assert first.model_copy(update={"commitment": second.commitment}) == second


@pytest.mark.parametrize(
    "change", ["", "[]", "{}", '{"form":1}', '{"form":2,"inner":"{}","document":"{}"}', "null"]
)
def test_what_nobody_wrote_is_not_read(change):
    with pytest.raises(BadInput, match="release"):
        read(change, "release")


def test_a_figure_that_was_exchanged_is_noticed():
    content = write(made(), "a" * 32, 5)
    other = replace(made((10, 20, 5)))
    assert read(write(other, "a" * 32, 5), "release")
    changed = content.replace('\\"value\\":null', '\\"value\\":10', 1)
    assert changed != content
    with pytest.raises(BadInput):
        read(changed, "release")
