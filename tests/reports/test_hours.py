"""Bars of hours: one for each name, as long as its time, with its figure beside it."""

import re

import pytest

pytest.importorskip("altair", reason="the extra edge is not installed")

from reports.charts.canvas import NARROW, WIDE
from reports.charts.hours import hours_chart
from reports.palette import SERIES
from reports.svg import draw, for_page
from reports.words import words_for

BARS = [("screwing", 7200), ("<waiting>", 3600), ("cleaning", 0)]


@pytest.mark.parametrize("canvas", [WIDE, NARROW])
def test_bars_are_as_long_as_their_hours_and_say_them(canvas):
    chart, height = hours_chart(BARS, words_for("de"), canvas)
    svg = draw(chart)
    assert f'height="{height:g}"' in svg
    for text in ("screwing", "&lt;waiting&gt;", "2,0", "1,0", "0,0"):
        assert text in svg
    bars = re.findall(rf"<path[^>]*{SERIES[0].stand_in}[^>]*>", svg)
    widths = [float(re.search(r"h([\d.]+)v", bar)[1]) for bar in bars]
    assert len(widths) == 2, "a bar of no length has no outline"
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.02)


def test_a_page_may_show_it():
    svg = for_page(draw(hours_chart(BARS, words_for("en"), WIDE)[0]), "Hours")
    assert "style=" not in svg
    assert "var(--indigo)" in svg
    assert "#fade" not in svg
