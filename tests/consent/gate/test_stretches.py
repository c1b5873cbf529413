"""What belongs to which session, and what of it a stop takes back: real time is never asked, looks are."""

import pytest

from consent.entries.bodies import (
    AgreementActivated,
    AgreementEnded,
    AgreementResumed,
    AgreementSuspended,
    DeviceRevoked,
    RecordingStarted,
)
from consent.entries.vocabulary import Reason
from consent.gate.stretches import Stretches, Terms
from productivity.time import Instant

SECOND_MS, SECOND = 1_000, 10**9
FIRST, SECOND_TERMS = Terms("a" * 32, "1" * 64, 900_000), Terms("b" * 32, "2" * 64, 60_000)


def test_an_instant_belongs_to_the_session_that_began_last_before_it():
    stretches = Stretches()
    assert stretches.at(Instant(5)) is None
    stretches.begin(FIRST, Instant(10))
    stretches.begin(FIRST, Instant(20))  # goes on
    stretches.begin(SECOND_TERMS, Instant(30))
    found = {at: stretches.at(Instant(at)).terms for at in (0, 10, 29, 30, 99)}
    assert found == {0: FIRST, 10: FIRST, 29: FIRST, 30: SECOND_TERMS, 99: SECOND_TERMS}


def test_only_what_came_after_the_last_good_look_is_taken_back():
    stretches = Stretches()
    stretches.begin(FIRST, Instant(10))
    assert not stretches.confirm(Instant(40), None)
    assert stretches.confirm(Instant(70), Reason.SUSPENDED)
    (stretch,) = stretches.all
    assert (stretch.until, stretch.why) == (Instant(40), Reason.SUSPENDED)


def test_a_stop_after_which_nothing_was_recorded_takes_nothing_back():
    stretches = Stretches()
    assert not stretches.confirm(Instant(0), Reason.SUSPENDED)
    stretches.begin(FIRST, Instant(10))
    stretches.confirm(Instant(40), None)
    assert not stretches.confirm(Instant(40), Reason.SUSPENDED)
    assert stretches.confirm(Instant(41), Reason.SUSPENDED), "one more picture was on its way"
    assert not stretches.confirm(Instant(42), Reason.SUSPENDED), "told once"
    assert stretches.all[0].until == 40


def test_the_next_session_is_not_touched_by_the_stop_before():
    stretches = Stretches()
    stretches.begin(FIRST, Instant(10))
    stretches.confirm(Instant(40), Reason.SUSPENDED)
    stretches.begin(SECOND_TERMS, Instant(90))
    assert not stretches.confirm(Instant(99), None)
    assert [stretch.until for stretch in stretches.all] == [Instant(10), None]


# --- In a whole site. ---


def where(site, at_s):
    return site.gate.stretch(site.station, Instant(round(at_s * SECOND)))


def resume(site):
    line = site.world.state.agreements[site.world.hash]
    resumption = AgreementResumed(agreement=site.world.hash, lifts=line.suspended_at)
    site.hand_in(resumption, site.world.council, site.world.employer)


def test_sessions_are_those_of_the_log_and_change_after_a_resumption(site):
    site.film(2)
    site.hand_in(AgreementSuspended(agreement=site.world.hash), site.world.council)
    site.film(2)
    resume(site)
    site.film(3)
    first, second = site.bodies(RecordingStarted)
    assert where(site, 0).terms == Terms(first.session, site.world.hash, 900_000)
    assert where(site, 6.9).terms.session == second.session
    assert where(site, 3).terms.session == first.session, "the gap belongs to what it ended"


def test_a_suspension_takes_back_the_picture_that_was_on_its_way(site):
    site.film(2)
    site.hand_in(AgreementSuspended(agreement=site.world.hash), site.world.council)
    site.film(2)
    assert len(site.looked) == 21, "one more, before the next look at the site"
    assert (where(site, 1).until, site.gate.taken_back) == (2 * SECOND, 1)


def test_out_of_reach_all_is_taken_back_that_was_recorded_since_the_last_look(site):
    site.film(10)
    site.plant.network = False
    site.film(60, rate_ms=500)
    site.plant.network = True
    site.hand_in(AgreementSuspended(agreement=site.world.hash), site.world.council)
    assert site.film(1)[-1] is Reason.SUSPENDED
    stretch = where(site, 30)
    assert stretch.why is Reason.SUSPENDED
    assert (stretch.until, site.gate.taken_back) == (10 * SECOND, 1)


def test_out_of_reach_nothing_is_taken_back_if_nobody_has_stopped_anything(site):
    site.film(10)
    site.plant.network = False
    site.film(60, rate_ms=500)
    assert not site.gate.is_fresh
    site.plant.network = True
    site.film(1)
    assert site.gate.is_fresh
    assert (where(site, 30).until, site.gate.taken_back) == (None, 0)


def test_what_ran_out_after_five_minutes_is_taken_back_once_the_stop_is_known(site):
    """The session has ended long before anybody could tell the recorder why."""
    site.film(10)
    site.plant.network = False
    assert site.film(400, rate_ms=1_000)[-1] is Reason.LOG_UNREACHABLE
    site.hand_in(AgreementEnded(agreement=site.world.hash), site.world.employer)
    site.plant.network = True
    site.film(1)
    stretch = where(site, 200)
    assert stretch.why is Reason.NO_AGREEMENT
    assert stretch.until == 10 * SECOND


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda world: AgreementSuspended(agreement=world.hash), Reason.SUSPENDED),
        (lambda world: AgreementEnded(agreement=world.hash), Reason.NO_AGREEMENT),
        (lambda world: DeviceRevoked(device="edge-1"), Reason.DEVICE),
    ],
    ids=["suspended", "ended", "revoked"],
)
def test_whatever_stops_takes_back(site, act, why):
    site.film(5)
    site.plant.network = False
    site.film(20)
    site.plant.network = True
    site.hand_in(act(site.world), site.world.council)
    site.film(1)
    assert where(site, 10).why is why


def test_what_was_agreed_beforehand_takes_nothing_back(site):
    """Minutes that are used up end a recording to the picture."""
    site.film(7_300, rate_ms=60_000)
    assert site.gate.refusal(site.station) is Reason.MINUTES_USED
    assert site.gate.taken_back == 0


def test_a_new_version_rounds_as_it_says(site):
    site.film(2)
    coarser = site.world.next_version(time_resolution_s=3600)
    name = site.world.propose(coarser, site.world.council)
    site.hand_in(AgreementActivated(agreement=name), site.world.council)
    site.film(4)
    assert where(site, 0).terms.resolution_ms == 900_000
    assert where(site, 5.9).terms == Terms(site.bodies(RecordingStarted)[1].session, name, 3_600_000)


# --- What a crash leaves behind. ---


def restarted(site):
    site.gate = site.recorder()
    site.gate.check()
    return site.gate.left_behind


def test_a_session_that_a_crash_left_open_and_that_was_stopped_since_is_named(site):
    site.film(2)
    (start,) = site.bodies(RecordingStarted)
    site.hand_in(AgreementSuspended(agreement=site.world.hash), site.world.council)
    handed_in_ms = site.now_ms
    (left,) = restarted(site)
    assert (left.session, left.why, left.resolution_ms) == (start.session, Reason.SUSPENDED, 900_000)
    assert left.since_ms <= handed_in_ms


def test_a_session_that_nobody_stopped_is_left_alone(site):
    site.film(2)
    assert restarted(site) == []


def test_a_session_that_ended_in_good_order_is_not_named(site):
    site.film(2)
    site.gate.close(Reason.OPERATOR)
    site.passes(200)
    site.hand_in(AgreementSuspended(agreement=site.world.hash), site.world.council)
    assert restarted(site) == []


def test_as_long_as_the_site_is_out_of_reach_nobody_knows(site):
    site.film(2)
    site.plant.network = False
    assert restarted(site) is None
    site.plant.network = True
    site.gate.check()
    assert site.gate.left_behind == []
