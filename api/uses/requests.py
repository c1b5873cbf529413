"""Asking for a use of motion, and deciding about it. Nothing of the motion is touched here."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from pydantic import ValidationError

from api.looking import from_log
from api.plant import own_site
from api.policy import Role
from api.problems import Kind, Problem, conflict
from api.services import Services
from api.uses.offer import Usable, under_one_agreement, usable
from api.uses.room import MotionRoom
from api.uses.terms import UseFacts, terms_hash, terms_text
from api.viewer import Viewer
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import MotionPurpose, RoyaltyUnit
from consent.canonical import LARGEST_INTEGER
from consent.entries.bodies import MotionUsed
from consent.entries.form import Entry
from consent.royalties.price import Price, price, royalties_of
from consent.royalties.priced import read_priced
from productivity.errors import BadInput
from storage.exports.motion.export import Format
from storage.exports.motion.licensed import require_words
from storage.sql.lookup import NoSuch
from storage.sql.royalties import priced_use
from storage.sql.uses import MotionUse, Overtaken, UsedSegment, UseState, advance_use, create_use, find_use

DOWNLOAD_DAYS = 14
PURPOSES = {Role.ENGINEER: MotionPurpose.PLANT_TRAINING, Role.LICENSEE: MotionPurpose.LICENSING}
"""Who asks for what."""
COUNTED = frozenset({RoyaltyUnit.MODEL, RoyaltyUnit.DEPLOYMENT_HOUR, RoyaltyUnit.REVENUE_SHARE})
"""Units whose quantity the one who asks states; hours of motion are counted here."""
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to use."""

    stations: tuple[str, ...]
    format: Format
    unit: RoyaltyUnit
    quantity: int | None = None
    """Models, milliseconds of deployment, or minor units of revenue; None for hours of motion."""
    model: str | None = None
    """SHA-256 of the model that is trained, where it is known already."""
    quoted: int | None = None
    """The price that was shown to whoever asks; None: any."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """What it would be, and what it would cost; the same words are kept with a request."""

    purpose: MotionPurpose
    agreement: Agreement
    found: Sequence[Usable]
    price: Price

    @property
    def span_ms(self) -> int:
        """Motion altogether."""
        return sum(one.label.span_ms for one in self.found)


def quote(room: MotionRoom, role: Role, wanted: Wanted) -> Quoted:
    """Return what somebody would get, and its price; nothing is kept. Raises `Problem`."""
    purpose = PURPOSES[role]
    try:
        found = from_log(lambda: usable(room, purpose, stations=wanted.stations))
        agreement, found = under_one_agreement(room, found)
        quantity = _quantity(wanted, sum(one.label.span_ms for one in found))
        return Quoted(purpose, agreement, found, price(agreement, purpose, wanted.unit, quantity))
    except BadInput as error:
        raise conflict(error) from None


class Asker(Protocol):
    """Who asks: an account that is signed in, or whoever works at the server's machine."""

    @property
    def role(self) -> Role:
        """Which says for what purpose."""
        ...

    @property
    def name(self) -> str:
        """Of the licensee, if it is one."""
        ...

    @property
    def account_id(self) -> int | None:
        """None: it was asked for by command."""
        ...


def request(services: Services, room: MotionRoom, viewer: Asker, wanted: Wanted) -> MotionUse:
    """Keep a request, with its terms and price; somebody else decides. Raises `Problem`."""
    quoted = quote(room, viewer.role, wanted)
    if wanted.quoted not in {None, quoted.price.gross}:
        raise Problem(Kind.CONFLICT, "the price is another by now; look at it again")
    use = secrets.token_hex(16)
    licensee = viewer.name if viewer.role is Role.LICENSEE else None
    card = quoted.price
    facts = UseFacts(
        use=use,
        site=own_site(services).name,
        agreement=card.card,
        purpose=quoted.purpose,
        licensee=licensee,
        format=wanted.format,
        stations=tuple(sorted({one.label.station for one in quoted.found})),
        segments=len(quoted.found),
        span_ms=quoted.span_ms,
        formula=formula(card),
        gross=card.gross,
        currency=royalties_of(quoted.agreement).currency,
        download_days=DOWNLOAD_DAYS,
    )
    text = terms_text(facts)
    made = MotionUse(
        use=use,
        purpose=quoted.purpose,
        licensee=licensee,
        agreement=card.card,
        terms=terms_hash(text),
        terms_text=text,
        unit=wanted.unit,
        quantity=card.quantity,
        segments=tuple(
            UsedSegment(one.label.segment, one.grant.pseudonym, one.label.span_ms) for one in quoted.found
        ),
        created_ms=services.now_ms(),
        account_id=viewer.account_id,
        model=wanted.model,
        format=wanted.format,
    )
    try:
        _require_possible(made, quoted)
    except BadInput as error:
        raise conflict(error) from None
    create_use(services.database, made)
    return made


def decide(services: Services, use: str, *, approved: bool) -> MotionUse:
    """Approve or refuse a request. Raises `Problem`."""
    to = UseState.APPROVED if approved else UseState.REFUSED
    try:
        return advance_use(services.database, use, UseState.REQUESTED, to, services.now_ms())
    except NoSuch:
        raise Problem(Kind.NOT_FOUND, "no such use") from None
    except Overtaken:
        raise Problem(Kind.CONFLICT, "somebody has decided about it already") from None


def use_for(services: Services, viewer: Viewer, use: str) -> MotionUse:
    """Return a use that this account may see: a licensee its own, others all. Raises `Problem`."""
    try:
        found = find_use(services.database, use)
    except NoSuch:
        raise Problem(Kind.NOT_FOUND, "no such use") from None
    if viewer.role is Role.LICENSEE and found.licensee != viewer.name:
        raise Problem(Kind.NOT_FOUND, "no such use")
    return found


def formula(card: Price) -> str:
    """Return how a price comes about, in figures."""
    return f"{card.quantity} x {card.rate} ({card.unit}) = {card.gross} {card.currency} minor units"


def _quantity(wanted: Wanted, span_ms: int) -> int:
    if (wanted.unit in COUNTED) != (wanted.quantity is not None):
        raise BadInput(
            "quantity does not fit the unit",
            expected="one for models, deployment hours and revenue; hours of motion are counted here",
        )
    if wanted.quantity is not None and not 0 < wanted.quantity <= LARGEST_INTEGER:
        raise BadInput(
            "quantity cannot be counted", expected=f"1 to {LARGEST_INTEGER}", found=str(wanted.quantity)
        )
    return span_ms if wanted.quantity is None else wanted.quantity


def _require_possible(made: MotionUse, quoted: Quoted) -> None:
    """Refuse, with `BadInput`, what log, export or statements would refuse once the use is on its way."""
    if made.model is not None and not _HASH.fullmatch(made.model):
        raise BadInput(
            "model is not a hash",
            expected="64 digits of a SHA-256 in small letters",
            found=f"{len(made.model)} characters",
        )
    # The log spells names in one way; by any other the licensee would not find its own use there.
    entry = _entry(made)
    if entry is None or entry.licensee != made.licensee:
        raise BadInput(
            "licensee has a name that cannot stand in the log",
            expected="80 characters at most, single spaces, nothing hidden",
        )
    bytes(Entry(made.created_ms, entry))
    stations = {one.label.station for one in quoted.found}
    require_words(made.licensee, quoted.agreement.site, stations, made.terms_text)
    read_priced(priced_use(replace(made, log_index=0), quoted.price).text())


def _entry(made: MotionUse) -> MotionUsed | None:
    try:
        return MotionUsed(
            use=made.use,
            segments=tuple(one.segment for one in made.segments),
            purpose=made.purpose,
            licensee=made.licensee,
            terms=made.terms,
        )
    except ValidationError:  # whatever else stands in it is ours
        return None
