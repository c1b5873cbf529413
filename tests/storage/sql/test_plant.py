"""A plant's division into areas, cells and stations."""

import pytest

from productivity.errors import BadInput
from storage.sql.lookup import NoSuch, Selection
from storage.sql.plant import (
    Place,
    Site,
    StationPlace,
    add_site,
    places,
    put_place,
    put_station,
    remove_place,
    rename_place,
    sites,
    stations,
)

NORTH = Selection("north")


@pytest.fixture
def halls(plant):
    """Two areas, the first with two cells."""
    for place in (Place("hall 2"), Place("hall 1"), Place("cell b", "hall 1"), Place("cell a", "hall 1")):
        put_place(plant, "north", place)
    return plant


def test_sites_are_made_once(plant):
    add_site(plant, Site("east", "Europe/Berlin"))
    add_site(plant, Site("east", "Europe/Berlin"))
    assert sites(plant) == [Site("east", "Europe/Berlin"), Site("north", "Europe/Berlin")]


@pytest.mark.parametrize(
    ("site", "says"),
    [
        (Site("north", "Europe/Lisbon"), "another time zone: expected Europe/Berlin"),
        (Site("east", "Europe/Nowhere"), "unknown time zone"),
        (Site(" ", "UTC"), "no usable name"),
    ],
)
def test_a_site_that_cannot_be_is_refused(plant, site, says):
    with pytest.raises(BadInput, match=says):
        add_site(plant, site)
    assert len(sites(plant)) == 1


def test_areas_come_before_their_cells(halls):
    assert places(halls, "north") == [
        Place("hall 1"),
        Place("cell a", "hall 1"),
        Place("cell b", "hall 1"),
        Place("hall 2"),
    ]


def test_a_cell_can_move_and_become_an_area(halls):
    put_place(halls, "north", Place("cell a", "hall 2"))
    put_place(halls, "north", Place("cell b"))
    assert places(halls, "north") == [
        Place("cell b"),
        Place("hall 1"),
        Place("hall 2"),
        Place("cell a", "hall 2"),
    ]


@pytest.mark.parametrize(
    ("place", "says"),
    [
        (Place("cell c", "cell a"), "cell within a cell"),
        (Place("hall 2", "hall 2"), "cell within a cell"),
        (Place("hall 1", "hall 2"), "area has cells"),
        (Place("cell c", "hall 9"), "no such place"),
        (Place(""), "no usable name"),
    ],
)
def test_a_plant_has_two_levels_above_its_stations(halls, place, says):
    before = places(halls, "north")
    with pytest.raises(BadInput, match=says):
        put_place(halls, "north", place)
    assert places(halls, "north") == before


def test_renaming_keeps_cells_and_stations_inside(halls):
    put_station(halls, "north", StationPlace("bench", "cell a"))
    rename_place(halls, "north", "hall 1", "assembly")
    rename_place(halls, "north", "cell a", "cell a")
    assert Place("cell a", "assembly") in places(halls, "north")
    assert stations(halls, Selection("north", place="assembly")) == [StationPlace("bench", "cell a")]
    with pytest.raises(BadInput, match="of this name is there already"):
        rename_place(halls, "north", "cell a", "cell b")


def test_only_an_empty_place_is_removed(halls):
    put_station(halls, "north", StationPlace("bench", "cell a"))
    for name in ("hall 1", "cell a"):
        with pytest.raises(BadInput, match="place is not empty"):
            remove_place(halls, "north", name)
    put_station(halls, "north", StationPlace("bench"))
    for name in ("cell a", "cell b", "hall 1"):
        remove_place(halls, "north", name)
    assert places(halls, "north") == [Place("hall 2")]


def test_a_station_is_in_one_place_or_none(halls):
    put_station(halls, "north", StationPlace("bench"))
    put_station(halls, "north", StationPlace("press", "hall 2"))
    assert stations(halls, NORTH) == [StationPlace("bench"), StationPlace("press", "hall 2")]
    put_station(halls, "north", StationPlace("press", "cell a"))
    assert stations(halls, NORTH) == [StationPlace("bench"), StationPlace("press", "cell a")]
    with pytest.raises(NoSuch, match="no such place"):
        put_station(halls, "north", StationPlace("press", "hall 9"))
    assert stations(halls, Selection("north", stations=("press",))) == [StationPlace("press", "cell a")]


def test_sites_do_not_share_places(halls):
    add_site(halls, Site("east", "UTC"))
    put_place(halls, "east", Place("hall 1"))
    assert places(halls, "east") == [Place("hall 1")]
    with pytest.raises(NoSuch, match="no such place"):
        put_station(halls, "east", StationPlace("bench", "cell a"))
    assert stations(halls, Selection("east")) == []
