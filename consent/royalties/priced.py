"""A use with its price: what is booked from, and what statements show of it; kept as canonical JSON."""

from dataclasses import dataclass
from fractions import Fraction

from pydantic import Field, ValidationError

from consent.agreement.schema import Hash, Name, Strict
from consent.agreement.vocabulary import MotionPurpose, RoyaltyUnit
from consent.canonical import canonical_json, parse_canonical
from consent.entries.bodies import Count, Identifier, Index, Pseudonym
from consent.royalties.price import Deduction, Price
from consent.royalties.split import Contribution
from productivity.errors import BadInput


@dataclass(frozen=True, slots=True)
class PricedSegment:
    """A segment of a use, whose it is, and what was declared of it."""

    segment: str
    pseudonym: str
    ms: int
    weight: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class PricedUse:
    """A use of motion and its price. `number` counts the prices of one use: a use may earn again."""

    use: str
    number: int
    log_index: int
    """Of `motion.used`."""
    purpose: MotionPurpose
    licensee: str | None
    """None: the plant itself."""
    model: str | None
    segments: tuple[PricedSegment, ...]
    price: Price

    @property
    def contributions(self) -> tuple[Contribution, ...]:
        """What each segment counts for when the price is shared."""
        return tuple(Contribution(one.pseudonym, one.ms, one.weight) for one in self.segments)

    def text(self) -> str:
        """Return the canonical JSON."""
        return canonical_json(
            {
                "use": self.use,
                "number": self.number,
                "log_index": self.log_index,
                "purpose": self.purpose,
                "licensee": self.licensee,
                "model": self.model,
                "segments": [
                    {
                        "segment": one.segment,
                        "pseudonym": one.pseudonym,
                        "ms": one.ms,
                        "weight": str(one.weight),
                    }
                    for one in self.segments
                ],
                "unit": self.price.unit,
                "rate": self.price.rate,
                "quantity": self.price.quantity,
                "currency": self.price.currency,
                "card": self.price.card,
                "gross": self.price.gross,
                "deductions": [{"name": one.name, "amount": one.amount} for one in self.price.deductions],
            }
        )


def read_priced(text: str) -> PricedUse:
    """Read what `text` wrote. Raises `BadInput`."""
    value = parse_canonical(text, "price of a use")
    try:
        form = _Form.model_validate(value)
    except ValidationError:
        raise BadInput("not a price", where="price of a use") from None
    deductions = tuple(Deduction(one.name, one.amount) for one in form.deductions)
    price = Price(form.unit, form.rate, form.quantity, form.currency, form.card, form.gross, deductions)
    segments = tuple(
        PricedSegment(one.segment, one.pseudonym, one.ms, parse_weight(one.weight)) for one in form.segments
    )
    return PricedUse(
        form.use, form.number, form.log_index, form.purpose, form.licensee, form.model, segments, price
    )


def parse_weight(text: str) -> Fraction:
    """Read a declared weight: 1, 3/2. Raises `BadInput`; decimals are refused, they invite rounding."""
    over, _, under = text.partition("/")
    whole = [over, under or "1"]
    if not all(part.isascii() and part.isdigit() and len(part) <= 6 and int(part) for part in whole):
        raise BadInput("not a weight", expected="a whole number or a fraction above 0, such as 3/2")
    return Fraction(int(whole[0]), int(whole[1]))


class _Segment(Strict):
    segment: Identifier
    pseudonym: Pseudonym
    ms: Count
    weight: str


class _Deduction(Strict):
    name: Name
    amount: Count


class _Form(Strict):
    use: Identifier
    number: Index
    log_index: Index
    purpose: MotionPurpose
    licensee: Name | None
    model: Hash | None
    segments: tuple[_Segment, ...] = Field(min_length=1)
    unit: RoyaltyUnit
    rate: Count
    quantity: Count
    currency: str
    card: Hash
    gross: Count
    deductions: tuple[_Deduction, ...]
