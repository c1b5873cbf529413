"""Stop orders: signed long before, good once, good for nothing but stopping."""

import json

import pytest

from consent.agreement.form import agreement_hash
from consent.agreement.lifecycle import State
from consent.audit.audit import audit
from consent.audit.policy import parse_policy
from consent.entries import bodies
from consent.entries.bodies import AgreementActivated, AgreementEnded, AgreementResumed, AgreementSuspended
from consent.entries.form import Entry, parse_act, parse_entry, sign_act
from consent.entries.vocabulary import SuspendedBecause
from consent.keys import Role
from consent.log.checkpoint import parse_checkpoint
from consent.log.directory import Directory
from consent.log.tail import entries_from
from consent.notes import KeyType, Note, add_signature, parse_note
from consent.site.admission import admit
from consent.site.preview import preview
from consent.site.stop_orders import (
    MOST_BYTES,
    MOST_ORDERS,
    check_stop_order,
    parse_stop_orders,
    sign_stop_orders,
    usable,
)
from productivity.errors import BadInput
from tests.consent.world import signer

LONG_AGO_MS = 300 * 86_400_000


def orders_of(world, count=3, *, signer=None, agreement=None, log=None, since_ms=None):
    """Sign stop orders at the world's time, or at another; return their notes."""
    first = world.now_ms - LONG_AGO_MS if since_ms is None else since_ms
    content = sign_stop_orders(
        agreement or world.hash, log or world.log.name, range(first, first + count), signer or world.council
    )
    return parse_stop_orders(content, "file")


def line(state):
    return next(iter(state.agreements.values()))


# What becomes of them.


def test_one_that_was_signed_long_ago_suspends_and_the_auditor_finds_nothing(site):
    """Operator, follower, preview and auditor, each with a suspension that is older than the agreement."""
    site.agreed()
    site.world.now_ms = site.now_ms
    first, second, _ = orders_of(site.world)
    site.plant.hand_in(first)
    assert line(preview(site.state(), site.plant.waiting_acts())).state is State.SUSPENDED
    done = site.step()
    assert (done.appended, done.refused) == (1, ())
    assert line(site.state()).state is State.SUSPENDED
    # Both resume; the used one is spent, the next one is not.
    site.now_ms += 3_600_000
    lifts = line(site.state()).suspended_at
    resumed = AgreementResumed(agreement=site.world.hash, lifts=lifts)
    site.hand_in(resumed, site.world.council, site.world.employer)
    site.step()
    site.plant.hand_in(first)
    assert line(preview(site.state(), site.plant.waiting_acts())).state is State.ACTIVE
    site.step()
    assert line(site.state()).state is State.ACTIVE
    site.plant.hand_in(second)
    site.step()
    assert line(site.state()).state is State.SUSPENDED
    report = audit(entries(site), policy_of(site.world), at_ms=site.now_ms)
    assert (report.findings, [one for one in report.warnings if one.index is not None]) == ((), [])


def test_an_auditor_would_find_one_that_was_taken_in_twice(world):
    first, *_ = orders_of(world)
    act = parse_act(first, "act")
    world.take(Entry(world.now_ms, act.body, act))
    lifts = world.state.agreements[world.hash].suspended_at
    world.act(AgreementResumed(agreement=world.hash, lifts=lifts), world.council, world.employer)
    again = Entry(world.now_ms, act.body, act)
    with pytest.raises(BadInput, match="act was taken in before"):
        admit(world.state, world.state.size, again)
    world.entries.append(again)
    report = audit(
        [(index, bytes(entry)) for index, entry in enumerate(world.entries)],
        policy_of(world),
        at_ms=world.now_ms,
    )
    assert [one.says("en") for one in report.findings] == ["[6] entry 10: act for the second time"]


def entries(site):
    files = Directory(site.plant.log)
    checkpoint = parse_checkpoint(parse_note(files.read("checkpoint")).text)
    return [
        (index, content)
        for first, some in entries_from(files, 0, checkpoint)
        for index, content in enumerate(some, first)
    ]


def policy_of(world):
    lines = [
        f"log {world.log.verifier}",
        f"witness council {world.witness.verifier}",
        "quorum council",
        f"employer {world.employer.verifier}",
        f"works-council {world.council.verifier}",
    ]
    return parse_policy("\n".join(lines).encode() + b"\n", "policy")


def test_whoever_holds_one_and_the_employers_and_the_logs_keys_can_make_nothing_but_a_suspension(world):
    """The signature of the council under a stop order, put under everything else that needs the council."""
    note = parse_note(orders_of(world, 1)[0])
    stolen, before = note.signatures, world.state
    others = [
        AgreementActivated(agreement=world.hash),
        AgreementEnded(agreement=world.hash),
        AgreementResumed(agreement=world.hash, lifts=0),
        AgreementSuspended(agreement=world.hash, because=SuspendedBecause.DATA_BREACH),
        bodies.KeyAdded(role=Role.WITNESS, key=str(signer("w", KeyType.COSIGNATURE).verifier)),
        bodies.KeyRetired(role=Role.WITNESS, key=str(world.witness.verifier)),
        bodies.KeyRetired(role=Role.WORKS_COUNCIL, key=str(world.council.verifier)),
        bodies.DeviceRevoked(device="edge-1"),
    ]
    for body in others:
        text = sign_act(body, world.log.name, world.now_ms, world.employer).note.text
        act = parse_act(str(Note(text, stolen)), "forged")
        with pytest.raises(BadInput):
            admit(before, before.size, Entry(world.now_ms, act.body, act))
    # With the employer's signature under it as well it is still a suspension, and still only one.
    both = parse_act(str(add_signature(note, world.employer)), "both")
    world.take(Entry(world.now_ms, both.body, both))
    assert world.state.agreements[world.hash].state is State.SUSPENDED
    alone = parse_act(str(note), "alone")
    with pytest.raises(BadInput, match="taken in before"):
        admit(world.state, world.state.size, Entry(world.now_ms, alone.body, alone))


# What is deposited.


def test_good_ones_are_told_apart_and_carry_the_councils_signature_alone(world):
    notes = orders_of(world)
    checked = [check_stop_order(world.state, note, world.now_ms) for note in notes]
    assert len({one.digest for one in checked}) == 3
    assert {one.agreement for one in checked} == {world.hash}
    assert [one.note for one in checked] == list(notes)
    crowded = str(add_signature(parse_note(notes[0]), world.device))
    assert check_stop_order(world.state, crowded, world.now_ms) == checked[0]
    assert usable(world.state, (notes[0], crowded, "hello", *notes)) == checked


def used(world, notes):
    act = parse_act(notes[0], "act")
    world.take(Entry(world.now_ms, act.body, act))
    return notes[0]


def ended(world, notes):
    world.act(AgreementEnded(agreement=world.hash), world.council)
    return notes[0]


def replaced(world, notes):
    narrower = world.next_version(minimum_group=9)
    world.act(AgreementActivated(agreement=world.propose(narrower)), world.employer)
    assert world.state.agreements[agreement_hash(narrower)].state is State.ACTIVE
    return notes[0]


def key_replaced(world, notes):
    new = signer("plant.example/next-council")
    body = bodies.KeyAdded(
        role=Role.WORKS_COUNCIL, key=str(new.verifier), replaces=str(world.council.verifier)
    )
    world.act(body, world.council, new)
    return notes[0]


def wrongly_signed(_world, notes):
    first, second, _ = map(parse_note, notes)
    return str(Note(first.text, second.signatures))


BAD = {
    "signed by the employer": (
        lambda world, _: orders_of(world, 1, signer=world.employer)[0],
        "not signed by the works council",
    ),
    "for another log": (lambda world, _: orders_of(world, 1, log="log.example")[0], "meant for another log"),
    "for an agreement that nobody knows": (
        lambda world, _: orders_of(world, 1, agreement="00" * 32)[0],
        "agreement is not in the log",
    ),
    "dated ahead": (
        lambda world, _: orders_of(world, 1, since_ms=world.now_ms + 1_001)[0],
        "dated in the future",
    ),
    "for another reason": (
        lambda world, _: str(
            sign_act(
                AgreementSuspended(agreement=world.hash, because=SuspendedBecause.DATA_BREACH),
                world.log.name, world.now_ms, world.council,
            ).note
        ),
        "not a stop order",
    ),
    "another act": (
        lambda world, _: str(
            sign_act(AgreementEnded(agreement=world.hash), world.log.name, world.now_ms, world.council).note
        ),
        "not a stop order",
    ),
    "no act": (lambda *_: "hello", "not a signed note"),
    "wrongly signed": (wrongly_signed, "wrong signature"),
    "used": (used, "taken in before"),
    "of an agreement that ended": (ended, "an agreement that is ended allows no suspend"),
    "of a version that was replaced": (replaced, "an agreement that is ended allows no suspend"),
    "by a key that was retired": (key_replaced, "not signed by the works council"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "says"), BAD.values(), ids=BAD.keys())
def test_one_that_stops_nothing_is_refused_with_its_reason(world, make, says):
    note = make(world, orders_of(world))
    with pytest.raises(BadInput, match=says):
        check_stop_order(world.state, note, world.now_ms)


def test_a_clock_that_was_set_back_makes_none_of_them_void(world):
    """It was good when it was deposited; a stop counts whatever the server's clock says."""
    (note,) = orders_of(world, 1, since_ms=world.now_ms + 3_600_000)
    assert check_stop_order(world.state, note).agreement == world.hash


# The file.


def test_the_file_can_be_read_with_any_json_library(world):
    content = sign_stop_orders(world.hash, world.log.name, [1, 2], world.council)
    value = json.loads(content)
    assert value["fairtakt"] == "stop orders 1"
    instants = [json.loads(note.splitlines()[0])["at"] for note in value["notes"]]
    assert instants == ["1970-01-01T00:00:00.001Z", "1970-01-01T00:00:00.002Z"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"fairtakt":"stop orders 2","notes":["a"]}',
        b'{"fairtakt":"stop orders 1","notes":[]}',
        b'{"fairtakt":"stop orders 1","notes":["a"],"more":1}',
        b'{"fairtakt":"stop orders 1","notes":[1]}',
        json.dumps({"fairtakt": "stop orders 1", "notes": ["a"] * (MOST_ORDERS + 1)}).encode(),
        json.dumps({"fairtakt": "stop orders 1", "notes": ["a" * 4097]}).encode(),
        b"\xff",
    ],
)
def test_another_file_is_refused(content):
    with pytest.raises(BadInput, match="file: not a file of stop orders"):
        parse_stop_orders(content, "file")


def test_a_long_file_is_refused_before_it_is_read():
    with pytest.raises(BadInput, match="file is too long"):
        parse_stop_orders(bytes(MOST_BYTES + 1), "stop-orders.json")


def test_a_hundred_orders_fit(world):
    content = sign_stop_orders(world.hash, world.log.name, range(MOST_ORDERS), world.council)
    assert len(parse_stop_orders(content, "file")) == MOST_ORDERS
    assert len(content) < MOST_BYTES


def test_the_entry_of_a_used_one_tells_that_it_was_signed_before(world):
    first, *_ = orders_of(world)
    act = parse_act(first, "act")
    world.take(Entry(world.now_ms, act.body, act))
    entry = parse_entry(bytes(world.entries[-1]), "entry")
    assert entry.at_ms - entry.act.at_ms == LONG_AGO_MS
