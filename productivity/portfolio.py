"""Step 2 of the acquisition: ABC analysis of the product portfolio, to choose what is worth recording."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from productivity.errors import BadInput


class Criterion(StrEnum):
    """What makes a product worth analysing."""

    OUTPUT = "output"
    SALES = "sales volume"
    LOW_MARGIN = "low margin"


class AbcClass(StrEnum):
    """A: the vital few; B: the middle; C: the many."""

    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class Product:
    """A product, product group or variant in a period; money in whole units of the smallest coin."""

    name: str
    pieces: int
    sales: int = 0
    profit: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Classified:
    """A product's place. `weight` is its share in what is cumulated, `cumulative` that of all down to it.

    By output and sales volume both are shares of these; by low margin they are shares of the number of
    products, and `margin` is profit / sales.
    """

    rank: int
    product: Product
    weight: float
    cumulative: float
    abc: AbcClass
    margin: float | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """A product is A while the products before it make up less than `a`, B while less than `b`."""

    a: Fraction
    b: Fraction


SHARE_BOUNDS = Bounds(Fraction(80, 100), Fraction(95, 100))
"""The usual split by value, of ABC analysis since Dickie (Factory Management and Maintenance, July 1951)."""

NUMBER_BOUNDS = Bounds(Fraction(20, 100), Fraction(50, 100))
"""The usual split by number: the first 20 % of products are A, the next 30 % B."""


def abc_analysis(
    products: Sequence[Product], criterion: Criterion, bounds: Bounds | None = None
) -> tuple[Classified, ...]:
    """Rank products by a criterion, the most interesting first, equal ones by name, and class them.

    The product that crosses a bound still belongs to the better class, so that there always is an A.
    Margins do not add up over products, so by low margin the *number* of products is cumulated. Raises
    `BadInput` for negative pieces or sales, a total of 0, a product that stands twice, and by low margin
    for a product without sales or profit.
    """
    _check(products, criterion)
    weights = {product.name: _weight(product, criterion) for product in products}
    ordered = sorted(products, key=lambda product: (_order(product, criterion), product.name))
    whole = sum(weights.values())
    if products and not whole:
        raise BadInput(f"no product has any {criterion}", expected="a number above 0")
    limit = bounds or (NUMBER_BOUNDS if criterion is Criterion.LOW_MARGIN else SHARE_BOUNDS)
    classified: list[Classified] = []
    before = Fraction(0)
    for rank, product in enumerate(ordered, start=1):
        weight = Fraction(weights[product.name], whole)
        abc = AbcClass.A if before < limit.a else AbcClass.B if before < limit.b else AbcClass.C
        before += weight
        margin = float(_margin(product)) if product.profit is not None and product.sales else None
        classified.append(Classified(rank, product, float(weight), float(before), abc, margin))
    return tuple(classified)


def _check(products: Sequence[Product], criterion: Criterion) -> None:
    seen: set[str] = set()
    for product in products:
        if product.name in seen:
            raise BadInput(f"product {product.name!r} stands twice", where=product.source)
        seen.add(product.name)
        if product.pieces < 0 or product.sales < 0:
            raise BadInput(
                f"product {product.name!r} has a negative number",
                where=product.source,
                expected="pieces and sales of 0 or more",
                found=f"{product.pieces} and {product.sales}",
            )
        if criterion is Criterion.LOW_MARGIN and (product.profit is None or not product.sales):
            raise BadInput(
                f"product {product.name!r} has no margin", where=product.source, expected="sales and profit"
            )


def _weight(product: Product, criterion: Criterion) -> int:
    return {Criterion.OUTPUT: product.pieces, Criterion.SALES: product.sales, Criterion.LOW_MARGIN: 1}[
        criterion
    ]


def _order(product: Product, criterion: Criterion) -> Fraction:
    if criterion is Criterion.LOW_MARGIN:
        return _margin(product)
    return Fraction(-_weight(product, criterion))


def _margin(product: Product) -> Fraction:
    return Fraction(product.profit or 0, product.sales)
