"""What is handed in stands in the log exactly once, in an order that no stop can lose."""

import errno
import os
from dataclasses import replace

import pytest

from consent.agreement.form import agreement_hash
from consent.agreement.lifecycle import State
from consent.agreement.signing import countersign, sign_agreement
from consent.entries.bodies import (
    AgreementActivated,
    AgreementResumed,
    AgreementSuspended,
    ConsentRequested,
    ConsentWithdrawn,
    KeyAdded,
    KeyRetired,
    RecordingStopped,
)
from consent.entries.vocabulary import Reason
from consent.keys import Role
from consent.log import directory as disk
from consent.log.cosigned import read_cosigned
from consent.log.directory import Directory
from consent.log.verify import verify_log
from consent.notes import cosign, parse_note
from consent.site.cosigner import LAST_RETRY_MS, LONGEST_REFRESH_MS, SHORTEST_REFRESH_MS, refresh_ms
from consent.site.follower import Follower
from consent.site.preview import preview
from consent.witness.client import WitnessAway, WitnessClock
from productivity.errors import BadInput

DAY_MS = 86_400_000


def suspend(site):
    return AgreementSuspended(agreement=site.world.hash)


def line(site):
    return site.state().agreements[site.world.hash]


def test_an_agreement_comes_into_force_by_files_alone(site):
    site.hand_in_agreement()
    site.hand_in(AgreementActivated(agreement=site.world.hash), site.world.council)
    done = site.step()
    assert (done.appended, done.refused, done.problems) == (4, (), ())
    assert line(site).state is State.ACTIVE
    assert site.plant.waiting() == []
    verify_log(Directory(site.plant.log), site.world.log.verifier)


def test_a_second_signature_that_comes_later_is_added(site):
    one = sign_agreement(site.world.agreement, site.world.employer)
    site.plant.hand_in(str(one.note))
    assert site.step().appended == 2
    site.plant.hand_in(str(countersign(one, site.world.council).note))
    assert site.step().appended == 1
    assert line(site).state is State.SIGNED_BY_BOTH


def test_what_is_refused_is_put_aside_with_its_reason_and_holds_nobody_up(site):
    site.agreed()
    bad = site.hand_in(suspend(site), site.world.device, signed_ms=site.now_ms - 1)
    site.hand_in(suspend(site), site.world.council)
    (site.plant.acts / "hello.note").write_text("hello\n\n— somebody AAAAAAAA\n", encoding="utf-8")
    done = site.step()
    assert (done.appended, len(done.refused)) == (1, 2)
    assert "signature is missing" in (site.plant.refused / bad.name).with_suffix(".reason").read_text()
    assert (site.plant.refused / "hello.reason").read_text().startswith("act: not an act")
    assert site.plant.waiting() == []


def test_a_stop_is_taken_in_before_what_was_handed_in_with_it(site):
    """An employer's narrower version would end the very version that the council suspends."""
    site.agreed()
    narrower = site.world.next_version(minimum_group=9)
    site.hand_in_agreement(narrower)
    site.hand_in(
        AgreementActivated(agreement=agreement_hash(narrower)),
        site.world.employer,
        signed_ms=site.now_ms - 1000,
    )
    site.hand_in(suspend(site), site.world.council)
    assert site.step().refused == ()
    assert site.state().agreements[agreement_hash(narrower)].state is State.SUSPENDED


def test_a_withdrawal_that_comes_with_its_grant_is_taken_in_after_it(site, worlds):
    site.agreed()
    one, record = worlds.worker(), "cd" * 16
    site.world.now_ms = site.now_ms
    site.hand_in(ConsentWithdrawn(pseudonym=one.name, record=record), one)
    site.hand_in(site.world.grant(one, record), one)
    question = ConsentRequested(pseudonym=one.name, record=record, agreement=site.world.hash)
    site.hand_in(question, site.world.employer, signed_ms=site.now_ms - 1)
    assert site.step().refused == ()
    assert site.state().records[record] == "withdrawn"


def test_a_grant_ends_by_itself_when_its_day_has_come(site, worlds):
    site.agreed()
    one, record = worlds.worker(), "cd" * 16
    site.world.now_ms = site.now_ms
    question = ConsentRequested(pseudonym=one.name, record=record, agreement=site.world.hash)
    site.hand_in(question, site.world.employer, signed_ms=site.now_ms - 1)
    site.hand_in(site.world.grant(one, record), one)
    site.step()
    site.now_ms += DAY_MS - 1
    assert site.step().appended == 0
    site.now_ms += 1
    assert site.step().appended == 1
    assert site.state().records[record] == "expired"


def test_an_act_handed_in_again_is_done_and_not_refused(site):
    site.agreed()
    content = site.hand_in(suspend(site), site.world.council).read_bytes()
    with site.operator() as operator:
        operator.step(site.now_ms)
        site.plant.hand_in(content)
        done = operator.step(site.now_ms)
    assert (done.appended, done.refused, site.plant.waiting()) == (0, (), [])


@pytest.mark.parametrize("removes", [0, 1, 2])
def test_a_crash_before_acts_are_removed_takes_nothing_in_twice(site, monkeypatch, removes):
    site.agreed()
    for number in range(3):
        site.hand_in(suspend(site), site.world.council, signed_ms=site.now_ms - number)
    size, real, calls = site.state().size, type(site.plant).remove, []

    def dies(plant, handed):
        if len(calls) == removes:
            raise KeyboardInterrupt
        calls.append(handed)
        real(plant, handed)

    monkeypatch.setattr(type(site.plant), "remove", dies)
    with pytest.raises(KeyboardInterrupt):
        site.step()
    monkeypatch.undo()
    assert len(site.plant.waiting()) == 3 - removes
    assert site.step().refused == ()
    assert site.state().size == size + 3
    assert list(site.plant.refused.iterdir()) == []


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_what_cannot_be_written_stays_handed_in(site, monkeypatch, error):
    """Each fsync of an append fails once; in the end every act is in, once."""
    site.agreed()
    with site.operator() as operator:
        for fails_at in range(1, 12):
            site.hand_in(suspend(site), site.world.council, signed_ms=site.now_ms - fails_at)
            size, real, calls = site.state().size, os.fsync, []

            def fsync(descriptor, fails_at=fails_at, calls=calls, real=real):
                calls.append(descriptor)
                if len(calls) == fails_at:
                    raise OSError(error, os.strerror(error))
                real(descriptor)

            with monkeypatch.context() as patch:
                patch.setattr(disk.os, "fsync", fsync)
                done = operator.step(site.now_ms)
            if len(calls) >= fails_at:
                assert (done.appended, done.working) == (0, False)
                assert "log takes nothing in" in done.problems[0]
                assert len(site.plant.waiting()) == 1
            operator.step(site.now_ms)
            assert (site.state().size, site.plant.waiting()) == (size + 1, [])
    assert list(site.plant.refused.iterdir()) == []
    assert len(calls) < 11
    verify_log(Directory(site.plant.log), site.world.log.verifier)


def test_a_log_that_does_not_verify_takes_nothing_in(site):
    site.agreed()
    site.hand_in(suspend(site), site.world.council)
    with site.operator() as operator:
        checkpoint = site.plant.log / "checkpoint"
        content = checkpoint.read_bytes()
        checkpoint.write_bytes(content.replace(b"\n8\n", b"\n7\n", 1))
        with pytest.raises(BadInput, match="wrong signature"):
            operator.step(site.now_ms)
        checkpoint.write_bytes(content)
        with pytest.raises(BadInput, match="wrong signature"):
            operator.step(site.now_ms)
    assert len(site.plant.waiting()) == 1


def test_a_damaged_log_has_no_operator(site):
    bundle = site.plant.log / "tile" / "entries" / "000.p" / "3"
    bundle.write_bytes(bundle.read_bytes().replace(b"witness", b"Witness"))
    with pytest.raises(BadInput), site.operator():
        pass


# Clock and witness.


def test_the_logs_time_does_not_go_back(site):
    site.agreed()
    site.step()
    latest = site.state().latest_ms
    site.now_ms = latest - 5_000
    site.hand_in(suspend(site), site.world.council)
    assert site.step().appended == 1
    assert site.state().latest_ms == latest


def test_a_clock_far_behind_the_log_takes_nothing_in(site):
    site.agreed()
    site.now_ms = site.state().latest_ms - 61_000
    site.hand_in(suspend(site), site.world.council)
    done = site.step()
    assert (done.appended, done.working) == (0, False)
    assert "clock in doubt: 61 s behind" in done.problems[0]
    assert len(site.plant.waiting()) == 1


@pytest.mark.parametrize("skew_ms", [-62_000, 62_000])
def test_a_clock_that_is_not_the_witnesss_takes_nothing_in(site, witness, skew_ms):
    """The first answer is waited for: before, nobody knows."""
    site.agreed()
    site.hand_in(suspend(site), site.world.council)
    witness.skew_ms = skew_ms
    with site.operator(witness) as operator:
        done = operator.step(site.now_ms)
        assert (done.appended, done.working) == (0, False)
        assert "clock in doubt" in done.problems[0]
        witness.skew_ms = 0
        site.now_ms += LAST_RETRY_MS
        assert operator.step(site.now_ms, wait_s=5).appended == 1
    assert line(site).state is State.SUSPENDED


def test_a_witness_that_refuses_our_time_stops_the_operator(site, witness):
    site.agreed()
    site.hand_in(suspend(site), site.world.council)
    witness.fails = WitnessClock("witness: its co-signature is dated +900 s from now")
    done = site.step(cosign=witness)
    assert (done.appended, done.working) == (0, False)


def test_a_witness_that_is_away_holds_nobody_up(site, witness):
    site.agreed()
    site.hand_in(suspend(site), site.world.council)
    witness.fails = WitnessAway("witness: no answer")
    done = site.step(cosign=witness)
    assert (done.appended, done.problems) == (1, ("witness: no answer",))


def test_each_new_checkpoint_is_cosigned_kept_and_published(site, witness):
    site.agreed()
    with site.operator(witness) as operator:
        operator.step(site.now_ms, wait_s=5)
        site.hand_in(suspend(site), site.world.council)
        done = operator.step(site.now_ms, wait_s=5)
    assert done.cosigned.checkpoint.size == done.state.size
    log, key = site.world.log.verifier, site.world.witness.verifier
    assert [one.checkpoint.size for one in read_cosigned(site.plant.log, log, key)] == [8, 9]
    verify_log(Directory(site.plant.log), log, required=[key])
    follower = site.plant.follow(log)
    follower.poll()
    assert follower.cosigned_ms == site.now_ms // 1000 * 1000


def test_a_cosignature_is_refreshed_before_it_grows_too_old(site, witness):
    site.agreed()
    with site.operator(witness) as operator:
        operator.step(site.now_ms, wait_s=5)
        asked = witness.asked
        operator.step(site.now_ms + LONGEST_REFRESH_MS - 1000, wait_s=5)
        assert witness.asked == asked
        operator.step(site.now_ms + LONGEST_REFRESH_MS, wait_s=5)
        assert witness.asked == asked + 1


@pytest.mark.parametrize(
    ("minutes", "refresh"),
    [(0, SHORTEST_REFRESH_MS), (1, 30_000), (60, 30 * 60_000), (480, LONGEST_REFRESH_MS)],
)
def test_refreshing_follows_what_is_agreed(site, minutes, refresh):
    changed = site.world.changed(suspension={"witness_away_minutes": minutes, "triggers": []})
    assert refresh_ms([site.world.agreement, changed]) == refresh


def test_a_cosignature_that_was_carried_over_by_hand_counts(site):
    site.agreed()
    note = parse_note((site.plant.log / "checkpoint").read_bytes())
    site.plant.hand_in(str(cosign(note, site.world.witness, site.now_ms // 1000)))
    forged = cosign(
        note, replace(site.world.witness, private=site.world.log.private), site.now_ms // 1000 + 5
    )
    site.plant.hand_in(str(forged))
    site.step()
    follower = site.plant.follow(site.world.log.verifier)
    follower.poll()
    assert follower.cosigned_ms == site.now_ms // 1000 * 1000
    assert len(list(site.plant.refused.glob("*.reason"))) == 1


# The log changes its key.


@pytest.fixture
def next_log(site, worlds):
    return replace(worlds.signer("next"), name=site.world.log.name)


def test_a_log_changes_its_key_and_followers_come_along(site, next_log):
    site.agreed()
    old = site.world.log
    along = site.plant.follow(old.verifier)
    along.poll()
    site.hand_in(KeyAdded(role=Role.PLANT_LOG, key=str(next_log.verifier)), site.world.employer)
    site.step()
    both = [old, next_log]
    with site.operator(signers=both) as operator:
        operator.step(site.now_ms)
        operator.sign_anew()
    assert Follower(Directory(site.plant.log), next_log.verifier).poll() == along.poll()
    site.hand_in(suspend(site), site.world.council)
    site.step(signers=both)
    site.hand_in(KeyRetired(role=Role.PLANT_LOG, key=str(old.verifier)), site.world.employer)
    site.step(signers=both)
    site.hand_in(
        AgreementResumed(
            agreement=site.world.hash, lifts=along.poll().agreements[site.world.hash].suspended_at
        ),
        site.world.council,
        site.world.employer,
    )
    site.step(signers=both)
    signatures = parse_note((site.plant.log / "checkpoint").read_bytes()).signatures
    assert [one.key_id for one in signatures] == [next_log.verifier.key_id]
    assert along.poll().agreements[site.world.hash].state is State.ACTIVE
    assert Follower(Directory(site.plant.log), next_log.verifier).poll() == along.state
    with pytest.raises(BadInput, match="not signed by any known key"):
        Follower(Directory(site.plant.log), old.verifier).poll()
    with pytest.raises(BadInput), site.operator():
        pass
    verify_log(Directory(site.plant.log), next_log.verifier)


def test_the_key_that_signs_here_is_not_retired_before_the_next_one_signs(site, next_log):
    site.agreed()
    site.hand_in(KeyAdded(role=Role.PLANT_LOG, key=str(next_log.verifier)), site.world.employer)
    site.step()
    site.hand_in(KeyRetired(role=Role.PLANT_LOG, key=str(site.world.log.verifier)), site.world.employer)
    done = site.step()
    assert "holds no other key" in done.refused[0].reason
    assert site.step().working


def test_a_checkpoint_signed_by_a_retired_key_alone_is_refused(site, next_log):
    """Whoever holds the old key after its retirement cannot speak for the log."""
    site.agreed()
    old, both = site.world.log, [site.world.log, next_log]
    site.hand_in(KeyAdded(role=Role.PLANT_LOG, key=str(next_log.verifier)), site.world.employer)
    site.step()
    site.step(signers=both)
    along = site.plant.follow(old.verifier)
    along.poll()
    site.hand_in(KeyRetired(role=Role.PLANT_LOG, key=str(old.verifier)), site.world.employer)
    site.step(signers=both)
    note = parse_note((site.plant.log / "checkpoint").read_bytes())
    only_old = type(note)(note.text, note.signatures[:1])
    assert only_old.signatures[0].key_id == old.verifier.key_id
    (site.plant.log / "checkpoint").write_text(str(only_old), encoding="utf-8")
    with pytest.raises(BadInput, match="not signed by any known key"):
        along.poll()


def test_a_stop_of_a_session_is_taken_in_with_its_minutes(site):
    site.agreed()
    site.world.now_ms = site.now_ms = 1_803_891_600_000  # 2027-03-01T09:00Z
    start = site.world.start()
    site.hand_in(start, site.world.device)
    assert site.step().refused == ()
    site.now_ms += 60_000
    stop = RecordingStopped(session=start.session, reason=Reason.OPERATOR, recorded_ms=60_000)
    site.hand_in(stop, site.world.device)
    site.step()
    assert list(site.state().recorded_ms.values()) == [60_000]


def test_a_stop_that_is_dated_ahead_is_not_refused_but_waits(site):
    """A council whose clock is fast has said stop; that its act counts must not end by a refusal."""
    site.agreed()
    site.hand_in(suspend(site), site.world.council, signed_ms=site.now_ms + 120_000)
    site.hand_in(suspend(site), site.world.device, signed_ms=site.now_ms + 120_001)
    done = site.step()
    assert (done.appended, len(done.refused), len(site.plant.waiting())) == (0, 1, 1)
    assert (
        preview(site.state(), site.plant.waiting_acts()).line_for("assembly bench").state is State.SUSPENDED
    )
    site.now_ms += 120_000
    assert site.step().appended == 1
