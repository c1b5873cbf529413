"""What the plant server says in the log's own name: admitted like everything else, answered once it is in."""

import errno
import os

import pytest

from consent.agreement.form import agreement_hash
from consent.agreement.signing import sign_agreement
from consent.agreement.vocabulary import Role, View
from consent.entries.bodies import (
    AccessViewed,
    AgreementActivated,
    AgreementResumed,
    AgreementSuspended,
    ConsentRequested,
    ConsentWithdrawn,
    KeyRetired,
    MotionUsed,
    ReleasePublished,
)
from consent.entries.form import parse_entry
from consent.keys import Role as KeyRole
from consent.log import directory as disk
from consent.log.checkpoint import parse_checkpoint
from consent.log.directory import Directory
from consent.log.reader import LogReader
from consent.notes import parse_note
from consent.site.cosigner import LONGEST_REFRESH_MS, QUIET_MS
from consent.site.own_words import Said


def view(number=0, *, role=Role.ENGINEER, what=View.TIMELINES, station="assembly bench"):
    return AccessViewed(role=role, who=f"{number:064x}", view=what, station=station)


def release(site, **keys):
    values = {
        "release": "ab" * 16,
        "agreement": site.world.hash,
        "content": "cd" * 32,
        "smallest_group": 9,
        "cells": 4,
        "suppressed": 1,
    }
    return ReleasePublished.model_validate(values | keys)


def entry_at(site, index):
    """Read an entry as anybody reads it: from the files, with the published checkpoint."""
    files = Directory(site.plant.log)
    checkpoint = parse_checkpoint(parse_note(files.read("checkpoint")).text)
    return parse_entry(LogReader(files, checkpoint).entry(index), "entry")


def test_a_word_stands_in_the_log_under_the_number_that_was_answered(site):
    site.agreed()
    done = site.step(own=[view(1), view(2)])
    size = site.state().size
    assert done.said == (Said(size - 2), Said(size - 1))
    for said, number in zip(done.said, (1, 2), strict=True):
        entry = entry_at(site, said.index)
        assert (entry.body, entry.act) == (view(number), None)


def test_a_word_that_may_not_stand_is_refused_alone(site):
    site.agreed()
    ours = [
        view(1),
        release(site, smallest_group=3),
        view(2),
        KeyRetired(role=KeyRole.WITNESS, key=str(site.world.witness.verifier)),
    ]
    done = site.step(own=ours)
    assert [said.index is not None for said in done.said] == [True, False, True, False]
    assert "group is too small" in done.said[1].refused
    assert "signature is missing" in done.said[3].refused
    assert done.appended == 2


@pytest.mark.parametrize(
    ("role", "what", "station"),
    [
        (Role.SUPERVISOR, View.TIMELINES, "assembly bench"),
        (Role.ENGINEER, View.OWN_MOTION, "assembly bench"),
        (Role.ENGINEER, View.TIMELINES, "a station of nobody's agreement"),
    ],
)  # fmt: skip
def test_a_look_that_nobody_agreed_to_is_not_said(site, role, what, station):
    site.agreed()
    size = site.state().size
    done = site.step(own=[view(role=role, what=what, station=station)])
    assert done.said == (
        Said(None, "no agreement permits this view: expected what the works agreement lets the role see"),
    )
    assert site.state().size == size


def test_without_an_agreement_nobody_looks(site):
    done = site.step(own=[view(role=role, what=what, station=None) for role in Role for what in View])
    assert [said.index for said in done.said] == [None] * len(done.said)


def test_words_come_after_what_was_handed_in_with_them(site, worlds):
    """A use of motion that is said in the moment of the withdrawal is not a use any more."""
    site.agreed()
    one, record = worlds.worker(), "cd" * 16
    site.world.now_ms = site.now_ms
    question = ConsentRequested(pseudonym=one.name, record=record, agreement=site.world.hash)
    site.hand_in(question, site.world.employer, signed_ms=site.now_ms - 1)
    site.hand_in(site.world.grant(one, record), one)
    use = MotionUsed(
        use="11" * 16, segments=("22" * 16,), purpose="retention for own review", terms="33" * 32
    )
    assert site.step(own=[use]).said[0].index is not None
    site.hand_in(ConsentWithdrawn(pseudonym=one.name, record=record), one)
    assert "no grant permits this use" in site.step(own=[use]).said[0].refused


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_no_word_is_answered_that_the_disk_did_not_take(site, monkeypatch, error):
    """Each fsync of an append fails once. What is not answered may be in the log; what is answered is."""
    site.agreed()
    answered = []
    with site.operator() as operator:
        for fails_at in range(1, 12):
            real, calls = os.fsync, []

            def fails(descriptor, fails_at=fails_at, calls=calls, real=real):
                calls.append(descriptor)
                if len(calls) == fails_at:
                    raise OSError(error, os.strerror(error))
                real(descriptor)

            monkeypatch.setattr(disk.os, "fsync", fails)
            done = operator.step(site.now_ms, own=[view(fails_at)])
            monkeypatch.undo()
            if done.said:
                answered.append((fails_at, done.said[0].index))
            else:
                assert not done.working
                assert "log takes nothing in" in done.problems[0] or "out of reach" in done.problems[0]
            operator.step(site.now_ms)
    assert 0 < len(answered) < 11  # fewer fsyncs than tries: some fail, some do not
    for number, index in answered:
        assert entry_at(site, index).body == view(number)


def test_no_word_is_answered_while_the_clock_is_in_doubt(site):
    site.agreed()
    site.now_ms = site.state().latest_ms - 61_000
    done = site.step(own=[view()])
    assert (done.said, done.working) == ((), False)


def test_a_note_that_is_too_long_for_the_log_is_refused_and_holds_nobody_up(site):
    """Anybody who may hand in could else stop the operator for good, with an agreement that nobody signed."""
    site.agreed()
    stations = [f"{'s' * 70}{number}" for number in range(250)]
    days = {"first_day": "2027-03-01", "last_day": "2027-03-10"}
    campaigns = [{"name": f"c{n}", "stations": stations, "minutes_per_day": 60, **days} for n in range(4)]
    keys = {"motion": {"permitted": False}, "royalties": None}
    long = site.world.changed(id="long", stations=stations, campaigns=campaigns, **keys)
    site.plant.hand_in(str(sign_agreement(long, site.world.employer).note))
    done = site.step(own=[view()])
    assert "entry is too long" in done.refused[0].reason
    assert (done.appended, done.said[0].index) == (1, site.state().size - 1)
    assert site.plant.waiting() == []


# Releases: the plant's rule and the auditor's are the same.


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"smallest_group": 6}, "group is too small"),
        ({"suppressed": 5}, "more suppressed cells than cells"),
        ({"agreement": "00" * 32}, "agreement is not in the log"),
    ],
)
def test_a_release_that_the_auditor_would_fault_is_refused(site, keys, says):
    site.agreed()
    assert says in site.step(own=[release(site, **keys)]).said[0].refused


def test_a_table_without_a_figure_rests_on_nobody_and_may_leave(site):
    site.agreed()
    done = site.step(own=[release(site, smallest_group=0, cells=4, suppressed=4)])
    assert done.said[0].index is not None


def test_a_release_under_an_agreement_that_never_came_into_force_is_refused(site):
    site.hand_in_agreement()
    assert "never in force" in site.step(own=[release(site)]).said[0].refused


def test_a_newer_version_that_asks_for_larger_groups_counts_for_older_data(site):
    site.agreed()
    narrower = site.world.next_version(minimum_group=12)
    site.hand_in_agreement(narrower)
    site.hand_in(AgreementActivated(agreement=agreement_hash(narrower)), site.world.employer)
    site.step()
    assert "expected 12 or more" in site.step(own=[release(site, smallest_group=9)]).said[0].refused


# How soon the witness is asked.


def test_looks_wait_for_their_cosignature_and_acts_do_not(site, witness):
    site.agreed()
    with site.operator(witness) as operator:
        operator.step(site.now_ms, wait_s=5)
        asked = witness.asked
        for number in range(5):
            site.now_ms += 1000
            operator.step(site.now_ms, own=[view(number)], wait_s=5)
        assert witness.asked == asked
        site.now_ms += QUIET_MS
        operator.step(site.now_ms, wait_s=5)
        assert witness.asked == asked + 1
        operator.step(site.now_ms, own=[view(9)], wait_s=5)
        site.hand_in(AgreementSuspended(agreement=site.world.hash), site.world.council)
        done = operator.step(site.now_ms, wait_s=5)
        assert witness.asked == asked + 2
        assert done.cosigned.checkpoint.size == done.state.size
        # A look that comes with an act is co-signed with it.
        site.now_ms += 1000
        lifts = done.state.agreements[site.world.hash].suspended_at
        resumed = AgreementResumed(agreement=site.world.hash, lifts=lifts)
        site.hand_in(resumed, site.world.council, site.world.employer)
        done = operator.step(site.now_ms, own=[view(10)], wait_s=5)
        assert done.cosigned.checkpoint.size == done.state.size
    assert LONGEST_REFRESH_MS > QUIET_MS  # otherwise the refreshing alone would have shown this
