"""Handing in: durable, idempotent, and not to be hindered by whatever else lies in the directory."""

import os
import stat

import pytest

from consent.entries.bodies import AgreementResumed, AgreementSuspended, DeviceRevoked, RecordingCompleted
from consent.entries.form import Entry, sign_act
from consent.entries.vocabulary import Criterion
from consent.site.plant import LARGEST, MOST, Plant
from consent.site.preview import preview
from productivity.errors import BadInput


@pytest.fixture
def plant(tmp_path):
    made = Plant(tmp_path / "plant")
    made.create()
    return made


@pytest.fixture
def act(world):
    return sign_act(AgreementSuspended(agreement=world.hash), world.log.name, world.now_ms, world.council)


def test_an_act_waits_under_its_own_hash_and_twice_is_once(plant, act):
    first, second = plant.hand_in(str(act.note)), plant.hand_in(str(act.note).encode())
    assert first == second
    assert plant.waiting_acts() == [act]
    assert [path.name for path in plant.acts.iterdir() if path.is_file()] == [first.name]


def test_others_may_read_it_whatever_the_umask(plant, act):
    before = os.umask(0o077)
    try:
        path = plant.hand_in(str(act.note))
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_creating_a_site_again_changes_nothing(plant, act):
    plant.hand_in(str(act.note))
    plant.create()
    assert plant.waiting_acts() == [act]


@pytest.mark.parametrize("content", ["no note", "text\n\n— key " + "A" * 2 * LARGEST + "\n"])
def test_what_can_be_no_act_is_refused_at_once(plant, content):
    with pytest.raises(BadInput):
        plant.hand_in(content)
    assert plant.waiting() == []


def test_there_is_no_handing_in_without_a_site(tmp_path, act):
    with pytest.raises(BadInput, match="no such site"):
        Plant(tmp_path / "nowhere").hand_in(str(act.note))


def test_a_write_that_fails_leaves_nothing(plant, act, monkeypatch):
    def fails(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("consent.site.plant.os.fsync", fails)
    with pytest.raises(OSError, match="No space"):
        plant.hand_in(str(act.note))
    assert [path.name for path in plant.acts.iterdir()] == ["refused"]


def test_links_pipes_and_large_files_are_not_waited_for(plant, act, tmp_path):
    os.mkfifo(plant.acts / "pipe.note")
    secret = tmp_path / "secret"
    secret.write_text(str(act.note))
    (plant.acts / "link.note").symlink_to(secret)
    (plant.acts / "large.note").write_bytes(b"x" * (LARGEST + 1))
    (plant.acts / "folder.note").mkdir()
    (plant.acts / ".hidden.note").write_text("")
    (plant.acts / "name with spaces.note").write_text("")
    plant.hand_in(str(act.note))
    assert plant.waiting_acts() == [act]


def test_too_many_acts_are_no_way_to_hide_a_stop(plant):
    for number in range(MOST + 1):
        (plant.acts / f"{number}.note").write_text("x")
    with pytest.raises(BadInput, match="too many acts"):
        plant.waiting_acts()
    assert len(plant.waiting()) == MOST


def test_acts_that_cannot_be_read_are_an_error_and_not_none(tmp_path):
    with pytest.raises(OSError, match="acts"):
        Plant(tmp_path / "nowhere").waiting_acts()


# What waits and stops counts at once.


def completed(world):
    body = RecordingCompleted(
        agreement=world.hash, campaign="assembly", station="assembly bench", criterion=Criterion.CYCLES
    )
    return sign_act(body, world.log.name, world.now_ms, world.device)


def test_a_waiting_suspension_counts_and_nothing_that_permits_does(world, act):
    seen = preview(world.state, [completed(world), act])
    assert seen.agreements[world.hash].state == "suspended"
    assert seen.completed == frozenset()
    assert world.state.agreements[world.hash].state == "active"


def test_a_waiting_revocation_counts(world):
    revoked = sign_act(DeviceRevoked(device="edge-1"), world.log.name, world.now_ms, world.council)
    assert "edge-1" not in preview(world.state, [revoked]).devices


@pytest.mark.parametrize("ahead_ms", [-(10**9), 10**9], ids=["signed long ago", "dated in the future"])
def test_a_stop_counts_whatever_its_date(world, ahead_ms):
    body = AgreementSuspended(agreement=world.hash)
    act = sign_act(body, world.log.name, world.now_ms + ahead_ms, world.council)
    assert preview(world.state, [act]).agreements[world.hash].state == "suspended"


@pytest.mark.parametrize("who", ["device", "employer of another log"])
def test_a_stop_by_somebody_else_does_not_count(world, who):
    signer, log = (world.device, world.log.name) if who == "device" else (world.employer, "elsewhere")
    act = sign_act(AgreementSuspended(agreement=world.hash), log, world.now_ms, signer)
    assert preview(world.state, [act]) == world.state


def test_a_suspension_that_was_lifted_does_not_come_back(world, act):
    """The operator died before it removed the act."""
    at = world.take(Entry(world.now_ms, act.body, act))
    world.act(AgreementResumed(agreement=world.hash, lifts=at), world.employer, world.council)
    assert preview(world.state, [act]) == world.state


def test_a_note_that_was_exchanged_meanwhile_is_not_removed(plant):
    file = plant.acts / "by-hand.note"
    file.write_text("first\n\n— key AAAAAAAA\n")
    [handed] = plant.waiting()
    file.write_text("second\n\n— key AAAAAAAA\n")
    plant.remove(handed)
    assert file.exists()
    plant.remove(plant.waiting()[0])
    assert not file.exists()
