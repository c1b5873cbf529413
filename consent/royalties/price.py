"""What a use costs: a rate of the works agreement times a quantity, in whole minor units.

Quantities are whole numbers of small units, so nothing is lost before the one rounding at the end:

| unit | quantity | rate is for |
|---|---|---|
| motion hour | milliseconds of motion, all segments together | 3,600,000 |
| model | models that are trained | 1 |
| deployment hour | milliseconds of deployment, as stated | 3,600,000 |
| share of revenue | minor units of revenue, as stated | 10,000 (the rate is hundredths of a percent) |

gross = rate x quantity / divisor, rounded to the nearest minor unit, halves up: in favour of those who are
paid. Net = gross less the named deductions; what is shared out is the net. The version of the rate card is
the hash of the agreement that holds it. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from consent.agreement.form import agreement_hash
from consent.agreement.schema import Agreement, Rate, Royalties
from consent.agreement.vocabulary import MotionPurpose, RoyaltyUnit
from consent.canonical import LARGEST_INTEGER
from productivity.errors import BadInput

DIVISORS: Mapping[RoyaltyUnit, int] = MappingProxyType(
    {
        RoyaltyUnit.MOTION_HOUR: 3_600_000,
        RoyaltyUnit.MODEL: 1,
        RoyaltyUnit.DEPLOYMENT_HOUR: 3_600_000,
        RoyaltyUnit.REVENUE_SHARE: 10_000,
    }
)


@dataclass(frozen=True, slots=True)
class Deduction:
    """Something that is taken off before anything is shared, with the name that statements show."""

    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class Price:
    """What a use costs, with all that is needed to compute it again."""

    unit: RoyaltyUnit
    rate: int
    quantity: int
    currency: str
    card: str
    """Version of the rate card: hash of the works agreement."""
    gross: int
    deductions: tuple[Deduction, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a price that does not follow from its own figures."""
        if self.rate < 0 or self.quantity < 0 or self.gross != gross_of(self.unit, self.rate, self.quantity):
            raise BadInput("gross does not follow from rate and quantity")
        names = [deduction.name for deduction in self.deductions]
        if len(set(names)) < len(names) or any(
            not one.name or len(one.name) > 80 or one.amount <= 0 for one in self.deductions
        ):
            raise BadInput("deduction is not possible", expected="a name of its own, and more than nothing")
        if self.net < 0:
            raise BadInput("deductions exceed the price", expected="at most the gross amount")

    @property
    def net(self) -> int:
        """What is shared out."""
        return self.gross - sum(deduction.amount for deduction in self.deductions)


def gross_of(unit: RoyaltyUnit, rate: int, quantity: int) -> int:
    """Return rate times quantity, to the nearest minor unit, halves up. Both are not negative."""
    divisor = DIVISORS[unit]
    gross = (2 * rate * quantity + divisor) // (2 * divisor)
    if gross > LARGEST_INTEGER:
        raise BadInput("price is too large", expected=f"at most {LARGEST_INTEGER} minor units")
    return gross


def price(
    agreement: Agreement,
    purpose: MotionPurpose,
    unit: RoyaltyUnit,
    quantity: int,
    deductions: tuple[Deduction, ...] = (),
) -> Price:
    """Return the price of a use under an agreement.

    Raises `BadInput` without a rate for purpose and unit, and for deductions that exceed the gross amount.
    """
    royalties = royalties_of(agreement)
    rate = rate_for(royalties, purpose, unit)
    gross = gross_of(unit, rate.amount, quantity)
    card = agreement_hash(agreement)
    return Price(unit, rate.amount, quantity, royalties.currency, card, gross, deductions)


def royalties_of(agreement: Agreement) -> Royalties:
    """Return what the agreement says of royalties. Raises `BadInput` if it says nothing."""
    if agreement.royalties is None:
        raise BadInput("works agreement has no royalties", expected="a rate card")
    return agreement.royalties


def rate_for(royalties: Royalties, purpose: MotionPurpose, unit: RoyaltyUnit) -> Rate:
    """Return the line of the rate card. Raises `BadInput`: what has no agreed price cannot be sold."""
    for rate in royalties.rate_card:
        if rate.purpose is purpose and rate.unit is unit:
            return rate
    raise BadInput("no rate is agreed", expected="a line of the rate card", found=f"{purpose}, {unit}")
