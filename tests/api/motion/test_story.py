"""Two workers opt in, a licence is bought and paid, one withdraws: what stays, what goes, and the log."""

import io
import zipfile

import pytest

from consent.audit.kept import read_kept
from consent.audit.policy import parse_policy
from consent.audit.verify import audit_log
from consent.entries.bodies import MotionExported, MotionShredded, MotionUsed, RoyaltyAccrued
from consent.log.directory import Directory
from storage.sql.royalties import whole_journal
from storage.sql.uses import UseState, find_use
from tests.api.motion.conftest import sha256
from tests.consent.world import STATION


def audit(plant):
    log = plant.consented.plant.log
    policy = parse_policy(plant.consented.policy().encode(), "policy")
    return audit_log(Directory(log), policy, kept=read_kept(log), at_ms=plant.consented.now_ms)


def said(plant, kind):
    return [one.entry.body for one in plant.desk.recent(kind, most=100)][::-1]


@pytest.fixture
def bought(plant):
    """Anna and Ben were recorded one after the other; all of it is licensed, exported and booked."""
    anna, ben = plant.colleague().opts_in(), plant.colleague().opts_in()
    plant.anna, plant.ben = anna, ben
    plant.of_anna = anna.moves(60, 30)
    plant.of_ben = ben.moves(45)
    plant.buyer = plant.licensee()
    plant.use = plant.buys(plant.buyer)["use"]
    assert plant.decides(plant.use).status_code == 200
    plant.keeper.turn()
    return plant


def test_the_price_is_shared_to_the_cent(bought):
    """135 s at 40.00 EUR an hour are 1.50 EUR: 1.05 for the workers, 0.30 collective, 0.15 the plant's."""
    use = find_use(bought.database, bought.use)
    assert use.state is UseState.BOOKED
    amounts = {(body.account, body.pseudonym): body.amount for body in said(bought, RoyaltyAccrued)}
    assert amounts == {
        ("worker", bought.anna.name): 70,
        ("worker", bought.ben.name): 35,
        ("collective", None): 30,
        ("plant", None): 15,
    }
    assert sum(amounts.values()) == 150
    balances = whole_journal(bought.database).balances()
    assert sum(balances.values()) == 0


def test_what_was_bought_can_be_fetched_and_is_what_the_log_names(bought):
    answer = bought.ask("GET", f"/v1/motion/uses/{bought.use}/export.zip", headers=bought.buyer)
    assert answer.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    [exported] = said(bought, MotionExported)
    assert sha256(archive.read("SHA256SUMS")) == exported.content
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert bought.anna.name.encode() not in everything
    assert bought.ben.name.encode() not in everything
    [used] = said(bought, MotionUsed)
    assert sorted(used.segments) == sorted([*bought.of_anna, *bought.of_ben])
    assert sha256(archive.read("TERMS.txt")) == used.terms


def test_a_withdrawal_ends_it_for_one_and_leaves_the_other(bought):
    secrets = {path: content for path, content in bought.secret_bytes().items() if "keys" in path.parts}
    assert secrets
    before = bought.room.keys.known()
    bought.anna.withdraws()
    bought.keeper.turn()
    assert bought.room.keys.known() == before - {bought.anna.record}
    assert sorted(said(bought, MotionShredded)[0].segments) == sorted(bought.of_anna)
    # The export held her motion: nobody fetches it any more, and it is gone.
    answer = bought.ask("GET", f"/v1/motion/uses/{bought.use}/export.zip", headers=bought.buyer)
    assert answer.status_code == 409
    assert not (bought.room.exports / bought.use).exists()
    assert {label.segment for label in bought.room.segments.labels()} == set(bought.of_ben)
    # Ben still sees his own; Anna has nothing left to see.
    watched = bought.ben.ask("/v1/motion/own/watch", segments=bought.of_ben)
    assert watched.status_code == 200, watched.text
    assert len(watched.json()["figures"][0]["times_ms"]) == 451
    assert bought.anna.ask("/v1/motion/own/watch", segments=bought.of_anna).status_code == 409
    # A new licence holds only what is left, and what is owed stays owed.
    offer = bought.ask("GET", "/v1/motion/offer", headers=bought.buyer).json()
    assert offer["stations"] == [{"station": STATION, "seconds": 45}]
    assert whole_journal(bought.database).owed(bought.anna.name, "EUR") == 70
    assert audit(bought).findings == ()


def test_nothing_is_kept_of_the_bytes_of_a_shredded_key(plant):
    anna = plant.colleague().opts_in()
    anna.moves(5)
    import sqlite3

    with sqlite3.connect(plant.data / "keys" / "keys.db") as connection:
        [private] = connection.execute("SELECT private FROM worker_key").fetchone()
    assert any(private in content for content in plant.secret_bytes().values())
    anna.withdraws()
    plant.keeper.turn()
    windows = {private[start : start + 8] for start in range(len(private) - 7)}
    for path, content in plant.secret_bytes().items():
        assert not any(window in content for window in windows), path


def test_the_auditor_finds_nothing_in_the_whole_story(bought):
    bought.ben.ask("/v1/motion/own/watch", segments=bought.of_ben)
    bought.anna.withdraws()
    bought.keeper.turn()
    report = audit(bought)
    assert (report.number, report.findings) == (0, ())
