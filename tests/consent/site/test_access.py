"""Who may see what: what the agreements permit, no more, and nothing that the auditor would fault."""

import random
from collections import Counter
from itertools import product

import pytest

from consent.agreement.lifecycle import State
from consent.agreement.vocabulary import Role, View
from consent.audit.audit import audit
from consent.audit.catalogue import Check
from consent.audit.policy import parse_policy
from consent.entries.bodies import AccessViewed, AgreementActivated, AgreementEnded, AgreementSuspended
from consent.site.access import permitted_views, require_agreed
from consent.site.agreements import LIVE
from productivity.errors import BadInput

BENCH, OTHER, NOWHERE = "assembly bench", "packing bench", "a station of nobody's agreement"
COUNCIL_SEES = [{"role": "works council", "may_see": ["consent log"]}]
SEEDS, STEPS = 8, 40


def access(**may_see):
    """Say who sees what: `engineer="TIMELINES TABLES"`."""
    return [
        {"role": Role[role.upper()], "may_see": [View[one] for one in views.split()]}
        for role, views in may_see.items()
    ]


def in_force(world, **keys):
    """Put a version or another agreement into force; return it."""
    agreement = keys.pop("agreement", None) or world.changed(**keys)
    world.act(AgreementActivated(agreement=world.propose(agreement)), world.employer)
    return agreement


@pytest.fixture
def empty(make_world):
    """A site without an agreement."""
    return make_world().founded()


def test_without_an_agreement_nobody_sees_anything(empty):
    assert all(
        permitted_views(empty.state, role, station) == set() for role in Role for station in (None, BENCH)
    )


def test_an_agreement_that_is_only_signed_permits_nothing(empty):
    empty.propose(empty.changed(access=access(engineer="TIMELINES")))
    assert permitted_views(empty.state, Role.ENGINEER, BENCH) == set()


def test_a_role_sees_what_the_agreement_names_at_its_stations(empty):
    in_force(empty, access=access(engineer="TIMELINES TABLES", council="LOG"))
    assert permitted_views(empty.state, Role.ENGINEER, BENCH) == {View.TIMELINES, View.TABLES}
    assert permitted_views(empty.state, Role.COUNCIL) == {View.LOG}
    assert permitted_views(empty.state, Role.SUPERVISOR, BENCH) == set()
    assert permitted_views(empty.state, Role.ENGINEER, NOWHERE) == set()


@pytest.mark.parametrize("end", [AgreementSuspended, AgreementEnded])
def test_what_was_recorded_may_be_seen_after_suspension_and_end(empty, end):
    in_force(empty, access=access(engineer="TIMELINES"))
    empty.act(end(agreement=next(iter(empty.state.agreements))), empty.council)
    assert permitted_views(empty.state, Role.ENGINEER, BENCH) == {View.TIMELINES}


def test_an_agreement_that_was_given_up_before_it_came_into_force_permits_nothing(empty):
    name = empty.propose(empty.changed(access=access(engineer="TIMELINES")))
    empty.act(AgreementEnded(agreement=name), empty.council)
    assert permitted_views(empty.state, Role.ENGINEER, BENCH) == set()


def test_a_new_version_that_narrows_counts_at_once(empty):
    first = in_force(empty, access=access(engineer="TIMELINES", council="LOG"))
    narrower = empty.next_version(first, access=access(council="LOG"))
    in_force(empty, agreement=narrower)
    assert permitted_views(empty.state, Role.ENGINEER, BENCH) == set()


def test_an_old_agreement_shows_nothing_that_the_present_one_denies(empty):
    """The auditor, who cannot tell what is shown from when it was recorded, would not fault it."""
    in_force(empty, access=access(supervisor="TIMELINES"))
    empty.act(AgreementEnded(agreement=next(iter(empty.state.agreements))), empty.council)
    assert permitted_views(empty.state, Role.SUPERVISOR, BENCH) == {View.TIMELINES}
    in_force(empty, id="second", access=access(engineer="TIMELINES"))
    assert permitted_views(empty.state, Role.SUPERVISOR, BENCH) == set()
    assert permitted_views(empty.state, Role.ENGINEER, BENCH) == {View.TIMELINES}


def test_a_look_is_refused_with_a_reason_that_names_nobody(empty):
    in_force(empty, access=access(council="LOG"))
    body = AccessViewed(role=Role.ENGINEER, who="00" * 32, view=View.TIMELINES, station=BENCH)
    with pytest.raises(BadInput, match="no agreement permits this view"):
        require_agreed(empty.state, body)


def policy_of(world):
    lines = [
        f"log {world.log.verifier}",
        "quorum none",
        f"employer {world.employer.verifier}",
        f"works-council {world.council.verifier}",
    ]
    return parse_policy("\n".join(lines).encode() + b"\n", "policy")


def random_access(rng):
    roles = rng.sample(list(Role), rng.randint(1, 4))
    return [{"role": role, "may_see": rng.sample(list(View), rng.randint(1, 3))} for role in roles]


def step(world, rng):
    """Let somebody try something with an agreement; much of it is refused."""
    lines = list(world.state.agreements.values())
    stations = rng.sample([BENCH, OTHER], rng.randint(1, 2))
    keys = {
        "stations": stations,
        "campaigns": [
            {"name": "one", "stations": stations, "minutes_per_day": 60,
             "first_day": "2027-03-01", "last_day": "2027-03-10"}
        ],
        "motion": {"permitted": False},
        "royalties": None,
        "access": random_access(rng),
    }  # fmt: skip
    choice = rng.random()
    if not lines or choice < 0.3:
        in_force(world, id=rng.choice(("alpha", "beta", "gamma")), minimum_group=rng.randint(7, 99), **keys)
    elif choice < 0.65:
        latest = rng.choice(lines).agreement
        in_force(world, agreement=world.next_version(latest, **keys))
    else:
        body = rng.choice((AgreementEnded, AgreementSuspended))
        world.act(body(agreement=rng.choice(lines).hash), rng.choice((world.employer, world.council)))


def findings(world):
    entries = [(index, bytes(entry)) for index, entry in enumerate(world.entries)]
    report = audit(entries, policy_of(world), at_ms=world.now_ms)
    return {one.index for one in report.findings if one.check is Check.ACCESS}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_was_agreed_the_auditor_faults_no_look_that_is_permitted(make_world, seed):
    rng, world = random.Random(seed), make_world().founded()
    permitted, denied, counted = set(), set(), Counter()
    for _ in range(STEPS):
        world.now_ms += 1000
        try:
            step(world, rng)
        except BadInput:
            continue
        looks = list(product(Role, (None, BENCH, OTHER, NOWHERE), View))
        for role, station, view in rng.sample(looks, len(looks)):
            may_see = view in permitted_views(world.state, role, station)
            live = any(
                line.state in LIVE and (station is None or station in line.agreement.stations)
                for line in world.state.agreements.values()
            )
            # Where an agreement is live, we deny more than the auditor faults. It keeps 100 findings at most.
            if may_see or (not live and len(denied) < 99):
                index = world.own(AccessViewed(role=role, who="00" * 32, view=view, station=station))
                (permitted if may_see else denied).add(index)
            counted[may_see, live] += 1
    found = findings(world)
    assert found == denied
    assert permitted
    assert denied
    assert counted[True, True]  # live agreements were among them
    assert counted[False, True]
    assert any(line.state is State.ENDED and line.activated_ms for line in world.state.agreements.values())
