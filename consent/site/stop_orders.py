"""Stop orders: suspensions that the works council signs in advance and deposits at the plant server.

The council suspends with one press on a page, and its private key never comes near the server. So it signs
suspensions beforehand and hands the server the notes; a press hands one of them in. Each is an ordinary act
(`agreement.suspended/1`): operator, recorders and auditor treat it as one that was signed a moment ago, and
it can be taken in once. Acts that are signed at different instants differ, so several make several presses.

What somebody who holds them can do: suspend this agreement, at this site, once with each. Nothing else can be
made of them, because the signature covers the act with its agreement and its log. The employer, at whose
server they lie, may suspend without them.

A stop order is void once it was used, once the key that signed it was retired, and once another version of
the agreement took over, because it names the text by its hash. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints, ValidationError

from consent.agreement.schema import Strict
from consent.entries.bodies import AgreementSuspended
from consent.entries.form import Entry, parse_act, sign_act
from consent.entries.limits import SKEW_MS
from consent.entries.times import utc_text
from consent.entries.vocabulary import SuspendedBecause
from consent.keys import Role
from consent.notes import Note, Signer
from consent.site.admission import admit
from consent.site.intake import digest
from consent.site.state import SiteState
from productivity.errors import BadInput

MOST_ORDERS = 100
"""In one file; nobody presses more often."""
MOST_BYTES = 256 * 1024
"""Of a file of stop orders: a hundred take a fifth of it."""

_Note: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=4096)]


class _File(Strict):
    """The file in which stop orders travel: JSON, one signed note after the other."""

    fairtakt: Literal["stop orders 1"] = "stop orders 1"
    notes: Annotated[tuple[_Note, ...], Field(min_length=1, max_length=MOST_ORDERS)]


@dataclass(frozen=True, slots=True)
class StopOrder:
    """A suspension that can be handed in at any time."""

    agreement: str
    """Hash."""
    digest: str
    """SHA-256 of what was signed: tells one order from all others."""
    signed_ms: int
    note: str
    """What is handed in: the act and the council's signatures, and nobody else's."""


def sign_stop_orders(agreement: str, log: str, instants_ms: Iterable[int], council: Signer) -> bytes:
    """Return a file with one stop order for each instant. Requires instants that differ."""
    body = AgreementSuspended(agreement=agreement)
    notes = tuple(str(sign_act(body, log, at_ms, council).note) for at_ms in instants_ms)
    return _File(notes=notes).model_dump_json(indent=1).encode() + b"\n"


def parse_stop_orders(content: bytes, where: str) -> tuple[str, ...]:
    """Return the notes of a file, none of them believed; `BadInput` if it is no such file."""
    if len(content) > MOST_BYTES:
        raise BadInput("file is too long", where=where, expected=f"at most {MOST_BYTES} bytes")
    try:
        return _File.model_validate_json(content).notes
    except ValidationError:
        raise BadInput(
            "not a file of stop orders", where=where, expected="what `fairtakt agreement stop-order` writes"
        ) from None


def check_stop_order(state: SiteState, note: str, now_ms: int | None = None) -> StopOrder:
    """Return the stop order if it would suspend an agreement here and now; else `BadInput` says why not.

    `now_ms` refuses one that is dated ahead of it, when it is deposited. Once it is handed in it counts
    whatever its date, and whatever the server's clock says.
    """
    act = parse_act(note, "stop order")
    body = act.body
    if not isinstance(body, AgreementSuspended) or body.because is not SuspendedBecause.DECISION:
        raise BadInput("not a stop order", expected="a suspension by decision of the works council")
    council = state.keys.get(Role.WORKS_COUNCIL, ())
    signed = act.signed_by(council)
    if not signed:
        raise BadInput("stop order is not signed by the works council", expected="a present key of its own")
    if now_ms is not None and act.at_ms > now_ms + SKEW_MS:
        raise BadInput(
            "stop order is dated in the future",
            where="clock of the machine that signed it",
            expected=f"{utc_text(now_ms)} or earlier",
            found=utc_text(act.at_ms),
        )
    # Everything else is what the operator will ask: this log, a live agreement, not taken in before.
    admit(state, state.size, Entry(max(state.latest_ms, act.at_ms), body, act))
    known = {(key.name, key.key_id) for key in signed}
    lines = tuple(line for line in act.note.signatures if (line.name, line.key_id) in known)
    return StopOrder(body.agreement, digest(act), act.at_ms, str(Note(act.note.text, lines)))


def usable(state: SiteState, notes: Iterable[str]) -> list[StopOrder]:
    """Return those that would suspend something here and now, each once."""
    found: dict[str, StopOrder] = {}
    for note in notes:
        try:
            order = check_stop_order(state, note)
        except BadInput:
            continue
        found.setdefault(order.digest, order)
    return list(found.values())
