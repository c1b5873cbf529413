"""portfolio.csv: the products among which the ABC analysis chooses."""

from decimal import Decimal, InvalidOperation
from pathlib import Path

from productivity.errors import BadInput
from productivity.portfolio import Product
from storage.files import File
from storage.intervals_csv import whole_number
from storage.table import TableRow, read_table

COLUMNS = ("product", "pieces")
OPTIONAL = ("sales", "profit")
_MOST = Decimal(10**15)


def read_portfolio(path: Path) -> tuple[Product, ...]:
    """Read products; an absent file has none. Amounts of money have a decimal point and at most 2 decimals.

    Raises `BadInput` naming file, line and expectation.
    """
    return products_in(path) if path.exists() else ()


def products_in(file: File) -> tuple[Product, ...]:
    """Read the products of a file."""
    return tuple(_product(row) for row in read_table(file, COLUMNS, OPTIONAL))


def _product(row: TableRow) -> Product:
    if not row["product"]:
        raise BadInput("product is empty", where=str(row.place), expected="a name")
    return Product(
        row["product"],
        whole_number(row, "pieces"),
        _coins(row, "sales") or 0,
        _coins(row, "profit"),
        f"{row.place.path.name}:{row.place.line}",
    )


def _coins(row: TableRow, column: str) -> int | None:
    """Return an amount of money in the smallest coin, so that sums are exact; None for an empty cell."""
    text = row[column]
    if not text:
        return None
    try:
        coins = Decimal(text) * 100
        if abs(coins) <= _MOST and coins == coins.to_integral_value():
            return int(coins)
    except InvalidOperation:
        pass
    raise BadInput(
        f"{column} is not an amount of money",
        where=str(row.place),
        expected="a number with a decimal point and at most 2 decimals",
        found=repr(text[:40]),
    )
