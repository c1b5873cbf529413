"""The page for a works council, and the words of the result."""

import json
import re
from html.parser import HTMLParser

import pytest

from consent.agreement.language import Language
from consent.audit.account import MOST_ROWS
from consent.audit.names import EVENTS, NAMES
from consent.audit.page import audit_page
from consent.audit.result import as_data, lines
from consent.audit.verify import audit_log
from consent.entries import bodies
from consent.entries.vocabulary import Account, GapReason, Reason, SuspendedBecause
from consent.keys import Role


class Reader(HTMLParser):
    """Collects text, and what a page would load or run."""

    def __init__(self, page):
        super().__init__()
        self.text, self.loads, self.open = [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "link", "img", "br"):
            self.open.append(tag)
        self.loads += [name for name, _ in attrs if name in ("src", "href", "onload", "onclick")]
        self.loads += [tag] if tag in ("script", "link", "img", "iframe") else []

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data.strip())


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            Language.DE,
            [
                "Alles eingehalten: keine Verstöße gefunden.",
                "Was erfasst wurde",
                "01.03.2027",
                "Vereinbarung ausgesetzt",
                "wieder in Kraft gesetzt",
                "Entscheidung einer Seite",
                "Gerät zugelassen",
                "widerrufen",
                "7,00 EUR",
                "Zeitverlauf je Arbeitsplatz",
                "Was geprüft wurde",
            ],
        ),
        (
            Language.EN,
            [
                "All kept: no breach found.",
                "What was recorded",
                "1 March 2027",
                "the works agreement is suspended",
                "resumed",
                "decision of a party",
                "device enrolled",
                "withdrawn",
                "7.00 EUR",
                "timelines of stations",
                "What was checked",
            ],
        ),
    ],
)
def test_the_page_tells_the_story(story, language, texts):
    reader = Reader(audit_page(story.audit(), language))
    assert [text for text in texts if text not in reader.text] == []
    assert reader.loads == []
    assert reader.open == []


def test_the_page_says_who_suspended_and_who_resumed(story):
    page = audit_page(story.audit(), Language.EN)
    rows = [re.findall(r">([^<]*)</td>", row) for row in re.findall(r"<tr>.*?</tr>", page)]
    acts = {row[2]: row[4] for row in rows if len(row) == 6}
    assert acts["suspended"] == "works council"
    assert acts["resumed"] == "employer, works council"
    assert acts["proposed"] == ""  # the log's own word; who signed stands in the lines below


def test_minutes_stand_beside_what_was_permitted(story):
    """20 minutes and 2 seconds in the morning, 11 minutes at noon: 32 begun minutes of 120."""
    page = audit_page(story.audit(), Language.EN)
    row = re.search(r"<tr><td>1 March 2027</td>.*?</tr>", page)
    assert re.findall(r">([^<]*)</td>", row[0]) == [
        "1 March 2027",
        "assembly bench",
        "32",
        "120",
        "08:00–08:40",
        "2",
        "assembly",
        "assembly-cell-study 1",
    ]


def test_findings_stand_on_top_and_no_person_in_the_page(story, plant):
    story.release(3).view(station="somewhere <b>else</b>")
    page = audit_page(story.audit(), Language.DE)
    assert (
        page.index("2 Verstöße gefunden.") < page.index("[14] Eintrag 31") < page.index("Was erfasst wurde")
    )
    for name in ("anna", "ben"):
        assert plant.worker(name).name not in page
    assert "<b>" not in page


def test_what_a_log_says_is_data(plant):
    story = plant.ready().act(
        bodies.DeviceEnrolled(device="<script>alert(1)</script>", key=str(plant.key("x").verifier)),
        plant.EMPLOYER,
    )
    page = audit_page(story.audit(), Language.EN)
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_an_empty_log_has_a_page(plant):
    text = Reader(audit_page(plant.Story().audit(), Language.EN)).text
    assert text.count("Nothing of this stands in the log.") == 8


def test_a_log_that_does_not_verify_tells_nothing_but_that(plant, memory_files, policy):
    story, files = plant.Story().found().cosign(), memory_files()
    story.log(files)
    files.files["tile/0/000.p/4"] = bytes(128)
    report = audit_log(files, policy)
    page = Reader(audit_page(report, Language.EN)).text
    assert "The log does not verify: what stands in it proves nothing." in page
    assert "What was recorded" not in page
    assert page.count("not checked") == 13


def test_a_long_table_is_cut_and_says_so(plant):
    story = plant.ready()
    for _ in range(MOST_ROWS + 3):
        story.suspend()
    page = audit_page(story.audit(), Language.EN)
    assert "… + 7</p>" in page  # and four of its own: proposed, signed twice, activated


@pytest.mark.parametrize("language", list(Language))
def test_the_result_reads_the_same_in_lines_and_data(story, language):
    report = story.release(3).audit()
    text, data = list(lines(report, language)), as_data(report, language)
    assert json.loads(json.dumps(data)) == data
    assert text[0] == f"{report.log}: {data['verdict']}"
    assert data["findings"] == [
        {
            "check": 14,
            "entry": 31,
            "what": report.findings[0].what.in_(language),
            "expected": report.findings[0].expected.in_(language),
            "found": "3",
        }
    ]
    assert (data["clean"], data["findings_number"], len(data["checks"])) == (False, 1, 15)
    assert sum(line.strip().startswith("[14]") for line in text) == 1


def test_every_word_of_the_log_has_a_name():
    words = {*Reason, *SuspendedBecause, *GapReason, *Account, *Role} - {Role.DEVICE}
    assert words <= set(NAMES)
    told = ("agreement.", "key.", "device.", "consent.")
    assert {name for name in bodies.TYPES if name.startswith(told)} - set(EVENTS) == {"device.gap/1"}
