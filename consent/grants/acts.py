"""What a worker does at a site with a token, in one go each: say yes or no, take it back, have a receipt.

The key that follows from the token exists in memory only while an act is signed.
"""

import os
from dataclasses import dataclass

from consent.agreement.language import Language
from consent.agreement.vocabulary import MotionPurpose
from consent.entries.bodies import ConsentGiven, ConsentRefused, ConsentWithdrawn
from consent.entries.times import utc_ms
from consent.grants.choice import Choice, end_after_days
from consent.grants.commitment import SALT_BYTES, given, renewed
from consent.grants.receipt import Checked, check_receipt, proof_of, receipt_of, receipt_text
from consent.grants.record import ConsentRecord
from consent.grants.site import Site
from consent.grants.statement import Answer, consent_record
from consent.notes import Signer
from consent.site.behind import Cosigned
from productivity.errors import BadInput


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt and its proof as files, what they say, and by whom the proof is signed."""

    text: str
    proof: str
    checked: Checked
    seen: Cosigned


def answer_yes(
    site: Site,
    worker: Signer,
    *,
    stations: tuple[str, ...],
    purposes: tuple[MotionPurpose, ...],
    days: int,
    language: Language,
    at_ms: int,
) -> ConsentRecord:
    """Say yes to the request that waits under the worker's pseudonym; `BadInput` if none does."""
    asked, line = site.asked(worker.name)
    choice = Choice(stations, purposes, end_after_days(line.agreement, at_ms, days))
    answer = Answer(asked.record, worker.name, language, at_ms, asked.entries[0][1].at_ms)
    record = consent_record(line.agreement, choice, answer)
    say_yes(site, record, worker)
    return record


def say_yes(site: Site, record: ConsentRecord, worker: Signer, *, renews: str | None = None) -> None:
    """Keep record and salt and hand in the act; nothing stays behind if that fails."""
    salt = os.urandom(SALT_BYTES)
    key, at_ms = worker.verifier, utc_ms(record.events[-1].event_time)
    body = given(record, salt, key) if renews is None else renewed(record, salt, key, renews)
    site.kept.keep(record, salt)
    try:
        site.hand_in(body, at_ms, worker)
    except BaseException:
        site.kept.erase(record.record_id)
        raise


def say_no(site: Site, worker: Signer, at_ms: int) -> str:
    """Say no to the request that waits; return its record."""
    asked, _ = site.asked(worker.name)
    body = ConsentRefused(pseudonym=worker.name, key=str(worker.verifier), record=asked.record)
    site.hand_in(body, at_ms, worker)
    return asked.record


def take_back(site: Site, word: str, signer: Signer, at_ms: int, record: str | None = None) -> list[str]:
    """Withdraw all consents under a pseudonym or record, or one of them; return which. `BadInput` if none is.

    A yes that is still on its way is taken back as well: the operator tries a stop again after the rest.
    """
    on_the_way = [body for body in site.waiting(word) if isinstance(body, ConsentGiven)]
    found = {one.record: one.pseudonym for one in on_the_way}
    found |= {one.record: one.pseudonym for one in site.in_force(word)}
    chosen = {one: pseudonym for one, pseudonym in found.items() if record in {None, one}}
    if not chosen:
        raise BadInput("no such consent is in force", expected="one that was given and has not ended")
    for one, pseudonym in chosen.items():
        site.hand_in(ConsentWithdrawn(pseudonym=pseudonym, record=one), at_ms, signer)
    return list(chosen)


def newest_receipt(site: Site, word: str) -> Receipt:
    """Return the receipt of the latest yes that log and witness have signed; `BadInput` if none is."""
    said = [(one.record, one.yes) for one in site.histories(word).values() if one.yes is not None]
    if not said:
        raise BadInput("the log holds no yes", expected="consent that was given and taken in")
    name, yes = said[-1]
    kept, salt = site.kept.read(name)
    seen = site.cosigned(yes.index)
    text = receipt_text(receipt_of(kept, salt, yes.entry))
    hashes = site.inclusion(yes.index, seen.checkpoint)
    proof = proof_of(yes.index, hashes, seen.note, (seen.log, *seen.witnesses))
    return Receipt(text, proof, check_receipt(text, proof, seen.log, seen.witnesses), seen)
