"""What a log says about its agreements, read quickly and without believing it.

For those who are about to sign: which agreement do they mean, and which suspension? A log that lies here can
make them sign an act that nobody will admit, and no more than that. Whoever wants to *know* follows the log.
"""

from dataclasses import dataclass, field

from consent.agreement.form import parse_agreement
from consent.agreement.lifecycle import State
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import Party
from consent.entries import bodies
from consent.entries.form import parse_entry
from consent.log.checkpoint import parse_checkpoint
from consent.log.http import Unreachable
from consent.log.store import LogFiles
from consent.log.tail import entries_from
from consent.log.tiles import CHECKPOINT
from consent.notes import parse_note

_MARK = b'"type":"agreement.'


@dataclass(slots=True)
class Mentioned:
    """An agreement as the log tells of it."""

    agreement: Agreement
    hash: str
    state: State = State.DRAFT
    suspended_at: int = 0
    signed_by: set[Party] = field(default_factory=set)


def log_name(files: LogFiles) -> str:
    """Return what the log calls itself; `Unreachable` if there is none."""
    return parse_checkpoint(parse_note(_checkpoint(files)).text).origin


def scan(files: LogFiles) -> dict[str, Mentioned]:
    """Return the agreements that the log tells of, by hash, oldest first."""
    found: dict[str, Mentioned] = {}
    checkpoint = parse_checkpoint(parse_note(_checkpoint(files)).text)
    for first, entries in entries_from(files, 0, checkpoint):
        for index, content in enumerate(entries, first):
            if _MARK in content:
                _tell(found, index, parse_entry(content, f"entry {index}").body)
    return found


def _checkpoint(files: LogFiles) -> bytes:
    content = files.read(CHECKPOINT)
    if content is None:
        raise Unreachable(f"log: no file {CHECKPOINT!r}, expected a log here")
    return content


def _tell(found: dict[str, Mentioned], index: int, body: object) -> None:
    if isinstance(body, bodies.AgreementProposed):
        found[body.agreement] = Mentioned(parse_agreement(body.text, f"entry {index}"), body.agreement)
    match body:
        case bodies.AgreementSigned():
            one = found[body.agreement]
            one.signed_by.add(body.by)
            one.state = State.SIGNED_BY_BOTH if len(one.signed_by) == len(Party) else State.SIGNED_BY_ONE
        case bodies.AgreementActivated():
            one = found[body.agreement]
            before = found.get(one.agreement.supersedes or "")
            one.state = State.ACTIVE
            if before is not None:
                one.state, one.suspended_at, before.state = before.state, before.suspended_at, State.ENDED
        case bodies.AgreementSuspended():
            found[body.agreement].state, found[body.agreement].suspended_at = State.SUSPENDED, index
        case bodies.AgreementResumed():
            found[body.agreement].state = State.ACTIVE
        case bodies.AgreementEnded():
            found[body.agreement].state = State.ENDED
