"""Live news as a program hears them: they end with the sign-in, and places are counted."""

import asyncio
import threading

import httpx
import pytest

from api.live.wall import Walls
from api.policy import Role
from api.routes import live
from storage.sql.accounts import accounts, invitations
from tests.api.plant import is_problem

EVENTS = "/v1/live/events"


def sign_out(world, viewer):
    world.viewers.sign_out(viewer)


def disable(world, viewer):
    accounts.disable(world.database, viewer.account_id, world.now_ms())


def reset(world, viewer):
    invitations.reset(world.database, viewer.account_id, hours=1, at_ms=world.now_ms())


@pytest.mark.parametrize("end", [sign_out, disable, reset])
def test_news_end_with_the_sign_in(agreed_world, monkeypatch, end):
    token = agreed_world.viewers.add(Role.MANAGER)
    viewer, looks, now = agreed_world.viewers.viewer(token), [], Walls.now

    def counted(self):
        looks.append(1)
        if len(looks) == 3:
            end(agreed_world, viewer)
        return now(self)

    monkeypatch.setattr(Walls, "now", counted)
    monkeypatch.setattr(live, "NEWS_S", 0.001)
    monkeypatch.setattr(live, "LONGEST_S", 0.05)
    assert agreed_world.ask("GET", EVENTS, headers=agreed_world.viewers.headers(token)).status_code == 200
    assert len(looks) == 3


def together(world, monkeypatch, tokens, *, refused):
    """Listen with all tokens at the same time: nobody is shown a wall before so many were refused."""
    free, now = threading.Event(), Walls.now
    if not refused:
        free.set()

    def held(self):
        free.wait(10)
        return now(self)

    async def ask():
        transport = httpx.ASGITransport(world.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://plant") as client:
            asked = [client.get(EVENTS, headers=world.viewers.headers(token)) for token in tokens]
            answers = []
            for answered in asyncio.as_completed(asked):
                answers.append(await answered)
                if len(answers) == refused:
                    free.set()
            return answers

    monkeypatch.setattr(Walls, "now", held)
    monkeypatch.setattr(live, "LONGEST_S", 0.0)
    answers = asyncio.run(ask())
    for answer in answers[:refused]:
        is_problem(answer, 429, "too-many")
    assert [answer.status_code for answer in answers[refused:]] == [200] * (len(tokens) - refused)


def test_who_asks_at_the_same_time_does_not_pass_the_limit(agreed_world, monkeypatch):
    monkeypatch.setattr(live, "MOST_LISTENERS", 2)
    tokens = [agreed_world.viewers.add(Role.MANAGER) for _ in range(5)]
    together(agreed_world, monkeypatch, tokens, refused=3)
    together(agreed_world, monkeypatch, tokens[:2], refused=0)  # places are free again


def test_one_account_does_not_take_the_places_of_all(agreed_world, monkeypatch):
    monkeypatch.setattr(live, "MOST_OF_ONE", 1)
    one, other = (agreed_world.viewers.add(Role.MANAGER) for _ in range(2))
    together(agreed_world, monkeypatch, [one, one, other, one], refused=2)


def test_a_refusal_gives_the_place_back(agreed_world, monkeypatch):
    monkeypatch.setattr(live, "MOST_LISTENERS", 1)
    monkeypatch.setattr(live, "LONGEST_S", 0.0)
    headers = agreed_world.viewers.headers(agreed_world.viewers.add(Role.MANAGER))
    for _ in range(2):
        is_problem(agreed_world.ask("GET", f"{EVENTS}?states=true", headers=headers), 403, "forbidden")
    assert agreed_world.ask("GET", EVENTS, headers=headers).status_code == 200


def test_a_listener_who_leaves_before_the_first_word_gives_the_place_back():
    left = []

    async def news():
        yield "never read"

    async def leave():
        async def send(_message):
            raise OSError

        async def receive():
            return {"type": "http.disconnect"}

        await live._News(news(), lambda: left.append(1))({"type": "http"}, receive, send)

    with pytest.raises((OSError, ExceptionGroup)):
        asyncio.run(leave())
    assert left == [1]
