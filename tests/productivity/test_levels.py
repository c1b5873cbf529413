import pytest

from productivity.errors import BadInput
from productivity.levels import Level, System, SystemNode

PLANT = System(
    (
        SystemNode("hall", Level.AREA, "works"),
        SystemNode("works", Level.PLANT),
        SystemNode("cell", Level.CELL, "hall"),
        SystemNode("bench", Level.WORKPLACE, "cell"),
        SystemNode("press", Level.WORKPLACE, "hall"),
    )
)


@pytest.mark.parametrize(
    ("text", "level", "isa95"),
    [
        ("workplace", Level.WORKPLACE, "work unit"),
        ("work unit", Level.WORKPLACE, "work unit"),
        ("cell", Level.CELL, "work centre"),
        ("Line", Level.CELL, "work centre"),
        ("work-centre", Level.CELL, "work centre"),
        ("work center", Level.CELL, "work centre"),
        ("area", Level.AREA, "area"),
        (" plant ", Level.PLANT, "site"),
        ("site", Level.PLANT, "site"),
    ],
)
def test_levels_answer_to_their_aliases(text, level, isa95):
    assert Level.parse(text) is level
    assert level.isa95 == isa95


def test_an_unknown_level_is_refused():
    with pytest.raises(BadInput, match=r"level is not known: expected one of workplace, .*found 'galaxy'"):
        Level.parse("galaxy")


def test_labels_are_our_own_words():
    assert [level.label for level in Level] == ["workplace", "cell", "area", "plant"]


def test_a_system_knows_what_is_below_and_above():
    assert [node.name for node in PLANT.within("works")] == ["works", "hall", "cell", "bench", "press"]
    assert [node.name for node in PLANT.ancestors("bench")] == ["cell", "hall", "works"]
    assert [node.name for node in PLANT.children("hall")] == ["cell", "press"]
    assert [node.name for node in PLANT.at(Level.LINE)] == ["cell"]


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([SystemNode("a", Level.CELL)] * 2, "'a' is empty or stands twice"),
        ([SystemNode("", Level.CELL)], "'' is empty or stands twice"),
        ([SystemNode("a", Level.CELL, "b")], "'a' is part of a system that is not there: found 'b'"),
        (
            [SystemNode("a", Level.CELL, "b"), SystemNode("b", Level.LINE)],
            "'a' is part of 'b': expected a system above the level cell, found cell",
        ),
        ([SystemNode("a", Level.CELL, "a")], "'a' is part of 'a'"),
    ],
)
def test_what_is_no_tree_is_refused(nodes, message):
    with pytest.raises(BadInput, match=message):
        System(tuple(nodes))


@pytest.mark.parametrize("lookup", [PLANT.node, PLANT.children, PLANT.ancestors])
def test_an_unknown_system_is_named(lookup):
    with pytest.raises(BadInput, match="system 'moon' is not part of the study"):
        lookup("moon")
