"""Kept releases: as they were written, in order, and none that was not checked against the last."""

from dataclasses import replace

import pytest

from storage.sql.lookup import NoSuch
from storage.sql.releases import KeptRelease, Overtaken, digest_of, drop_release, keep_release, kept_releases
from tests.storage.sql.plants import add_account

CONTENT = '{"ä": "ß\u2028"}'


@pytest.fixture
def row(plant):
    return KeptRelease(
        "a" * 32, add_account(plant), 5, "b" * 64, "März", CONTENT, digest_of(CONTENT), 7, 9, 2
    )


def test_it_comes_back_as_it_was_kept(plant, row):
    other = replace(row, identifier="b" * 32)
    keep_release(plant, "north", row, after=0)
    keep_release(plant, "north", other, after=1)
    assert kept_releases(plant, "north") == [row, other]
    assert row.intact
    assert not replace(row, content="{}").intact


def test_one_that_was_checked_against_fewer_is_not_kept(plant, row):
    keep_release(plant, "north", row, after=0)
    with pytest.raises(Overtaken):
        keep_release(plant, "north", replace(row, identifier="b" * 32), after=0)
    assert kept_releases(plant, "north") == [row]


def test_what_the_log_refused_is_forgotten(plant, row):
    keep_release(plant, "north", row, after=0)
    drop_release(plant, row.identifier)
    assert kept_releases(plant, "north") == []


def test_an_unknown_site_is_none(plant):
    with pytest.raises(NoSuch):
        kept_releases(plant, "south")
