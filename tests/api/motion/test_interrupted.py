"""A use of motion that is interrupted anywhere is completed or rolled back, and never exported unbooked.

Whatever a use calls that leaves something behind is a step here. The process dies (`Killed`, which nothing
of ours catches) before a step, or after it took effect, and a new keeper goes on with what there is.
"""

import re
import shutil
import sqlite3
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from api.policy import Role
from api.services import Services
from api.uses import course
from api.uses.keeper import UseKeeper, clear_up, motion_kept
from api.uses.requests import DOWNLOAD_DAYS, decide
from consent.entries.bodies import (
    AgreementResumed,
    AgreementSuspended,
    MotionExported,
    MotionUsed,
    RoyaltyAccrued,
    RoyaltyPaid,
)
from consent.royalties.payout import plan_run
from productivity.errors import BadInput
from storage.exports.motion import export
from storage.exports.motion.sums import check_export
from storage.sql.database import Database
from storage.sql.royalties import journal_of_use, keep_run, unlogged, whole_journal
from storage.sql.store import SqlStore
from storage.sql.uses import UNFINISHED, UseState, find_use
from tests.api.motion.conftest import motion_plant
from tests.api.motion.test_story import audit, said
from tests.consent.world import DAY_MS

STEPS = [
    ("say", 1),  # motion.used
    ("advance_use", 1),  # logged
    ("evidence", 1),
    ("open", 1),
    ("open", 2),
    ("write_sums", 1),  # in the middle of an export
    ("export", 1),
    ("say", 2),  # motion.exported
    ("advance_use", 2),  # exported
    ("keep_bookings", 1),
    ("say_all", 1),
    ("note_logged", 1),
    ("advance_use", 3),  # booked
]
LOGGED, CHARGED = STEPS.index(("say", 1)), STEPS.index(("keep_bookings", 1))


class Killed(BaseException):
    """The process is dead."""


def die():
    raise Killed


class Interruption:
    """Dies before or after the nth call of a step."""

    def __init__(self, plant, monkeypatch, die=die):
        self._calls, self._deadly, self._after, self._die = [], None, False, die
        monkeypatch.setattr(export, "write_sums", self._counted("write_sums", export.write_sums))
        monkeypatch.setattr(course, "advance_use", self._counted("advance_use", course.advance_use))
        monkeypatch.setattr(course, "export", self._counted("export", course.export))
        monkeypatch.setattr(course, "keep_bookings", self._counted("keep_bookings", course.keep_bookings))
        monkeypatch.setattr(course, "note_logged", self._counted("note_logged", course.note_logged))
        monkeypatch.setattr(course, "erase_export", self._counted("erase_export", course.erase_export))
        for name, owner in (
            ("say_all", plant.desk),
            ("say", Words(plant.desk)),
            ("evidence", plant.room),
            ("open", plant.room),
        ):
            target = plant.desk if name == "say" else owner
            monkeypatch.setattr(target, name, self._counted(name, getattr(owner, name)))

    def at(self, step, *, after):
        self._calls, self._deadly, self._after = [], step, after
        return self

    def never(self):
        self._calls, self._deadly = [], None

    def _counted(self, name, function):
        def call(*arguments, **named):
            self._calls.append(name)
            mine = (name, self._calls.count(name)) == self._deadly
            if mine and not self._after:
                self._die()
            done = function(*arguments, **named)
            if mine:
                self._die()
            return done

        return call


class Words:
    """`say` of a desk that does not pass through its `say_all`, which is a step of its own."""

    def __init__(self, desk):
        self._say_all = desk.say_all

    def say(self, body):
        return self._say_all([body])[0]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """One plant for all; Anna's two segments are used again and again."""
    with motion_plant(tmp_path_factory.mktemp("plant")) as plant:
        plant.anna = plant.colleague().opts_in()
        plant.of_anna = plant.anna.moves(2, 1)
        plant.buyer = plant.licensee()
        plant.boss = plant.person(Role.MANAGER)
        yield plant


@pytest.fixture
def interrupted(place, monkeypatch):
    return Interruption(place, monkeypatch)


def approved(plant):
    plant.steady_s += 60  # nobody is in a hurry here: requests are limited by the minute
    plant.later(1000)  # no two acts are the same
    use = plant.buys(plant.buyer)["use"]
    decision = {"approved": True}
    path = f"/v1/motion/uses/{use}/decision"
    assert plant.ask("POST", path, headers=plant.boss, json=decision).status_code == 200
    return use


def dies(plant, interrupted, use, step, *, after):
    interrupted.at(step, after=after)
    with pytest.raises(Killed):
        UseKeeper(plant.services, plant.room).finish(use)
    interrupted.never()
    assert find_use(plant.database, use).state in UNFINISHED or step == ("advance_use", 3)


def goes_on(plant, use):
    """A new process takes its first turn; return the use, and hold it against log, books and downloads."""
    UseKeeper(plant.services, plant.room).turn()
    found = find_use(plant.database, use)
    assert_settled(plant, found)
    return found


def fetched(plant, use):
    return plant.ask("GET", f"/v1/motion/uses/{use}/export.zip", headers=plant.buyer).status_code == 200


def assert_settled(plant, use):
    assert use.state in {UseState.BOOKED, UseState.ROLLED_BACK}
    used = [body for body in said(plant, MotionUsed) if body.use == use.use]
    exported = [body.content for body in said(plant, MotionExported) if body.use == use.use]
    told = [body for body in said(plant, RoyaltyAccrued) if body.use == use.use]
    journal = journal_of_use(plant.database, use.use)
    assert len(used) == (use.log_index is not None)
    assert len(exported) <= 1
    if use.state is UseState.BOOKED:
        assert exported == [use.export_hash]
    # Each share once, in the books as in the log, and paid by whoever got something.
    assert sorted(body.booking for body in told) == sorted(journal.bookings)
    assert bool(told) == bool(used)
    assert sum(journal.balances().values()) == 0
    debtors = {
        account for account, _ in journal.balances() if account == "expense" or "receivable" in account
    }
    paying = f"receivable:{use.licensee}" if use.state is UseState.BOOKED else "expense"
    assert debtors == ({paying} if told else set())
    assert unlogged(plant.database)[1:] == ([], [])
    if use.state is UseState.ROLLED_BACK:
        assert not (plant.room.exports / use.use).exists()
        assert not fetched(plant, use.use)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step[0]} {step[1]}")
def test_a_use_is_completed_whatever_interrupts_it(place, interrupted, step, after):
    use = approved(place)
    dies(place, interrupted, use, step, after=after)
    booked = find_use(place.database, use).state is UseState.BOOKED
    assert fetched(place, use) == booked == (step == STEPS[-1] and after)
    assert goes_on(place, use).state is UseState.BOOKED
    assert fetched(place, use)
    shutil.rmtree(place.room.exports / use)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step[0]} {step[1]}")
def test_a_withdrawal_at_any_moment_leaves_nothing_to_fetch_and_nothing_unpaid(
    place, interrupted, step, after
):
    ben = place.colleague().opts_in()
    ben.moves(1)
    use = approved(place)
    dies(place, interrupted, use, step, after=after)
    ben.withdraws()
    found = goes_on(place, use)
    reached = STEPS.index(step) + after  # how many steps took effect
    assert (found.log_index is not None) == (reached > LOGGED)
    assert (found.state is UseState.BOOKED) == (reached > CHARGED)
    owed = whole_journal(place.database).owed(ben.name, "EUR")
    assert (owed > 0) == (reached > LOGGED)
    assert not fetched(place, use)
    assert not (place.room.exports / use).exists()


@pytest.mark.parametrize("step", [("erase_export", 1), ("keep_bookings", 1), ("note_logged", 1)], ids=str)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_roll_back_that_is_interrupted_stays_one_even_if_a_suspension_is_lifted(
    place, interrupted, step, after
):
    use = approved(place)
    dies(place, interrupted, use, ("export", 1), after=after)
    suspend(place)
    dies(place, interrupted, use, step, after=after)
    resume(place)
    found = goes_on(place, use)
    charged = (step[0], after) not in {
        ("erase_export", False),
        ("erase_export", True),
        ("keep_bookings", False),
    }
    assert (found.state is UseState.ROLLED_BACK) == charged


def test_an_agreement_that_is_suspended_rolls_back_what_is_logged(place, interrupted):
    use = approved(place)
    dies(place, interrupted, use, ("advance_use", 1), after=True)
    suspend(place)
    found = goes_on(place, use)
    resume(place)
    assert (found.state, found.log_index is not None) == (UseState.ROLLED_BACK, True)


def suspend(plant):
    plant.later(1000)
    plant.consented.hand_in(
        AgreementSuspended(agreement=plant.consented.world.hash), plant.consented.world.council
    )
    plant.settle()


def resume(plant):
    plant.later(1000)
    world = plant.consented.world
    [line] = plant.desk.state().logged.agreements.values()
    body = AgreementResumed(agreement=world.hash, lifts=line.suspended_at)
    plant.consented.hand_in(body, world.employer, world.council)
    plant.settle()


def test_a_use_waits_for_the_witness_and_goes_on_later(place, monkeypatch):
    use = approved(place)
    place.consented.witness_is_away = True
    monkeypatch.setattr(place.room, "evidence", partial(place.room.evidence, patience_s=0.2))
    UseKeeper(place.services, place.room).turn()
    assert find_use(place.database, use).state is UseState.LOGGED
    assert not (place.room.exports / use).exists()
    place.consented.witness_is_away = False
    place.later(2000)
    monkeypatch.setattr(place.room, "evidence", partial(place.room.evidence, patience_s=30))
    assert goes_on(place, use).state is UseState.BOOKED


def test_a_witness_who_stays_away_does_not_keep_the_workers_from_their_pay(place, monkeypatch):
    use = approved(place)
    place.consented.witness_is_away = True
    monkeypatch.setattr(place.room, "evidence", partial(place.room.evidence, patience_s=0.2))
    UseKeeper(place.services, place.room).turn()
    place.later(DAY_MS - 1000)
    UseKeeper(place.services, place.room).turn()
    assert find_use(place.database, use).state is UseState.LOGGED
    place.later(1000)
    assert goes_on(place, use).state is UseState.ROLLED_BACK
    place.consented.witness_is_away = False
    place.later(60_000)


def test_a_key_store_that_does_not_answer_delays_a_use_and_ends_none(place, monkeypatch):
    use = approved(place)

    def away(*_):
        raise BadInput("key store is out of reach")

    with monkeypatch.context() as patch:
        patch.setattr(place.room, "open", away)
        UseKeeper(place.services, place.room).turn()
    assert find_use(place.database, use).state is UseState.LOGGED
    assert goes_on(place, use).state is UseState.BOOKED


def test_an_export_that_a_disk_has_lost_is_made_again_and_said_again(place, interrupted):
    """The proof in it may be of a later checkpoint, so its hash may be another: the log names both."""
    use = approved(place)
    dies(place, interrupted, use, ("say", 2), after=True)
    (place.room.exports / use / "TERMS.txt").write_text("not what was written", encoding="utf-8")
    index = find_use(place.database, use).log_index
    before = place.room.evidence(index).proof
    place.later(120_000)  # the witness co-signs again
    until(lambda: place.room.evidence(index).proof != before)
    UseKeeper(place.services, place.room).turn()
    found = find_use(place.database, use)
    exported = [body.content for body in said(place, MotionExported) if body.use == use]
    assert found.state is UseState.BOOKED
    assert len(set(exported)) == 2
    assert exported[-1] == found.export_hash
    assert fetched(place, use)


EXPORTED = ("advance_use", 2)
LOSSES = {
    "a file damaged": lambda where: (where / "motion.mcap").write_bytes(b"x"),
    "a file lost": lambda where: (where / "motion.mcap").unlink(),
    "all of it lost": shutil.rmtree,
    "another one": lambda where: (
        (where / "TERMS.txt").write_bytes(b"other terms"),
        (where / "SHA256SUMS").unlink(),
        export.write_sums(where),
    ),
}


def assert_remade(plant, use):
    """It was made again and said again: the last hash in the log is of what can be fetched."""
    found = find_use(plant.database, use)
    exported = [body.content for body in said(plant, MotionExported) if body.use == use]
    assert found.state is UseState.BOOKED
    assert exported[-1] == found.export_hash == check_export(plant.room.exports / use)
    told = [body.booking for body in said(plant, RoyaltyAccrued) if body.use == use]
    assert sorted(told) == sorted(journal_of_use(plant.database, use).bookings)
    assert fetched(plant, use)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("step", [EXPORTED, ("keep_bookings", 1)], ids=lambda step: step[0])
def test_an_export_that_a_disk_has_lost_is_not_booked_before_it_is_made_again(place, interrupted, step, loss):
    use = approved(place)
    dies(place, interrupted, use, step, after=True)
    LOSSES[loss](place.room.exports / use)
    UseKeeper(place.services, place.room).turn()
    assert_remade(place, use)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    "step",
    [
        ("erase_export", 1),
        ("export", 1),
        ("say", 1),
        ("keep_bookings", 1),
        ("note_logged", 1),
        ("advance_use", 1),
    ],
    ids=lambda step: step[0],
)
def test_an_export_is_made_again_whatever_interrupts_that(place, interrupted, step, after):
    use = approved(place)
    dies(place, interrupted, use, EXPORTED, after=True)
    (place.room.exports / use / "motion.mcap").unlink()
    index = find_use(place.database, use).log_index
    before = place.room.evidence(index).proof
    place.later(120_000)  # the witness co-signs again: another proof, another hash
    until(lambda: place.room.evidence(index).proof != before)
    interrupted.at(step, after=after)
    with pytest.raises(Killed):
        UseKeeper(place.services, place.room).finish(use)
    interrupted.never()
    UseKeeper(place.services, place.room).turn()
    assert_remade(place, use)


def test_what_a_licensee_was_charged_for_is_booked_even_if_it_cannot_be_made_again(place, interrupted):
    use = approved(place)
    dies(place, interrupted, use, ("keep_bookings", 1), after=True)
    (place.room.exports / use / "motion.mcap").unlink()
    suspend(place)
    UseKeeper(place.services, place.room).turn()
    resume(place)
    assert find_use(place.database, use).state is UseState.BOOKED
    assert not (place.room.exports / use).exists()
    assert not fetched(place, use)


def test_half_an_export_is_never_booked_after_a_roll_back_was_killed_while_it_erased(
    place, interrupted, monkeypatch
):
    use = approved(place)
    dies(place, interrupted, use, EXPORTED, after=True)
    suspend(place)

    def dies_in_the_middle(path):
        (path / "motion.mcap").unlink()
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(export.shutil, "rmtree", dies_in_the_middle)
        with pytest.raises(Killed):
            UseKeeper(place.services, place.room).finish(use)
    assert not (place.room.exports / use).exists()
    resume(place)
    UseKeeper(place.services, place.room).turn()
    assert_remade(place, use)
    clear_up(place.room)
    assert [path.name for path in place.room.exports.glob(".*")] == []


@pytest.mark.parametrize("step", [("keep_bookings", 1), ("note_logged", 1)], ids=lambda step: step[0])
def test_a_roll_back_goes_on_even_if_a_power_loss_brings_the_export_back(place, interrupted, tmp_path, step):
    """The plant was charged already, so the licensee gets nothing, whatever lies there."""
    use = approved(place)
    dies(place, interrupted, use, EXPORTED, after=True)
    shutil.copytree(place.room.exports / use, tmp_path / "kept")
    suspend(place)
    dies(place, interrupted, use, step, after=True)
    shutil.copytree(tmp_path / "kept", place.room.exports / use)
    resume(place)
    assert goes_on(place, use).state is UseState.ROLLED_BACK


def test_after_an_older_database_is_restored_no_booking_is_said_twice(plant, tmp_path):
    """The course of the use is lost, and made again an hour later: the log has its bookings already."""
    plant.colleague().opts_in().moves(20)
    plant.buyer, plant.boss = plant.licensee(), plant.person(Role.MANAGER)
    use = plant.buys(plant.buyer)["use"]
    with sqlite3.connect(tmp_path / "plant.db") as now, sqlite3.connect(tmp_path / "older.db") as older:
        now.backup(older)
    older.close()
    now.close()
    plant.decides(use)
    assert goes_on(plant, use).state is UseState.BOOKED
    before = said(plant, RoyaltyAccrued)
    plant.later(3_600_000)
    with Database(f"sqlite:///{tmp_path}/older.db", None) as older:
        services = Services(
            SqlStore(older), older, plant.services.now_ms, site=plant.desk, motion=plant.room, data=plant.data
        )
        decide(services, use, approved=True)
        UseKeeper(services, plant.room).turn()
        assert find_use(older, use).state is UseState.BOOKED
        assert unlogged(older)[1:] == ([], [])
    assert before
    assert said(plant, RoyaltyAccrued) == before
    assert audit(plant).findings == ()


@pytest.mark.parametrize("step", [("say_all", 1), ("note_logged", 1)], ids=str)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_payout_stands_in_the_log_once(place, interrupted, step, after):
    use = approved(place)
    goes_on(place, use)
    run = plan_run(
        whole_journal(place.database), use, "EUR", 1, place.services.now_ms(), draw_salt=lambda: bytes(32)
    )
    keep_run(place.database, run)
    interrupted.at(step, after=after)
    with pytest.raises(Killed):
        UseKeeper(place.services, place.room).turn()
    interrupted.never()
    UseKeeper(place.services, place.room).turn()
    wanted = [one.body for one in run.payouts]
    assert wanted
    assert [body for body in said(place, RoyaltyPaid) if body in wanted] == wanted
    assert unlogged(place.database)[1:] == ([], [])


def test_the_auditor_finds_nothing_after_all_of_it(place):
    assert audit(place).findings == ()


def test_the_thread_finds_what_a_command_has_approved(place, monkeypatch):
    turns, turn = [], UseKeeper.turn
    monkeypatch.setattr(UseKeeper, "turn", lambda keeper: (turn(keeper), turns.append(time.monotonic())))
    use = place.buys(place.buyer)["use"]
    with motion_kept(place.services, place.room, again_s=600, look_s=0.05):
        until(lambda: turns and time.monotonic() > turns[-1] + 1)  # what it began with is done
        decide(place.services, use, approved=True)
        until(lambda: find_use(place.database, use).state is UseState.BOOKED)
    assert_settled(place, find_use(place.database, use))
    assert fetched(place, use)


def until(condition):
    ends = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_the_start_removes_motion_that_lies_in_the_clear(place):
    exports = place.room.exports
    left = [exports / f".{'ab' * 16}.0123abcd.partial", exports / ".own-x1y2"]
    for path in left:
        (path / "data").mkdir(parents=True)
        (path / "data" / "file").write_bytes(b"motion")
    whole = exports / ("cd" * 16)
    whole.mkdir()
    with motion_kept(place.services, place.room):
        assert not any(path.exists() for path in left)
    assert whole.is_dir()
    assert clear_up(place.room) == 0


def test_a_download_that_expired_is_erased(plant):
    plant.anna = plant.colleague().opts_in()
    plant.anna.moves(2)
    plant.buyer, plant.boss = plant.licensee(), plant.person(Role.MANAGER)
    use = approved(plant)
    assert goes_on(plant, use).state is UseState.BOOKED
    plant.later(DOWNLOAD_DAYS * DAY_MS - 1000)
    plant.keeper.turn()
    assert (plant.room.exports / use).is_dir()
    plant.later(1000)
    assert not fetched(plant, use)
    plant.keeper.turn()
    assert not (plant.room.exports / use).exists()


@pytest.mark.parametrize("step", [("write_sums", 1, "before"), ("keep_bookings", 1, "after")], ids=str)
def test_kill_9_in_the_middle_leaves_nothing_in_the_clear_and_nothing_unpaid(tmp_path, step):
    words = [sys.executable, "-m", "tests.api.motion.kill_keeper", str(tmp_path), *map(str, step)]
    done = subprocess.run(
        words,
        cwd=Path(__file__).resolve().parents[3],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == -9, done.stderr
    use = re.search("^use ([0-9a-f]{32})$", done.stderr, re.MULTILINE)[1]
    left = [path.name for path in (tmp_path / "data" / "exports").iterdir()]
    assert any(name.endswith(".partial") for name in left) == (step[0] == "write_sums")
    with motion_plant(tmp_path, again=True) as plant:
        assert find_use(plant.database, use).state in UNFINISHED
        with motion_kept(plant.services, plant.room):
            until(lambda: find_use(plant.database, use).state not in UNFINISHED)
        found = find_use(plant.database, use)
        assert found.state is UseState.BOOKED
        assert_settled(plant, found)
        assert [path.name for path in plant.room.exports.iterdir()] == [use]
        assert audit(plant).findings == ()
