"""What must be destroyed by now: a row for each way in which consent ends, and those in which it does not."""

import pytest

from consent.agreement.form import agreement_hash
from consent.entries.bodies import AgreementActivated, AgreementEnded, AgreementSuspended, ConsentExpired
from consent.entries.vocabulary import ShreddedBecause
from consent.vault.shredding import DueKey, due_keys, due_segments
from consent.vault.standing import latest_record
from tests.consent.world import DAY_MS, worker

HOUR_MS = DAY_MS // 24


def _nothing(world, record):
    pass


def _withdrawn(world, record):
    world.withdraws(record)


def _expired(world, record):
    world.wait()
    world.site.own(ConsentExpired(pseudonym=worker().name, record=record))


def _over(world, record):
    world.wait()


def _nearly_over(world, record):
    world.wait(DAY_MS - 1)


def _agreement_ended(world, record):
    world.site.act(AgreementEnded(agreement=world.site.hash), world.site.employer)


def _suspended(world, record):
    world.site.act(AgreementSuspended(agreement=world.site.hash), world.site.employer)


def _next_version(world, record, **keys):
    agreement = world.site.next_version(**keys)
    world.site.propose(agreement)
    world.site.act(AgreementActivated(agreement=agreement_hash(agreement)), world.site.employer)


def _motion_no_longer_agreed(world, record):
    _next_version(world, record, motion={"permitted": False}, royalties=None)


def _last_day_passed(world, record):
    _next_version(world, record, validity={"first_day": "2027-02-15", "last_day": "2027-03-12"}, campaigns=[
        {"name": "assembly", "stations": ["assembly bench"], "first_day": "2027-03-01",
         "last_day": "2027-03-12", "minutes_per_day": 120, "enough": {"cycles": 400}},
    ])  # fmt: skip
    world.wait(12 * DAY_MS)


def _renewed(world, record):
    world.renews(record)


def _renewed_and_withdrawn(world, record):
    world.withdraws(world.renews(record))


def _renewed_and_over(world, record):
    world.renews(record)
    world.wait()


ROWS = {
    "in force": (_nothing, None),
    "withdrawn": (_withdrawn, ShreddedBecause.WITHDRAWN),
    "expired in the log": (_expired, ShreddedBecause.EXPIRED),
    "over, the log has not said so yet": (_over, ShreddedBecause.EXPIRED),
    "a millisecond before its end": (_nearly_over, None),
    "agreement ended": (_agreement_ended, ShreddedBecause.ENDED),
    "last day of the agreement passed": (_last_day_passed, ShreddedBecause.ENDED),
    "agreement suspended": (_suspended, None),
    "new version of the agreement": (_next_version, None),
    "motion no longer agreed": (_motion_no_longer_agreed, None),
    "renewed": (_renewed, None),
    "renewed, then withdrawn": (_renewed_and_withdrawn, ShreddedBecause.WITHDRAWN),
    "renewed, then over": (_renewed_and_over, ShreddedBecause.EXPIRED),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_key_is_due(vault, name):
    happens, because = ROWS[name]
    record, other = vault.consents(), vault.consents(1, until_ms=vault.site.now_ms + 60 * DAY_MS)
    happens(vault, record)
    due = {
        one.record: one.because for one in due_keys(vault.site.state, vault.keys.known(), vault.site.now_ms)
    }
    assert due.get(record) is because
    if because is not ShreddedBecause.ENDED:
        assert other not in due


def test_a_renewed_record_goes_with_the_last_one(vault):
    """Segments of three records in a row, one consent: all three keys go."""
    first = vault.consents()
    second = vault.renews(first)
    third = vault.renews(second)
    assert latest_record(vault.site.state, first) == third
    assert due_keys(vault.site.state, vault.keys.known(), vault.site.now_ms) == ()
    vault.withdraws(third)
    due = due_keys(vault.site.state, vault.keys.known(), vault.site.now_ms)
    assert due == tuple(DueKey(one, ShreddedBecause.WITHDRAWN) for one in sorted((first, second, third)))


def test_a_record_that_the_log_has_not_heard_of_is_left_alone(vault):
    """A log that is incomplete must not destroy anything."""
    vault.keys.create("ab" * 16)
    assert due_keys(vault.site.state, vault.keys.known(), vault.site.now_ms) == ()


def test_segments_grow_too_old_while_their_grant_lives(vault):
    """Kept for 30 days at most: the end of the thirtieth day after the one on which it was sealed."""
    _next_version(
        vault, None, motion=vault.site.agreement.model_dump(mode="json")["motion"] | {"retention_days": 30}
    )
    vault.site.hash = max(vault.site.state.agreements.values(), key=lambda line: line.agreement.version).hash
    record = vault.consents(until_ms=vault.site.now_ms + 30 * DAY_MS)
    old = vault.seals(record)
    vault.wait(10 * DAY_MS)
    young = vault.seals(record)
    vault.renews(record, until_ms=vault.site.now_ms + 30 * DAY_MS)

    def due():
        found = due_segments(vault.site.state, vault.book.left(), vault.site.now_ms)
        return [entry.body.segment for entry in found]

    vault.wait(20 * DAY_MS)  # eight in the morning of the thirtieth day, and in summer time it is nine
    assert due() == []
    vault.wait(14 * HOUR_MS)
    assert due() == []
    vault.wait(HOUR_MS)
    assert due() == [old]
    assert young not in due()


def test_segments_of_a_key_that_is_due_go_with_it(vault):
    record = vault.consents()
    vault.seals(record)
    vault.withdraws(record)
    vault.wait(400 * DAY_MS)
    assert due_segments(vault.site.state, vault.book.left(), vault.site.now_ms) == ()


def test_renewals_are_what_the_log_says(vault):
    """A record that was not renewed stands for itself."""
    first, other = vault.consents(), vault.consents(1)
    second = vault.renews(first)
    assert dict(vault.site.state.renewals) == {first: second}
    assert latest_record(vault.site.state, other) == other
