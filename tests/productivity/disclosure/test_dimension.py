import pytest

from productivity.disclosure.dimension import Dimension, Group
from productivity.errors import BadInput

PLANT = Dimension.tree(
    "station",
    {
        "plant": None,
        "area": "plant",
        "cell 1": "area",
        "cell 2": "area",
        "s1": "cell 1",
        "s2": "cell 1",
        "s3": "cell 2",
    },
)


def test_groups_of_a_tree_have_the_leaves_below_them():
    members = {group.name: sorted(group.members) for group in PLANT.groups}
    assert members == {
        "plant": ["s1", "s2", "s3"],
        "area": ["s1", "s2", "s3"],
        "cell 1": ["s1", "s2"],
        "cell 2": ["s3"],
        "s1": ["s1"],
        "s2": ["s2"],
        "s3": ["s3"],
    }


@pytest.mark.parametrize(
    ("group", "parts"),
    [
        ("plant", ("cell 1", "cell 2")),  # the area is the same as the plant, not a part of it
        ("cell 1", ("s1", "s2")),
        ("cell 2", ()),
        ("s1", ()),
    ],
)
def test_parts_are_the_largest_groups_that_make_up_the_whole(group, parts):
    assert PLANT.parts(group) == parts


def test_a_group_that_its_parts_do_not_fill_is_no_total_of_them():
    rest = Dimension("station", (Group("all", frozenset("abc")), Group("a", frozenset("a"))))
    assert rest.parts("all") == ()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Dimension("d", ()), "no groups"),
        (lambda: Dimension("d", (Group("g", frozenset()),)), "'g' is empty"),
        (
            lambda: Dimension("d", (Group("g", frozenset("a")), Group("g", frozenset("b")))),
            "'g' .* stands twice",
        ),
        (
            lambda: Dimension("d", (Group("g", frozenset("ab")), Group("h", frozenset("bc")))),
            "'g' and 'h' overlap",
        ),
        (lambda: Dimension.tree("d", {"a": "b"}), "'a' has no path to a root.* found 'b'"),
        (lambda: Dimension.tree("d", {"a": "b", "b": "a"}), "has no path to a root"),
    ],
    ids=["no group", "empty group", "name twice", "overlap", "missing parent", "circle"],
)
def test_what_is_no_dimension_is_refused(make, message):
    with pytest.raises(BadInput, match=message):
        make()


def test_of_two_names_for_the_same_members_the_first_speaks_whatever_their_order():
    backwards = Dimension("station", tuple(reversed(PLANT.groups)))
    assert [backwards.parts(group.name) for group in PLANT.groups] == [
        PLANT.parts(group.name) for group in PLANT.groups
    ]
