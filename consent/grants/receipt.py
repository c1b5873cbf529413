"""The worker's receipt: the consent record, its salt, and the log entry that commits to it.

A receipt is canonical JSON-LD. With a `.tlog-proof` it shows, offline and for years, that the plant's
log holds exactly this consent and that the works council's witness saw it there:

1. The receipt is spelled as this program spells it, and everything in it follows from record, salt and entry.
2. The entry is a consent that the worker's own key signed, for the log whose key the checker holds.
3. The entry commits to this record with this salt.
4. Pseudonym, agreement, stations, purposes and end in record and entry are the same.
5. The proof holds nothing that nobody signed and no signature that the checker cannot verify, and leads from
   the entry to a checkpoint that the log and every required witness signed.

So there is no byte in either file that could change unnoticed. Pure.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from consent.canonical import canonical_json
from consent.entries.bodies import ConsentGiven, Identifier, Instant
from consent.entries.form import Entry, parse_entry
from consent.entries.times import utc_text
from consent.grants.commitment import commitment, given
from consent.grants.record import ConsentRecord, Context, Node, Urn, node_text, read_node, record_urn
from consent.grants.terms import CONTEXT, RECEIPT_PROFILE
from consent.log.proof import LogProof, check_proof, parse_proof
from consent.notes import Note, Verifier, parse_note, parse_verifier
from productivity.errors import BadInput

WHERE = "receipt"


class ConsentReceipt(Node):
    """What the worker keeps; the proof is a file of its own."""

    context: Annotated[Context, Field(alias="@context")]
    id: Annotated[Urn, Field(alias="@id")]
    type: Annotated[Literal["dpv:ConsentReceipt"], Field(alias="@type")]
    schema_version: Literal["dpv-27560:receipt-eu-gdpr"]
    receipt_id: Identifier
    created: Instant
    """When the log took the consent in."""
    record: ConsentRecord
    salt: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    entry: str
    """The log's entry, as it stands there."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a receipt shows once it has been checked."""

    receipt: ConsentReceipt
    body: ConsentGiven
    index: int
    log: str


def receipt_of(record: ConsentRecord, salt: bytes, entry: Entry) -> ConsentReceipt:
    """Return the receipt of a consent that stands in the log; `BadInput` if the three do not fit."""
    _check_fit(record, salt, entry)
    receipt = uuid.uuid5(uuid.UUID(hex=record.record_id), "receipt").hex
    return read_node(
        ConsentReceipt,
        canonical_json(
            {
                "@context": CONTEXT,
                "@id": record_urn(receipt),
                "@type": "dpv:ConsentReceipt",
                "schema_version": RECEIPT_PROFILE,
                "receipt_id": receipt,
                "created": utc_text(entry.at_ms),
                "record": record.model_dump(mode="json", by_alias=True),
                "salt": salt.hex(),
                "entry": bytes(entry).decode(),
            }
        ),
        WHERE,
    )


def receipt_text(receipt: ConsentReceipt) -> str:
    """Return the content of the receipt's file."""
    return node_text(receipt) + "\n"


def proof_of(index: int, hashes: Iterable[bytes], checkpoint: str, keys: Iterable[Verifier]) -> str:
    """Return the proof's file; of the checkpoint's signatures, only those by `keys` are kept."""
    known = {(key.name, key.key_id) for key in keys}
    note = parse_note(checkpoint)
    kept = tuple(line for line in note.signatures if (line.name, line.key_id) in known)
    return str(LogProof(index, tuple(hashes), str(Note(note.text, kept))))


def check_receipt(receipt: str, proof: str, log: Verifier, witnesses: Iterable[Verifier]) -> Checked:
    """Return what the receipt shows; `BadInput` with the first thing that does not fit. Offline."""
    witnesses = tuple(witnesses)
    # (1) Spelling, and that nothing stands in the receipt but what follows from record, salt and entry
    read = _read(receipt)
    entry, salt = parse_entry(read.entry.encode(), WHERE), bytes.fromhex(read.salt)
    if receipt_text(receipt_of(read.record, salt, entry)) != receipt:  # (3) and (4) are checked on the way
        raise BadInput(
            "receipt holds something of its own", where=WHERE, expected="record, salt and entry only"
        )
    # (2) The worker's own signature, for this log
    body = _signed_body(entry, log)
    # (5) The proof
    parsed = _parse_proof(proof, (log, *witnesses))
    check_proof(parsed, read.entry.encode(), log, required=witnesses)
    return Checked(read, body, parsed.index, log.name)


def _read(receipt: str) -> ConsentReceipt:
    if not receipt.endswith("\n"):
        raise BadInput("receipt is cut off", where=WHERE, expected="a line feed at the end")
    return read_node(ConsentReceipt, receipt.removesuffix("\n"), WHERE)


def _check_fit(record: ConsentRecord, salt: bytes, entry: Entry) -> None:
    body = entry.body
    if not isinstance(body, ConsentGiven):
        raise BadInput("entry is no consent", where=WHERE, expected="consent that was given or renewed")
    if commitment(record, salt) != body.commitment:
        raise BadInput("record is not the one that the log commits to", where=WHERE)
    said = given(record, salt, parse_verifier(body.key))
    if said.model_dump().items() - body.model_dump().items():
        raise BadInput("record and log entry say different things", where=WHERE)


def _signed_body(entry: Entry, log: Verifier) -> ConsentGiven:
    if entry.act is None or not isinstance(entry.body, ConsentGiven):
        raise BadInput("entry is no act", where=WHERE, expected="an act that the worker signed")
    if entry.act.log != log.name:
        raise BadInput("consent was given for another log", where=WHERE, expected=repr(log.name))
    key = parse_verifier(entry.body.key)
    if entry.act.signed_by([key]) != {key}:
        raise BadInput("worker's signature is missing", where=WHERE)
    return entry.body


def _parse_proof(text: str, known: Iterable[Verifier]) -> LogProof:
    proof = parse_proof(text)
    keys = {(key.name, key.key_id) for key in known}
    strange = [line for line in parse_note(proof.note).signatures if (line.name, line.key_id) not in keys]
    if proof.extra:
        raise BadInput("proof holds something that nobody signed", where="proof", expected="no extra line")
    if strange:
        raise BadInput(
            "proof holds a signature that nobody here can verify",
            where="proof",
            expected="signatures of the log and of the witnesses that were named",
            found=f"one of {strange[0].name!r}",
        )
    return proof
