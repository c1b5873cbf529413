"""Station files: a device fetches what was published for the stations of its site, and nothing else."""

import hashlib
from urllib.parse import quote

import pytest
from sqlalchemy import insert, select

from storage.sql.devices import add_code
from storage.sql.tables import site, station, station_file
from tests.api.plant import NOW_MS, Device, is_problem

BARE = ("@method", "@path")
NAME = "Prüfplatz 1/2"


def publish(plant, text, revision, *, name=NAME, at="north", published_ms=NOW_MS):
    with plant.database.writing() as connection:
        site_id = connection.execute(select(site.c.id).where(site.c.name == at)).scalar_one()
        known = select(station.c.id).where(station.c.site_id == site_id, station.c.name == name)
        station_id = connection.execute(known).scalar()
        if station_id is None:
            made = insert(station).values(site_id=site_id, name=name).returning(station.c.id)
            station_id = connection.execute(made).scalar_one()
        row = {
            "station_id": station_id,
            "revision": revision,
            "text": text,
            "digest": hashlib.sha256(text.encode()).digest(),
            "written_ms": NOW_MS,
            "published_ms": published_ms,
        }
        connection.execute(insert(station_file).values(row))


def fetch(plant, device, name=NAME, *, headers=None, **signing):
    path = f"/v1/stations/{quote(name, safe='')}/file"
    signed = device.headers(None, **{"path": path, "method": "GET", "covered_component_ids": BARE, **signing})
    return plant.ask("GET", path, headers={**signed, **(headers or {})})


def test_the_newest_published_file_is_what_a_device_gets(plant, device):
    publish(plant, "first", 1)
    publish(plant, "zweite: größer\n", 2, published_ms=NOW_MS + 1)
    publish(plant, "draft", 3, published_ms=None)
    answer = fetch(plant, device)
    assert (answer.status_code, answer.text) == (200, "zweite: größer\n")
    assert answer.headers["content-type"].startswith("application/yaml")
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'


def test_what_a_device_has_already_is_not_sent_again(plant, device):
    publish(plant, "first", 1)
    tag = fetch(plant, device).headers["etag"]
    again = fetch(plant, device, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    publish(plant, "second", 2, published_ms=NOW_MS + 1)
    assert fetch(plant, device, headers={"If-None-Match": tag}).text == "second"


def test_nothing_published_is_told_as_such(plant, device):
    is_problem(fetch(plant, device), 404, "not-found")
    publish(plant, "draft", 1, published_ms=None)
    detail = is_problem(fetch(plant, device), 404, "not-found")
    assert detail == "no station file is published for a station of this name"


def test_a_file_of_another_site_is_not_told(plant, device):
    add_code(plant.database, "south", "Europe/Berlin", hours=1, at_ms=NOW_MS)
    publish(plant, "secret of the south", 1, at="south")
    is_problem(fetch(plant, device), 404, "not-found")


@pytest.mark.parametrize(
    "signing",
    [
        {"path": "/v1/stations/other/file"},
        {"method": "PUT"},
        {"covered_component_ids": ("@path",)},
        {"covered_component_ids": ("@method",)},
        {"nonce": None},
    ],
    ids=["another station", "another method", "method not covered", "path not covered", "no nonce"],
)
def test_a_signature_is_good_for_one_method_and_path(plant, device, signing):
    publish(plant, "first", 1)
    is_problem(fetch(plant, device, **signing), 401, "signature")


def test_strangers_learn_nothing_not_even_what_there_is(plant, device):
    publish(plant, "first", 1)
    for name in (NAME, "no such station"):
        is_problem(fetch(plant, Device("edge-1", b"x"), name), 401, "signature")
        is_problem(plant.ask("GET", f"/v1/stations/{quote(name, safe='')}/file"), 401, "signature")


@pytest.mark.parametrize(
    "name", ["x" * 201, "a bell\x07", "nul\x00"], ids=["too long", "control character", "nul"]
)
def test_a_name_that_no_station_has_is_refused(plant, device, name):
    is_problem(fetch(plant, device, name), 422, "invalid")


@pytest.mark.parametrize(
    "host",
    ["[::1", "two words", "plant:none", "größe".encode("latin-1")],
    ids=["bracket", "words", "port", "latin"],
)
def test_an_address_that_is_none_is_no_signed_request(plant, device, host):
    publish(plant, "first", 1)
    is_problem(fetch(plant, device, headers={"Host": host}), 401, "signature")


def test_a_query_changes_nothing(plant, device):
    publish(plant, "first", 1)
    path = f"/v1/stations/{quote(NAME, safe='')}/file"
    signed = device.headers(None, path=path, method="GET", covered_component_ids=BARE)
    assert plant.ask("GET", f"{path}?more=1", headers=signed).text == "first"
