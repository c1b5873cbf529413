"""A statement as text, before it becomes a page or a PDF: both show the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from consent.agreement import names
from consent.agreement.language import Language, Text
from consent.royalties.disputes import Dispute
from consent.royalties.statement import Line, Statement
from reports.royalties import words
from reports.royalties.figures import (
    amount_text,
    day_text,
    gross_formula,
    part_formula,
    rate_text,
    seconds_text,
    time_text,
    units_text,
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what stands beside it. `strong` is a sum; `code` is a hash or identifier."""

    name: str
    values: tuple[str, ...]
    strong: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header: a time, an identifier, and more; the last column may be an amount."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    amounts: bool = True


@dataclass(frozen=True, slots=True)
class Use:
    """One use: figures first, identifiers after them."""

    title: str
    part: str
    facts: tuple[Fact, ...]
    identifiers: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The whole statement in one language."""

    language: str
    title: str
    subtitle: str
    facts: tuple[Fact, ...]
    balance_title: str
    balance: tuple[Fact, ...]
    notes: tuple[str, ...]
    uses_title: str
    part_title: str
    identifiers_title: str
    uses: tuple[Use, ...]
    tables: tuple[Table, ...]
    explained: tuple[tuple[str, tuple[str, ...]], ...]
    """Headings and paragraphs: how to check, how to dispute."""
    page: str


def document_of(
    statement: Statement,
    language: Language,
    *,
    site: str,
    zone: tzinfo,
    proofs: Mapping[int, str] | None = None,
) -> Document:
    """Lay a statement out. `proofs` names the proof file of each log index that comes with it."""
    say = _Say(statement, language, zone, proofs or {})
    return Document(
        language=language,
        title=say(words.TITLE),
        subtitle=say(words.SUBTITLE).format(
            first=day_text(statement.from_ms, zone, language),
            last=day_text(statement.to_ms - 1, zone, language),
        ),
        facts=(
            Fact(say(words.PSEUDONYM), (statement.pseudonym,), code=True),
            Fact(say(words.SITE), (site,)),
            Fact(say(words.CURRENCY), (statement.currency,)),
            Fact(say(words.TIMES), (str(zone),)),
        ),
        balance_title=say(words.BALANCE),
        balance=_balance(say),
        notes=_notes(say),
        uses_title=say(words.USES),
        part_title=say(words.YOUR_PART),
        identifiers_title=f"{say(words.PROOF)}, {say(words.SEGMENTS)}",
        uses=tuple(_use(line, say) for line in statement.lines),
        tables=tuple(table for table in _tables(say) if table.rows),
        explained=(
            (say(words.CHECK), (say(words.WEIGHTS), say(words.ROUNDING), say(words.PROOFS))),
            (say(words.HOW_TO_DISPUTE), (say(words.DISPUTING), say(words.WITHDRAWAL))),
        ),
        page=say(words.PAGE),
    )


@dataclass(frozen=True, slots=True)
class _Say:
    """What a statement is told with."""

    statement: Statement
    language: Language
    zone: tzinfo
    proofs: Mapping[int, str]

    def __call__(self, text: Text) -> str:
        return text.in_(self.language)

    def amount(self, amount: int) -> str:
        return amount_text(amount, self.statement.currency, self.language)

    def time(self, at_ms: int) -> str:
        return time_text(at_ms, self.zone, self.language)


def _balance(say: _Say) -> tuple[Fact, ...]:
    one = say.statement
    return (
        Fact(say(words.OPENING), (say.amount(one.opening),)),
        Fact(say(words.EARNED), (say.amount(one.earned),)),
        Fact(say(words.CORRECTED), (say.amount(one.corrected),)),
        Fact(say(words.PAID), (say.amount(one.paid),)),
        Fact(say(words.CLOSING), (say.amount(one.closing),), strong=True),
        Fact(say(words.OUTSTANDING), (say.amount(one.outstanding),)),
    )


def _notes(say: _Say) -> tuple[str, ...]:
    one = say.statement
    notes = []
    if one.nothing:
        notes.append(f"{say(words.NOTHING_TITLE)}. {say(words.NOTHING)}")
    elif not one.lines:
        notes.append(say(words.NO_USE))
    if one.closing < 0:
        notes.append(say(words.OVERPAID).format(amount=say.amount(-one.closing)))
    if one.carried_ms:
        days = ", ".join(dict.fromkeys(day_text(at, say.zone, say.language) for at in one.carried_ms))
        notes.append(say(words.CARRIED).format(days=days))
    return tuple(notes)


def _use(line: Line, say: _Say) -> Use:
    priced, price = line.priced, line.priced.price
    facts = [
        Fact(say(words.LICENSEE), (priced.licensee or say(words.THE_PLANT),)),
        Fact(say(words.PURPOSE), (names.NAMES[priced.purpose].in_(say.language),)),
        Fact(say(words.UNITS), (units_text(price, say.language),)),
        Fact(say(words.RATE), (rate_text(price, say.language),)),
        Fact(say(words.GROSS), (gross_formula(price, say.language),)),
    ]
    facts += [
        Fact(say(words.DEDUCTION).format(name=one.name), (say.amount(one.amount),))
        for one in price.deductions
    ]
    facts += [
        Fact(say(words.NET), (say.amount(price.net),)),
        Fact(say(words.ALL_WORKERS), (say.amount(line.shared.workers),)),
        Fact(say(words.YOUR_PART), (part_formula(line, say.language),), strong=True),
        Fact(say(words.STATE), (words.NAMES[line.state].in_(say.language),)),
    ]
    facts += [Fact(say(words.DISPUTE), (_dispute(one, say),)) for one in line.disputes]
    segments = tuple(
        f"{one.segment} · {seconds_text(one.ms, say.language)}"
        + (f" × {one.weight}" if one.weight != 1 else "")
        for one in priced.segments
    )
    proof = say.proofs.get(priced.log_index)
    identifiers = [
        Fact(say(words.BOOKING), (line.booking,), code=True),
        Fact(say(words.USE_ID), (priced.use,), code=True),
        Fact(say(words.LOG_INDEX), (str(priced.log_index),)),
        Fact(say(words.CARD), (price.card,), code=True),
        Fact(say(words.MODEL), (priced.model or say(words.NO_MODEL),), code=priced.model is not None),
        Fact(say(words.SEGMENTS), segments, code=True),
    ]
    if proof is not None:
        identifiers.insert(3, Fact(say(words.PROOF), (proof,), code=True))
    return Use(
        title=say(words.USE_OF).format(time=say.time(line.at_ms)),
        part=say.amount(line.part),
        facts=tuple(facts),
        identifiers=tuple(identifiers),
    )


def _tables(say: _Say) -> Sequence[Table]:
    one = say.statement
    return (
        Table(
            say(words.CORRECTIONS),
            (say(words.DATE), say(words.BOOKING), say(words.LOG_INDEX), say(words.AMOUNT)),
            tuple(
                (say.time(each.at_ms), each.booking, str(each.log_index), say.amount(-each.amount))
                for each in one.corrections
            ),
        ),
        Table(
            say(words.PAYMENTS),
            (say(words.DATE), say(words.REFERENCE), say(words.BOOKINGS), say(words.AMOUNT)),
            tuple(
                (say.time(each.at_ms), each.payout, str(each.bookings), say.amount(each.amount))
                for each in one.payments
            ),
        ),
        Table(
            say(words.DISPUTES),
            (say(words.DATE), say(words.BOOKING), say(words.REASON), say(words.ANSWER)),
            tuple(
                (
                    say.time(each.at_ms),
                    each.booking,
                    words.NAMES[each.reason].in_(say.language),
                    _answer(each, say),
                )
                for each in one.disputes
            ),
            amounts=False,
        ),
    )


def _dispute(dispute: Dispute, say: _Say) -> str:
    reason = words.NAMES[dispute.reason].in_(say.language)
    return f"{say.time(dispute.at_ms)}: {reason}. {say(words.ANSWER)}: {_answer(dispute, say)}"


def _answer(dispute: Dispute, say: _Say) -> str:
    answer = dispute.answer
    if answer is None:
        return say(words.NO_ANSWER)
    outcome = words.NAMES[answer.outcome].in_(say.language)
    why = "" if answer.reason is None else f": {words.NAMES[answer.reason].in_(say.language)}"
    return f"{outcome}{why} ({say.time(answer.at_ms)})"
