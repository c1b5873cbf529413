"""Station files: what is accepted, and one clear error with its line for what is not."""

import pytest

from capture.station.explain import explain
from capture.station.file import examine_station, parse_station, read_station
from capture.yaml_document import LARGEST_FILE
from productivity.errors import BadInput
from productivity.states import StateCategory, WorkerState

GOOD = """\
fairtakt: station 1
name: bench 7
crop: {left: 0.0, top: 0.0, right: 0.9, bottom: 1.0}
pose_rate: 4
place: workplace
zones:
  parts: [[0.1, 0.4], [0.25, 0.4], [0.25, 0.6]]
  workplace: [[0.2, 0.3], [0.8, 0.3], [0.8, 0.9], [0.2, 0.9]]
  holder: [[0.5, 0.2], [0.55, 0.2], [0.55, 0.3], [0.5, 0.3]]
tools:
  wrench: {holder: holder}
states:
  - name: part handling
    category: cycle-bound
    when: hand in parts
    shortest_s: 1.5
  - name: screwing
    category: cycle-bound
    value_adding: true
    when: {all: [holds wrench, {not: walking}]}
cycle: {first: part handling, last: screwing}
"""


def test_a_good_file_becomes_a_station():
    station = parse_station(GOOD, "bench.yaml")
    assert station.name == "bench 7"
    assert station.worker_states == [
        WorkerState("part handling", StateCategory.CYCLE_BOUND, value_adding=False),
        WorkerState("screwing", StateCategory.CYCLE_BOUND, value_adding=True),
    ]
    assert station.states[0].shortest == 1_500_000_000


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "message"),
    [
        ("not YAML", "tools:", "tools: [", 12, "not YAML"),
        ("a key twice", "pose_rate: 4", "pose_rate: 4\npose_rate: 5", 5, "not YAML (found duplicate key"),
        (
            "unknown key",
            "pose_rate: 4",
            "poserate: 4",
            4,
            "poserate: expected only known keys, found 'poserate'",
        ),
        (
            "unknown key in a state",
            "shortest_s",
            "shortest",
            16,
            "expected only known keys, found 'shortest'",
        ),
        (
            "zone outside the picture",
            "[0.25, 0.6]]",
            "[1.25, 0.6]]",
            7,
            "expected less than or equal to 1, found '1.25'",
        ),
        (
            "zone outside the crop",
            "[0.25, 0.6]]",
            "[0.95, 0.6]]",
            7,
            "expected points inside the crop, found [0.95, 0.6]",
        ),
        ("zone without area", "[0.25, 0.6]]", "[0.4, 0.4]]", 7, "expected a polygon with an area"),
        ("zone of two points", ", [0.25, 0.6]]", "]", 7, "at least 3 items"),
        ("not a number", "[0.25, 0.6]]", "[nan, .nan]]", 7, "zones.parts.2"),
        (
            "unknown zone",
            "hand in parts",
            "hand in part",
            15,
            "expected one of parts, workplace, holder, found 'part'",
        ),
        ("unknown tool", "holds wrench", "holds hammer", 20, "expected one of wrench, found 'hammer'"),
        (
            "unknown state",
            "last: screwing",
            "last: welding",
            21,
            "expected one of part handling, screwing, found 'welding'",
        ),
        ("unknown place", "place: workplace", "place: here", 5, "place: expected one of parts"),
        ("unknown holder", "{holder: holder}", "{holder: wall}", 11, "tools.wrench.holder: expected one of"),
        (
            "unknown category",
            "category: cycle-bound\n    when",
            "category: cyclic\n    when",
            14,
            "'irregular', found 'cyclic'",
        ),
        ("no such rule", "when: hand in parts", "when: hand at parts", 15, "rule: expected '[left|right"),
        (
            "reserved state",
            "name: screwing",
            "name: unknown",
            17,
            "expected another name, 'unknown' is reserved",
        ),
        ("state twice", "name: screwing", "name: part handling", 17, "found 'part handling' again"),
        ("negative duration", "shortest_s: 1.5", "shortest_s: -1", 16, "expected greater than 0, found '-1'"),
        ("missing name", "name: bench 7\n", "", 1, "name: expected a value, found none"),
        ("another version", "station 1", "station 2", 1, "expected 'station 1', found 'station 2'"),
        ("inverted crop", "left: 0.0", "left: 0.95", 3, "expected right and bottom at least 0.05 beyond"),
        ("no states", "when: hand in parts", "when: 3", 15, "rule: expected"),
    ],
)
def test_bad_file(name, old, new, line, message):
    assert old in GOOD
    with pytest.raises(BadInput) as caught:
        parse_station(GOOD.replace(old, new), "bench.yaml")
    text = str(caught.value)
    assert text.startswith(f"bench.yaml:{line}: "), name
    assert message in text
    assert "\n" not in text


@pytest.mark.parametrize("text", ["", "just words", "- a\n- list", "7"])
def test_what_is_no_mapping_is_refused(text):
    with pytest.raises(BadInput, match="expected keys and values"):
        parse_station(text, "bench.yaml")


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(BadInput, match=r"none\.yaml: station file: expected a file, found none"):
        read_station(tmp_path / "none.yaml")
    with pytest.raises(BadInput, match="cannot be read"):
        read_station(tmp_path)
    (tmp_path / "latin.yaml").write_bytes("name: Prüfplatz".encode("latin-1"))
    with pytest.raises(BadInput, match=r"latin\.yaml: station file cannot be read"):
        read_station(tmp_path / "latin.yaml")
    (tmp_path / "huge.yaml").write_bytes(b"#" * (LARGEST_FILE + 1))
    with pytest.raises(BadInput, match="at most 1000000 bytes"):
        read_station(tmp_path / "huge.yaml")


def test_the_explanation_names_everything_that_is_recorded():
    text = explain(parse_station(GOOD, "bench.yaml"))
    for words in (
        "Station “bench 7”",
        "4 times per second",
        "part handling (cycle-bound, not value-adding)",
        "when a hand is in “parts”;",
        "“wrench” is away from its holder and it is not so that the worker walks",
        "Only somebody whose hips are in “workplace” counts",
        "A cycle begins with “part handling” and is complete after “screwing”.",
        "0 to 90 % of its width",
        "Pictures and poses are not kept.",
    ):
        assert words in text


def test_the_explanation_is_german_to_the_last_word():
    text = explain(parse_station(GOOD, "bench.yaml"), "de")
    for words in (
        "Station „bench 7“",
        "4-mal je Sekunde",
        "part handling (zyklusgebunden, nicht wertschöpfend)",
        "    wenn eine Hand in „parts“ ist;",
        "    kaum je kürzer als 1,5 s.",
        "wenn „wrench“ aus der Halterung genommen ist und die Person nicht geht;",
        "Als arbeitende Person zählt nur, wessen Hüfte in „workplace“ ist",
        "Ein Zyklus beginnt mit „part handling“ und ist nach „screwing“ vollständig.",
        "0 bis 90 % der Breite",
        "„parts“: waagerecht 10 bis 25, senkrecht 40 bis 60",
        "Bilder und Posen werden nicht aufbewahrt.",
    ):
        assert words in text
    english = [line for line in text.splitlines() if " the " in line or " is " in line]
    assert english == []
    assert len(text.splitlines()) == len(explain(parse_station(GOOD, "bench.yaml")).splitlines())


BOMB = """\
fairtakt: station 1
name: bench
x: &x [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
y: &y [*x, *x, *x, *x, *x, *x, *x, *x, *x, *x]
z: &z [*y, *y, *y, *y, *y, *y, *y, *y, *y, *y]
t: &t [*z, *z, *z, *z, *z, *z, *z, *z, *z, *z]
u: &u [*t, *t, *t, *t, *t, *t, *t, *t, *t, *t]
v: &v [*u, *u, *u, *u, *u, *u, *u, *u, *u, *u]
w: &w [*v, *v, *v, *v, *v, *v, *v, *v, *v, *v]
states: [{name: there, category: irregular, when: {all: *w}}]
zones: {a: *w}
"""


def test_a_few_lines_that_unfold_to_more_than_any_memory_are_refused_like_any_others():
    flaws = examine_station(BOMB).flaws
    assert {flaw.place[0] for flaw in flaws} >= {"zones", "states"}
    assert all(len(flaw.message) < 300 for flaw in flaws)


def test_all_that_is_wrong_is_told_with_its_line_and_place():
    text = GOOD.replace("pose_rate: 4", "poserate: 4").replace("hand in parts", "hand at parts")
    found = [(flaw.line, flaw.place) for flaw in examine_station(text).flaws]
    assert found == [(15, ("states", 0, "when")), (4, ("poserate",))]
    assert examine_station(GOOD).model == parse_station(GOOD, "bench.yaml")
    broken = examine_station(GOOD.replace("tools:", "tools: ["))
    assert (broken.raw, broken.flaws[0].line, broken.flaws[0].place) == (None, 12, ())
    assert examine_station("[" * 100_000).flaws[0].message == "not readable (nested too deeply)"
