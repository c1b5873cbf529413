"""An outline and its text say the same, whichever of the two was changed."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.station.file import examine_station
from capture.station.outline import KeptPart, Outline, TextPart, outline_of
from capture.station.writing import write_station

STATIONS = sorted((Path(__file__).resolve().parents[3] / "sample_videos" / "stations").glob("*.yaml"))
TEXT = """\
# Bench 7, seen from the left.
fairtakt: station 1
name: bench 7   # as on the sign
zones:
  # where parts come from
  parts: [[0.10, 0.4], [0.25, 0.4], [0.25, 0.6]]   # to be measured again
  # where the driver rests
  rest: [[0.5, 0.2], [0.55, 0.2], [0.55, 0.3]]
tools:
  driver: {holder: rest}
states:
  # the first of a cycle
  - name: handling
    category: cycle-bound   # agreed
    when: hand in parts

  # the second
  - name: screwing
    category: cycle-bound
    value_adding: true
    when: {all: [holds driver, {not: walking}]}
    shortest_s: 1.50
# nothing follows
"""


def outline(text):
    found = outline_of(examine_station(text).raw)
    assert found is not None
    return found


def changed(text, **parts):
    return write_station(Outline.model_validate(outline(text).model_dump() | parts), text)


def part(text, kind, named, **changes):
    """Return the list `kind` of an outline in which one entry is changed."""
    return [
        entry | changes if entry["name"] == named else entry for entry in outline(text).model_dump()[kind]
    ]


@pytest.mark.parametrize("file", STATIONS, ids=lambda file: file.stem)
def test_what_is_not_changed_stays_to_the_letter(file):
    text = file.read_text(encoding="utf-8")
    assert write_station(outline(text), text) == text


@pytest.mark.parametrize("file", STATIONS, ids=lambda file: file.stem)
def test_written_anew_it_says_the_same(file):
    text = file.read_text(encoding="utf-8")
    again = examine_station(write_station(outline(text)))
    assert again.model == examine_station(text).model
    assert again.model is not None


def test_a_change_changes_its_own_place_and_leaves_every_comment():
    moved = changed(TEXT, zones=part(TEXT, "zones", "parts", points=[[0.15, 0.4], [0.3, 0.4], [0.3, 0.65]]))
    assert moved == TEXT.replace(
        "[[0.10, 0.4], [0.25, 0.4], [0.25, 0.6]]   #", "[[0.15, 0.4], [0.3, 0.4], [0.3, 0.65]]    #"
    )
    renamed = changed(TEXT, zones=part(TEXT, "zones", "rest", name="stand"))
    assert renamed == TEXT.replace("  rest:", "  stand:")
    ruled = changed(TEXT, states=part(TEXT, "states", "handling", rule={"kind": "torso", "zone": "parts"}))
    assert ruled == TEXT.replace("when: hand in parts", "when: torso in parts")


def test_states_keep_their_lines_when_their_order_changes():
    states = outline(TEXT).model_dump()["states"]
    turned = changed(TEXT, states=states[::-1])
    assert [state.name for state in outline(turned).states] == ["screwing", "handling"]
    assert "category: cycle-bound   # agreed" in turned
    assert "shortest_s: 1.50" in turned
    one = changed(TEXT, states=states[1:])
    assert [state.name for state in outline(one).states] == ["screwing"]


def test_new_parts_stand_in_the_order_in_which_people_read():
    text = "fairtakt: station 1\nname: bench\nstates: []\n"
    zone = {"name": "a", "points": [[0, 0], [1, 0], [1, 1]]}
    state = {
        "name": "there",
        "category": "irregular",
        "value_adding": False,
        "rule": {"kind": "present"},
        "shortest_s": 2,
    }
    written = changed(
        text, zones=[zone], tools=[{"name": "t", "holder": "a"}], states=[state], place="a", pose_rate=4
    )
    assert (
        written
        == """\
fairtakt: station 1
name: bench
pose_rate: 4
place: a
zones:
  a: [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]
tools:
  t: {holder: a}
states:
  - name: there
    category: irregular
    when: present
    shortest_s: 2
"""
    )


def test_a_long_rule_is_written_line_by_line():
    parts = [
        {"kind": "not", "part": {"kind": "hand", "hands": "either", "zone": f"a rather long zone {n}"}}
        for n in range(3)
    ]
    written = changed(TEXT, states=part(TEXT, "states", "handling", rule={"kind": "all", "parts": parts}))
    assert "    when:\n      all:\n        - {not: hand in a rather long zone 0}\n" in written
    assert "        - {not: hand in a rather long zone 2}\n\n  # the second\n  - name: screwing\n" in written


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("fairtakt: station 1\nzones: [1, 2]", "a list where keys belong"),
        ("fairtakt: station 1\nzones: {a: {b: 1}}", "keys where points belong"),
        ("fairtakt: station 1\nzones: {a: [[1, 2, 3]]}", "a point with three numbers"),
        ("fairtakt: station 1\nzones: {a: [[.nan, 1]]}", "a number that is none"),
        ("fairtakt: station 1\nstates: {name: a}", "one state instead of a list"),
        ("fairtakt: station 1\nstates: [word]", "a word instead of a state"),
        ("fairtakt: station 1\nname: [a]", "a list instead of a name"),
        ("1: 2\nzones: {1: [[0, 0]]}", "a number instead of a name"),
    ],
    ids=lambda value: value if " " in value and "\n" not in value else "",
)
def test_another_shape_has_no_outline(text, why):
    assert outline_of(examine_station(text).raw) is None


def test_what_is_no_rule_is_shown_as_it_stands_and_stays():
    text = TEXT.replace("hand in parts", "hand at parts").replace(
        "{all: [holds driver, {not: walking}]}", "{none: [walking]}"
    )
    first, second = outline(text).states
    assert first.rule == TextPart(kind="text", text="hand at parts")
    assert second.rule == KeptPart(kind="kept")
    assert changed(text, name="bench 8") == text.replace("bench 7 ", "bench 8 ")


def test_what_a_file_refers_to_twice_changes_in_one_place_only():
    zones = "  a: &p [[0.1, 0.1], [0.2, 0.1], [0.2, 0.2]]\n  b: *p\n"
    text = f"fairtakt: station 1\nname: bench\nzones:\n{zones}states: []\n"
    written = changed(text, zones=part(text, "zones", "a", points=[[0.5, 0.5], [0.6, 0.5], [0.6, 0.6]]))
    a, b = outline(written).zones
    assert a.points[0] == (0.5, 0.5)
    assert b.points[0] == (0.1, 0.1)


NAMES = st.text("abä:#-*&!|>'\"{}[],?%@`1 .=", min_size=1, max_size=8).map(
    lambda name: " ".join(name.split()) or "x"
) | st.sampled_from(["true", "null", "1", "1.5", "~", "2027-01-01", "<<", "=", "no"])
FRACTIONS = st.integers(0, 1000).map(lambda n: n / 1000)
SENTENCES = st.one_of(
    st.builds(
        lambda hands, zone: {"kind": "hand", "hands": hands, "zone": zone},
        st.sampled_from(["left", "both", "either"]),
        NAMES,
    ),
    st.builds(lambda zone: {"kind": "torso", "zone": zone}, NAMES),
    st.builds(lambda tool: {"kind": "holds", "tool": tool}, NAMES),
    st.sampled_from([{"kind": "walking"}, {"kind": "absent"}, {"kind": "still", "seconds": 2.5}]),
)
RULES = st.recursive(
    SENTENCES,
    lambda inner: (
        st.builds(lambda part: {"kind": "not", "part": part}, inner)
        | st.builds(
            lambda kind, parts: {"kind": kind, "parts": parts},
            st.sampled_from(["all", "any"]),
            st.lists(inner, min_size=1, max_size=3),
        )
    ),
    max_leaves=6,
)
ZONES = st.dictionaries(NAMES, st.lists(st.tuples(FRACTIONS, FRACTIONS), max_size=4), max_size=3)
STATES = st.lists(
    st.fixed_dictionaries(
        {
            "name": NAMES,
            "category": st.sampled_from(["irregular", "periodical", "cyclic"]),
            "value_adding": st.booleans(),
            "rule": RULES,
            "shortest_s": st.sampled_from([1.0, 1.5, 3600.0]),
        }
    ),
    max_size=3,
)


@st.composite
def outlines(draw):
    zones = draw(ZONES)
    return Outline.model_validate(
        {
            "name": draw(NAMES),
            "crop": {"left": draw(FRACTIONS), "top": 0.0, "right": 1.0, "bottom": 1.0},
            "pose_rate": draw(st.sampled_from([3.0, 0.5, 30.0])),
            "place": draw(st.none() | NAMES),
            "zones": [{"name": name, "points": points} for name, points in zones.items()],
            "tools": [{"name": name, "holder": name} for name in draw(st.sets(NAMES, max_size=2))],
            "states": draw(STATES),
            "cycle": draw(st.none() | st.fixed_dictionaries({"first": NAMES, "last": NAMES})),
        }
    )


def without_origin(outline):
    parts = outline.model_dump()
    for entry in (*parts["zones"], *parts["tools"], *parts["states"]):
        entry["was"] = None
    return parts


@settings(max_examples=60, deadline=None)
@given(before=outlines(), after=outlines(), data=st.data())
def test_any_outline_survives_being_written_over_any_other(before, after, data):
    """Whatever was there before, and whichever parts of it are said to have become which."""
    text = write_station(before)
    assert without_origin(outline(text)) == without_origin(before)
    parts = after.model_dump()
    for kind in ("zones", "tools"):
        free = [entry.name for entry in getattr(before, kind)]
        for entry in parts[kind]:
            entry["was"] = data.draw(st.none() | st.sampled_from(free)) if free else None
            free = [name for name in free if name != entry["was"]]
    free = list(range(len(before.states)))
    for entry in parts["states"]:
        entry["was"] = data.draw(st.none() | st.sampled_from(free)) if free else None
        free = [place for place in free if place != entry["was"]]
    wanted = Outline.model_validate(parts)
    assert without_origin(outline(write_station(wanted, text))) == without_origin(wanted)
