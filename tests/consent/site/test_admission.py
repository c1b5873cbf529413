"""What may stand next in the log: one row per refusal, in a world where nothing else is wrong."""

from dataclasses import replace

import pytest

from consent.agreement.form import agreement_hash
from consent.agreement.form import canonical_text as canonical
from consent.agreement.lifecycle import State
from consent.agreement.vocabulary import MotionPurpose, Party
from consent.entries import bodies
from consent.entries.bodies import TYPES
from consent.entries.form import Entry, sign_act
from consent.entries.limits import PERMISSION_MS, SKEW_MS
from consent.entries.times import utc_ms, utc_text
from consent.entries.vocabulary import Criterion, Reason, ShreddedBecause, SuspendedBecause
from consent.grants.lifecycle import GrantState
from consent.keys import Role
from consent.notes import KeyType
from consent.site.admission import RULES, admit
from productivity.errors import BadInput

MINUTE_MS = 60_000
SEGMENT = ("ab" * 16,)


def test_each_type_of_entry_has_a_rule():
    assert set(RULES) == set(TYPES.values())


def suspend(world, **keys):
    return bodies.AgreementSuspended(agreement=world.hash, **keys)


def resume(world, lifts):
    return bodies.AgreementResumed(agreement=world.hash, lifts=lifts)


def stop(session, **keys):
    values = {"session": session, "reason": Reason.OPERATOR, "recorded_ms": MINUTE_MS}
    return bodies.RecordingStopped.model_validate(values | keys)


def state_of(world):
    return world.state.agreements[world.hash].state


# What is admitted.


def test_a_party_suspends_and_both_resume(world):
    at = world.act(suspend(world), world.council)
    assert state_of(world) is State.SUSPENDED
    assert world.state.agreements[world.hash].suspended_at == at
    world.now_ms += 1
    world.act(resume(world, at), world.council, world.employer)
    assert state_of(world) is State.ACTIVE
    assert world.state.agreements[world.hash].since_ms == world.now_ms


def test_an_agreed_trigger_suspends_without_a_signature(world):
    world.own(suspend(world, because=SuspendedBecause.DATA_BREACH))
    assert state_of(world) is State.SUSPENDED


def test_who_says_stop_twice_is_not_told_that_it_is_too_late(world):
    world.act(suspend(world), world.council)
    world.now_ms += 1
    at = world.act(suspend(world), world.employer)
    assert world.state.agreements[world.hash].suspended_at == at


def test_one_party_narrows_at_once_and_the_old_version_ends(world):
    narrower = world.next_version(minimum_group=9)
    name = world.propose(narrower, world.council)
    world.act(bodies.AgreementActivated(agreement=name), world.council)
    assert (state_of(world), world.state.agreements[name].state) == (State.ENDED, State.ACTIVE)


def test_both_widen(world):
    name = world.propose(world.next_version(minimum_group=6))
    world.act(bodies.AgreementActivated(agreement=name), world.employer)
    assert world.state.agreements[name].state is State.ACTIVE


@pytest.mark.parametrize("k", [9, 6], ids=["narrower", "wider"])
def test_a_new_version_of_a_suspended_agreement_starts_suspended(world, k):
    at = world.act(suspend(world), world.council)
    name = world.propose(world.next_version(minimum_group=k))
    world.act(bodies.AgreementActivated(agreement=name), world.employer)
    line = world.state.agreements[name]
    assert (line.state, line.suspended_at) == (State.SUSPENDED, at)
    world.act(bodies.AgreementResumed(agreement=name, lifts=at), world.employer, world.council)
    assert world.state.agreements[name].state is State.ACTIVE


def test_minutes_are_counted_per_station_and_local_day(world):
    """A session over the site's midnight, 23:00 UTC, counts on both days."""
    world.now_ms = utc_ms("2027-03-01T22:50:00.000Z")
    start = world.start()
    world.act(start, world.device)
    world.now_ms += 15 * MINUTE_MS
    world.act(stop(start.session), world.device)
    counted = {str(day): length for (_, day), length in world.state.recorded_ms.items()}
    assert counted == {"2027-03-01": 10 * MINUTE_MS, "2027-03-02": 5 * MINUTE_MS}
    assert world.state.sessions == {}


def test_what_a_file_holds_beyond_its_session_counts_on_the_day_it_began(world):
    start = world.start()
    world.act(start, world.device)
    world.now_ms += MINUTE_MS
    world.act(stop(start.session, recorded_ms=30 * MINUTE_MS), world.device)
    assert list(world.state.recorded_ms.values()) == [30 * MINUTE_MS]


def test_old_days_are_forgotten(world):
    for _ in range(12):
        start = world.start()
        try:
            world.act(start, world.device)
        except BadInput:
            break
        world.now_ms += MINUTE_MS
        world.act(stop(start.session), world.device)
        world.now_ms += 24 * 60 * MINUTE_MS
    assert world.state.size > 25
    assert len(world.state.recorded_ms) <= 8


def test_a_device_that_is_revoked_has_ended_its_sessions(world):
    world.act(world.start(), world.device)
    world.now_ms += MINUTE_MS
    world.act(bodies.DeviceRevoked(device="edge-1"), world.council)
    assert world.state.sessions == {}
    assert list(world.state.recorded_ms.values()) == [MINUTE_MS]


def test_a_worker_gives_and_takes_back(world, worlds):
    record = world.granted()
    assert world.state.grants[record].key == worlds.worker().verifier
    withdraw = bodies.ConsentWithdrawn(pseudonym=worlds.worker().name, record=record)
    world.act(withdraw, worlds.worker())
    assert (dict(world.state.grants), world.state.records[record]) == ({}, GrantState.WITHDRAWN)


def test_a_party_withdraws_on_the_workers_word(world, worlds):
    record = world.granted()
    world.act(bodies.ConsentWithdrawn(pseudonym=worlds.worker().name, record=record), world.council)
    assert world.state.grants == {}


def test_a_worker_renews(world, worlds):
    old, one = world.granted(), worlds.worker()
    grant = world.grant(one, "cd" * 16).model_dump() | {"renews": old}
    world.act(bodies.ConsentRenewed.model_validate(grant), one)
    assert set(world.state.grants) == {"cd" * 16}
    assert world.state.records[old] is GrantState.RENEWED


def test_a_grant_expires_on_its_day(world, worlds):
    record = world.granted()
    world.now_ms = world.state.grants[record].until_ms
    world.own(bodies.ConsentExpired(pseudonym=worlds.worker().name, record=record))
    assert world.state.records[record] is GrantState.EXPIRED


def test_motion_is_sealed_under_a_grant_in_an_open_session(world):
    record, start = world.granted(), world.start()
    world.act(start, world.device)
    world.act(seal(start.session, record), world.device)
    world.own(use(MotionPurpose.OWN_REVIEW))
    world.own(shred(record))


def seal(session, record):
    return bodies.MotionSealed(
        segment="ef" * 16, session=session, record=record, span_ms=1000, commitment="22" * 32
    )


def use(purpose):
    return bodies.MotionUsed(use="aa" * 16, segments=SEGMENT, purpose=purpose, terms="33" * 32)


def shred(record):
    return bodies.MotionShredded(record=record, segments=SEGMENT, because=ShreddedBecause.WITHDRAWN)


@pytest.mark.parametrize("role", [Role.EMPLOYER, Role.WORKS_COUNCIL])
def test_a_party_replaces_its_key(world, worlds, role):
    old = world.employer if role is Role.EMPLOYER else world.council
    new = worlds.signer("plant.example/new")
    body = bodies.KeyAdded(role=role, key=str(new.verifier), replaces=str(old.verifier))
    world.act(body, old, new)
    assert world.state.keys[role] == (new.verifier,)
    assert old.verifier in world.state.former


def test_keys_of_witness_log_and_licensee_come_and_go(world, worlds):
    rows = [
        (Role.WITNESS, worlds.signer("plant.example/witness-2", KeyType.COSIGNATURE), world.council),
        (Role.LICENSEE, worlds.signer("licensee.example"), world.employer),
        (Role.PLANT_LOG, replace(worlds.signer("next"), name=world.log.name), world.employer),
    ]
    for role, new, authority in rows:
        world.act(bodies.KeyAdded(role=role, key=str(new.verifier)), authority)
        assert new.verifier in world.state.keys[role]
    world.act(bodies.KeyRetired(role=Role.WITNESS, key=str(world.witness.verifier)), world.council)
    world.act(bodies.KeyRetired(role=Role.LICENSEE, key=str(rows[1][1].verifier)), rows[1][1])
    world.act(bodies.KeyRetired(role=Role.PLANT_LOG, key=str(world.log.verifier)), world.employer)
    assert world.state.keys[Role.WITNESS] == (rows[0][1].verifier,)
    assert world.log.verifier in world.state.former


# What is not: each row prepares a world, and returns an entry that may not stand next.


def refused_after(prepare):
    """Mark a row; its docstring is the pattern that the refusal must show."""
    prepare.pattern = prepare.__doc__
    ROWS.append(prepare)
    return prepare


ROWS = []


@refused_after
def time_goes_back(world, worlds):
    """time goes back"""
    world.now_ms -= 10**12
    return world.entry(suspend(world), world.council)


@refused_after
def act_for_another_log(world, worlds):
    """another log"""
    act = sign_act(suspend(world), "elsewhere.example/log", world.now_ms, world.council)
    return Entry(world.now_ms, act.body, act)


@refused_after
def act_from_the_future(world, worlds):
    """signed later"""
    return world.entry(suspend(world), world.council, signed_ms=world.now_ms + SKEW_MS + 1)


@refused_after
def suspension_by_a_device(world, worlds):
    """signature is missing"""
    return world.entry(suspend(world), world.device)


@refused_after
def suspension_by_nobody(world, worlds):
    """signed by nobody"""
    return world.entry(suspend(world))


@refused_after
def trigger_that_was_not_agreed(world, worlds):
    """signed by nobody"""
    changed = world.next_version(suspension={"witness_away_minutes": 0, "triggers": []})
    name = world.propose(changed)
    world.act(bodies.AgreementActivated(agreement=name), world.employer)
    body = bodies.AgreementSuspended(agreement=name, because=SuspendedBecause.DATA_BREACH)
    return world.entry(body)


@refused_after
def trigger_again_and_again(world, worlds):
    """not what is suspended"""
    world.own(suspend(world, because=SuspendedBecause.DATA_BREACH))
    return world.entry(suspend(world, because=SuspendedBecause.DATA_BREACH))


@refused_after
def suspension_taken_in_twice(world, worlds):
    """taken in before"""
    entry = world.entry(suspend(world), world.council)
    at = world.take(entry)
    world.act(resume(world, at), world.council, world.employer)
    return replace(entry, at_ms=world.now_ms)


@refused_after
def resumption_by_one(world, worlds):
    """both parties"""
    return world.entry(resume(world, world.act(suspend(world), world.council)), world.employer)


@refused_after
def resumption_signed_twice_by_one(world, worlds):
    """both parties"""
    at = world.act(suspend(world), world.council)
    return world.entry(resume(world, at), world.employer, world.employer)


@refused_after
def resumption_of_an_earlier_suspension(world, worlds):
    """lifts another"""
    at = world.act(suspend(world), world.council)
    world.now_ms += 1
    world.act(suspend(world), world.council)
    return world.entry(resume(world, at), world.council, world.employer)


@refused_after
def resumption_of_what_is_active(world, worlds):
    """active allows no resume"""
    return world.entry(resume(world, 0), world.council, world.employer)


@refused_after
def second_activation(world, worlds):
    """active allows no activate"""
    return world.entry(bodies.AgreementActivated(agreement=world.hash), world.employer)


@refused_after
def activation_of_a_first_version_signed_by_one(world, worlds):
    """signed by one allows no activate"""
    other = world.changed(id="another")
    return world.entry(
        bodies.AgreementActivated(agreement=world.propose(other, world.council)), world.council
    )


@refused_after
def widening_signed_by_one(world, worlds):
    """both parties"""
    name = world.propose(world.next_version(minimum_group=6), world.employer)
    return world.entry(bodies.AgreementActivated(agreement=name), world.employer)


@refused_after
def narrowing_signed_by_nobody(world, worlds):
    """cannot be activated"""
    narrower = world.next_version(minimum_group=9)
    text = bodies.AgreementProposed(agreement=agreement_hash(narrower), text=canonical(narrower))
    world.own(text)
    return world.entry(bodies.AgreementActivated(agreement=agreement_hash(narrower)), world.council)


@refused_after
def version_of_what_has_ended(world, worlds):
    """ended allows no"""
    name = world.propose(world.next_version(minimum_group=9))
    world.act(bodies.AgreementEnded(agreement=world.hash), world.council)
    return world.entry(bodies.AgreementActivated(agreement=name), world.council)


@refused_after
def second_agreement_for_a_station(world, worlds):
    """has a live agreement"""
    name = world.propose(world.changed(id="another"))
    return world.entry(bodies.AgreementActivated(agreement=name), world.council)


@refused_after
def proposal_of_nothing(world, worlds):
    """does not fit its hash"""
    return world.entry(bodies.AgreementProposed(agreement="00" * 32, text="{}\n"))


@refused_after
def proposal_signed_by_somebody(world, worlds):
    """own word"""
    return world.entry(bodies.AgreementProposed(agreement="00" * 32, text="{}\n"), world.employer)


@refused_after
def second_proposal(world, worlds):
    """proposed before"""
    return world.entry(bodies.AgreementProposed(agreement=world.hash, text=canonical(world.agreement)))


@refused_after
def proposal_that_breaks_a_rule(world, worlds):
    """may not be signed"""
    bad = world.changed(id="another", prohibited=[])
    return world.entry(bodies.AgreementProposed(agreement=agreement_hash(bad), text=canonical(bad)))


@refused_after
def proposal_that_follows_nothing(world, worlds):
    """not the next version"""
    lost = world.next_version().model_copy(update={"version": 4})
    return world.entry(bodies.AgreementProposed(agreement=agreement_hash(lost), text=canonical(lost)))


@refused_after
def signature_of_another_text(world, worlds):
    """wrong signature"""
    other = world.changed(id="another")
    world.own(bodies.AgreementProposed(agreement=agreement_hash(other), text=canonical(other)))
    line = next(one.body.signature for one in world.entries if isinstance(one.body, bodies.AgreementSigned))
    body = bodies.AgreementSigned(agreement=agreement_hash(other), by=Party.EMPLOYER, signature=line)
    return world.entry(body)


@refused_after
def signature_by_a_key_that_was_replaced(world, worlds):
    """does not speak for the party"""
    new = worlds.signer("plant.example/new")
    body = bodies.KeyAdded(role=Role.EMPLOYER, key=str(new.verifier), replaces=str(world.employer.verifier))
    world.act(body, world.employer, new)
    other = world.changed(id="another")
    world.own(bodies.AgreementProposed(agreement=agreement_hash(other), text=canonical(other)))
    signature = next(
        one.body.signature for one in world.entries if isinstance(one.body, bodies.AgreementSigned)
    )
    return world.entry(
        bodies.AgreementSigned(agreement=agreement_hash(other), by=Party.EMPLOYER, signature=signature)
    )


@refused_after
def act_by_a_key_that_was_replaced(world, worlds):
    """signature is missing"""
    new = worlds.signer("plant.example/new")
    body = bodies.KeyAdded(
        role=Role.WORKS_COUNCIL, key=str(new.verifier), replaces=str(world.council.verifier)
    )
    world.act(body, world.council, new)
    return world.entry(suspend(world), world.council)


# Recordings.


@refused_after
def start_by_another_device(world, worlds):
    """signature is missing"""
    return world.entry(world.start(), worlds.signer("plant.example/edge-2"))


@refused_after
def start_of_an_unknown_device(world, worlds):
    """not enrolled"""
    return world.entry(world.start(device="edge-2"), world.device)


@refused_after
def start_while_suspended(world, worlds):
    """is suspended"""
    world.act(suspend(world), world.council)
    return world.entry(world.start(), world.device)


@refused_after
def start_that_was_signed_before_the_resumption(world, worlds):
    """before the agreement was in force"""
    at = world.act(suspend(world), world.council)
    signed_ms = world.now_ms
    world.now_ms += MINUTE_MS
    world.act(resume(world, at), world.council, world.employer)
    return world.entry(world.start(), world.device, signed_ms=signed_ms)


@refused_after
def start_that_nobody_waits_for(world, worlds):
    """too long ago"""
    return world.entry(world.start(), world.device, signed_ms=world.now_ms - PERMISSION_MS - 1)


@refused_after
def start_taken_in_twice(world, worlds):
    """taken in before"""
    entry = world.entry(world.start(), world.device)
    world.take(entry)
    world.act(stop(entry.body.session), world.device)
    return replace(entry, at_ms=world.now_ms)


@refused_after
def start_at_a_station_without_campaign(world, worlds):
    """no such campaign"""
    return world.entry(world.start(station="packing bench"), world.device)


@refused_after
def start_on_another_day(world, worlds):
    """no campaign runs today"""
    world.now_ms = utc_ms("2027-03-13T08:00:00.000Z")
    return world.entry(world.start(), world.device)


@refused_after
def start_for_another_purpose(world, worlds):
    """purpose is not permitted"""
    name = world.propose(world.next_version(purposes=["state durations"]))
    world.act(bodies.AgreementActivated(agreement=name), world.employer)
    return world.entry(
        world.start(agreement=name, purpose="comparison with a manual time study"), world.device
    )


@refused_after
def start_when_the_minutes_are_used_up(world, worlds):
    """used up"""
    start = world.start()
    world.act(start, world.device)
    world.now_ms += 120 * MINUTE_MS
    world.act(stop(start.session), world.device)
    return world.entry(world.start(), world.device)


@refused_after
def start_after_completion(world, worlds):
    """is completed"""
    world.act(complete(world), world.device)
    return world.entry(world.start(), world.device)


def complete(world):
    return bodies.RecordingCompleted(
        agreement=world.hash, campaign="assembly", station="assembly bench", criterion=Criterion.CYCLES
    )


@refused_after
def completion_twice(world, worlds):
    """completed before"""
    world.act(complete(world), world.device)
    world.now_ms += 1
    return world.entry(complete(world), world.device)


@refused_after
def completion_by_the_employer(world, worlds):
    """enrolled devices"""
    return world.entry(complete(world), world.employer)


@refused_after
def second_session_of_a_device_at_a_station(world, worlds):
    """records this station already"""
    world.act(world.start(), world.device)
    return world.entry(world.start(), world.device)


@refused_after
def stop_of_nothing(world, worlds):
    """not open"""
    return world.entry(stop("00" * 16), world.device)


@refused_after
def stop_before_the_start(world, worlds):
    """ends before it began"""
    start = world.start()
    world.act(start, world.device)
    return world.entry(stop(start.session), world.device, signed_ms=world.now_ms - 1)


@refused_after
def stop_by_another_device(world, worlds):
    """signature is missing"""
    other, start = worlds.signer("plant.example/edge-2"), world.start()
    world.act(bodies.DeviceEnrolled(device="edge-2", key=str(other.verifier)), world.employer)
    world.act(start, world.device)
    return world.entry(stop(start.session), other)


@refused_after
def configuration_taken_in_twice(world, worlds):
    """taken in before"""
    start = world.start()
    world.act(start, world.device)
    body = bodies.RecordingConfigured(session=start.session, configuration="44" * 32)
    entry = world.entry(body, world.device)
    world.take(entry)
    return entry


# Devices and keys.


@refused_after
def device_enrolled_by_the_council(world, worlds):
    """employer"""
    other = worlds.signer("plant.example/edge-2")
    return world.entry(bodies.DeviceEnrolled(device="edge-2", key=str(other.verifier)), world.council)


@refused_after
def device_with_a_name_that_was_revoked(world, worlds):
    """used before"""
    world.act(bodies.DeviceRevoked(device="edge-1"), world.council)
    other = worlds.signer("plant.example/edge-2")
    return world.entry(bodies.DeviceEnrolled(device="edge-1", key=str(other.verifier)), world.employer)


@refused_after
def device_with_a_key_that_was_revoked(world, worlds):
    """known already"""
    world.act(bodies.DeviceRevoked(device="edge-1"), world.council)
    return world.entry(bodies.DeviceEnrolled(device="edge-2", key=str(world.device.verifier)), world.employer)


@refused_after
def device_that_holds_a_partys_key_under_another_name(world, worlds):
    """known already"""
    key = replace(world.council.verifier, name="edge-2")
    return world.entry(bodies.DeviceEnrolled(device="edge-2", key=str(key)), world.employer)


@refused_after
def gap_of_an_unknown_device(world, worlds):
    """not enrolled"""
    since = utc_text(world.now_ms)
    return world.entry(bodies.DeviceGap(device="edge-9", since=since, reason="no contact"))


@refused_after
def founding_key_too_late(world, worlds):
    """signature is missing"""
    new = worlds.signer("plant.example/new")
    return world.entry(bodies.KeyAdded(role=Role.EMPLOYER, key=str(new.verifier)))


@refused_after
def new_council_key_by_the_employer(world, worlds):
    """works-council"""
    new = worlds.signer("plant.example/new")
    body = bodies.KeyAdded(role=Role.WORKS_COUNCIL, key=str(new.verifier))
    return world.entry(body, world.employer, new)


@refused_after
def new_council_key_that_nobody_holds(world, worlds):
    """the new key"""
    new = worlds.signer("plant.example/new")
    return world.entry(bodies.KeyAdded(role=Role.WORKS_COUNCIL, key=str(new.verifier)), world.council)


@refused_after
def new_witness_by_the_employer(world, worlds):
    """works-council"""
    new = worlds.signer("plant.example/witness-2", KeyType.COSIGNATURE)
    return world.entry(bodies.KeyAdded(role=Role.WITNESS, key=str(new.verifier)), world.employer)


@refused_after
def new_log_key_with_another_name(world, worlds):
    """another name"""
    new = worlds.signer("plant.example/log-2")
    return world.entry(bodies.KeyAdded(role=Role.PLANT_LOG, key=str(new.verifier)), world.employer)


@refused_after
def last_key_of_the_council(world, worlds):
    """last key"""
    body = bodies.KeyRetired(role=Role.WORKS_COUNCIL, key=str(world.council.verifier))
    return world.entry(body, world.council)


@refused_after
def last_key_of_the_log(world, worlds):
    """last key"""
    body = bodies.KeyRetired(role=Role.PLANT_LOG, key=str(world.log.verifier))
    return world.entry(body, world.employer)


@refused_after
def key_that_comes_back(world, worlds):
    """known already"""
    new = worlds.signer("plant.example/new")
    body = bodies.KeyAdded(role=Role.EMPLOYER, key=str(new.verifier), replaces=str(world.employer.verifier))
    world.act(body, world.employer, new)
    again = bodies.KeyAdded(role=Role.EMPLOYER, key=str(world.employer.verifier))
    return world.entry(again, new, world.employer)


@refused_after
def key_of_another_role_retired(world, worlds):
    """does not speak for this role"""
    body = bodies.KeyRetired(role=Role.WORKS_COUNCIL, key=str(world.employer.verifier))
    return world.entry(body, world.council)


# Workers.


@refused_after
def yes_without_a_question(world, worlds):
    """unknown allows no give"""
    one = worlds.worker()
    return world.entry(world.grant(one, "cd" * 16), one)


@refused_after
def yes_by_another_worker(world, worlds):
    """another worker was asked"""
    ask(world, worlds.worker())
    return world.entry(world.grant(worlds.worker(1), "cd" * 16), worlds.worker(1))


@refused_after
def yes_that_the_worker_did_not_sign(world, worlds):
    """worker's key"""
    ask(world, worlds.worker())
    return world.entry(world.grant(worlds.worker(), "cd" * 16), world.employer)


@refused_after
def yes_beyond_the_agreement(world, worlds):
    """permits no motion for this station"""
    ask(world, worlds.worker())
    grant = world.grant(worlds.worker(), "cd" * 16, stations=["packing bench"])
    return world.entry(grant, worlds.worker())


@refused_after
def yes_for_longer_than_motion_may_be_kept(world, worlds):
    """cannot hold until then"""
    ask(world, worlds.worker())
    grant = world.grant(worlds.worker(), "cd" * 16, world.now_ms + 182 * worlds.DAY_MS)
    return world.entry(grant, worlds.worker())


@refused_after
def yes_to_a_question_that_was_answered(world, worlds):
    """given allows no give"""
    record = world.granted()
    return world.entry(world.grant(worlds.worker(), record), worlds.worker())


@refused_after
def question_by_the_council(world, worlds):
    """devices or the employer"""
    body = bodies.ConsentRequested(pseudonym=worlds.worker().name, record="cd" * 16, agreement=world.hash)
    return world.entry(body, world.council)


def ask(world, one):
    body = bodies.ConsentRequested(pseudonym=one.name, record="cd" * 16, agreement=world.hash)
    world.act(body, world.device)


@refused_after
def withdrawal_by_another_worker(world, worlds):
    """worker or of a party"""
    record = world.granted()
    body = bodies.ConsentWithdrawn(pseudonym=worlds.worker().name, record=record)
    return world.entry(body, worlds.worker(1))


@refused_after
def withdrawal_under_another_pseudonym(world, worlds):
    """no such consent"""
    record = world.granted()
    body = bodies.ConsentWithdrawn(pseudonym=worlds.worker(1).name, record=record)
    return world.entry(body, worlds.worker(1))


@refused_after
def expiry_before_its_day(world, worlds):
    """not expired yet"""
    record = world.granted()
    world.now_ms = world.state.grants[record].until_ms - 1
    return world.entry(bodies.ConsentExpired(pseudonym=worlds.worker().name, record=record))


# Motion and releases.


@refused_after
def motion_without_a_grant(world, worlds):
    """no grant permits motion"""
    start = world.start()
    world.act(start, world.device)
    return world.entry(seal(start.session, "cd" * 16), world.device)


@refused_after
def motion_after_withdrawal(world, worlds):
    """no grant permits motion"""
    record, start = world.granted(), world.start()
    world.act(start, world.device)
    world.act(bodies.ConsentWithdrawn(pseudonym=worlds.worker().name, record=record), worlds.worker())
    return world.entry(seal(start.session, record), world.device)


@refused_after
def motion_after_the_grants_day(world, worlds):
    """no grant permits motion"""
    record = world.granted(until_ms=world.now_ms + 1)
    start = world.start()
    world.act(start, world.device)
    world.now_ms += 1
    return world.entry(seal(start.session, record), world.device)


@refused_after
def motion_that_a_new_version_forbids(world, worlds):
    """no grant permits motion"""
    record = world.granted()
    name = world.propose(world.next_version(motion={"permitted": False}, royalties=None))
    world.act(bodies.AgreementActivated(agreement=name), world.employer)
    start = world.start(agreement=name)
    world.act(start, world.device)
    return world.entry(seal(start.session, record), world.device)


@refused_after
def motion_outside_a_session(world, worlds):
    """not open"""
    return world.entry(seal("00" * 16, world.granted()), world.device)


@refused_after
def use_that_nobody_granted(world, worlds):
    """no grant permits this use"""
    world.granted()
    return world.entry(use(MotionPurpose.LICENSING))


@refused_after
def shredding_of_nothing(world, worlds):
    """no such consent"""
    return world.entry(shred("cd" * 16))


@refused_after
def release_of_a_small_group(world, worlds):
    """group is too small"""
    body = bodies.ReleasePublished(
        release="aa" * 16, agreement=world.hash, content="55" * 32, smallest_group=6, cells=9, suppressed=0
    )
    return world.entry(body)


@pytest.mark.parametrize("prepare", ROWS, ids=lambda row: row.__name__.replace("_", " "))
def test_it_is_refused_with_its_reason_and_changes_nothing(world, worlds, prepare):
    entry = prepare(world, worlds)
    before = world.state
    with pytest.raises(BadInput, match=f"^entry {before.size}: .*{prepare.pattern}"):
        admit(before, before.size, entry)
    assert world.state == before


# The beginning.


@pytest.mark.parametrize(
    ("role", "says"),
    [(Role.PLANT_LOG, "not a founding key"), (Role.LICENSEE, "not a founding key")],
)
def test_only_founding_roles_begin(make_world, role, says):
    world = make_world()
    with pytest.raises(BadInput, match=says):
        world.own(bodies.KeyAdded(role=role, key=str(world.employer.verifier)))


def test_nothing_precedes_the_founding_keys(make_world):
    world = make_world()
    world.own(bodies.KeyAdded(role=Role.EMPLOYER, key=str(world.employer.verifier)))
    device = bodies.DeviceEnrolled(device="edge-1", key=str(world.device.verifier))
    with pytest.raises(BadInput, match="founding keys come first"):
        world.act(device, world.employer)
    again = bodies.KeyAdded(role=Role.EMPLOYER, key=str(world.council.verifier))
    with pytest.raises(BadInput, match="not a founding key"):
        world.own(again)


def test_one_key_cannot_found_two_roles(make_world):
    world = make_world()
    world.own(bodies.KeyAdded(role=Role.EMPLOYER, key=str(world.employer.verifier)))
    with pytest.raises(BadInput, match="known already"):
        world.own(bodies.KeyAdded(role=Role.WORKS_COUNCIL, key=str(world.employer.verifier)))


def test_entries_come_in_order(world):
    with pytest.raises(BadInput, match="out of order"):
        admit(world.state, world.state.size + 1, world.entry(suspend(world), world.council))
