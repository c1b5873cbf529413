import pytest
from hypothesis import given
from hypothesis import strategies as st

from productivity.errors import BadInput
from productivity.hierarchy import DEFAULT_HIERARCHY, Hierarchy, StateNode
from productivity.states import NOT_RECORDED, UNKNOWN, StateCategory

CYCLE, IRREGULAR = StateCategory.CYCLE_BOUND, StateCategory.IRREGULAR
TREE = Hierarchy(
    (
        StateNode("assembly", CYCLE, True),
        StateNode("screwing", CYCLE, True, "assembly"),
        StateNode("fetching screws", CYCLE, False, "screwing"),
        StateNode("waiting", IRREGULAR, False),
    )
)


def test_a_path_runs_from_the_category_down():
    assert TREE.path("fetching screws") == ("cycle-bound", "assembly", "screwing", "fetching screws")
    assert TREE.path("waiting") == ("irregular", "waiting")


def test_leaves_are_what_is_not_refined():
    assert [node.name for node in TREE.leaves] == ["fetching screws", "waiting"]


def test_a_refinement_may_differ_in_value():
    assert TREE.value_adding("screwing")
    assert not TREE.value_adding("fetching screws")


TOTALS = {"assembly": 1, "screwing": 20, "fetching screws": 300, "waiting": 4000, UNKNOWN: 5, NOT_RECORDED: 6}


@pytest.mark.parametrize(
    ("depth", "expected"),
    [
        (0, {"cycle-bound": 321, "irregular": 4000, UNKNOWN: 5, NOT_RECORDED: 6}),
        (1, {"assembly": 321, "waiting": 4000, UNKNOWN: 5, NOT_RECORDED: 6}),
        (2, {"assembly": 1, "screwing": 320, "waiting": 4000, UNKNOWN: 5, NOT_RECORDED: 6}),
        (3, TOTALS),
        (99, TOTALS),
    ],
)
def test_rolling_up_to_each_depth(depth, expected):
    assert TREE.roll_up(TOTALS, depth) == expected


def test_a_negative_depth_is_refused():
    with pytest.raises(ValueError, match="depth of 0 or more, found -1"):
        TREE.roll_up({}, -1)


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([StateNode("a", CYCLE, True)] * 2, "'a' stands twice"),
        ([StateNode(" ", CYCLE, True)], "name that is not free"),
        ([StateNode("unknown", CYCLE, True)], "'unknown' has a name that is not free"),
        ([StateNode("irregular", IRREGULAR, False)], "'irregular' has a name that is not free"),
        ([StateNode("a", CYCLE, True, "b")], "'a' has a parent that is not in the hierarchy"),
        (
            [StateNode("a", CYCLE, True), StateNode("b", IRREGULAR, True, "a")],
            "'b' is of another category than its parent 'a': expected cycle-bound, found irregular",
        ),
        ([StateNode("a", CYCLE, True, "b"), StateNode("b", CYCLE, True, "a")], "'a' is its own ancestor"),
        ([StateNode("a", CYCLE, True, "a")], "'a' is its own ancestor"),
    ],
)
def test_what_is_no_tree_is_refused(nodes, message):
    with pytest.raises(BadInput, match=message):
        Hierarchy(tuple(nodes))


def test_an_unknown_state_is_named():
    with pytest.raises(
        BadInput, match="state 'juggling' is not in the state hierarchy: expected one of 'ass"
    ):
        TREE.category("juggling")


def test_the_default_hierarchy_has_all_four_categories():
    assert {node.category for node in DEFAULT_HIERARCHY.leaves} == set(StateCategory)


def test_what_adds_value_by_default_is_what_does_in_the_case_study():
    adding = {node.name for node in DEFAULT_HIERARCHY.nodes if node.value_adding}
    assert adding == {"manual assembly", "screwing", "packaging", "labeling"}


@st.composite
def hierarchies(draw):
    """Any hierarchy: each state goes below its category or below any earlier state."""
    nodes = []
    for number in range(draw(st.integers(1, 12))):
        above = draw(st.sampled_from([None, *nodes]))
        category = above.category if above else draw(st.sampled_from(StateCategory))
        nodes.append(StateNode(f"s{number}", category, draw(st.booleans()), above.name if above else None))
    return Hierarchy(tuple(draw(st.permutations(nodes))))


@given(hierarchies(), st.data(), st.integers(0, 12))
def test_rolling_up_loses_no_nanosecond_in_any_category(hierarchy, data, depth):
    names = st.sampled_from([node.name for node in hierarchy.nodes])
    totals = data.draw(st.dictionaries(names, st.integers(0, 10**18)))
    rolled = hierarchy.roll_up(totals, depth)
    by_category = hierarchy.roll_up(totals, 0)
    assert sum(rolled.values()) == sum(totals.values())
    assert by_category == {
        category: sum(total for name, total in totals.items() if hierarchy.category(name) == category)
        for category in by_category
    }
    if depth:
        assert hierarchy.roll_up(rolled, 0) == by_category
