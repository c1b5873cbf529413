from fractions import Fraction

import pytest

from productivity.errors import BadInput
from productivity.portfolio import Bounds, Criterion, Product, abc_analysis

# Ten products of 1000 pieces in all, so that shares can be read off.
PIECES = (400, 300, 100, 60, 50, 40, 20, 15, 10, 5)
PRODUCTS = [
    Product(f"p{number}", pieces, sales=1000, profit=100 * number, source=f"products.csv:{number + 2}")
    for number, pieces in enumerate(PIECES)
]


def classes(rows):
    return "".join(row.abc for row in rows)


def test_by_output():
    """The third product reaches 80 % exactly and is the last A; the sixth reaches 95 % and is the last B."""
    rows = abc_analysis(PRODUCTS[::-1], Criterion.OUTPUT)
    assert classes(rows) == "AAABBBCCCC"
    assert [row.product.pieces for row in rows] == list(PIECES)
    assert [row.cumulative for row in rows[:3]] == [0.4, 0.7, 0.8]
    assert (rows[0].rank, rows[0].weight, rows[-1].cumulative) == (1, 0.4, 1.0)


def test_by_sales_volume():
    """All sell alike: eight of ten make 80 %. Equal products stand by name."""
    rows = abc_analysis(PRODUCTS[::-1], Criterion.SALES)
    assert classes(rows) == "AAAAAAAABB"
    assert [row.product.name for row in rows] == [f"p{number}" for number in range(10)]


def test_by_low_margin():
    """The two of ten with the lowest margin are A; margins do not add up, so products are counted."""
    rows = abc_analysis(PRODUCTS[::-1], Criterion.LOW_MARGIN)
    assert classes(rows) == "AABBBCCCCC"
    assert [row.margin for row in rows[:3]] == [0.0, 0.1, 0.2]
    assert rows[0].weight == 0.1


def test_a_loss_is_the_lowest_margin():
    loss = Product("loss", 1, sales=100, profit=-50)
    assert abc_analysis([*PRODUCTS, loss], Criterion.LOW_MARGIN)[0].margin == -0.5


def test_a_product_that_is_nearly_all_is_an_a():
    assert classes(abc_analysis([Product("all", 99), Product("rest", 1)], Criterion.OUTPUT)) == "AC"


def test_own_bounds():
    assert (
        classes(abc_analysis(PRODUCTS, Criterion.OUTPUT, Bounds(Fraction(1, 2), Fraction(3, 4))))
        == "AABCCCCCCC"
    )


@pytest.mark.parametrize(("sales", "profit", "margin"), [(0, 5, None), (5, None, None), (5, 1, 0.2)])
def test_a_margin_needs_sales_and_profit(sales, profit, margin):
    [row] = abc_analysis([Product("a", 1, sales, profit)], Criterion.OUTPUT)
    assert row.margin == margin


def test_no_products_have_no_classes():
    assert abc_analysis([], Criterion.OUTPUT) == ()


@pytest.mark.parametrize(
    ("products", "criterion", "message"),
    [
        ([Product("a", 1), Product("a", 2, source="x:3")], Criterion.OUTPUT, "x:3: product 'a' stands twice"),
        ([Product("a", -1, source="x:2")], Criterion.OUTPUT, "x:2: product 'a' has a negative number"),
        ([Product("a", 1, sales=-1)], Criterion.SALES, "negative number"),
        ([Product("a", 0)], Criterion.OUTPUT, "no product has any output"),
        ([Product("a", 1)], Criterion.SALES, "no product has any sales volume"),
        (
            [Product("a", 1, sales=5)],
            Criterion.LOW_MARGIN,
            "product 'a' has no margin: expected sales and profit",
        ),
        ([Product("a", 1, profit=5)], Criterion.LOW_MARGIN, "product 'a' has no margin"),
    ],
)
def test_what_cannot_be_classed_is_refused(products, criterion, message):
    with pytest.raises(BadInput, match=message):
        abc_analysis(products, criterion)
