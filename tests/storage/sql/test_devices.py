"""Enrolment: one code, one device, within its hours."""

import pytest
from sqlalchemy import select

from productivity.errors import BadInput
from storage.sql.devices import HOUR_MS, add_code, enrol, key_of
from storage.sql.records import CodeRefused, NameTaken
from storage.sql.tables import device, enrolment_code, site


@pytest.fixture
def code(database):
    return add_code(database, "north", "Europe/Berlin", hours=2, at_ms=1000)


def test_a_code_lets_one_device_in(database, code):
    enrol(database, code, "edge-1", "a key", 2000)
    assert key_of(database, "edge-1") == "a key"
    with database.reading() as connection:
        assert connection.execute(select(device.c.enrolled_ms)).scalar() == 2000


def test_no_device_has_no_key(database):
    assert key_of(database, "edge-1") is None


def test_a_code_is_used_once(database, code):
    enrol(database, code, "edge-1", "a key", 2000)
    with pytest.raises(CodeRefused):
        enrol(database, code, "edge-2", "a key", 2000)
    assert key_of(database, "edge-2") is None


@pytest.mark.parametrize(("late_ms", "refused"), [(2 * HOUR_MS - 1, False), (2 * HOUR_MS, True)])
def test_a_code_expires(database, code, late_ms, refused):
    if refused:
        with pytest.raises(CodeRefused):
            enrol(database, code, "edge-1", "a key", 1000 + late_ms)
    else:
        enrol(database, code, "edge-1", "a key", 1000 + late_ms)
    assert (key_of(database, "edge-1") is None) is refused


def test_a_wrong_code_is_refused_before_a_name_is_looked_at(database, code):
    enrol(database, code, "edge-1", "a key", 2000)
    with pytest.raises(CodeRefused):
        enrol(database, "0" * 32, "edge-1", "a key", 2000)


def test_a_taken_name_leaves_device_and_code_as_they_are(database, code):
    enrol(database, code, "edge-1", "a key", 2000)
    second = add_code(database, "north", "Europe/Berlin", hours=2, at_ms=1000)
    with pytest.raises(NameTaken):
        enrol(database, second, "edge-1", "another key", 2000)
    assert key_of(database, "edge-1") == "a key"
    enrol(database, second, "edge-2", "another key", 2000)


def test_the_code_itself_is_not_stored(database, code):
    with database.reading() as connection:
        row = connection.execute(select(enrolment_code)).one()
    assert code.encode() not in row.digest
    assert code not in repr(tuple(row))
    assert len(row.digest) == 32


def test_a_site_is_made_once(database, code):
    add_code(database, "north", "Europe/Berlin", hours=2, at_ms=1000)
    with database.reading() as connection:
        assert [row.name for row in connection.execute(select(site))] == ["north"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"time_zone": "Europe/Lisbon"}, "another time zone"),
        ({"time_zone": "Europe/Nowhere"}, "unknown time zone"),
        ({"time_zone": "../etc"}, "unknown time zone"),
        ({"site_name": ""}, "no usable name"),
        ({"site_name": "a\nb"}, "no usable name"),
        ({"site_name": "x" * 201}, "no usable name"),
        ({"hours": 0}, "valid too long or not at all"),
        ({"hours": 169}, "valid too long or not at all"),
    ],
)
def test_codes_for_nothing_are_refused_and_change_nothing(database, code, changes, says):
    fields = {"site_name": "north", "time_zone": "Europe/Berlin", "hours": 2, **changes}
    with pytest.raises(BadInput, match=says):
        add_code(database, **fields, at_ms=1000)
    with database.reading() as connection:
        assert len(connection.execute(select(enrolment_code)).all()) == 1
        assert len(connection.execute(select(site)).all()) == 1
