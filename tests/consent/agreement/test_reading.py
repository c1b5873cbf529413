"""What is signed is what is read: each value shows, in both languages, and as text."""

import copy
import re
from html import unescape

import pytest

from consent.agreement.amounts import hours, money, percent
from consent.agreement.draft import Proposal, draft_text
from consent.agreement.form import agreement_hash
from consent.agreement.language import Language
from consent.agreement.lifecycle import BOTH
from consent.agreement.names import NAMES
from consent.agreement.page import agreement_page
from consent.agreement.reading import read_out
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import (
    MotionPurpose,
    Party,
    Prohibition,
    Purpose,
    Role,
    RoyaltyUnit,
    Trigger,
    View,
)

ANOTHER_KEY = "x+021156a7+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs"
UNCHANGEABLE = {
    "fairtakt",  # there is one kind
    "version",  # leans on `supersedes`, and the other way round
    "supersedes",
    "stations.0",  # campaigns lean on them
    "stations.1",
    "motion.permitted",  # leans on the rest of it
}
"""Values of the example for which nothing else is valid while all others stay."""

VOCABULARY = (MotionPurpose, Prohibition, Purpose, Role, RoyaltyUnit, Trigger, View)


def leaves(value, path=()):
    """Yield the path of each single value."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path


def variants(value):
    """Yield other values of the same kind, from the nearest on."""
    if value is None:
        yield from ("0" * 64, 1, "2027-01-01")
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    else:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            yield from (value[:-1] + str((int(value[-1]) + 1) % 8), value[:-2] + "20")
        for words in VOCABULARY:
            if value in list(words):
                yield from words
        yield from (
            value + "x",
            "UTC",
            "XTS" if value.isupper() else "x",
            "assembly bench",
            "packing bench",
            ANOTHER_KEY,
        )


def changed(document, path):
    """Yield valid agreements that differ from the document in this one value."""
    node = document
    for key in path:
        node = node[key]
    removed = object()
    for variant in (*variants(node), removed):
        other = copy.deepcopy(document)
        inner = other
        for key in path[:-1]:
            inner = inner[key]
        if variant is not removed:
            inner[path[-1]] = variant
        elif isinstance(inner, list):
            del inner[path[-1]]
        try:
            agreement = Agreement.model_validate(other)
        except ValueError:
            continue
        if agreement != Agreement.model_validate(document):
            yield agreement


@pytest.mark.parametrize("language", list(Language))
def test_each_value_shows(document, agreement, language):
    """Change one value at a time, and look for the difference apart from the hash."""

    def page(agreement):
        return agreement_page(read_out(agreement, language)).replace(agreement_hash(agreement), "")

    original, unchangeable = page(agreement), set()
    for path in leaves(document):
        others = list(changed(document, path))
        if path[:1] == ("necessity",) and path[1] != language:
            continue  # the other language's own text
        if not others:
            unchangeable.add(path)
        for other in others:
            assert page(other) != original, path
    assert {".".join(map(str, path)) for path in unchangeable} == UNCHANGEABLE


@pytest.mark.parametrize("language", list(Language))
def test_every_word_has_a_name_of_its_own(language):
    words = [word for kind in (*VOCABULARY, Party) for word in kind]
    assert (
        len({NAMES[word].in_(language) for word in words}) >= len(words) - 1
    )  # the council is party and role
    for kind in VOCABULARY:
        assert len({NAMES[word].in_(language) for word in kind}) == len(kind)


@pytest.mark.parametrize("language", list(Language))
def test_markup_in_an_agreement_stays_text(document, language):
    bad = '<script>alert("1")</script>'
    document["site"] = document["states"][0] = document["campaigns"][0]["name"] = bad
    document["necessity"] = {"de": bad, "en": bad}
    page = agreement_page(read_out(Agreement.model_validate(document), language))
    assert "<script" not in page
    assert unescape(page).count(bad) == 6  # the site stands in the title, below the heading and in section 1


@pytest.mark.parametrize("language", list(Language))
def test_the_page_loads_nothing(agreement, language):
    page = agreement_page(read_out(agreement, language))
    assert "default-src 'none'" in page
    assert not re.search(r"https?:|src=|href=|url\(|@import", page)


@pytest.mark.parametrize(
    ("signed_by", "de", "en"),
    [
        (frozenset(), "Entwurf, von niemandem unterschrieben", "draft, signed by nobody"),
        (
            frozenset({Party.COUNCIL}),
            "erst von einer Seite unterschrieben (Betriebsrat)",
            "signed by one party only (works council)",
        ),
        (
            BOTH,
            "von beiden Seiten unterschrieben (Arbeitgeber, Betriebsrat)",
            "signed by both parties (employer, works council)",
        ),
    ],
)
def test_the_page_says_who_has_signed(agreement, signed_by, de, en):
    assert read_out(agreement, Language.DE, signed_by).standing == de
    assert read_out(agreement, Language.EN, signed_by).standing == en


@pytest.mark.parametrize("language", list(Language))
def test_what_is_missing_in_a_draft_is_said(document, language):
    document |= {"notice_on": None, "necessity": None, "royalties": None, "motion": {"permitted": False}}
    document["parties"]["employer"]["key"] = None
    document["campaigns"][0] |= {"enough": None, "last_day": None}
    page = agreement_page(read_out(Agreement.model_validate(document), language))
    missing = {
        Language.DE: (
            "noch kein Schlüssel",
            "noch kein Tag",
            "noch nicht begründet",
            "ohne Ende",
            "nicht aufbewahrt",
        ),
        Language.EN: ("no key yet", "no day yet", "not yet given", "without an end", "No motion is kept"),
    }
    for words in missing[language]:
        assert words in page


@pytest.mark.parametrize(
    ("amount", "currency", "en", "de"),
    [
        (1250, "EUR", "12.50 EUR", "12,50 EUR"),
        (5, "EUR", "0.05 EUR", "0,05 EUR"),
        (0, "USD", "0.00 USD", "0,00 USD"),
        (1250, "JPY", "1250 JPY", "1250 JPY"),
        (1250, "KWD", "1.250 KWD", "1,250 KWD"),
    ],
)
def test_money(amount, currency, en, de):
    """Minor units by ISO 4217: two digits, none for the yen, three for the dinar."""
    assert money(amount, currency, Language.EN) == en
    assert money(amount, currency, Language.DE) == de


def test_percent_and_hours():
    assert percent(305, Language.DE) == "3,05 %"
    assert [hours(minutes) for minutes in (0, 59, 60, 90)] == ["0 min", "59 min", "1 h", "1 h 30 min"]


@pytest.mark.parametrize("language", list(Language))
def test_both_drafts_say_the_same(language, parsed_drafts):
    """Apart from the names of offices and of the campaign, which are in the reader's language."""
    other = parsed_drafts[Language.EN]
    draft = parsed_drafts[language]
    for name in set(Agreement.model_fields) - {"parties", "campaigns"}:
        assert getattr(draft, name) == getattr(other, name)
    assert draft.campaigns[0].model_copy(update={"name": ""}) == other.campaigns[0].model_copy(
        update={"name": ""}
    )


@pytest.fixture
def parsed_drafts():
    from datetime import date

    from capture.yaml_document import parse_document

    proposal = Proposal('Werk "Süd": $1 #2', ["a: b", "c"], ["schrauben"], date(2028, 3, 1))
    return {
        language: parse_document(draft_text(proposal, language), "draft", Agreement, "works agreement")
        for language in Language
    }


def test_a_draft_takes_names_as_they_are(parsed_drafts):
    draft = parsed_drafts[Language.DE]
    assert draft.site == 'Werk "Süd": $1 #2'
    assert draft.id == "werk-sued-1-2-2028"
    assert draft.stations == ("a: b", "c")


@pytest.mark.parametrize("language", list(Language))
def test_a_later_version_says_what_it_replaces(document, agreement, language):
    before = agreement_hash(agreement)
    later = Agreement.model_validate(document | {"version": 2, "supersedes": before})
    page = agreement_page(read_out(later, language))
    assert before in page
    assert f"{later.id}, 2" in page
