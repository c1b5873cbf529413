"""Canonical JSON against the examples of RFC 8785, then as properties."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.canonical import LARGEST_INTEGER, canonical_json, parse_canonical
from productivity.errors import BadInput

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def test_strings_are_spelt_as_in_section_3_2_2_2():
    value = json.loads(r'"\u20ac$\u000F\u000aA' + r"'\u0042\u0022\u005c\\\"\/" + '"')
    assert canonical_json(value) == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


def test_keys_are_sorted_by_utf_16_as_in_section_3_2_3():
    """The Hebrew letter U+FB33 comes after the emoji: its code unit is larger than a surrogate."""
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    expected = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonical_json(dict.fromkeys(keys, 0)))) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({}, "{}"),
        ([], "[]"),
        ({"b": [True, False, None], "a": -1}, '{"a":-1,"b":[true,false,null]}'),
        (("a", 1), '["a",1]'),
    ],
)
def test_values_have_one_spelling(value, text):
    assert canonical_json(value) == text


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), 2**53, -(2**53), "\ud800", {"\udfff": 1}, {1: 1}, {"a": {2, 3}}, b"bytes", [0.5]],
    ids=repr,
)
def test_values_without_a_canonical_form_are_refused(value):
    with pytest.raises(BadInput):
        canonical_json(value)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        '{"b":1,"a":2}',
        '{"a":1,"a":1}',
        '"\\u0061"',
        '"\\/"',
        "1.0",
        "1e2",
        "-0",
        "01",
        "NaN",
        "[1,]",
        "[1] ",
        "",
        "[" * 100_000,
    ],
    ids=lambda text: text[:12] or "nothing",
)
def test_any_other_spelling_is_refused(text):
    with pytest.raises(BadInput, match="canonical"):
        parse_canonical(text, "sample")


@given(VALUES)
def test_what_was_written_is_read_back(value):
    assert parse_canonical(canonical_json(value), "sample") == value


@given(st.dictionaries(TEXT, VALUES, max_size=5), st.randoms())
def test_the_order_of_keys_does_not_matter(value, random):
    items = list(value.items())
    random.shuffle(items)
    assert canonical_json(dict(items)) == canonical_json(value)
