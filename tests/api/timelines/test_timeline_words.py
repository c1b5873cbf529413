"""Words in both languages, and colours that everybody can tell apart."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from productivity.states import NOBODY_PRESENT, NOT_RECORDED, UNKNOWN, StateCategory

MODULES = Path(__file__).resolve().parents[3] / "api" / "static" / "timelines"
CATEGORIES = [category.value for category in StateCategory]

# Machado, Oliveira & Fernandes (2009), severity 1.0, for linear RGB.
VISION = {
    "all cones": np.eye(3),
    "no red cones": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no green cones": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "no blue cones": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = TO_XYZ @ np.ones(3)


def lab(colour, vision):
    """CIE L*a*b* of an sRGB colour as somebody with this vision sees it."""
    part = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(vision @ linear, 0, 1) / WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.fixture(scope="module")
def themes(module_page):
    return module_page.evaluate("async () => (await import('./palette.js')).THEMES")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_of_a_state_stands_out_from_the_paper(run, themes, theme):
    """WCAG 2.2, 1.4.11: 3 for graphics; on the paper and on the panel of an empty row."""
    colours = themes[theme]
    shades = [shade for category in CATEGORIES for shade in colours[category]]
    pairs = [(shade, colours[ground]) for shade in shades for ground in ("paper", "panel")]
    found = run(["palette"], "return args.map(([a, b]) => palette.contrast(a, b));", pairs)
    assert len(found) == 24
    assert min(found) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "faint", "focus"])
def test_every_colour_of_text_can_be_read(run, themes, theme, name):
    """WCAG 2.2, 1.4.3: 4.5 for text."""
    pairs = [(themes[theme][name], themes[theme][ground]) for ground in ("paper", "panel")]
    assert min(run(["palette"], "return args.map(([a, b]) => palette.contrast(a, b));", pairs)) >= 4.5


def test_names_on_bars_can_be_read(run, themes):
    shades = [shade for theme in themes.values() for category in CATEGORIES for shade in theme[category]]
    body = "return args.map((shade) => palette.contrast(shade, palette.textOn(shade)));"
    assert min(run(["palette"], body, shades)) >= 4.5


def test_contrast_is_that_of_the_standard(run):
    found = run(
        ["palette"], "return args.map((c) => palette.contrast(c, '#ffffff'));", ["#000000", "#777777"]
    )
    assert found == pytest.approx([21, 4.478], abs=0.001)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("vision", VISION)
def test_categories_differ_with_any_colour_vision(themes, theme, vision):
    """Between first shades, CIE76; a just noticeable difference is about 2.3."""
    seen = {category: lab(themes[theme][category][0], VISION[vision]) for category in CATEGORIES}
    distances = {
        pair: float(np.linalg.norm(seen[pair[0]] - seen[pair[1]]))
        for pair in itertools.combinations(CATEGORIES, 2)
    }
    assert min(distances.values()) >= 15, distances


def test_states_of_a_category_have_shades_and_value_is_no_colour(run):
    body = """const state = (name, category, value_adding = false) => ({ name, category, value_adding });
    const states = [state("a", "irregular"), state("b", "irregular", true), state("not recorded", null),
      state("unknown", null)];
    return palette.paintsOf(states, palette.THEMES.light);"""
    a, b, not_recorded, unknown = run(["palette"], body)
    assert a["fill"] != b["fill"]
    assert (a["bar"], b["bar"]) == (False, True)
    assert (a["pattern"], not_recorded["pattern"], unknown["pattern"]) == (0, 1, 2)


BARS = """const light = palette.THEMES.light;
const state = (name, category = null, value_adding = false) => ({ name, category, value_adding });
const states = [state("a", "irregular", true), state("not recorded"), state("unknown"),
  state("b", "irregular")];
const brush = bars.makeBrush(palette.paintsOf(states, light), light, 1);
const width = 60;
const columns = { state: new Uint8Array(width).fill(args.state),
  other: new Uint8Array(width).fill(args.other ?? 0), edge: new Uint8Array(width) };
const buffer = new Uint32Array(width * 24);
bars.drawBar(buffer, width, args.y ?? 0, 24, columns, brush, args.phase ?? 0);
return Array.from({ length: 24 }, (_, y) => [...buffer.slice(y * width, (y + 1) * width)]);"""


@pytest.fixture
def drawn(run):
    return lambda **args: run(["bars", "palette"], BARS, args)


def test_value_adding_is_a_line_along_the_top(drawn):
    plain, value = drawn(state=3), drawn(state=0)
    assert len({pixel for line in plain for pixel in line}) == 1
    assert value[0] == value[2] != value[3] != value[4]
    assert {pixel for line in value[4:] for pixel in line} == {value[4][0]}


def test_not_recorded_is_hatched_and_unknown_dotted(drawn):
    """Hatching goes on in diagonals, dots repeat in both directions; both are two colours and need no hue."""
    hatched, dotted = drawn(state=1), drawn(state=2)
    assert len({pixel for line in hatched for pixel in line}) == 2
    assert all(hatched[y][1:] == hatched[y + 1][:-1] for y in range(23))
    assert len({pixel for line in dotted for pixel in line}) == 2
    assert len(set(dotted[2])) == 1
    assert dotted[0] == dotted[4] != dotted[2]


def test_patterns_move_with_time(drawn):
    """Otherwise they would swim while the view is panned."""
    assert [line[5:] for line in drawn(state=1)] == [line[:-5] for line in drawn(state=1, phase=5)]


def test_the_more_is_hidden_the_higher_is_the_mark(drawn):
    ground = drawn(state=3)[0][0]
    heights = [sum(line[0] != ground for line in drawn(state=3, other=other)) for other in (0, 1, 128, 255)]
    assert heights == [0, 3, 5, 7]


def test_a_bar_is_cut_at_the_edge_of_the_picture(drawn):
    assert drawn(state=1, y=-6)[:18] == drawn(state=1)[6:]
    assert drawn(state=1, y=20)[20:] == drawn(state=1)[:4]


def test_both_languages_say_everything(run):
    body = "return ['en', 'de'].map((l) => { const { names, ...w } = words.wordsFor(l); return w; });"
    english, german = run(["words"], body)
    assert english.keys() == german.keys()
    fields = re.compile(r"\{\w+\}")
    wordy = {key for key in english if re.search(r"\w", fields.sub("", english[key]))}
    assert {key for key in wordy if english[key] == german[key]} == set()
    assert all(set(fields.findall(english[key])) == set(fields.findall(german[key])) for key in english)


def test_german_knows_the_words_of_the_method(run):
    texts = [*CATEGORIES, UNKNOWN, NOT_RECORDED, NOBODY_PRESENT]
    found = run(["words"], "return args.map((t) => words.nameOf(words.wordsFor('de-AT'), t));", texts)
    assert not set(found) & set(texts)
    assert run(["words"], "return words.nameOf(words.wordsFor('de'), 'toString');") == "toString"


def test_reserved_words_are_those_of_the_method(run):
    body = "return [data.NOT_RECORDED, data.UNKNOWN, data.CATEGORIES];"
    assert run(["data"], body) == [NOT_RECORDED, UNKNOWN, CATEGORIES]


FORBIDDEN = {
    "markup from strings": r"innerHTML|outerHTML|insertAdjacentHTML|document\.write",
    "code from strings": r"\beval\(|new Function|set(?:Timeout|Interval)\(['\"`]",
    "another host": r"(?:https?:)?//[a-z0-9-]+\.[a-z]",
    "styles or handlers in markup": r"<[^>]+\s(?:style|on[a-z]+)=|setAttribute\(['\"]style",
    "a clock": r"Date\.now|new Date\(\)",
}


@pytest.mark.parametrize("pattern", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_no_module_uses(pattern):
    files = [path for path in MODULES.iterdir() if path.suffix in {".js", ".html", ".css"}]
    assert len(files) >= 20
    assert [path.name for path in files if re.search(pattern, path.read_text(encoding="utf-8"))] == []


def test_pure_modules_know_no_page():
    """What is said to be pure can be run anywhere, a worker included."""
    files = [
        path
        for path in MODULES.glob("*.js")
        if " Pure" in path.read_text(encoding="utf-8").partition("*/")[0]
    ]
    assert {path.stem for path in files} >= {
        "axis",
        "bars",
        "data",
        "detail",
        "layout",
        "link",
        "numbers",
        "totals",
    }
    page = re.compile(r"\b(?:document|window|location|history|navigator|HTMLElement|performance)\b")
    code = {
        path.name: re.sub(r"/\*.*?\*/|//.*", "", path.read_text(encoding="utf-8"), flags=re.S)
        for path in files
    }
    assert [name for name, text in code.items() if page.search(text)] == []
