import ast
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from productivity.analysis import analyse
from productivity.comparison import Observation
from productivity.errors import BadInput
from productivity.hierarchy import DEFAULT_HIERARCHY, Hierarchy, StateNode
from productivity.intervals import Cycle, StateInterval
from productivity.levels import Level, System, SystemNode
from productivity.records import (
    Documented,
    Finding,
    Output,
    PaidTime,
    RecordingMode,
    Records,
    Sampled,
    Severity,
)
from productivity.result_table import Kind
from productivity.states import NOT_RECORDED, UNKNOWN, StateCategory
from productivity.study.study import Progress, Step
from productivity.time import SECOND
from reports.charts.canvas import WIDE
from reports.charts.waterfall import Stair, waterfall_chart
from reports.palette import FAINT, HATCHED, SERIES
from reports.study.acquisition import procedure_table
from reports.study.charts import MOST_BARS, bars_of, draw_balance, draw_circle, draw_ranking, draw_timeline
from reports.study.document import document_of
from reports.study.figures import matching_text, states_text
from reports.study.findings import GERMAN_FINDINGS
from reports.study.page import study_page
from reports.study.results import SourceRow, StudyResults
from reports.study.tables import findings_table, result_tables, states_table
from reports.study.text import cell_text
from reports.study.titles import ENGLISH_TITLES, GERMAN_TITLES
from reports.study.words import ENGLISH_STUDY, GERMAN_STUDY, study_words_for
from reports.svg import draw

REPOSITORY = Path(__file__).resolve().parents[3]
HOUR = 3600 * SECOND
SYSTEM = System((SystemNode("cell", Level.CELL),))


def results(hierarchy=DEFAULT_HIERARCHY, names=("screwing", "part handling"), paid=100, **more):
    """100 h paid for 1000 pieces: screwing 36 h and part handling 18 h from samples, 10 h of sickness."""
    samples = tuple(
        Sampled(
            "cell",
            name,
            RecordingMode.RTS,
            tuple((SECOND * 1296 // 10 + n * SECOND) // (k + 1) for n in (-2, 0, 2)),
        )
        for k, name in enumerate(names)
    )
    records = Records(
        samples,
        (Documented("cell", "sickness", RecordingMode.OMD, "may", 10 * HOUR, source="a.csv:2"),),
        (Output("cell", "may", pieces=1000),),
        (PaidTime("cell", "may", paid * HOUR, "p.csv:2"),),
    )
    analysis = analyse(records, SYSTEM, hierarchy, "may")
    return StudyResults("Cell <1> & co", hierarchy, (analysis,), analysis.evaluations, **more)


def parsed(svg):
    return ElementTree.fromstring(svg)  # noqa: S314 -- our own output


def filled(svg, paint):
    """Return the areas drawn in one paint."""
    return [e for e in parsed(svg).iter() if e.get("fill") == paint.stand_in and e.get("d")]


def span(bar):
    start, width = map(float, re.match(r"M([\d.]+),[\d.]+h([\d.]+)v", bar.get("d")).groups())
    return start, start + width


def test_a_waterfall_begins_each_stair_where_the_one_before_ends():
    stairs = [
        Stair("a", 0, 60, "60", SERIES[0]),
        Stair("b", 60, 60, "0", SERIES[1]),
        Stair("c", 60, 90, "30", HATCHED),
        Stair("all", 0, 90, "90", SERIES[2]),
    ]
    svg = draw(waterfall_chart(stairs, WIDE, ".")[0])
    [first], none, [third], [whole] = (filled(svg, stair.paint) for stair in stairs)
    assert none == [], "a stair of no time has no bar"
    assert span(first)[1] == pytest.approx(span(third)[0], abs=0.05)
    assert span(whole) == pytest.approx((span(first)[0], span(third)[1]), abs=0.05)
    assert (span(first)[1] - span(first)[0]) / (span(whole)[1] - span(whole)[0]) == pytest.approx(
        60 / 90, abs=1e-3
    )


def test_the_balance_ends_at_the_paid_time():
    [evaluation] = results().evaluations
    svg = draw_balance(evaluation, ENGLISH_STUDY, WIDE).svg
    [paid], [rest] = filled(svg, FAINT), filled(svg, HATCHED)
    assert span(rest)[1] == pytest.approx(span(paid)[1], abs=0.05)
    assert (span(rest)[1] - span(rest)[0]) / (span(paid)[1] - span(paid)[0]) == pytest.approx(0.36, abs=1e-3)


def test_the_ranking_shows_limits_where_samples_tell_them():
    """Three samples of 127.6, 129.6, 131.6 s: 36 h, +- 4.303 * 2 / sqrt(3) * 1000 s = 1.38 h."""
    [evaluation] = results().evaluations
    screwing, handling, sickness, rest = bars_of(evaluation, ENGLISH_STUDY).bars
    assert screwing.share == pytest.approx(0.36)
    assert (screwing.low, screwing.high) == pytest.approx((0.36 - 0.0138, 0.36 + 0.0138), abs=1e-4)
    assert (sickness.low, sickness.share, sickness.high) == (0.1, 0.1, 0.1)
    assert (rest.name, rest.paint) == ("not recorded", HATCHED)
    assert handling.name == "part handling"
    texts = list(parsed(draw_ranking(evaluation, ENGLISH_STUDY, WIDE).svg).itertext())
    assert "1.\u00a0screwing" in texts
    assert "4.\u00a0not recorded" in texts


def test_a_long_tail_is_one_bar_and_loses_nothing():
    names = [f"state {number}" for number in range(40)]
    hierarchy = Hierarchy(
        tuple(StateNode(name, StateCategory.CYCLE_BOUND, value_adding=False) for name in names)
        + DEFAULT_HIERARCHY.nodes
    )
    [evaluation] = results(hierarchy, names, paid=400).evaluations
    bars = bars_of(evaluation, GERMAN_STUDY).bars
    assert len(bars) == MOST_BARS + 1
    assert bars[-2].name == "weitere Zustände (18)"
    assert sum(bar.share for bar in bars) == pytest.approx(1)


def test_the_circle_is_whole_even_if_more_was_recorded_than_paid():
    [evaluation] = results(paid=50).evaluations
    assert evaluation.excess_ns == 14 * HOUR
    svg = draw_circle(evaluation, ENGLISH_STUDY)
    assert filled(svg, HATCHED) == []
    assert len(filled(svg, SERIES[0])) == 1
    assert {"50.0\u202fh", "paid time"} <= set(parsed(svg).itertext())


def test_a_timeline_has_a_row_for_each_state():
    intervals = (
        StateInterval("s", "screwing", 0, 10 * SECOND, 1.0),
        StateInterval("s", UNKNOWN, 10 * SECOND, 5 * SECOND, 1.0),
        StateInterval("s", NOT_RECORDED, 15 * SECOND, 5 * SECOND, 1.0, "no frames"),
    )
    observation = Observation("s", intervals, (Cycle("s", 1, 0, 10 * SECOND),))
    texts = list(parsed(draw_timeline(observation, GERMAN_STUDY, WIDE).svg).itertext())
    assert {"screwing", "unbekannt", "nicht erfasst", "Zyklen", "1"} <= set(texts)


class Page(HTMLParser):
    """Collects elements, and checks that each is closed."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.words, self._open = [], [], []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag != "meta":
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


EVIL = '<script>alert(1)</script> "x" & #panic("y") $z$ *b* `c` //d'


@pytest.fixture
def hostile():
    hierarchy = Hierarchy(
        (*DEFAULT_HIERARCHY.nodes, StateNode(EVIL, StateCategory.CYCLE_BOUND, value_adding=True))
    )
    return results(hierarchy, (EVIL, "screwing"), sources=(SourceRow(EVIL),))


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_page_is_whole_loads_nothing_and_runs_nothing(hostile, language):
    html = study_page(document_of(hostile, study_words_for(language)), study_words_for(language))
    page = Page(html)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "form"}
    assert not any(
        name in {"src", "href"} or name.startswith("on") for _, attrs in page.elements for name in attrs
    )
    assert "default-src 'none'" in html
    assert f'<html lang="{language}">' in html
    assert EVIL in " ".join(page.words)
    assert "http:" not in html.replace('xmlns="http:', "")


def test_numbers_on_a_page_are_in_the_readers_language():
    german = study_page(document_of(results(), GERMAN_STUDY), GERMAN_STUDY)
    assert "36,0\u202fh" in german
    assert "36.0\u202fh" not in german
    english = study_page(document_of(results(), ENGLISH_STUDY), ENGLISH_STUDY)
    assert "36.0\u202fh" in english


def test_a_study_without_paid_time_says_so():
    nothing = replace(results(), evaluations=())
    assert ENGLISH_STUDY.nothing in study_page(document_of(nothing, ENGLISH_STUDY), ENGLISH_STUDY)


def test_every_drawing_is_told():
    told = []
    document_of(results(), ENGLISH_STUDY, on_progress=told.append)
    assert told == ["cell"]


@pytest.fixture
def pdf():
    pytest.importorskip("typst", reason="typst is not installed")
    from reports.study.pdf import study_pdf

    return lambda found, words=ENGLISH_STUDY: study_pdf(document_of(found, words), words)


def test_a_pdf_is_accessible_and_reproducible(pdf):
    made = pdf(results(), GERMAN_STUDY)
    assert made.startswith(b"%PDF-")
    assert b"pdfuaid" in made, "the mark of PDF/UA"
    assert made == pdf(results(), GERMAN_STUDY)


def test_names_are_never_read_as_typst_markup(pdf, hostile):
    assert pdf(hostile).startswith(b"%PDF-")


def test_letters_that_no_font_has_cost_accessibility_not_the_report(pdf):
    made = pdf(replace(results(), title="\U00013000"))
    assert made.startswith(b"%PDF-")
    assert b"pdfuaid" not in made


def test_every_table_has_titles_in_both_languages():
    assert set(ENGLISH_TITLES) == set(GERMAN_TITLES)
    english, german = (result_tables(results(), words) for words in (ENGLISH_STUDY, GERMAN_STUDY))
    assert [table.key for table in english] == [table.key for table in german]
    for one, other in zip(english, german, strict=True):
        assert [column.key for column in one.columns] == [column.key for column in other.columns]


def test_the_ranking_as_a_table():
    [first, *_] = states_table(results().evaluations, GERMAN_STUDY).records()
    assert first["state"] == "screwing"
    assert first["category"] == "zyklusgebunden"
    assert first["total"] == 36 * HOUR
    assert first["portion"] == pytest.approx(0.36)
    assert first["portion_low"] < 0.36 < first["portion_high"]
    assert first["unit"] == "Stichprobe"


def test_the_ranking_as_text_has_limits_where_samples_tell_them():
    [evaluation] = results().evaluations
    text = states_text(evaluation, GERMAN_STUDY)
    assert text.header[text.header.index("Anteil") + 1] == "Grenzen"
    column = text.header.index("Grenzen")
    cells = {row[1]: row[column].replace("\u202f", "_") for row in text.rows}
    assert cells["screwing"] == "34,6 – 37,4_%"
    assert cells["sickness"] == "–", "documented time is exact"
    documented = replace(evaluation, states=tuple(s for s in evaluation.states if s.state == "sickness"))
    assert "Grenzen" not in states_text(documented, GERMAN_STUDY).header


def test_a_state_with_several_remedies_is_named_once():
    rows = matching_text(results().evaluations[0], results(), ENGLISH_STUDY).rows
    assert [row[0] for row in rows] == ["screwing", "", "part handling", "", "sickness", ""]
    assert rows[1][2] == "tools and fixtures"


def test_gaps_are_named_up_to_a_number():
    gaps = tuple(Finding(Severity.WARNING, "x", f"gap {n}.") for n in range(7))
    [row] = procedure_table([Progress(Step.PLAN, gaps)], ENGLISH_STUDY).records()
    assert row["missing"] == "gap 0; gap 1; gap 2; gap 3; gap 4; and 2 more"
    [row] = procedure_table([Progress(Step.PLAN, gaps[:5])], ENGLISH_STUDY).records()
    assert row["missing"].endswith("gap 4")


@pytest.mark.parametrize(
    ("value", "kind", "english", "german"),
    [
        (None, Kind.SHARE, "–", "–"),
        (True, Kind.FLAG, "yes", "ja"),
        (0.125, Kind.SHARE, "12.5_%", "12,5_%"),
        (9 * HOUR // 2, Kind.HOURS, "4.5_h", "4,5_h"),
        (432 * SECOND, Kind.MINUTES, "7.2_min", "7,2_min"),
        (SECOND // 4, Kind.SECONDS, "0.25_s", "0,25_s"),
        (0.75, Kind.NUMBER, "0.750", "0,750"),
        (3, Kind.NUMBER, "3", "3"),
        (12, Kind.COUNT, "12", "12"),
        ("x", Kind.TEXT, "x", "x"),
    ],
)
def test_cells_are_in_the_readers_language(value, kind, english, german):
    assert cell_text(value, kind, ENGLISH_STUDY).replace("\u202f", "_") == english
    assert cell_text(value, kind, GERMAN_STUDY).replace("\u202f", "_") == german


def test_findings_speak_german_with_their_facts():
    finding = Finding(
        Severity.ERROR,
        "more-recorded-than-paid",
        "in 'cell' 64.0 h were recorded, but only 50.0 h are paid",
        ("a.csv:2",),
        (("system", "cell"), ("recorded_ns", 64 * HOUR), ("paid_ns", 50 * HOUR)),
    )
    [row] = findings_table([finding], GERMAN_STUDY).records()
    assert row["severity"] == "Fehler"
    assert row["text"] == "In „cell“ sind 64:00:00\u202fh erfasst, aber nur 50:00:00\u202fh bezahlt."
    assert findings_table([finding], ENGLISH_STUDY).rows[0][2] == finding.text


def test_a_finding_without_its_facts_or_its_sentence_stays_english():
    for code in ("more-recorded-than-paid", "no-such-code"):
        assert GERMAN_STUDY.finding(Finding(Severity.NOTE, code, "as it is")) == "as it is"


def test_severe_findings_come_first():
    findings = [Finding(severity, "x", severity.value) for severity in (Severity.NOTE, Severity.ERROR)]
    assert [row[2] for row in findings_table(findings, ENGLISH_STUDY).rows] == ["error", "note"]


FREE_TEXT = {"file-refused", "row-refused", "time-refused"}
"""Their text is a reader's reason, whatever it is."""


NO_CODES = {"mistake-proofing", "set-up", "by-hand"}
"""Words that look like codes."""


def codes_in_source():
    """Return all codes that the method and the importers write into findings."""
    found = set()
    motion = REPOSITORY / "storage" / "exports" / "motion"  # it has nothing to do with findings
    for path in [
        *(REPOSITORY / "productivity").rglob("*.py"),
        *(one for one in (REPOSITORY / "storage").rglob("*.py") if motion not in one.parents),
    ]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                called = re.fullmatch(r"[a-z]+(-[a-z]+)+", node.value)
                if called and not node.value.endswith(("-bound", "-sig")):
                    found.add(node.value)
    return found


def test_every_finding_that_is_ever_made_can_be_said_in_german():
    used = codes_in_source() - FREE_TEXT - NO_CODES
    assert len(used) > 30
    assert used - set(GERMAN_FINDINGS) == set()


def test_a_language_that_nobody_speaks_here_is_refused():
    with pytest.raises(BadInput, match="en or de"):
        study_words_for("fr")
