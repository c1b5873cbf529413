import pytest

from productivity.counts import OutputBook
from productivity.levels import Level, System, SystemNode
from productivity.records import Output, Unit

SYSTEM = System((SystemNode("cell", Level.CELL), SystemNode("bench", Level.WORKPLACE, "cell")))


def book(*rows):
    return OutputBook(SYSTEM, rows)


@pytest.mark.parametrize(
    ("name", "rows", "by_variant", "others"),
    [
        ("whole only", [Output("cell", "p", pieces=9)], {}, 9),
        ("parts only", [Output("cell", "p", "A", 4), Output("cell", "p", "B", 5)], {"A": 4, "B": 5}, 0),
        ("whole and a part", [Output("cell", "p", pieces=9), Output("cell", "p", "A", 4)], {"A": 4}, 5),
        ("rows of days", [Output("cell", "p", "A", 4), Output("cell", "p", "A", 3)], {"A": 7}, 0),
        ("parts beyond the whole", [Output("cell", "p", pieces=3), Output("cell", "p", "A", 4)], {"A": 4}, 0),
        ("nothing was made", [Output("cell", "p")], {}, 0),
        ("nothing was made of A", [Output("cell", "p", "A")], {"A": 0}, 0),
    ],
)
def test_pieces_by_variant(name, rows, by_variant, others):
    counts = book(*rows).own("cell", Unit.PIECE)
    assert (counts.by_variant, counts.others) == (by_variant, others)
    assert counts.total == sum(by_variant.values()) + others


def test_a_workplace_without_output_has_that_of_its_cell():
    rows = book(Output("cell", "p", pieces=9), Output("bench", "p", shifts=2))
    assert rows.nearest("bench", Unit.PIECE).system == "cell"
    assert rows.nearest("bench", Unit.SHIFT).total == 2
    assert rows.nearest("cell", Unit.BATCH) is None
    assert rows.own("bench", Unit.PIECE) is None


def test_output_of_a_workplace_goes_before_that_of_its_cell():
    rows = book(Output("cell", "p", pieces=9), Output("bench", "p", pieces=4))
    assert rows.nearest("bench", Unit.PIECE).total == 4


def test_variants_beyond_the_whole_are_found_with_their_rows():
    rows = book(Output("cell", "p", pieces=3, source="a:1"), Output("cell", "p", "A", 4, source="a:2"))
    [finding] = rows.contradictions()
    assert (finding.code, finding.rows) == ("output-parts-exceed-whole", ("a:1", "a:2"))


@pytest.mark.parametrize("whole", [0, 4, 5])
def test_parts_within_the_whole_are_no_contradiction(whole):
    assert book(Output("cell", "p", pieces=whole), Output("cell", "p", "A", 4)).contradictions() == []
