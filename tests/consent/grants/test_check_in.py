"""A check-in: signed by the worker whose grant is in force, for one station, fresh, and taken once."""

import os

import pytest

from consent.entries.bodies import AgreementEnded, ConsentWithdrawn
from consent.grants.check_in import (
    FRESH_MS,
    LONGEST_MINUTES,
    CheckIn,
    new_check_in,
    read_check_in,
    sign_check_in,
    verified,
)
from consent.grants.check_ins import CheckIns
from consent.notes import parse_note
from productivity.errors import BadInput
from tests.consent.conftest import MemoryFiles
from tests.consent.world import STATION, World, worker

PUBLIC = bytes(range(32))


@pytest.fixture
def world():
    return World(MemoryFiles()).founded().agreed().enrolled()


def check_in(world, record, minutes=30, station=STATION):
    return new_check_in(world.state, record, station, PUBLIC, world.now_ms, minutes, os.urandom)


def signed(world, record, one=None, **keys):
    return read_check_in(sign_check_in(check_in(world, record, **keys), one or worker()))


def test_what_the_worker_signed_holds_for_its_minutes(world):
    record = world.granted()
    body = verified(signed(world, record), world.state, world.now_ms + FRESH_MS)
    assert (body.record, body.station, body.public) == (record, STATION, PUBLIC)
    assert body.until_ms == world.now_ms + 30 * 60_000


def test_no_session_is_longer_than_the_consent(world):
    record = world.granted(until_ms=world.now_ms + 60_000)
    assert check_in(world, record).until_ms == world.now_ms + 60_000


def withdraw(world, record):
    world.act(ConsentWithdrawn(pseudonym=worker().name, record=record), worker())
    return 0


def end_the_agreement(world, record):
    world.act(AgreementEnded(agreement=world.hash), world.employer, world.council)
    return 0


@pytest.mark.parametrize(
    ("meanwhile", "words"),
    [
        (withdraw, "consent is not in force"),
        (end_the_agreement, "no motion may be kept here"),
        (lambda *_: FRESH_MS + 1, "not of now"),
        (lambda *_: -5_000, "not of now"),
    ],
    ids=["withdrawn", "agreement ended", "too old", "dated in the future"],
)
def test_what_happened_since_makes_it_void(world, meanwhile, words):
    record = world.granted()
    note = signed(world, record)
    later = meanwhile(world, record)
    with pytest.raises(BadInput, match=words):
        verified(note, world.state, world.now_ms + later)


def test_only_the_worker_whose_consent_it_is_checks_in(world):
    record = world.granted()
    with pytest.raises(BadInput):
        verified(signed(world, record, worker(1)), world.state, world.now_ms)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("log", "another.example/log"),
        ("record", "0" * 32),
        ("station", "packing table"),
        ("key", "ff" * 32),
        ("until", "2027-03-01T09:00:00.000Z"),
    ],
)
def test_nothing_of_it_can_be_changed(world, key, value):
    """Above all not the key: motion would be sealed for somebody else."""
    note = signed(world, world.granted()).note
    changed = CheckIn.model_validate({**signed(world, world.granted()).body.model_dump(), key: value})
    forged = read_check_in(
        str(type(note)(parse_note(sign_check_in(changed, worker(7))).text, note.signatures))
    )
    with pytest.raises(BadInput):
        verified(forged, world.state, world.now_ms)


def test_even_the_worker_cannot_sign_for_ever(world):
    body = check_in(world, world.granted())
    long = body.model_copy(update={"until": "2027-03-02T07:00:00.000Z"})
    with pytest.raises(BadInput, match=f"at most {LONGEST_MINUTES} minutes"):
        verified(read_check_in(sign_check_in(long, worker())), world.state, world.now_ms)


@pytest.mark.parametrize("minutes", [0, LONGEST_MINUTES + 1])
def test_nor_is_such_a_one_made(world, minutes):
    with pytest.raises(BadInput, match="minutes"):
        check_in(world, world.granted(), minutes=minutes)


def test_it_cannot_be_made_where_no_motion_may_be_kept(world):
    with pytest.raises(BadInput, match="no motion may be kept here"):
        check_in(world, world.granted(), station="packing table")


# --- As files. ---


def test_a_recorder_takes_it_once_and_says_what_became_of_it(world, tmp_path):
    note = sign_check_in(check_in(world, world.granted()), worker())
    here = CheckIns(tmp_path)
    number = here.put(note)
    assert here.waiting(frozenset({"another"})) == []
    (found,) = here.waiting(frozenset({STATION}))
    assert found.body.check_in == number
    assert here.take(number)
    assert not here.take(number), "another recorder has it"
    assert here.waiting(frozenset({STATION})) == []
    assert here.state(number) is None
    here.say(number, "motion is being kept")
    assert here.state(number) == "motion is being kept"
    assert not here.is_out(number)
    here.check_out(number)
    assert here.is_out(number)


def test_a_directory_that_is_gone_counts_as_checked_out(tmp_path):
    assert CheckIns(tmp_path / "none").is_out("0" * 32)


def test_what_others_put_there_is_passed_over(world, tmp_path):
    here = CheckIns(tmp_path)
    number = here.put(sign_check_in(check_in(world, world.granted()), worker()))
    directory = tmp_path / "check-ins"
    os.mkfifo(directory / f"{'1' * 32}.note")
    (directory / f"{'2' * 32}.note").symlink_to(directory / f"{number}.note")
    (directory / f"{'3' * 32}.note").write_bytes((directory / f"{number}.note").read_bytes())
    (directory / f"{'4' * 32}.note").write_bytes(b"x" * 100_000)
    (directory / f"{'5' * 32}.note").write_text("a text")
    (directory / "notes.txt").touch()
    assert [one.body.check_in for one in here.waiting(frozenset({STATION}))] == [number]


def test_old_files_go_and_others_stay(tmp_path):
    here = CheckIns(tmp_path)
    here.check_out("0" * 32)
    (tmp_path / "check-ins" / "notes.txt").touch()
    made_s = (tmp_path / "check-ins" / f"{'0' * 32}.out").stat().st_mtime
    here.tidy(made_s + 3600)
    assert here.is_out("0" * 32)
    here.tidy(made_s + 25 * 3600)
    assert not here.is_out("0" * 32)
    assert (tmp_path / "check-ins" / "notes.txt").exists()


@pytest.mark.parametrize("number", ["../../etc", "A" * 32, ""])
def test_a_number_is_no_path(tmp_path, number):
    with pytest.raises(BadInput, match="number"):
        CheckIns(tmp_path).check_out(number)
