"""A camera for those who set stations up: refused until an agreement says so, and while it does not hold."""

import pytest

from consent.agreement.vocabulary import Role
from consent.entries.bodies import (
    AgreementActivated,
    AgreementEnded,
    AgreementResumed,
    AgreementSuspended,
    SetUpClosed,
    SetUpOpened,
)
from consent.entries.times import utc_ms
from consent.entries.vocabulary import SetUpClosedBecause
from consent.site.set_ups import FORGOTTEN_MS, permitting
from productivity.errors import BadInput
from tests.consent.world import STATION, identifier

MINUTE_MS = 60_000
PERMITS = [
    {"role": "industrial engineer", "may_see": ["station timelines", "set-up pictures"]},
    {"role": "works council", "may_see": ["consent log"]},
]


@pytest.fixture
def world(make_world):
    """A site whose agreement gives industrial engineers pictures while setting up."""
    made = make_world().founded()
    made.agreement = made.changed(access=PERMITS)
    made.hash = made.propose(made.agreement)
    made.act(AgreementActivated(agreement=made.hash), made.employer)
    made.now_ms = utc_ms("2027-03-01T07:00:00.000Z")
    return made


def opening(world, session="one", **changes):
    values = {
        "session": identifier(session),
        "role": Role.ENGINEER,
        "who": "00" * 32,
        "station": STATION,
        "agreement": world.hash,
        "minutes": 5,
    }
    return SetUpOpened.model_validate(values | changes)


def closing(session="one", because=SetUpClosedBecause.DONE):
    return SetUpClosed(session=identifier(session), because=because)


def test_a_session_is_opened_and_closed(world):
    world.own(opening(world))
    (open_one,) = world.state.set_ups.values()
    assert (open_one.station, open_one.until_ms) == (STATION, world.now_ms + 5 * MINUTE_MS)
    world.own(closing())
    assert world.state.set_ups == {}


def test_the_example_agreement_says_nothing_of_it_so_it_is_refused(make_world):
    made = make_world().founded().agreed()
    with pytest.raises(
        BadInput, match="does not give the role industrial engineer the view: set-up pictures"
    ):
        made.own(opening(made))
    with pytest.raises(BadInput, match="set-up pictures"):
        permitting(made.state, Role.ENGINEER, STATION, made.now_ms)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"station": "far bench"}, "no works agreement is active for this station"),
        ({"role": Role.COUNCIL}, "does not give the role works council"),
        ({"role": Role.WORKER}, "does not give the role worker"),
        ({"agreement": "ab" * 32}, "another agreement is active at the station"),
    ],
)
def test_what_nobody_agreed_to_is_refused(world, changes, message):
    with pytest.raises(BadInput, match=message):
        world.own(opening(world, **changes))
    assert world.state.set_ups == {}


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("2027-02-15T10:00:00.000Z", "the workers are not informed yet"),
        ("2027-02-14T10:00:00.000Z", "this is no day of the works agreement"),
        ("2030-01-01T10:00:00.000Z", "this is no day of the works agreement"),
    ],
)
def test_it_has_the_days_of_the_agreement(world, at, message):
    with pytest.raises(BadInput, match=message):
        permitting(world.state, Role.ENGINEER, STATION, utc_ms(at))


def test_while_the_agreement_is_suspended_or_over_nobody_opens_a_camera(world):
    number = world.act(AgreementSuspended(agreement=world.hash), world.council)
    with pytest.raises(BadInput, match="the works agreement is suspended"):
        world.own(opening(world))
    both = (world.employer, world.council)
    world.act(AgreementResumed(agreement=world.hash, lifts=number), *both)
    world.own(opening(world))
    world.act(AgreementEnded(agreement=world.hash), world.council)
    with pytest.raises(BadInput, match="no works agreement is active"):
        world.own(opening(world, "two"))
    world.own(closing(because=SetUpClosedBecause.NOT_PERMITTED))


def test_nobody_but_the_log_says_so(world):
    for body in (opening(world), closing()):
        with pytest.raises(BadInput, match="the log's own word"):
            world.act(body, world.employer)


def test_each_session_is_opened_once_and_closed_once(world):
    world.own(opening(world))
    with pytest.raises(BadInput, match="open already"):
        world.own(opening(world))
    world.own(closing())
    with pytest.raises(BadInput, match="not open"):
        world.own(closing())


def test_what_nobody_closed_is_forgotten_an_hour_after_its_end(world):
    world.own(opening(world))
    world.now_ms += 5 * MINUTE_MS + FORGOTTEN_MS - 1
    world.own(opening(world, "two"))
    assert len(world.state.set_ups) == 2
    world.now_ms += 1
    world.own(opening(world, "three"))
    assert set(world.state.set_ups) == {identifier("two"), identifier("three")}


@pytest.mark.parametrize("minutes", [0, 16, 2.5, "5"])
def test_minutes_are_few_and_whole(world, minutes):
    with pytest.raises(ValueError, match="minutes"):
        opening(world, minutes=minutes)
