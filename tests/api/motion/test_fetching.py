"""An export that is fetched while consent ends is not handed out, and a slow vault holds nobody else up."""

import asyncio
import shutil
import threading
import time

import httpx
import pytest

from api.policy import Role
from api.routes import uses
from tests.api.plant import is_problem
from tests.consent.world import STATION

WITHIN_S = 3


@pytest.fixture
def sold(plant):
    """Anna's motion was licensed, exported and booked."""
    plant.anna = plant.colleague().opts_in()
    plant.anna.moves(2)
    plant.buyer = plant.licensee()
    plant.use = plant.buys(plant.buyer)["use"]
    assert plant.decides(plant.use).status_code == 200
    plant.keeper.turn()
    return plant


def fetch(plant):
    return plant.ask("GET", f"/v1/motion/uses/{plant.use}/export.zip", headers=plant.buyer)


def changed(name, content):
    return lambda directory: (directory / name).write_bytes(content)


def test_a_withdrawal_while_it_is_packed_stops_it(sold, monkeypatch):
    """All files are still there and whole: the keeper has not had its turn."""
    pack = uses.zipped

    def packed(directory):
        content = pack(directory)
        sold.later(1000)
        sold.anna.withdraws()
        return content

    monkeypatch.setattr(uses, "zipped", packed)
    is_problem(fetch(sold), 409, "conflict")
    assert (sold.room.exports / sold.use).is_dir()


def test_a_withdrawal_that_was_answered_stops_it_at_once(sold, monkeypatch):
    """Also where the desk takes its time to tell what it has seen."""
    look = sold.desk._looker.look

    def slow(*given):
        seen = look(*given)
        time.sleep(0.3)
        return seen

    monkeypatch.setattr(sold.desk._looker, "look", slow)
    sold.later(1000)
    assert sold.anna.ask("/v1/grants/withdraw").status_code == 200
    is_problem(fetch(sold), 409, "conflict")


@pytest.mark.parametrize(
    "fault",
    [
        shutil.rmtree,
        lambda directory: (directory / "motion.mcap").unlink(),
        lambda directory: (directory / "SHA256SUMS").unlink(),
        changed("motion.mcap", b"\0"),
        changed("TERMS.txt", b"other terms"),
        changed("SHA256SUMS", b""),
        changed("more.txt", b"what the log names nothing of"),
    ],
    ids=["all gone", "a file gone", "sums gone", "overwritten", "other terms", "empty sums", "one too many"],
)
def test_what_is_not_whole_is_not_handed_out(sold, monkeypatch, fault):
    """The keeper erases at the same time, or a disk is damaged: never a part of an export."""
    pack = uses.zipped

    def packed(directory):
        fault(directory)
        return pack(directory)

    monkeypatch.setattr(uses, "zipped", packed)
    is_problem(fetch(sold), 409, "conflict")


def test_a_file_that_is_erased_in_the_moment_it_is_read_is_no_fault(sold, monkeypatch):
    def packed(directory):
        raise FileNotFoundError(directory / "motion.mcap")

    monkeypatch.setattr(uses, "zipped", packed)
    is_problem(fetch(sold), 409, "conflict")


@pytest.mark.parametrize("act", ["look", "ask", "decide"])
def test_a_slow_vault_holds_up_nobody_else(sold, monkeypatch, act):
    """The vault's lock is held for as long as a key store takes; others are answered in the meantime."""
    waiting = sold.buys(sold.buyer)["use"]
    wanted = {"stations": [STATION], "format": "mcap", "unit": "motion hour"}
    way, path, who, body = {
        "look": ("GET", "/v1/motion/uses", sold.buyer, None),
        "ask": ("POST", "/v1/motion/uses", sold.buyer, wanted),
        "decide": (
            "POST", f"/v1/motion/uses/{waiting}/decision", sold.person(Role.MANAGER), {"approved": True}
        ),
    }[act]  # fmt: skip
    reached, answered = threading.Event(), threading.Event()
    in_time = []

    def slow(*_):
        reached.set()
        in_time.append(answered.wait(WITHIN_S))
        return False

    async def both():
        transport = httpx.ASGITransport(sold.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://plant") as client:
            first = asyncio.create_task(client.request(way, path, headers=who, json=body))
            while not (reached.is_set() or first.done()):
                await asyncio.sleep(0.01)
            other = await client.get("/health/live")
            answered.set()
            return await first, other

    monkeypatch.setattr(uses, "is_ready", slow)
    first, other = asyncio.run(both())
    assert (first.status_code // 100, other.status_code) == (2, 200)
    assert all(in_time)
    assert in_time
