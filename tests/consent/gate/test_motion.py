"""May motion of one worker be kept now: all limits of the gate hold for it, and the worker's own consent."""

import pytest

from consent.entries.bodies import (
    AgreementActivated,
    AgreementSuspended,
    ConsentWithdrawn,
    DeviceRevoked,
    MotionSealed,
)
from consent.entries.limits import STOP_WITHIN_MS
from consent.entries.vocabulary import Reason
from tests.consent.gate.site import Site
from tests.consent.world import DEVICE, identifier, worker


@pytest.fixture
def site(world, tmp_path):
    """A recorder that has recorded for a second, and a worker who has said yes."""
    record = world.granted()
    site = Site(world, tmp_path)
    site.record = record
    assert site.film(1) == [None]
    return site


def terms(site, station=None, record=None):
    return site.gate.motion_terms(station or site.station, record or site.record)


def test_while_everything_permits_it_the_terms_name_session_agreement_and_end(site):
    found = terms(site)
    (session,) = site.world.state.sessions.values()
    assert (found.session, found.agreement, found.at_ms) == (session.id, site.world.hash, site.now_ms)
    assert site.now_ms < found.until_ms <= site.world.state.grants[site.record].until_ms


def withdraws(site):
    site.hand_in(ConsentWithdrawn(pseudonym=worker().name, record=site.record), worker())


def suspends(site):
    site.hand_in(AgreementSuspended(agreement=site.world.hash), site.world.council)


def revokes_the_device(site):
    site.hand_in(DeviceRevoked(device=DEVICE), site.world.employer)


@pytest.mark.parametrize("act", [withdraws, suspends, revokes_the_device])
def test_a_stop_counts_as_soon_as_it_is_handed_in(site, act):
    """The operator does not work; the recorder looks again after 50 ms."""
    site.operating = False
    assert terms(site) is not None
    act(site)
    site.passes(50)
    assert terms(site) is None


def test_a_new_agreement_without_motion_ends_it(site):
    motion = {"permitted": False}
    narrowed = site.world.next_version(motion=motion, royalties=None)
    name = site.world.propose(narrowed)
    site.world.act(AgreementActivated(agreement=name), site.world.employer)
    site.passes(50)
    assert terms(site) is None


def test_a_purpose_that_the_agreement_permits_no_more_permits_nothing(world, tmp_path):
    """The worker consented to own review alone; the next version permits training alone."""
    record = world.granted()
    motion = world.agreement.motion.model_copy(update={"purposes": world.agreement.motion.purposes[1:2]})
    name = world.propose(world.next_version(motion=motion.model_dump(mode="json")))
    world.act(AgreementActivated(agreement=name), world.employer)
    site = Site(world, tmp_path)
    assert site.film(1) == [None]
    assert terms(site, record=record) is None


def test_out_of_reach_of_the_log_motion_ends_long_before_durations_do(site):
    site.plant.network = False
    site.passes(STOP_WITHIN_MS + 50)
    assert site.frame() is None, "durations go on"
    assert terms(site) is None
    site.plant.network = True
    site.passes(50)
    assert terms(site) is not None


@pytest.mark.parametrize(
    "asked",
    [{"station": "packing table"}, {"record": identifier("of nobody")}],
    ids=["another station", "no such consent"],
)
def test_nothing_else_is_permitted(site, asked):
    assert terms(site, **asked) is None


def test_without_an_open_session_there_is_none_either(site):
    site.gate.close(Reason.OPERATOR)
    assert terms(site) is None


def test_when_consent_is_over_it_ends_to_the_millisecond(world, tmp_path):
    record = world.granted(until_ms=world.now_ms + 5_000)
    site = Site(world, tmp_path)
    site.film(1)
    assert terms(site, record=record).until_ms == world.state.grants[record].until_ms
    site.operating = False  # so that no entry says that it has expired
    site.passes(world.state.grants[record].until_ms - site.now_ms, looking=True)
    assert terms(site, record=record) is None


def test_what_was_sealed_is_signed_by_the_device_and_stands_in_the_log(site):
    body = MotionSealed(
        segment=identifier("segment"),
        session=terms(site).session,
        record=site.record,
        span_ms=60_000,
        commitment="22" * 32,
    )
    site.gate.hand_in_sealed(body)
    site.passes(100)
    assert site.bodies(MotionSealed) == [body]
    assert site.refused == []


def test_what_is_at_the_site_is_told_only_while_it_is_known(site):
    state, at_ms = site.gate.site()
    assert (site.record in state.grants, at_ms) == (True, site.now_ms)
    site.plant.network = False
    site.passes(STOP_WITHIN_MS + 50)
    assert site.gate.site() is None
