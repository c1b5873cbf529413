"""A few keys of a file are changed; comments and all else stay as somebody wrote them."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from productivity.errors import BadInput
from storage.study.template import template
from storage.study.yaml_text import NULL, flow, refuse_traps, with_keys

FILE = """\
# at the top
fairtakt: study 1
title: "a # b"   # behind

# above the list
list:
  - {a: 1}   # of the first
  # between
  - {a: 2}

# above the number
number: 4   # Cohen's
empty: []
# at the end
"""


def test_nothing_changes_where_nothing_is_asked():
    assert with_keys(FILE, {}) == FILE


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [
        ({"number": 5}, "number: 4   # Cohen's", "number: 5   # Cohen's"),
        ({"title": "x"}, 'title: "a # b"   # behind', "title: x"),
        ({"empty": ["a", "b: c"]}, "empty: []", 'empty: [a, "b: c"]'),
        ({"number": None}, "number: 4   # Cohen's\n", ""),
        (
            {"list": [{"b": True}, {"b": None}]},
            "  - {a: 1}   # of the first\n  # between\n  - {a: 2}",
            "  - {b: true}\n  - {b: null}",
        ),
        ({"new": date(2026, 1, 31)}, "# at the end\n", "# at the end\nnew: 2026-01-31\n"),
        ({"empty": {"a": ["b"], "c": []}}, "empty: []", "empty:\n  a: [b]\n  c: []"),
        ({"number": NULL}, "number: 4   # Cohen's", "number: null   # Cohen's"),
        ({"list": []}, "list:\n  - {a: 1}   # of the first\n  # between\n  - {a: 2}", "list: []"),
    ],
)
def test_a_key_is_changed_and_its_neighbours_stay(changes, old, new):
    assert old in FILE
    assert with_keys(FILE, changes) == FILE.replace(old, new)


def test_nested_states_are_written_as_the_templates_write_them():
    text = template("states.yaml", "en")
    states = [
        {"name": "waiting", "parts": [{"name": "breakdown", "parts": [{"name": "tool"}]}, {"name": "x"}]}
    ]
    found = with_keys(text, {"irregular": states})
    assert found.endswith(
        "irregular:\n"
        "  - name: waiting\n"
        "    parts:\n"
        "      - name: breakdown\n"
        "        parts:\n"
        "          - {name: tool}\n"
        "      - {name: x}\n"
    )
    assert found.startswith(text[: text.index("irregular:")])


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SIMPLE = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUES = st.recursive(
    SIMPLE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, max_examples=50)
@given(VALUES)
def test_any_value_is_read_back(value):
    assert YAML(typ="safe").load(f"key: {flow(value)}") == {"key": value}


@settings(deadline=None, max_examples=50)
@given(st.lists(st.dictionaries(st.text("ab", min_size=1), VALUES, min_size=1), min_size=1, max_size=3))
def test_any_rows_are_read_back_from_their_place(rows):
    found = YAML(typ="safe").load(with_keys(FILE, {"list": rows}))
    assert found == {"fairtakt": "study 1", "title": "a # b", "list": rows, "number": 4, "empty": []}


@pytest.mark.parametrize("text", ["", "- a\n", "x", "["])
def test_what_has_no_keys_cannot_be_changed(text):
    with pytest.raises(BadInput, match="not keys and values"):
        with_keys(text, {"a": 1})


@pytest.mark.parametrize("text", ["[" * 51, "a: {\n" * 4000, "[" * 100_000])
def test_brackets_that_would_take_minutes_are_refused_at_once(text):
    with pytest.raises(BadInput, match="at most 50 deep"):
        refuse_traps(text, "x")


def test_aliases_are_refused():
    with pytest.raises(BadInput, match="YAML alias"):
        refuse_traps("a: &x [1, 2]\nb: [*x, *x]\n", "states.yaml")
    refuse_traps(FILE, "x")
    refuse_traps("[" * 50, "the reader says what is wrong")
