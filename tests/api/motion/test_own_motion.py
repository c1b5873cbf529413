"""A worker's own motion by token: nobody else's, refused to other roles; ending it takes no token."""

import pytest

from api.policy import Role
from consent.entries.bodies import MotionUsed
from consent.grants.check_ins import CheckIns
from tests.api.plant import is_problem
from tests.consent.world import STATION


@pytest.fixture
def recorded(plant):
    """Anna has moved for 20 s, Ben for 10."""
    plant.anna, plant.ben = plant.colleague().opts_in(), plant.colleague().opts_in()
    plant.of_anna, plant.of_ben = plant.anna.moves(20), plant.ben.moves(10)
    return plant


def looks_said(plant):
    return plant.desk.count(MotionUsed)


def test_nobody_opens_what_is_anothers_and_nothing_is_logged(recorded):
    for path, more in (("watch", {}), ("take", {"format": "mcap"})):
        for segments in (recorded.of_ben, [*recorded.of_anna, *recorded.of_ben], ["0" * 32]):
            answer = recorded.anna.ask(f"/v1/motion/own/{path}", segments=segments, **more)
            is_problem(answer, 409, "conflict")
            assert recorded.ben.name not in answer.text
    assert looks_said(recorded) == 0
    seen = recorded.anna.ask("/v1/motion/own/look").json()
    assert [one["segment"] for one in seen["pieces"]] == recorded.of_anna
    assert recorded.ben.name not in str(seen)


def test_hostile_content_is_refused_without_repeating_it(recorded):
    hostile = (
        {"segments": []},
        {"segments": ["x" * 32]},
        {"segments": ["0" * 32] * 61},
        {"segments": ["\u0000" * 32]},
        {"segments": recorded.of_anna, "pseudonym": recorded.ben.name},
        {"segments": {"a": 1}},
    )
    for body in hostile:
        is_problem(recorded.anna.ask("/v1/motion/own/watch", **body), 422, "invalid")
    wrong = recorded.anna.ask("/v1/motion/own/take", segments=recorded.of_anna, format="../../etc")
    is_problem(wrong, 422, "invalid")
    assert "etc" not in wrong.text
    assert looks_said(recorded) == 0


def test_only_a_terminal_asks(recorded):
    body = {"token": recorded.anna.secret.spell(), "segments": recorded.of_anna, "check_in": "0" * 32}
    for role in set(Role) - {Role.WORKER}:
        headers = recorded.person(role)
        for path in ("look", "watch", "take", "check-in", "check-in/state", "check-out"):
            answer = recorded.ask("POST", f"/v1/motion/own/{path}", headers=headers, json=body)
            assert answer.status_code == 403, (role, path)


def test_a_check_in_is_for_this_terminals_station_and_needs_consent(recorded):
    check_ins = CheckIns(recorded.consented.plant.root)
    nobody = recorded.colleague()
    for worker, station in ((recorded.anna, "packing bench"), (nobody, STATION)):
        is_problem(worker.ask("/v1/motion/own/check-in", station=station, minutes=5), 409, "conflict")
    for minutes in (0, 241, 1.5, "5"):
        answer = recorded.anna.ask("/v1/motion/own/check-in", station=STATION, minutes=minutes)
        is_problem(answer, 422, "invalid")
    assert check_ins.waiting(frozenset({STATION, "packing bench"})) == []


def test_checking_out_takes_no_token(recorded):
    begun = recorded.anna.ask("/v1/motion/own/check-in", station=STATION, minutes=5)
    number = begun.json()["check_in"]
    check_ins = CheckIns(recorded.consented.plant.root)
    headers = recorded.viewers.headers(recorded.kiosk)

    def ask(path, **body):
        return recorded.ask("POST", f"/v1/motion/own/{path}", headers=headers, json=body)

    assert ask("check-in/state", check_in=number).json() == {"state": None}
    check_ins.say(number, "motion is being kept")
    assert ask("check-in/state", check_in=number).json() == {"state": "motion is being kept"}
    assert not check_ins.is_out(number)
    assert ask("check-out", check_in=number).status_code == 200
    assert check_ins.is_out(number)
    is_problem(ask("check-out", check_in="../../../x"), 422, "invalid")
    is_problem(ask("check-out", check_in=number, pseudonym="x"), 422, "invalid")


def test_what_was_destroyed_is_told_to_its_worker_alone(recorded):
    recorded.anna.withdraws()
    recorded.keeper.turn()
    anna, ben = (one.ask("/v1/motion/own/look").json() for one in (recorded.anna, recorded.ben))
    [gone] = anna["destroyed"]
    assert (gone["segments"], gone["because"]) == (1, "consent withdrawn")
    assert (anna["pieces"], anna["check_in_here"]) == ([], False)
    assert (ben["destroyed"], len(ben["pieces"]), ben["check_in_here"]) == ([], 1, True)
