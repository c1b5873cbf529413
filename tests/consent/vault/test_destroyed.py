"""What was destroyed stays so, and the auditor agrees with when it was due."""

import pytest

from consent.audit.audit import audit
from consent.audit.catalogue import Check
from consent.audit.policy import parse_policy
from consent.entries.bodies import MotionShredded
from consent.entries.vocabulary import ShreddedBecause
from consent.site.logged import Logged
from consent.vault.shredding import due_keys
from consent.vault.store import SealedBook
from productivity.errors import BadInput
from tests.consent.vault.vault_world import motion, same
from tests.consent.world import DAY_MS


def say(vault, body):
    index = vault.site.own(body)
    vault.book.add([Logged(index, vault.site.entries[index])])


def destroy_due(vault):
    """What a plant server does: shred, erase, say so."""
    left = vault.book.left()
    records = vault.keys.known() | {entry.body.record for entry in left}
    for due in due_keys(vault.site.state, records, vault.site.now_ms):
        vault.keys.shred(due.record)
        segments = tuple(entry.body.segment for entry in left if entry.body.record == due.record)
        for segment in segments:
            vault.segments.erase(segment)
        if segments:
            say(vault, MotionShredded(record=due.record, segments=segments, because=due.because))


def faults(vault):
    """What an auditor finds about motion, consent and destruction, from the entries alone."""
    site = vault.site
    lines = (
        f"log {site.log.verifier}",
        "quorum none",
        f"employer {site.employer.verifier}",
        f"works-council {site.council.verifier}",
    )
    policy = parse_policy("\n".join(lines).encode() + b"\n", "policy")
    entries = enumerate(bytes(entry) for entry in site.entries)
    about = {Check.MOTION, Check.SHREDDING, Check.CONSENT}
    found = audit(entries, policy, at_ms=site.now_ms).findings
    return [finding.check for finding in found if finding.check in about]


def test_one_withdraws_and_the_others_motion_still_opens(vault):
    first, second = vault.consents(0), vault.consents(1)
    gone, kept = vault.seals(first), vault.seals(second, motion(seed=2))
    evidence = vault.uses(gone, kept)
    vault.withdraws(first)
    destroy_due(vault)
    assert vault.keys.known() == {second}
    assert [entry.body.segment for entry in vault.book.left()] == [kept]
    assert same(vault.vault.open(evidence, kept), motion(seed=2))
    with pytest.raises(BadInput, match="no such segment"):
        vault.vault.open(evidence, gone)


def test_a_segment_that_was_destroyed_does_not_come_back(vault):
    """Its file is put back from a copy, its worker still consents: the log says that it is gone."""
    record = vault.consents()
    segment = vault.seals(record)
    copy = vault.segments.get(segment)
    say(vault, MotionShredded(record=record, segments=(segment,), because=ShreddedBecause.RETENTION))
    vault.segments.put(copy)
    with pytest.raises(BadInput, match="log knows no such segment"):
        vault.vault.open(vault.uses(segment), segment)


def test_the_auditor_finds_nothing(vault):
    """A whole life: two workers, uses, a renewal, a withdrawal, an expiry; everything destroyed in time."""
    first, second = vault.consents(0), vault.consents(1)
    segments = [vault.seals(first), vault.seals(second)]
    vault.uses(*segments)
    renewed = vault.renews(first)
    segments.append(vault.seals(renewed))
    vault.uses(segments[0], segments[2])
    vault.withdraws(renewed)
    destroy_due(vault)
    vault.wait(DAY_MS)
    destroy_due(vault)
    vault.wait(DAY_MS)
    assert vault.book.left() == ()
    assert faults(vault) == []


def test_the_auditor_would_have_found_it(vault):
    """Nothing is said of what a withdrawal destroyed, or should have."""
    record = vault.consents()
    vault.seals(record)
    vault.withdraws(record)
    vault.wait(DAY_MS)
    assert faults(vault) == [Check.SHREDDING]


def test_a_book_believes_the_first_word(vault):
    """A second sealing under the same number, or one after its destruction, changes nothing."""
    record = vault.consents()
    segment = vault.seals(record)
    entry = vault.book.sealed(segment)
    logged = Logged(entry.index, vault.site.entries[entry.index])
    book = SealedBook()
    book.add([logged, Logged(entry.index + 5, logged.entry)])
    assert book.sealed(segment) == entry
    vault.withdraws(record)
    destroy_due(vault)
    vault.book.add([logged])
    assert vault.book.sealed(segment) is None
