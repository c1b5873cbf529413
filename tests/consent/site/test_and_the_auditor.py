"""What the plant admits, the auditor does not fault: two programs that share no rule, on the same entries."""

import random
from dataclasses import replace

import pytest

from consent.audit.audit import audit
from consent.audit.catalogue import Check
from consent.audit.policy import parse_policy
from consent.entries import bodies
from consent.entries.bodies import RecordingStarted
from consent.entries.vocabulary import Criterion, Reason, SuspendedBecause
from consent.keys import Role
from consent.notes import KeyType
from productivity.errors import BadInput

JUDGED = {Check.SCHEMA, Check.TIMES, Check.AUTHORITY, Check.AGREEMENTS, Check.CONSENT, Check.MOTION}
"""When a device stops, what is shredded and who is paid are not the operator's to decide."""

SEEDS, STEPS = 10, 80


def policy_of(world):
    lines = [
        f"log {world.log.verifier}",
        f"witness council {world.witness.verifier}",
        "quorum council",
        f"employer {world.employer.verifier}",
        f"works-council {world.council.verifier}",
    ]
    return parse_policy("\n".join(lines).encode() + b"\n", "policy")


def actions(world, worlds):
    """Everything that somebody may try; most of it is refused most of the time."""
    new = {role: replace(worlds.signer(f"next-{role}")) for role in Role}
    new[Role.PLANT_LOG] = replace(new[Role.PLANT_LOG], name=world.log.name)
    new[Role.WITNESS] = worlds.signer("next-witness", KeyType.COSIGNATURE)
    record, one = next(iter(world.state.records)), worlds.worker()
    fresh = worlds.identifier("record", world.state.size // 4)
    lines = list(world.state.agreements.values())
    latest = lines[-1]
    sessions = list(world.state.sessions) or ["00" * 16]
    tries = {
        "propose narrower": lambda: world.propose(world.next_version(latest.agreement, minimum_group=9)),
        "propose wider": lambda: world.propose(
            world.next_version(latest.agreement, minimum_group=6), world.employer
        ),
        "propose another": lambda: world.propose(world.changed(id="another")),
        "ask": bodies.ConsentRequested(pseudonym=one.name, record=fresh, agreement=latest.hash),
        "give": world.grant(one, fresh, agreement=latest.hash),
        "refuse": bodies.ConsentRefused(pseudonym=one.name, key=str(one.verifier), record=fresh),
        "renew": bodies.ConsentRenewed.model_validate(
            world.grant(one, fresh, agreement=latest.hash).model_dump() | {"renews": record}
        ),
        "withdraw": bodies.ConsentWithdrawn(pseudonym=one.name, record=record),
        "expire": bodies.ConsentExpired(pseudonym=one.name, record=record),
        "enrol": bodies.DeviceEnrolled(device="edge-2", key=str(worlds.signer("edge-2").verifier)),
        "revoke": bodies.DeviceRevoked(device="edge-1"),
        "seal": bodies.MotionSealed(
            segment=worlds.identifier("segment", world.state.size),
            session=sessions[0],
            record=record,
            span_ms=1,
            commitment="11" * 32,
        ),
        "stop": bodies.RecordingStopped(session=sessions[0], reason=Reason.OPERATOR, recorded_ms=0),
        "complete": bodies.RecordingCompleted(
            agreement=latest.hash, campaign="assembly", station="assembly bench", criterion=Criterion.CYCLES
        ),
    }
    for line in lines:
        name, at = line.agreement.version, line.suspended_at or 0
        tries |= {
            f"activate {name}": bodies.AgreementActivated(agreement=line.hash),
            f"suspend {name}": bodies.AgreementSuspended(agreement=line.hash),
            f"trigger {name}": bodies.AgreementSuspended(
                agreement=line.hash, because=SuspendedBecause.OUTSIDE_SCOPE
            ),
            f"resume {name}": bodies.AgreementResumed(agreement=line.hash, lifts=at),
            f"end {name}": bodies.AgreementEnded(agreement=line.hash),
            f"start {name}": world.start(agreement=line.hash),
        }
    for role in (Role.EMPLOYER, Role.WORKS_COUNCIL, Role.WITNESS, Role.PLANT_LOG, Role.LICENSEE):
        key = str(new[role].verifier)
        tries[f"add {role}"] = bodies.KeyAdded(role=role, key=key)
        olds = {Role.EMPLOYER: world.employer, Role.WORKS_COUNCIL: world.council, Role.WITNESS: world.witness}
        old = str(olds.get(role, world.log).verifier)
        tries[f"replace {role}"] = bodies.KeyAdded(role=role, key=key, replaces=old)
        tries[f"retire {role}"] = bodies.KeyRetired(role=role, key=old)
    both = (world.employer, world.council)
    signers = [(), *((one,) for one in both), both, (world.device,), (worlds.signer("edge-2"),), (one,)]
    signers += [(world.employer, new[Role.EMPLOYER]), (world.council, new[Role.WORKS_COUNCIL])]
    signers += [
        (new[Role.EMPLOYER],),
        (new[Role.WORKS_COUNCIL],),
        (new[Role.EMPLOYER], new[Role.WORKS_COUNCIL]),
    ]
    return list(tries.values()), signers


def attempt(world, what, signers, signed_ms):
    """Let one after the other try, until it is admitted."""
    for some in signers:
        try:
            if callable(what):
                what()
            else:
                world.take(world.entry(what, *some, signed_ms=signed_ms))
        except BadInput:
            continue
        return


@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_is_tried_the_auditor_agrees_with_what_was_admitted(make_world, worlds, seed):
    rng = random.Random(seed)
    world = make_world().founded().agreed().enrolled()
    world.granted()
    for _ in range(STEPS):
        world.now_ms += rng.choice((0, 1, 60_000, 3_600_000))
        able, signers = actions(world, worlds)
        signed_ms = world.now_ms - rng.choice((0, 0, 0, 1, 120_000, -500))
        attempt(world, rng.choice(able), rng.sample(signers, len(signers)), signed_ms)
    assert world.state.size > 20  # otherwise nearly nothing was admitted, and nothing is shown
    entries = [(index, bytes(entry)) for index, entry in enumerate(world.entries)]
    report = audit(entries, policy_of(world), at_ms=world.now_ms)
    faults = [
        finding.says("en")
        for finding in report.findings
        if finding.check in JUDGED
        or (finding.index is not None and isinstance(world.entries[finding.index].body, RecordingStarted))
    ]
    assert faults == []
