"""The words of a rule, what they become, and how they read aloud."""

import pytest

from capture.station.rules import (
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
    in_words,
    parse,
)
from productivity.errors import BadInput
from productivity.time import seconds


@pytest.mark.parametrize(
    ("raw", "rule", "words"),
    [
        ("hand in parts", HandIn(Hands.EITHER, "parts"), "a hand is in “parts”"),
        ("either hand in parts", HandIn(Hands.EITHER, "parts"), "a hand is in “parts”"),
        ("left hand in parts", HandIn(Hands.LEFT, "parts"), "the left hand is in “parts”"),
        ("right  hand in parts", HandIn(Hands.RIGHT, "parts"), "the right hand is in “parts”"),
        ("both hands in the box", HandIn(Hands.BOTH, "the box"), "both hands are in “the box”"),
        ("torso in aisle", TorsoIn("aisle"), "the hips are in “aisle”"),
        ("holds screwdriver", Holds("screwdriver"), "“screwdriver” is away from its holder"),
        ("still for 3", StillFor(seconds(3)), "hands and hips keep still for 3 s"),
        ("still for 2.5 s", StillFor(seconds(2.5)), "hands and hips keep still for 2.5 s"),
        ("walking", Walking(), "the worker walks"),
        ("present", Present(), "somebody is at the station"),
        ("absent", Absent(), "nobody is at the station"),
        ({"not": "walking"}, Not(Walking()), "it is not so that the worker walks"),
        (
            {"all": ["present", {"any": ["walking", "absent"]}]},
            All((Present(), Any((Walking(), Absent())))),
            "somebody is at the station and (the worker walks or nobody is at the station)",
        ),
    ],
)
def test_sentence(raw, rule, words):
    assert parse(raw) == rule
    assert in_words(rule) == words


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "hand on parts",
        "third hand in parts",
        "still for ever",
        "still for 0",
        "still for 31 s",
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
