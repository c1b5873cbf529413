"""The receipt: checked offline, and no byte of it or of its proof can change unnoticed."""

import re
from dataclasses import replace

import pytest

from consent.entries.bodies import ConsentWithdrawn
from consent.entries.form import sign_act
from consent.grants.commitment import commitment, given, renewed
from consent.grants.receipt import ConsentReceipt, check_receipt, proof_of, receipt_of, receipt_text
from consent.grants.record import read_node
from consent.log.proof import LogProof, parse_proof
from consent.notes import KeyType, parse_note
from productivity.errors import BadInput

SALT = bytes(range(32))


@pytest.fixture
def files(said_yes):
    return said_yes.receipt(), said_yes.proof()


def check(files, said_yes, log=None, witnesses=None):
    own_log, own_witness = said_yes.keys
    return check_receipt(*files, log or own_log, [own_witness] if witnesses is None else witnesses)


def test_a_receipt_shows_what_was_given_and_where_it_stands(files, said_yes):
    checked = check(files, said_yes)
    assert checked.index == said_yes.index
    assert checked.log == "plant.example/log"
    assert checked.body == said_yes.entry.body
    assert checked.receipt.record == said_yes.record
    assert checked.receipt.created == "2027-03-01T07:00:00.000Z"


def test_a_renewal_has_a_receipt_too(said_yes, record_of, worlds):
    record = record_of(asked=False)
    new = worlds.identifier("renewed")
    value = record.model_dump(mode="json", by_alias=True)
    value |= {"record_id": new, "@id": f"urn:uuid:{new[:8]}-{new[8:12]}-{new[12:16]}-{new[16:20]}-{new[20:]}"}
    record = type(record).model_validate(value)
    body = renewed(record, SALT, said_yes.worker.verifier, said_yes.record.record_id)
    later = replace(said_yes, record=record, index=said_yes.world.act(body, said_yes.worker))
    assert check((later.receipt(), later.proof()), later).body == body


def unnoticed(files, said_yes, part, variants):
    """Return the places of changes that a check accepts."""
    found = []
    for place, changed in variants:
        try:
            text = changed.decode("utf-8")
        except UnicodeDecodeError:
            continue  # whoever reads the file refuses it
        try:
            check((text, files[1]) if part == 0 else (files[0], text), said_yes)
        except BadInput:
            continue
        found.append(place)
    return found


@pytest.mark.parametrize("part", [0, 1], ids=["receipt", "proof"])
def test_every_change_of_a_single_byte_is_detected(files, said_yes, part):
    """Each byte of the file once, another bit from place to place."""
    content = files[part].encode()
    variants = (
        (place, content[:place] + bytes([byte ^ 1 << place % 7]) + content[place + 1 :])
        for place, byte in enumerate(content)
    )
    assert unnoticed(files, said_yes, part, variants) == []


@pytest.mark.parametrize("part", [0, 1], ids=["receipt", "proof"])
def test_bytes_that_are_missing_or_added_are_detected(files, said_yes, part):
    """A cut-off file, one byte left out, one put in; at the edges and at every 23rd place."""
    content = files[part].encode()
    places = [*range(0, len(content), 23), len(content) - 2, len(content) - 1]
    for change in (
        lambda place: content[:place],
        lambda place: content[:place] + content[place + 1 :],
        lambda place: content[:place] + b" " + content[place:],
        lambda place: content[:place] + b"\n" + content[place:],
    ):
        assert unnoticed(files, said_yes, part, ((place, change(place)) for place in places)) == []
    assert unnoticed(files, said_yes, part, [(len(content), content + b"\n")]) == []


def test_the_witness_must_have_co_signed(files, said_yes, signer_of):
    other = signer_of("plant.example/witness-2", KeyType.COSIGNATURE).verifier
    with pytest.raises(BadInput, match="note lacks a signature"):
        check(files, said_yes, witnesses=[said_yes.keys[1], other])


def test_a_signature_that_nobody_can_verify_is_refused(files, said_yes):
    with pytest.raises(BadInput, match="proof holds a signature that nobody here can verify"):
        check(files, said_yes, witnesses=[])


def test_the_proof_takes_no_strange_signature_along(said_yes, signer_of):
    """Whoever else has signed the checkpoint is left out, so that a check needs no unknown key."""
    note = said_yes.world.cosigned()
    proof = proof_of(said_yes.index, (), note, [said_yes.keys[0]])
    assert [line.name for line in parse_note(parse_proof(proof).note).signatures] == ["plant.example/log"]


def test_a_receipt_of_another_log_is_refused(files, said_yes, signer_of):
    with pytest.raises(BadInput, match=r"for another log: expected 'plant\.example/other'"):
        check(files, said_yes, log=signer_of("plant.example/other").verifier)


def test_a_record_that_the_log_does_not_commit_to_is_refused(said_yes):
    with pytest.raises(BadInput, match="record is not the one that the log commits to"):
        receipt_of(said_yes.record, bytes(32), said_yes.entry)


def test_a_record_that_says_more_than_the_entry_is_refused(said_yes, record_of, choice, worlds):
    """A plant that commits to one thing and lets the worker sign another is found out."""
    world = said_yes.world
    broad = record_of()
    body = given(broad, SALT, said_yes.worker.verifier)
    narrow = body.model_copy(update={"purposes": body.purposes[:1]})
    entry = replace(said_yes.entry, body=narrow, act=sign_act(narrow, world.state.log, 0, said_yes.worker))
    with pytest.raises(BadInput, match="record and log entry say different things"):
        receipt_of(broad, SALT, entry)


def test_an_entry_that_is_no_consent_has_no_receipt(said_yes):
    withdrawn = ConsentWithdrawn(pseudonym=said_yes.worker.name, record=said_yes.record.record_id)
    with pytest.raises(BadInput, match="entry is no consent"):
        receipt_of(said_yes.record, SALT, said_yes.world.entry(withdrawn, said_yes.worker))


@pytest.mark.parametrize("field", ["receipt_id", "created"])
def test_a_receipt_holds_nothing_of_its_own(files, said_yes, field):
    receipt = read_node(ConsentReceipt, files[0].removesuffix("\n"), "receipt")
    other = {"receipt_id": "0" * 32, "created": "2027-03-01T07:00:00.001Z"}[field]
    with pytest.raises(BadInput, match="receipt holds something of its own"):
        check((receipt_text(receipt.model_copy(update={field: other})), files[1]), said_yes)


def receipt_with(said_yes, entry):
    return receipt_text(receipt_of(said_yes.record, SALT, entry))


def test_consent_that_the_worker_did_not_sign_is_refused(files, said_yes):
    """The log's own word, or another's signature, is no consent."""
    world, body = said_yes.world, said_yes.entry.body
    with pytest.raises(BadInput, match="entry is no act"):
        check((receipt_with(said_yes, world.entry(body)), files[1]), said_yes)
    with pytest.raises(BadInput, match="worker's signature is missing"):
        check((receipt_with(said_yes, world.entry(body, world.employer)), files[1]), said_yes)


def test_an_entry_that_the_log_does_not_hold_is_refused(files, said_yes):
    world = said_yes.world
    later = world.entry(said_yes.entry.body, said_yes.worker, signed_ms=world.now_ms - 1)
    with pytest.raises(BadInput, match="entry is not in the tree"):
        check((receipt_with(said_yes, later), files[1]), said_yes)


def test_a_proof_with_something_added_is_refused(files, said_yes):
    proof = parse_proof(files[1])
    added = str(LogProof(proof.index, proof.hashes, proof.note, b"extra"))
    with pytest.raises(BadInput, match="proof holds something that nobody signed"):
        check((files[0], added), said_yes)


def test_a_commitment_needs_its_salt(record):
    assert re.fullmatch("[0-9a-f]{64}", commitment(record, SALT))
    assert commitment(record, SALT) != commitment(record, bytes(32))
    with pytest.raises(BadInput, match="salt has a wrong length: expected 32 bytes, found 31"):
        commitment(record, bytes(31))
