"""A kiosk answers at once, however long the log is and whoever else asks."""

import pytest

from consent.grants.site import Sites
from consent.site import follower
from productivity.errors import BadInput
from tests.consent.world import STATION


@pytest.fixture
def anna(plant):
    return plant.colleague().opts_in()


def test_the_log_is_read_once_and_then_what_is_new(plant, anna, monkeypatch):
    anna.ask("/v1/grants/look")
    read, entries_from = [], follower.entries_from

    def counted(files, first, checkpoint):
        read.append(first)
        return entries_from(files, first, checkpoint)

    monkeypatch.setattr(follower, "entries_from", counted)
    assert anna.ask("/v1/grants/look").status_code == 200
    anna.withdraws()
    assert anna.ask("/v1/grants/look").json()["consents"][0]["in_force"] is False
    assert 0 not in read


def test_a_withdrawal_waits_for_no_other_request(plant, anna):
    for _ in range(100):
        if (refused := anna.ask("/v1/grants/look")).status_code == 429:
            break
    assert refused.status_code == 429
    anna.withdraws()


def test_a_check_out_needs_no_log(plant, anna, monkeypatch):
    made = anna.ask("/v1/motion/own/check-in", station=STATION, minutes=10).json()["check_in"]

    def fail(_):
        raise BadInput("log was cut off")

    monkeypatch.setattr(Sites, "__call__", fail)
    headers = plant.viewers.headers(plant.kiosk)
    for path in ("check-out", "check-in/state"):
        answer = plant.ask("POST", f"/v1/motion/own/{path}", headers=headers, json={"check_in": made})
        assert answer.status_code == 200, answer.text
