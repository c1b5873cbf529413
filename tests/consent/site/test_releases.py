"""Releases: what the plant lets leave and what the auditor faults are the two halves of everything."""

from itertools import product

import pytest

from consent.agreement.form import agreement_hash
from consent.audit.audit import audit
from consent.audit.catalogue import Check
from consent.audit.policy import parse_policy
from consent.entries.bodies import AgreementActivated, AgreementEnded, ReleasePublished
from consent.entries.form import Entry
from consent.site.admission import admit
from productivity.errors import BadInput


def policy_of(world):
    lines = (
        f"log {world.log.verifier}",
        "quorum none",
        f"employer {world.employer.verifier}",
        f"works-council {world.council.verifier}",
    )
    return parse_policy("\n".join(lines).encode() + b"\n", "policy")


def faulted(world, entry):
    entries = [bytes(one) for one in (*world.entries, entry)]
    report = audit(enumerate(entries), policy_of(world), at_ms=world.now_ms)
    return any(one.check is Check.RELEASES for one in report.findings)


def versions(world):
    """Two versions of one agreement, the second with larger groups; a third that was only proposed."""
    second = world.next_version(minimum_group=12)
    world.act(AgreementActivated(agreement=world.propose(second)), world.employer)
    third = world.next_version(second, minimum_group=8)
    return [world.hash, agreement_hash(second), world.propose(third), "00" * 32]


@pytest.mark.parametrize("ended", [False, True])
def test_the_plant_refuses_exactly_what_the_auditor_would_fault(make_world, ended):
    world = make_world().founded().agreed()
    hashes = versions(world)
    if ended:
        world.act(AgreementEnded(agreement=hashes[1]), world.council)
    outcomes = set()
    for name, group, (cells, suppressed) in product(
        hashes, (0, 6, 7, 11, 12), ((4, 0), (4, 3), (4, 4), (4, 5), (0, 0))
    ):
        body = ReleasePublished(
            release="ab" * 16, agreement=name, content="cd" * 32,
            smallest_group=group, cells=cells, suppressed=suppressed,
        )  # fmt: skip
        entry = Entry(world.now_ms, body)
        try:
            admit(world.state, world.state.size, entry)
            refused = False
        except BadInput:
            refused = True
        assert refused == faulted(world, entry), body
        outcomes.add((name, refused))
    assert {(hashes[0], True), (hashes[0], False), (hashes[2], True), (hashes[3], True)} <= outcomes
    assert (hashes[2], False) not in outcomes
