"""A statement as page, PDF and JSON: the same figures, in the reader's language, and nothing of others."""

import json
import re
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import jsonschema
import pytest

from consent.agreement.language import Language
from consent.agreement.vocabulary import RoyaltyUnit
from consent.royalties.disputes import DisputeReason, Outcome, RejectionReason
from consent.royalties.journal import State
from consent.royalties.price import Price, gross_of
from reports.royalties import json_form, words
from reports.royalties.document import document_of
from reports.royalties.figures import amount_text, gross_formula, part_formula, seconds_text, time_text
from reports.royalties.json_form import schema_json, statement_json
from reports.royalties.page import statement_page
from tests.consent.royalties.worlds import ANNA, BORA, CARD, CEM
from tests.reports.royalties import worlds

BERLIN = ZoneInfo("Europe/Berlin")
PROOFS = {412: "use-412.tlog-proof"}


@pytest.fixture(scope="module")
def year():
    return worlds.a_year()


def page(statement, language=Language.EN, **keys):
    keys = {"site": "Plant north", "zone": BERLIN, "proofs": PROOFS, **keys}
    return statement_page(document_of(statement, language, **keys))


class Balanced(HTMLParser):
    """Knows whether every element is closed in order."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", Language)
def test_the_page_is_whole_and_loads_nothing(year, language):
    html = page(year, language)
    parser = Balanced()
    parser.feed(html)
    assert parser.open == []
    assert f'<html lang="{language}">' in html
    assert "default-src 'none'" in html
    assert not re.search(r'(src|href|onclick)=|<script|style="', html)


def test_the_figures_are_those_of_the_statement(year):
    """By hand: 100.01 EUR net, 70 % workers, three sevenths; the numbers stand in the split's own test."""
    html = page(year)
    for figure in (
        "1 × 101.02 EUR = 101.02 EUR",
        "− deduction: bank charges",
        "70.01 EUR × 90.000 s ÷ 210.000 s = 30.01 EUR",
        "219.500 s ÷ 3600 s × 1250.00 EUR = 76.22 EUR",
        "× 3/2",
        "use-412.tlog-proof",
        "−30.01 EUR",
        "43.44 EUR",
        "rejected: time and use are as the log says",
        CARD,
    ):
        assert figure in html, figure


def test_german_figures_have_a_comma_and_german_days(year):
    html = page(year, Language.DE)
    assert "70,01 EUR × 90,000 s ÷ 210,000 s = 30,01 EUR" in html
    assert "10.02.2026, 10:00" in html
    assert "Abrechnung vom 01.01.2026 bis 31.12.2026" in html


def test_times_are_those_of_the_site(year):
    assert "2026-02-10, 10:00" in page(year)
    assert "2026-02-10, 18:00" in page(year, zone=ZoneInfo("Asia/Tokyo"))
    # Summer time: the same hour after midnight in winter is another on the clock.
    assert time_text(worlds.at(200), BERLIN, Language.EN) == "2026-07-20, 11:00"


@pytest.mark.parametrize("language", Language)
def test_nothing_to_report_is_a_statement_too(language):
    html = page(worlds.an_empty_year(), language)
    assert words.NOTHING_TITLE.in_(language) in html
    assert words.DISPUTING.in_(language)[:60] in html
    assert amount_text(0, "EUR", language) in html


def test_nobody_else_is_in_any_of_it(year):
    for text in (page(year), page(year, Language.DE), statement_json(year, site="Plant north")):
        assert ANNA in text
        assert BORA not in text
        assert CEM not in text


def test_names_are_text_and_never_markup(year):
    hostile = "<img src=x onerror=alert(1)>"
    lines = tuple(replace(line, priced=replace(line.priced, licensee=hostile)) for line in year.lines)
    html = page(replace(year, lines=lines), site=hostile)
    assert "<img" not in html
    assert "&lt;img" in html


@pytest.mark.parametrize(
    ("unit", "rate", "quantity", "formula"),
    [
        (RoyaltyUnit.MODEL, 100_00, 2, "2 × 100.00 EUR = 200.00 EUR"),
        (RoyaltyUnit.REVENUE_SHARE, 300, 1234_56, "1234.56 EUR × 3.00 % = 37.04 EUR"),
        (RoyaltyUnit.DEPLOYMENT_HOUR, 50, 7_200_000, "7200.000 s ÷ 3600 s × 0.50 EUR = 1.00 EUR"),
    ],
)
def test_each_unit_has_its_formula(unit, rate, quantity, formula):
    price = Price(unit, rate, quantity, "EUR", CARD, gross_of(unit, rate, quantity))
    assert gross_formula(price, Language.EN) == formula


def test_weights_that_make_parts_of_a_millisecond_are_told_exactly(year):
    assert seconds_text(Fraction(1, 3), Language.EN) == "1/3000 s"
    assert seconds_text(1, Language.DE) == "0,001 s"


def test_motion_without_time_is_told_by_its_weights(year):
    line = year.lines[0]
    poses = tuple(replace(one, ms=0) for one in line.priced.segments)
    shared = replace(line.shared, mine=Fraction(2), all=Fraction(5))
    line = replace(line, priced=replace(line.priced, segments=poses), shared=shared)
    assert "× 2 ÷ 5 =" in part_formula(line, Language.EN)


def test_every_closed_word_has_a_name_in_both_languages():
    for words_of in (RoyaltyUnit, State, DisputeReason, Outcome, RejectionReason):
        for word in words_of:
            assert words.NAMES[word].de != words.NAMES[word].en


def test_the_json_adds_up_and_is_valid(year):
    for statement in (year, worlds.an_empty_year()):
        value = json.loads(statement_json(statement, site="Plant north", proofs=PROOFS))
        jsonschema.Draft202012Validator(json.loads(schema_json())).validate(value)
        moved = sum(one["part"] for one in value["uses"])
        moved -= sum(one["amount"] for one in value["corrections"] + value["payments"])
        assert value["opening"] + moved == value["closing"] == statement.closing


def test_the_shipped_schema_is_that_of_the_models():
    """After a change of the models: write `schema_json()` into the file."""
    path = Path(json_form.__file__).with_name("statement.schema.json")
    assert path.read_text(encoding="utf-8") == schema_json()
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_json()))


@pytest.mark.parametrize("language", Language)
def test_the_pdf_is_accessible_and_the_same_each_time(year, language):
    pytest.importorskip("typst", reason="the extra server is not installed")
    from reports.royalties.pdf import statement_pdf

    document = document_of(year, language, site="Plant north", zone=BERLIN, proofs=PROOFS)
    made = statement_pdf(document)
    assert made.startswith(b"%PDF-1.7")
    assert b"pdfuaid" in made
    assert statement_pdf(document) == made


def test_a_name_that_no_font_can_show_still_prints(year):
    pytest.importorskip("typst", reason="the extra server is not installed")
    from reports.royalties.pdf import statement_pdf

    assert statement_pdf(document_of(year, Language.EN, site="\U000133d7 #set x", zone=BERLIN)).startswith(
        b"%PDF"
    )
