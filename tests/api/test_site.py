"""A site in memory answers pages as the desk on a disk does: both go through the same steps here."""

import inspect
import threading

import pytest

from api.site import Site
from consent.agreement.lifecycle import State
from consent.agreement.vocabulary import Role, View
from consent.entries.bodies import (
    AccessViewed,
    AgreementActivated,
    AgreementSuspended,
    DeviceEnrolled,
    KeyAdded,
)
from consent.entries.form import sign_act
from consent.site.desk import Declined, Desk, LogUnusable
from productivity.errors import BadInput
from tests.api.consented import Consented
from tests.api.site_in_memory import MemorySite
from tests.consent.conftest import MemoryFiles
from tests.consent.world import World


@pytest.fixture(params=["in memory", "on disk"])
def site(request, tmp_path):
    """A site with an agreement in force, and whose world it is."""
    if request.param == "in memory":
        world = World(MemoryFiles()).founded()
        world.propose(world.agreement)
        world.act(AgreementActivated(agreement=world.hash), world.employer)
        world.act(DeviceEnrolled(device="edge-1", key=str(world.device.verifier)), world.employer)
        world.cosigned()
        yield MemorySite(world), world
        return
    consented = Consented(tmp_path / "site")
    with consented.desk() as desk:
        yield desk, consented.world


def view(number, role=Role.ENGINEER):
    return AccessViewed(role=role, who=f"{number:064x}", view=View.TIMELINES, station="assembly bench")


def note(world, signer):
    body = AgreementSuspended(agreement=world.hash)
    return str(sign_act(body, world.log.name, world.now_ms, signer).note)


def test_what_is_said_is_listed_and_told(site):
    site, world = site
    told, number = threading.Event(), site.number
    end = site.subscribe(told.set)
    index = site.say(view(1))
    while site.number == number:
        site.wait_for_change(number, 1)
    assert site.state().size == index + 1
    assert [one.entry.body for one in site.recent(AccessViewed)] == [view(1)]
    assert site.entries(index, index + 1) == site.recent(most=1)
    assert (site.count(AccessViewed), site.count(KeyAdded)) == (1, 3)
    assert site.recent(KeyAdded, most=1, before=2)[0].index == 1
    assert told.wait(30)
    end()
    assert site.state().cosigned_ms == world.now_ms // 1000 * 1000
    assert site.health().takes_in
    with pytest.raises(BadInput, match="no agreement permits this view"):
        site.say(view(2, Role.SUPERVISOR))


def test_a_stop_counts_when_it_is_handed_in_and_a_strangers_is_declined(site):
    site, world = site
    with pytest.raises(Declined, match="signature is missing"):
        site.hand_in(note(world, world.device))
    assert site.hand_in(note(world, world.council)) is True
    assert site.state().state.agreements[world.hash].state is State.SUSPENDED


def test_a_log_that_cannot_be_believed_shows_nothing():
    site = MemorySite(World(MemoryFiles()).founded().agreed())
    site.full = "the log takes nothing in: No space left on device"
    with pytest.raises(LogUnusable, match="No space left"):
        site.say(view(1))
    assert site.state().takes_in is False
    site.unusable = "the log does not verify"
    for ask in (site.state, lambda: site.entries(0, 1), site.recent, lambda: site.say(view(1))):
        with pytest.raises(LogUnusable, match="does not verify"):
            ask()
    assert site.health().believed is False


@pytest.mark.parametrize("made", [Desk, MemorySite])
def test_both_have_everything_that_pages_ask_for(made):
    asked = {name for name in vars(Site) if not name.startswith("_")}
    assert len(asked) == 14
    for name in asked - {"number"}:
        assert inspect.getattr_static(made, name)
