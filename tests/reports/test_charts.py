import re
import struct
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from productivity.states import NOT_RECORDED, UNKNOWN, StateCategory
from productivity.statistics import mean_interval
from productivity.summary import StateSummary, Unit
from productivity.time import SECOND
from productivity.timeline import Span
from reports.charts.canvas import NARROW, WIDE, rows_of, wrap
from reports.charts.timeline import THINNEST, joined, tick_step
from reports.drawing import draw_circle, draw_ranking, draw_timeline, limits, paints_of
from reports.palette import DOTTED, HATCHED, PAINTS, SERIES, series_paints
from reports.recording import render_picture
from reports.words import ENGLISH, GERMAN


def parsed(svg):
    return ElementTree.fromstring(svg)  # noqa: S314 -- our own output


def filled(svg, paint):
    """Return the areas drawn in one paint."""
    return [e for e in parsed(svg).iter() if e.get("fill") == paint.stand_in and e.get("d")]


def test_each_interval_has_its_bar(report):
    one = report(cycles=4)
    svg = draw_timeline(one, ENGLISH, WIDE).svg
    for state, paint in paints_of(one).items():
        expected = sum(interval.state == state for interval in one.intervals)
        assert len(filled(svg, paint)) == expected, state


def test_bars_stand_where_their_time_is(report):
    """8 s nobody, 12 s assembly: the bar begins at 0.4 of the plot and is 0.6 of it wide."""
    one = report(pieces=[(None, 8), ("assembly", 12)])
    [bar] = filled(draw_timeline(one, ENGLISH, WIDE).svg, paints_of(one)["assembly"])
    start, width = map(float, re.match(r"M([\d.]+),[\d.]+h([\d.]+)v", bar.get("d")).groups())
    assert start == pytest.approx(0.4 * WIDE.plot, abs=0.02)
    assert width == pytest.approx(0.6 * WIDE.plot, abs=0.02)


def test_complete_cycles_are_numbered(report):
    texts = list(parsed(draw_timeline(report(cycles=3), ENGLISH, WIDE).svg).itertext())
    assert [text for text in texts if text.isdecimal()] == ["1", "2", "3"]


@pytest.mark.parametrize("canvas", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_stated_height_is_the_drawn_one(report, canvas):
    for draw in (draw_timeline, draw_ranking):
        drawing = draw(report(first="Materialbereitstellung und Verpackungsvorbereitung"), ENGLISH, canvas)
        root = parsed(drawing.svg)
        assert float(root.get("width")) == canvas.width
        assert float(root.get("height")) == pytest.approx(drawing.height, abs=1)


def test_the_ranking_shows_shares_in_the_readers_language(report):
    texts = set(parsed(draw_ranking(report(cycles=2), GERMAN, WIDE).svg).itertext())
    assert {"1.\u00a0assembly", "5.\u00a0unbekannt", "6.\u00a0nicht erfasst"} <= texts
    assert any("," in text and text.endswith("%") for text in texts)


def test_the_circle_has_a_slice_per_state_that_occurred(report):
    one = report(pieces=[(None, 1), ("assembly", 2), (UNKNOWN, 1)])
    svg = draw_circle(one, ENGLISH)
    drawn = {name for name, paint in paints_of(one).items() if filled(svg, paint)}
    assert drawn == {"assembly", UNKNOWN, NOT_RECORDED}


def summary(samples, total, share):
    mean = mean_interval(samples) if samples else None
    return StateSummary("a", StateCategory.CYCLE_BOUND, True, total, share, len(samples), Unit.CYCLE, mean)


@pytest.mark.parametrize(
    ("samples", "share", "expected"),
    [
        (
            [3.0, 5.0],
            0.08,
            (0.0, 0.08 + 2 * 12.7062 / 100),
        ),  # mean 4, half-width 12.7062, two cycles in 100 s
        ([4.0, 4.0, 4.0], 0.12, (0.12, 0.12)),
        ([4.0], 0.04, (0.04, 0.04)),
        ([], 0.0, (0.0, 0.0)),
        ([1.0, 90.0], 0.91, (0.0, 1.0)),
    ],
    ids=["two", "no spread", "one", "none", "cut to the whole"],
)
def test_limits_of_a_share(samples, share, expected):
    row = summary(samples, round(share * 100 * SECOND), share)
    assert limits(row, Span(0, 100 * SECOND)) == pytest.approx(expected, abs=1e-5)


bars = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 400)), max_size=200)


@given(bars, st.floats(0.5, 200))
def test_joined_bars_hide_no_interval_and_stay_apart(pieces, pixel):
    intervals, edge = [], 0
    for pause, length in pieces:
        intervals.append((edge + pause, edge + pause + length))
        edge += pause + length
    drawn = joined(intervals, pixel)
    assert all(any(a <= start and end <= b for a, b in drawn) for start, end in intervals)
    assert all(b - a >= THINNEST * pixel * 0.999 for a, b in drawn)
    assert all(right[0] - left[1] >= pixel / 2 for left, right in pairwise(drawn))


@pytest.mark.parametrize(
    ("length", "most", "step"),
    [
        (0.5, 10, 1),
        (10, 10, 1),
        (330, 12, 30),
        (330, 4, 120),
        (8 * 3600, 12, 3600),
        (30 * 86400, 10, 4 * 86400),
    ],
)
def test_tick_steps(length, most, step):
    assert tick_step(length, most) == step


@given(st.floats(0.001, 10**8), st.integers(2, 20))
def test_ticks_never_crowd(length, most):
    assert length / tick_step(length, most) <= most


@pytest.mark.parametrize(
    ("name", "width", "lines"),
    [
        ("part handling", 20, ("part handling",)),
        ("part handling", 8, ("part", "handling")),
        ("Materialtransport", 16, ("Materialtrans-", "port")),
        ("Kennzeichnungsetikettenaufbringung", 16, ("Kennzeichnungse-", "tikettenaufbrin-", "gung")),
        ("6.\u00a0Kennzeichnung", 10, ("6.\u00a0Kennze-", "ichnung")),
        ("one two three four five six seven", 9, ("one two", "three", "four …")),
        ("", 9, ()),
    ],
)
def test_names_are_wrapped(name, width, lines):
    assert wrap(name, width) == lines


@given(st.text(st.characters(codec="ascii", categories=["L", "Zs"]), max_size=80), st.integers(8, 30))
def test_wrapped_names_fit(name, width):
    lines = wrap(name, width)
    assert len(lines) <= 3
    assert all(len(line) <= width for line in lines)


def test_rows_grow_with_the_longest_name():
    assert rows_of(["a", "b"], WIDE).step == 24
    assert rows_of(["a", "word " * 12], WIDE).step > 45


def test_paints_are_distinct_and_repeat_only_after_nine():
    assert len({paint.stand_in for paint in PAINTS}) == len(PAINTS)
    given_out = dict(series_paints([str(n) for n in range(11)]))
    assert len(SERIES) == 9
    assert given_out["0"] == given_out["9"]
    assert not {HATCHED, DOTTED} & set(given_out.values())


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_picture_is_a_png_of_the_promised_size(report, scale):
    png = render_picture(report(), scale=scale)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    assert width == scale * (WIDE.width + 32)
    assert height > scale * 500
