"""What a later step would refuse is refused before a request is kept; no refusal tells where stores lie."""

from dataclasses import dataclass

import pytest

from api.policy import Role
from api.problems import Kind, Problem
from api.tokens import conflict
from api.uses.requests import Wanted, decide, request
from consent.agreement.vocabulary import RoyaltyUnit
from consent.canonical import LARGEST_INTEGER
from productivity.errors import BadInput
from storage.exports.motion.export import Format
from storage.sql.accounts.accounts import create_account
from storage.sql.accounts.logins import open_login
from storage.sql.uses import UseState, find_use, uses_in
from tests.api.plant import NOW_MS, is_problem
from tests.consent.world import STATION

HOURS, SHARE = RoyaltyUnit.MOTION_HOUR, RoyaltyUnit.REVENUE_SHARE
WANTED = {"stations": [STATION], "format": "mcap", "unit": "motion hour"}
PLACE = "https://keys.plant.example:8200"


@dataclass(frozen=True)
class Asker:
    """Whoever asks by command (`api.uses.requests.Asker`)."""

    role: Role = Role.LICENSEE
    name: str = "Robots & Sons"
    account_id: int | None = None


@pytest.fixture
def moved(plant):
    """Anna has moved; nobody has asked for it yet."""
    plant.anna = plant.colleague().opts_in()
    plant.of_anna = plant.anna.moves(20)
    return plant


def ask(plant, asker, unit=HOURS, quantity=None, model=None):
    return request(plant.services, plant.room, asker, Wanted((STATION,), Format.MCAP, unit, quantity, model))


@pytest.mark.parametrize(
    ("asker", "wanted", "message"),
    [
        (Asker(), {"model": "abc"}, "model is not a hash: .*found 3 characters"),
        (Asker(Role.ENGINEER), {"model": "AB" * 32}, "model is not a hash: expected 64 digits"),
        (
            Asker(),
            {"unit": SHARE, "quantity": LARGEST_INTEGER + 1},
            f"expected 1 to {LARGEST_INTEGER}, found",
        ),
        (Asker(), {"unit": SHARE, "quantity": 0}, "quantity cannot be counted"),
        (Asker(name="x" * 81), {}, "licensee has a name that cannot stand in the log: .*80 characters"),
        (Asker(name="Robots  & Sons"), {}, "licensee has a name .*single spaces"),
        (Asker(name=f"w-{'ab' * 16}"), {}, "expected no pseudonym"),
    ],
    ids=["model", "capitals", "too much", "nothing", "long name", "two spaces", "pseudonym"],
)
def test_what_cannot_be_finished_is_not_kept(moved, asker, wanted, message):
    with pytest.raises(Problem, match=message) as refused:
        ask(moved, asker, **wanted)
    assert refused.value.kind is Kind.CONFLICT
    assert uses_in(moved.database) == []


@pytest.mark.parametrize(
    ("asker", "wanted"),
    [
        (Asker(name="x" * 80), {}),
        (Asker(Role.ENGINEER), {"model": "ab" * 32}),
        # A twentieth of the revenue.
        (Asker(), {"unit": SHARE, "quantity": LARGEST_INTEGER}),
    ],
    ids=["longest name", "model", "most"],
)
def test_what_is_just_possible_is_booked_and_read_back(moved, asker, wanted):
    made = ask(moved, asker, **wanted)
    decide(moved.services, made.use, approved=True)
    moved.keeper.finish(made.use)
    assert find_use(moved.database, made.use).state is UseState.BOOKED
    answer = moved.anna.ask("/v1/royalties/own")
    assert answer.status_code == 200
    assert [one["use"] for one in answer.json()["bookings"]] == [made.use]


def test_a_licensee_whose_name_no_entry_holds_is_told_so(moved):
    """Accounts may have longer names than the log takes, and two spaces in them."""
    for name in ("y" * 100, "Robots  & Sons"):
        known = create_account(moved.database, name, Role.LICENSEE.value, at_ms=NOW_MS)
        token = open_login(moved.database, known, second_factor=True, at_ms=NOW_MS)
        headers = moved.viewers.headers(token)
        is_problem(moved.ask("POST", "/v1/motion/uses", headers=headers, json=WANTED), 409, "conflict")
    assert uses_in(moved.database) == []


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (BadInput("not a sealed segment", where="/srv/plant/ab.sealed"), "not a sealed segment"),
        (BadInput("not a sealed segment", where="/srv/my plant: new/ab.sealed"), "not a sealed segment"),
        (BadInput("key store refused", where=PLACE, found="503"), "key store refused: found 503"),
        (BadInput(str(BadInput("cannot be read", where="data/keys.db")), where=PLACE), "cannot be read"),
        (BadInput("not a price", where="price of a use"), "price of a use: not a price"),
        (BadInput("no entry", expected="motion.used/1"), "no entry: expected motion.used/1"),
        (BadInput("and/or"), "and/or"),
    ],
    ids=["path", "odd path", "address", "both", "no path", "expected", "alone"],
)
def test_a_refusal_is_told_without_paths_and_addresses_of_the_server(fault, told):
    assert conflict(fault).detail == told


def test_faults_of_the_stores_do_not_say_where_these_lie(moved, monkeypatch):
    def away(*_):
        raise BadInput("key store is out of reach (ConnectError)", where=PLACE)

    def damaged(*_, **__):
        raise BadInput("not a sealed segment", where=str(moved.data / "motion" / "ab.sealed"))

    monkeypatch.setattr(moved.room.keys, "unwrap", away)
    answer = moved.anna.ask("/v1/motion/own/watch", segments=moved.of_anna)
    is_problem(answer, 409, "conflict")
    assert answer.json()["detail"] == "key store is out of reach (ConnectError)"
    monkeypatch.setattr(moved.room.segments, "labels", damaged)
    answer = moved.ask("POST", "/v1/motion/quotes", headers=moved.licensee(), json=WANTED)
    is_problem(answer, 409, "conflict")
    assert answer.json()["detail"] == "not a sealed segment"
