"""Station files: revisions never change, nobody overwrites another's, devices get what was published last."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert, select

from storage.sql.lookup import NoSuch
from storage.sql.plant import Place, Site, StationPlace, add_site, put_place, put_station
from storage.sql.published import station_file_of
from storage.sql.station_files import (
    OtherText,
    Outdated,
    StationTaken,
    create_station,
    publish,
    station_with_files,
    stations_with_files,
    text_of,
    write,
)
from storage.sql.tables import account, station_file

BENCH = "Prüfplatz 1/2"


@pytest.fixture
def accounts(plant):
    """The numbers of two accounts; the device edge-1 at the site north is there too."""
    numbers = {}
    with plant.writing() as connection:
        for name in ("engineering 1", "engineering 2"):
            row = {"name": name, "folded": name, "role": "engineer", "mapped": False, "created_ms": 0}
            numbers[name] = connection.execute(insert(account).values(row)).inserted_primary_key[0]
    create_station(plant, "north", BENCH)
    return numbers


@pytest.fixture
def draft(plant, accounts):
    def draft(text, base, *, by="engineering 1", at_ms=1000):
        return write(plant, "north", BENCH, text, base=base, account_id=accounts[by], at_ms=at_ms)

    return draft


@pytest.fixture
def release(plant, accounts):
    def release(number, text, *, by="engineering 1", at_ms=2000):
        digest = hashlib.sha256(text.encode()).hexdigest()
        return publish(plant, "north", BENCH, number, digest=digest, account_id=accounts[by], at_ms=at_ms)

    return release


def fetched(plant):
    return station_file_of(plant, "edge-1", BENCH)


def test_each_writing_is_a_revision_and_the_same_text_again_is_none(plant, draft):
    first, second = draft("a", 0), draft("größer", 1, by="engineering 2", at_ms=1001)
    assert (first.number, second.number) == (1, 2)
    assert second.digest == hashlib.sha256("größer".encode()).hexdigest()
    assert draft("größer", 2, at_ms=5000) == second
    assert text_of(plant, "north", BENCH, 1) == (first, "a")
    assert text_of(plant, "north", BENCH, 2) == (second, "größer")
    files, revisions = station_with_files(plant, "north", BENCH)
    assert revisions == [second, first]
    assert (files.newest, files.published) == (second, None)
    assert [revision.account for revision in revisions] == ["engineering 2", "engineering 1"]
    assert fetched(plant) is None, "a draft is for nobody else"


def test_who_has_not_seen_the_newest_revision_overwrites_nothing(plant, draft):
    draft("a", 0)
    draft("b", 1)
    for base in (0, 1, 3):
        with pytest.raises(Outdated) as caught:
            draft("c", base)
        assert caught.value.newest == 2
    assert len(station_with_files(plant, "north", BENCH)[1]) == 2


def test_of_two_who_write_at_the_same_moment_one_is_refused(plant, draft):
    draft("a", 0)

    def attempt(number):
        try:
            return draft(f"text {number}", 1).number
        except Outdated:
            return None

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(attempt, range(8)))
    assert sorted(filter(None, outcomes)) == [2]


def test_publishing_adds_a_revision_and_says_who_and_when(plant, draft, release):
    draft("a", 0)
    published = release(1, "a", by="engineering 2", at_ms=2000)
    assert (published.number, published.account, published.published_ms) == (2, "engineering 2", 2000)
    assert fetched(plant) == "a"
    drafted, _ = text_of(plant, "north", BENCH, 1)
    assert (drafted.published_ms, drafted.account) == (None, "engineering 1")
    files, _ = station_with_files(plant, "north", BENCH)
    assert files.newest == files.published == published


def test_an_earlier_text_can_be_published_again(plant, draft, release):
    draft("a", 0)
    release(1, "a", at_ms=2000)
    draft("b", 2)
    release(3, "b", at_ms=3000)
    assert fetched(plant) == "b"
    again = release(1, "a", at_ms=4000)
    assert (again.number, fetched(plant)) == (5, "a")
    assert [r.published_ms for r in station_with_files(plant, "north", BENCH)[1]] == [
        4000,
        3000,
        None,
        2000,
        None,
    ]


def test_a_clock_that_was_set_back_brings_no_old_file_back(plant, draft, release):
    draft("a", 0)
    release(1, "a", at_ms=9000)
    draft("b", 2)
    release(3, "b", at_ms=8000)
    assert fetched(plant) == "b"
    assert station_with_files(plant, "north", BENCH)[0].published.number == 4
    assert stations_with_files(plant, "north")[0].published.number == 4


def test_only_what_was_looked_at_is_published(plant, draft, release):
    draft("a", 0)
    with pytest.raises(OtherText):
        release(1, "b")
    with pytest.raises(NoSuch):
        release(2, "a")
    assert fetched(plant) is None


def test_the_list_tells_of_each_station_what_is_newest_and_what_is_published(plant, draft, release):
    put_place(plant, "north", Place("assembly"))
    put_station(plant, "north", StationPlace("bench 7", "assembly"))
    add_site(plant, Site("south", "Europe/Berlin"))
    create_station(plant, "south", BENCH)
    draft("a", 0)
    published = release(1, "a")
    newest = draft("b", 2)
    first, second = stations_with_files(plant, "north")
    assert (first.station, first.place, first.newest, first.published) == ("bench 7", "assembly", None, None)
    assert (second.station, second.newest, second.published) == (BENCH, newest, published)
    (other,) = stations_with_files(plant, "south")
    assert (other.station, other.newest) == (BENCH, None)
    assert station_with_files(plant, "north", "bench 7")[0] == first


def test_a_name_is_taken_once_per_site(plant, accounts):
    with pytest.raises(StationTaken):
        create_station(plant, "north", BENCH)
    with pytest.raises(NoSuch):
        create_station(plant, "nowhere", BENCH)


def test_whatever_is_not_there_changes_nothing(plant, draft):
    for call in (
        lambda: write(plant, "north", "none", "a", base=0, account_id=1, at_ms=1),
        lambda: write(plant, "north", BENCH, "a", base=0, account_id=99, at_ms=1),
        lambda: station_with_files(plant, "north", "none"),
        lambda: stations_with_files(plant, "nowhere"),
        lambda: text_of(plant, "north", BENCH, 1),
    ):
        with pytest.raises(NoSuch):
            call()
    with plant.reading() as connection:
        assert connection.execute(select(station_file)).all() == []
