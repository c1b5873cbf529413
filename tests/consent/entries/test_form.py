"""One spelling per entry, and acts that hold whoever signed them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.canonical import canonical_json
from consent.entries.bodies import (
    NAMES,
    TYPES,
    AgreementEnded,
    AgreementSuspended,
    ConsentWithdrawn,
    DeviceEnrolled,
    KeyAdded,
    RoyaltyAccrued,
)
from consent.entries.form import Entry, parse_act, parse_entry, sign_act
from consent.entries.times import LATEST_MS, utc_ms, utc_text
from consent.keys import Role
from consent.notes import KeyType
from productivity.errors import BadInput

AT = utc_ms("2027-03-01T08:00:00.250Z")
SUSPENDED = AgreementSuspended(agreement="ab" * 32)


@pytest.fixture
def council(signer_of):
    return signer_of("plant.example/council")


@given(st.integers(0, LATEST_MS))
def test_every_instant_has_one_spelling(at_ms):
    assert utc_ms(utc_text(at_ms)) == at_ms


def test_an_instant_that_is_worked_out_by_hand():
    assert utc_text(1_000_000_000_123) == "2001-09-09T01:46:40.123Z"


@pytest.mark.parametrize(
    "text",
    [
        "2027-03-01T08:00:00Z",  # no milliseconds
        "2027-03-01T08:00:00.000+00:00",
        "2027-03-01 08:00:00.000Z",
        "2027-02-30T08:00:00.000Z",
        "2027-03-01T08:00:60.000Z",
        "1969-12-31T23:59:59.999Z",
        "٢٠٢٧-03-01T08:00:00.000Z",  # digits of another script
    ],
)
def test_other_spellings_of_an_instant_are_refused(text):
    with pytest.raises(BadInput, match="not an instant"):
        utc_ms(text)


@pytest.mark.parametrize("at_ms", [-1, LATEST_MS + 1])
def test_instants_out_of_range_have_no_spelling(at_ms):
    with pytest.raises(BadInput, match="no spelling"):
        utc_text(at_ms)


def test_the_logs_own_word_comes_back(council):
    entry = Entry(AT, SUSPENDED)
    assert bytes(entry) == (
        b'{"at":"2027-03-01T08:00:00.250Z","body":{"agreement":"' + b"ab" * 32 + b'",'
        b'"because":"decision of a party"},"type":"agreement.suspended/1"}'
    )
    assert parse_entry(bytes(entry), "entry 0") == entry
    assert entry.act is None


def test_an_act_comes_back_with_its_signature(council, signer_of):
    act = sign_act(SUSPENDED, "log.example", AT - 250, council)
    entry = parse_entry(bytes(Entry(AT, act.body, act)), "entry 0")
    assert entry.act is not None
    assert (entry.at_ms, entry.body, entry.act.at_ms, entry.act.log) == (
        AT,
        SUSPENDED,
        AT - 250,
        "log.example",
    )
    assert entry.act.signed_by([council.verifier, signer_of("another").verifier]) == {council.verifier}


def test_a_signature_by_nobody_known_counts_for_nothing(council, signer_of):
    act = sign_act(SUSPENDED, "log.example", AT, council)
    assert act.signed_by([signer_of("another").verifier]) == frozenset()
    assert act.signed_by([]) == frozenset()


def test_a_wrong_signature_by_a_known_key_is_an_error(council):
    act = sign_act(SUSPENDED, "log.example", AT, council)
    forged = parse_act(str(act.note).replace("log.example", "log.elsewhere"), "act")
    with pytest.raises(BadInput, match="wrong signature"):
        forged.signed_by([council.verifier])


def test_no_byte_of_an_act_can_change_unseen(council):
    act = sign_act(SUSPENDED, "log.example", AT, council)
    content = bytes(Entry(AT, act.body, act))
    seen = 0
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 0x01
        try:
            entry = parse_entry(bytes(changed), "entry 0")
            signed = entry.act is not None and entry.act.signed_by([council.verifier])
        except BadInput:
            continue
        # What is left is the log's own word: when it took the act in. Its tree holds that.
        assert not signed or (entry.act == act and entry.at_ms != AT)
        seen += bool(signed)
    assert seen > 0


def _changed(**changes):
    value = json.loads(bytes(Entry(AT, SUSPENDED)))
    return canonical_json(value | changes).encode()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff", "UTF-8"),
        (b"{}", "other keys"),
        (b"[]", "not an object"),
        (bytes(Entry(AT, SUSPENDED)).replace(b'":"', b'": "', 1), "canonical form"),
        (_changed(type="agreement.suspended/2"), "unknown type"),
        (_changed(type=["agreement.suspended/1"]), "unknown type"),
        (_changed(at=5), "not an instant"),
        (_changed(at="now"), "not an instant"),
        (_changed(act="text"), "other keys"),
        (_changed(more=1), "other keys"),
        (_changed(body={"agreement": "ab" * 32}), "written out"),
        (_changed(body={"agreement": "AB" * 32}), "agreement.suspended/1 agreement"),
        (_changed(body={"agreement": "ab" * 32, "because": "lunch"}), "because"),
        (_changed(body={"agreement": "ab" * 32, "because": "decision of a party", "by": "x"}), "by"),
        (_changed(body=None), "agreement.suspended/1"),
    ],
)
def test_what_fits_no_schema_exactly_is_refused_and_named(content, says):
    with pytest.raises(BadInput, match=f"entry 7: .*{says}"):
        parse_entry(content, "entry 7")


def test_an_act_cannot_hide_behind_another_type(council):
    act = sign_act(SUSPENDED, "log.example", AT, council)
    value = json.loads(bytes(Entry(AT, act.body, act)))
    with pytest.raises(BadInput, match="entry and act differ"):
        parse_entry(canonical_json(value | {"type": "agreement.ended/1"}).encode(), "entry 0")


def test_an_error_repeats_nothing_of_what_it_refuses():
    content = _changed(body={"agreement": "Erika Mustermann", "because": "decision of a party"})
    with pytest.raises(BadInput) as refused:
        parse_entry(content, "entry 0")
    assert "Mustermann" not in str(refused.value)


def test_an_entry_that_is_too_long_is_refused(signer_of):
    signers = [signer_of("n" * 700 + str(number)) for number in range(90)]
    act = sign_act(AgreementEnded(agreement="ab" * 32), "log.example", AT, *signers)
    with pytest.raises(BadInput, match="entry is too long"):
        bytes(Entry(AT, act.body, act))


def test_each_type_has_one_body_and_a_version():
    assert len(NAMES) == len(TYPES)
    assert all(name.rpartition("/")[2].isdecimal() for name in TYPES)
    families = {name.partition(".")[0] for name in TYPES}
    assert families == {
        "agreement", "recording", "consent", "motion", "royalty", "release", "access", "setup", "key",
        "device",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda key, _: KeyAdded(role=Role.DEVICE, key=key), "device.enrolled"),
        (lambda key, _: KeyAdded(role=Role.WITNESS, key=key), "type that a witness needs"),
        (lambda _, witness: KeyAdded(role=Role.EMPLOYER, key=witness), "type that a employer needs"),
        (lambda _, witness: DeviceEnrolled(device="bench", key=witness), "type that a device needs"),
        (lambda key, _: KeyAdded(role=Role.EMPLOYER, key=key[:-2]), "verifier key"),
        (lambda *_: ConsentWithdrawn(pseudonym="Erika", record="0" * 32), "pseudonym"),
        (
            lambda *_: RoyaltyAccrued(
                booking="0" * 32, use="1" * 32, account="collective", pseudonym="w-" + "0" * 32, amount=1,
                currency="EUR",
            ),
            "pseudonym for a worker's account",
        ),
    ],
)  # fmt: skip
def test_bodies_refuse_what_cannot_be(signer_of, make, says):
    key = str(signer_of("key").verifier)
    witness = str(signer_of("key", KeyType.COSIGNATURE).verifier)
    with pytest.raises(ValueError, match=says):
        make(key, witness)
