"""The words of a rule, what they become, and how they read aloud."""

import pytest

from capture.station.in_words import in_words
from capture.station.rules import (
    DEEPEST,
    MOST_SENTENCES,
    Absent,
    All,
    Any,
    HandIn,
    Hands,
    Holds,
    Not,
    Present,
    StillFor,
    TorsoIn,
    Walking,
    atoms,
    parse,
    raw_of,
)
from productivity.errors import BadInput
from productivity.time import seconds

CASES = [
    ("hand in parts", HandIn(Hands.EITHER, "parts"), "a hand is in “parts”", "eine Hand in „parts“ ist"),
    (
        "either hand in parts",
        HandIn(Hands.EITHER, "parts"),
        "a hand is in “parts”",
        "eine Hand in „parts“ ist",
    ),
    (
        "left hand in parts",
        HandIn(Hands.LEFT, "parts"),
        "the left hand is in “parts”",
        "die linke Hand in „parts“ ist",
    ),
    (
        "right  hand in parts",
        HandIn(Hands.RIGHT, "parts"),
        "the right hand is in “parts”",
        "die rechte Hand in „parts“ ist",
    ),
    (
        "both hands in the box",
        HandIn(Hands.BOTH, "the box"),
        "both hands are in “the box”",
        "beide Hände in „the box“ sind",
    ),
    ("torso in aisle", TorsoIn("aisle"), "the hips are in “aisle”", "die Hüfte in „aisle“ ist"),
    (
        "holds screwdriver",
        Holds("screwdriver"),
        "“screwdriver” is away from its holder",
        "„screwdriver“ aus der Halterung genommen ist",
    ),
    (
        "still for 3",
        StillFor(seconds(3)),
        "hands and hips keep still for 3 s",
        "Hände und Hüfte 3 s lang ruhig bleiben",
    ),
    (
        "still for 2.5 s",
        StillFor(seconds(2.5)),
        "hands and hips keep still for 2.5 s",
        "Hände und Hüfte 2,5 s lang ruhig bleiben",
    ),
    ("walking", Walking(), "the worker walks", "die Person geht"),
    ("present", Present(), "somebody is at the station", "jemand an der Station ist"),
    ("absent", Absent(), "nobody is at the station", "niemand an der Station ist"),
    ({"not": "walking"}, Not(Walking()), "it is not so that the worker walks", "die Person nicht geht"),
    (
        {"all": ["present", {"any": ["walking", "absent"]}]},
        All((Present(), Any((Walking(), Absent())))),
        "somebody is at the station and (the worker walks or nobody is at the station)",
        "jemand an der Station ist und (die Person geht oder niemand an der Station ist)",
    ),
]


@pytest.mark.parametrize(("raw", "rule", "english", "german"), CASES)
def test_sentence(raw, rule, english, german):
    assert parse(raw) == rule
    assert in_words(rule) == english
    assert in_words(rule, "de") == german
    assert parse(raw_of(rule)) == rule


@pytest.mark.parametrize(
    ("raw", "german"),
    [
        ("hand in a", "keine Hand in „a“ ist"),
        ("left hand in a", "die linke Hand nicht in „a“ ist"),
        ("both hands in a", "nicht beide Hände in „a“ sind"),
        ("torso in a", "die Hüfte nicht in „a“ ist"),
        ("holds a", "„a“ nicht aus der Halterung genommen ist"),
        ("still for 2", "Hände und Hüfte nicht 2 s lang ruhig bleiben"),
        ("present", "es nicht so ist, dass jemand an der Station ist"),
        (
            {"any": ["walking", "absent"]},
            "es nicht so ist, dass (die Person geht oder niemand an der Station ist)",
        ),
        ({"not": "walking"}, "es nicht so ist, dass die Person nicht geht"),
    ],
)
def test_what_is_denied_reads_as_german(raw, german):
    assert in_words(Not(parse(raw)), "de") == german


def test_a_rule_has_an_end_also_where_a_file_refers_to_the_same_list_again_and_again():
    """Twelve lines of YAML could otherwise stand for more sentences than any memory holds."""
    many = "walking"
    for _ in range(DEEPEST):
        many = {"all": [many] * 10}
    with pytest.raises(BadInput, match=f"at most {MOST_SENTENCES} sentences"):
        parse(many)
    deep = "walking"
    for _ in range(DEEPEST + 1):
        deep = {"not": deep}
    with pytest.raises(BadInput, match=f"at most {DEEPEST} levels"):
        parse(deep)
    endless = {"all": []}
    endless["all"].append(endless)
    with pytest.raises(BadInput, match="at most"):
        parse(endless)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "hand on parts",
        "third hand in parts",
        "still for ever",
        "still for 0",
        "still for 31 s",
        f"still for {'9' * 400}",
        "Walking",
        7,
        None,
        {"all": []},
        {"all": "walking"},
        {"none": ["walking"]},
        {"all": ["walking"], "any": ["absent"]},
        ["walking"],
    ],
)
def test_anything_else_is_refused_with_the_words_that_exist(raw):
    with pytest.raises(BadInput, match="rule: expected"):
        parse(raw)


def test_atoms_are_the_sentences_in_order():
    rule = parse({"all": ["walking", {"any": ["absent", {"not": "hand in a"}]}]})
    assert list(atoms(rule)) == [Walking(), Absent(), HandIn(Hands.EITHER, "a")]
