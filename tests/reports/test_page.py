import re
from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from productivity.errors import BadInput
from productivity.states import NOT_RECORDED
from reports.recording import render_report

VOID = {"meta", "link", "br", "img", "hr", "input"}


class Page(HTMLParser):
    """Collects a page's elements, checks that each is closed, and keeps the visible text."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.words, self._open = [], [], []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if "style" not in self._open:
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def parsed(chart):
    return ElementTree.fromstring(chart)  # noqa: S314 -- our own output


def charts(html):
    return re.findall(r"<svg viewBox=\"[^\"]*\" role=\"img\".*?</svg>", html, flags=re.DOTALL)


def assert_loads_nothing(html):
    """No element, attribute or style rule of the page refers to anything outside of it."""
    page = Page(html)
    assert {tag for tag, _ in page.elements} & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "base",
        "form",
    } == set()
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")], tag
        assert not attributes.keys() & {"src", "href", "xlink:href", "srcset", "action", "data"}, tag
        values = " ".join(value or "" for value in attributes.values())
        assert set(re.findall(r"url\(([^)]*)\)", values)) <= {"#hatched", "#dotted"}
    assert "@import" not in html
    assert re.search(r"https?://", html) is None


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_page_needs_nothing_but_itself(report, language):
    html = render_report([report()], language)
    assert_loads_nothing(html)
    assert "default-src 'none'" in html


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</svg></style><b>bold</b>",
    "]]> & &lt; ' \"",
    "{{ 7 * 7 }}{% raw %}",
    "#fade01 url(#hatched) var(--ink)",
    "datum.value",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_text(report, name):
    html = render_report([replace(report(first=name, station=name), source=name)])
    assert_loads_nothing(html)
    page = Page(html)
    assert page.text.count(" ".join(name.split())) >= 4  # title, heading, source, table
    assert {tag for tag, _ in page.elements} & {"b", "script", "img"} == set()
    assert all(parsed(chart).tag == "svg" for chart in charts(html))


def test_a_name_that_looks_like_a_colour_keeps_its_letters_in_the_charts(report):
    html = render_report([report(first="#fade01")])
    assert any("#fade01" in "".join(parsed(chart).itertext()) for chart in charts(html))
    assert not re.search(r'(fill|stroke)="#fade', html)


def test_each_chart_has_a_label_and_a_version_for_phones(report):
    found = charts(render_report([report()]))
    labels = [parsed(chart).get("aria-label") for chart in found]
    assert labels == ["Timeline: bench"] * 2 + ["Ranking: bench"] * 2 + ["Circle diagram: bench"]
    widths = [parsed(chart).get("viewBox").split()[2] for chart in found]
    assert widths == ["960", "360", "680", "360", "280"]


def test_not_recorded_is_hatched_and_unknown_dotted_everywhere(report):
    html = render_report([report()])
    for chart in charts(html):
        assert "url(#hatched)" in chart
        assert "url(#dotted)" in chart
    assert html.count('<pattern id="hatched"') == html.count('<pattern id="dotted"') == 1


def test_the_table_says_what_the_summary_says(report):
    one = report()
    text = Page(render_report([one])).text
    for row in one.summary.rows:
        assert f"{row.state} {row.category or ''}".strip() in text
    assert "19.5 s" in text  # assembly: 3 x 6.5 s
    assert "6.50 ± 0.00 s per cycle" in text
    assert "12.00 s per occurrence" in text


def test_german_pages_speak_german(report):
    html = render_report([report()], "de")
    text = Page(html).text
    assert '<html lang="de">' in html
    for words in (
        "zyklusgebunden",
        "nicht erfasst",
        "niemand anwesend",
        "19,5 s",
        "6,50 ± 0,00 s je Zyklus",
    ):
        assert words in text
    assert "not recorded" not in text
    assert "not recorded" not in html


def test_another_language_is_refused(report):
    with pytest.raises(BadInput, match="language of the report: expected en or de, found 'fr'"):
        render_report([report()], "fr")


def test_the_day_is_shown_only_if_given(report):
    one = report()
    assert "Date" not in Page(render_report([one])).text
    dated = replace(one, day=date(2025, 3, 9))
    assert "Date: 2025-03-09" in Page(render_report([dated])).text
    assert "Datum: 09.03.2025" in Page(render_report([dated], "de")).text


def test_two_stations_stand_on_one_page(report):
    html = render_report([report(station="left"), report(station="right")])
    assert_loads_nothing(html)
    assert len(charts(html)) == 10
    assert "<title>Worker states: left, right</title>" in html


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        ([(None, 40)], ["No complete cycle was seen.", "100.0 %", "nobody present 40.0 s"]),
        ([], ["Nothing was recorded.", "No complete cycle was seen."]),
        ([("assembly", 0.000_000_001)], ["0.0 s", "100.0 %"]),
        ([("assembly", 400_000)], ["111:06:40 h"]),
    ],
    ids=["nobody", "nothing", "one nanosecond", "five days"],
)
def test_odd_recordings_have_a_report_too(report, pieces, shown):
    html = render_report([report(pieces=pieces)])
    assert_loads_nothing(html)
    for words in shown:
        assert words in Page(html).text


def test_a_whole_shift_stays_small(report):
    """Bars narrower than a pixel are joined, so that the charts do not grow with the recording."""
    short, long = (sum(map(len, charts(render_report([report(cycles=n)])))) for n in (750, 6_000))
    assert long < 1.2 * short
    assert long < 600_000


def test_reasons_are_listed_by_their_time(report):
    one = report(pieces=[(None, 2), ("assembly", 5), (None, 7)])
    lost = [
        replace(i, reason="no frames") if i.state == NOT_RECORDED and i.start else i for i in one.intervals
    ]
    text = Page(render_report([replace(one, intervals=lost)])).text
    assert "no frames 7.0 s nobody present 2.0 s" in text


def test_the_page_says_what_was_kept(report):
    text = unescape(Page(render_report([report()])).text)
    assert "What was kept" in text
    assert "No picture, no pose, no sound, no name." in text
