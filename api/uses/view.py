"""Uses, models and prices as the page about motion shows them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from api.clock import instant_text
from api.routes.uses import ModelLine, UseLine
from api.uses.requests import Quoted
from api.words import motion as words
from consent.agreement.amounts import minor_digits, money
from consent.agreement.language import Language
from consent.agreement.names import NAMES
from consent.agreement.vocabulary import MotionPurpose, RoyaltyUnit
from consent.royalties.price import price
from consent.site.agreements import LIVE, line_of
from consent.site.state import SiteState
from consent.vault.trained import Standing
from productivity.errors import BadInput
from reports.royalties.figures import gross_formula, rate_text
from storage.sql.uses import UNFINISHED, UseState

MS_PER_HOUR = 3_600_000
_OVER = frozenset({UseState.BOOKED})


@dataclass(frozen=True, slots=True)
class ShownUse:
    """A use, ready to be read."""

    line: UseLine
    terms: str
    state: str
    tone: str
    purpose: str
    asked: str
    motion: str
    price: str
    expires: str
    download: str
    """`ready`, `gone` or empty: not yet, or never."""
    moving: bool
    """Whether it goes on by itself."""


@dataclass(frozen=True, slots=True)
class ShownModel:
    """A model, ready to be read. `standing` is empty where no withdrawal concerns it."""

    line: ModelLine
    registered: str
    standing: str


@dataclass(frozen=True, slots=True)
class ShownRate:
    """A line of the rate card that one can ask under."""

    unit: RoyaltyUnit
    text: str
    currency: str


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote in words."""

    purpose: str
    stations: str
    segments: int
    motion: str
    price: str
    worked_out: str
    agreement: str
    gross: int


def span_text(ms: int) -> str:
    """Return a duration as people read it, in both languages the same: 3 h 12 min, 4 min 5 s, 45 s."""
    seconds = ms // 1000
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {seconds % 60:02} s" if minutes else f"{seconds} s"


def flowing(terms: str) -> str:
    """Return terms whose lines a page breaks: what was set on several lines is one again."""
    return re.sub(r"\n +(?=\S)", " ", terms)


def shown_use(line: UseLine, state: SiteState | None, zone: str, language: Language) -> ShownUse:
    """Return a use in words; `state` None: without its price, which stands in its terms all the same."""
    at = UseState(line.state)
    expired = line.expires_ms is not None and at in _OVER and not line.ready
    return ShownUse(
        line=line,
        terms=flowing(line.terms_text),
        state=words.STATES[at].in_(language),
        tone=words.TONES[at],
        purpose=NAMES[MotionPurpose(line.purpose)].in_(language),
        asked=instant_text(line.created_ms, zone, language),
        motion=span_text(line.seconds * 1000),
        price=_price(line, state, language),
        expires="" if line.expires_ms is None else instant_text(line.expires_ms, zone, language),
        download="ready" if line.ready else "gone" if expired else "",
        moving=at in UNFINISHED,
    )


def shown_model(line: ModelLine, zone: str, language: Language) -> ShownModel:
    """Return a model in words."""
    standing = "" if line.standing is None else words.STANDINGS[Standing(line.standing)].in_(language)
    return ShownModel(line, instant_text(line.registered_ms, zone, language), standing)


def shown_quote(quoted: Quoted, language: Language) -> ShownQuote:
    """Return a quote in words."""
    return ShownQuote(
        purpose=NAMES[quoted.purpose].in_(language),
        stations=", ".join(sorted({one.label.station for one in quoted.found})),
        segments=len(quoted.found),
        motion=span_text(quoted.span_ms),
        price=money(quoted.price.gross, quoted.price.currency, language),
        worked_out=gross_formula(quoted.price, language),
        agreement=quoted.price.card,
        gross=quoted.price.gross,
    )


def rates(state: SiteState, purpose: MotionPurpose, language: Language) -> Sequence[ShownRate]:
    """Return what can be paid for a purpose, by the rate cards of the agreements that are live."""
    found: dict[RoyaltyUnit, ShownRate] = {}
    for line in state.agreements.values():
        card = line.agreement.royalties if line.state in LIVE else None
        for rate in card.rate_card if card is not None else ():
            if rate.purpose is purpose:
                one = price(line.agreement, purpose, rate.unit, 0)
                found[rate.unit] = ShownRate(rate.unit, rate_text(one, language), one.currency)
    return tuple(found.values())


def quantity_of(unit: RoyaltyUnit, typed: str, currency: str) -> int | None:
    """Return a typed quantity in the small units of a price; None for hours of motion. `BadInput`."""
    if unit is RoyaltyUnit.MOTION_HOUR:
        if typed.strip():
            raise BadInput("quantity", expected="none: hours of motion are counted here")
        return None
    factor = {
        RoyaltyUnit.MODEL: 1,
        RoyaltyUnit.DEPLOYMENT_HOUR: MS_PER_HOUR,
        RoyaltyUnit.REVENUE_SHARE: 10 ** minor_digits(currency),
    }[unit]
    try:
        value = Decimal(typed.strip().replace(",", ".")) * factor
        whole = int(value)
    except (InvalidOperation, ValueError, OverflowError):
        raise BadInput("quantity", expected="a number") from None
    if value != whole or not 0 < whole <= 2**53 - 1:
        raise BadInput("quantity", expected="a number above zero that has no smaller parts than its unit")
    return whole


def _price(line: UseLine, state: SiteState | None, language: Language) -> str:
    if state is None:
        return ""
    try:
        agreement = line_of(state, line.agreement).agreement
        made = price(agreement, MotionPurpose(line.purpose), RoyaltyUnit(line.unit), line.quantity)
    except BadInput:
        return ""
    return money(made.gross, made.currency, language)
