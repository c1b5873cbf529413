"""The server seals and deletes by itself, for as long as the works agreement says and nobody else."""

import time

import pytest

from api.housekeeping import house_kept, keep_house, retention_of
from consent.agreement.lifecycle import State
from consent.entries.bodies import AgreementEnded
from storage.sql.plant import Site, add_site
from storage.sql.retention import deletions
from tests.api.plant import Plant
from tests.api.site_in_memory import MemorySite
from tests.consent.conftest import MemoryFiles
from tests.consent.world import World
from tests.storage.sql.plants import DAY, Deliveries, interval_record


@pytest.fixture
def site():
    return MemorySite(World(MemoryFiles()).founded().agreed().enrolled())


@pytest.fixture
def worked(tmp_path, site):
    """A plant with a row of 20 days ago and one of 4: the agreement keeps intervals for 14 days."""
    now = site.world.now_ms
    with Plant(f"sqlite:///{tmp_path}/plant.db", data=tmp_path, site=site, start_ms=now) as plant:
        add_site(plant.database, Site(site.world.agreement.site, site.world.agreement.time_zone))
        plant.enrolled("edge-1", site=site.world.agreement.site)
        device = Deliveries(plant.database)
        for days in (20, 4):
            device.send(interval_record(now - days * DAY))
        yield plant


def deleted(plant):
    return [(one.what, one.rows) for one in deletions(plant.database, None)]


def test_it_deletes_what_the_agreement_does_not_let_keep(worked, tmp_path):
    keep_house(worked.services, tmp_path / "sealed")
    assert worked.rows()["interval"] == 1
    assert ("intervals", 1) in deleted(worked)
    assert len(list((tmp_path / "sealed").rglob("*.parquet"))) == 2


def test_with_a_log_that_nobody_believes_it_seals_and_deletes_nothing(worked, tmp_path, site):
    site.unusable = "the log does not verify"
    keep_house(worked.services, tmp_path / "sealed")
    assert worked.rows()["interval"] == 2
    assert deleted(worked) == []
    assert list((tmp_path / "sealed").rglob("*.parquet"))


def test_it_goes_on_after_a_failure(worked, tmp_path, site, monkeypatch):
    seen = []

    def fail_once(services, root):
        seen.append(root)
        if len(seen) == 1:
            raise OSError("a disk that is away")

    monkeypatch.setattr("api.housekeeping.keep_house", fail_once)
    with house_kept(worked.services, first_s=0.0, every_s=0.01):
        ends = time.monotonic() + 60
        while len(seen) < 2:
            assert time.monotonic() < ends
            time.sleep(0.01)
    assert seen[0] == tmp_path / "sealed"


def test_before_any_agreement_nothing_is_known():
    assert retention_of(World(MemoryFiles()).founded().state) is None


def test_an_agreement_that_ended_still_says_how_long(site):
    world = site.world
    name, days = retention_of(world.state)
    assert (name, days.intervals_days, days.aggregates_days) == (world.agreement.site, 14, 365)
    world.act(AgreementEnded(agreement=world.hash), world.employer)
    assert {line.state for line in world.state.agreements.values()} == {State.ENDED}
    assert retention_of(world.state) == (name, days)
