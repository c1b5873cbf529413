"""The worker's pages: plain words in both languages, the token only where it belongs, nothing loaded."""

import re

import pytest

from consent.agreement.language import Language
from consent.grants import words
from consent.grants.page import Page, worker_page
from consent.grants.reading import asked_page, given_page, receipt_page
from consent.grants.receipt import check_receipt
from consent.grants.token import read_token
from consent.grants.words import Part
from productivity.errors import BadInput

RECORD = "0123456789ab4def8123456789abcdef"


@pytest.fixture
def pages(said_yes):
    """Each kind of page in each language."""
    world, log, witness = said_yes.world, *said_yes.keys
    checked = check_receipt(said_yes.receipt(), said_yes.proof(), log, [witness])
    pseudonym = said_yes.worker.name
    return {
        language: {
            "asked": asked_page(world.agreement, language, RECORD, pseudonym),
            "given": given_page(said_yes.record, language),
            "receipt": receipt_page(checked, log, [witness], language),
        }
        for language in Language
    }


KINDS = ["asked", "given", "receipt"]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_shows_the_token_only_if_it_is_given(pages, token, kind, language):
    page = pages[language][kind]
    assert token.spell().split("-")[-1] + "</code>" in worker_page(page, token)
    without = worker_page(page)
    assert "<svg" not in without
    assert '<section class="secret">' not in without
    assert token.spell()[-7:] not in without


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_loads_nothing(pages, token, kind, language):
    html = worker_page(pages[language][kind], token)
    assert f'<html lang="{language}">' in html
    assert "default-src 'none'" in html
    assert not re.search(r"<(script|link|img|iframe)|url\(|@import|(src|href)=", html)
    assert "://" not in html.replace("http://www.w3.org/2000/svg", "")


def modules(svg):
    """Draw the one path of an SVG: `M` and `m` move, `h` draws one row of modules to the right."""
    numpy = pytest.importorskip("numpy")
    size = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])
    picture = numpy.full((size, size), 255, numpy.uint8)
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", re.search(r' d="([^"]+)"', svg)[1]):
        values = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if command == "M":
            x, y = values
        elif command == "m":
            x, y = x + values[0], y + values[1]
        else:
            picture[int(y), int(x) : int(x + values[0])] = 0
            x += values[0]
    return picture


def test_what_is_scanned_is_the_token(pages, token):
    """Read with OpenCV, which did not make it."""
    cv2 = pytest.importorskip("cv2", reason="the extra edge is not installed")
    svg = re.search(r"<svg.*?</svg>", worker_page(pages[Language.DE]["asked"], token), re.DOTALL)[0]
    picture = modules(svg).repeat(8, axis=0).repeat(8, axis=1)
    scanned, *_ = cv2.QRCodeDetector().detectAndDecode(picture)
    assert read_token(scanned) == token


def test_what_offices_and_stations_are_called_cannot_change_the_page():
    evil = '<script>alert(1)</script>&"'
    page = worker_page(Page(Language.EN, evil, evil, (Part(evil, (evil,), (evil,), ((evil, evil),)),)))
    assert "<script>" not in page
    assert page.count("&lt;script&gt;") == 8  # the title stands twice


ASKED = {
    Language.DE: [
        "plant management, assembly cell, hall 2, fragt, ob Ihre Bewegungen aufbewahrt werden dürfen.",
        "Ein Nein und ein Widerruf ändern nichts an Ihrer Arbeit, Ihrem Lohn und Ihrer Beurteilung.",
        "Höchstens 180 Tage, und nie länger, als Sie erlauben.",
        "an Dritte lizenzieren: 3,00 % vom Umsatz",
        "Ausgezahlt wird ab 20,00 EUR",
        "Widerruf jederzeit (DSGVO Art. 7 Abs. 3)",
        "Beschwerde bei der Aufsichtsbehörde (Art. 77)",
        "innerhalb einer Stunde vernichtet",
    ],
    Language.EN: [
        "plant management, assembly cell, hall 2, asks whether your motion may be kept.",
        "A no and a withdrawal change nothing about your work, your pay and how you are assessed.",
        "For at most 180 days, and never longer than you allow.",
        "licensing to third parties: 3.00 % of revenue",
        "It is paid out from 20.00 EUR",
        "withdrawal at any time (GDPR Art. 7(3))",
        "complaint to the supervisory authority (Art. 77)",
        "destroyed within an hour",
    ],
}


@pytest.mark.parametrize("language", Language)
def test_who_is_asked_is_told_what_the_law_asks_for(pages, language):
    html = worker_page(pages[language]["asked"])
    assert [sentence for sentence in ASKED[language] if sentence not in html] == []


def test_every_right_from_13_to_22_stands_on_the_page(pages):
    for language in Language:
        html = worker_page(pages[language]["given"])
        for article in (7, *range(13, 23), 77):
            assert re.search(rf"\b{article}\b", html), article


@pytest.mark.parametrize("language", Language)
def test_a_page_says_what_was_agreed(pages, said_yes, language):
    last = {Language.DE: "31.03.2027", Language.EN: "31 March 2027"}[language]
    for kind in ("given", "receipt"):
        html = worker_page(pages[language][kind])
        for value in ("assembly bench", last, RECORD, said_yes.worker.name, "70 %"):
            assert value in html


def test_the_receipt_says_how_to_check_it(pages, said_yes):
    html = worker_page(pages[Language.EN]["receipt"])
    log, witness = said_yes.keys
    assert str(log) in html
    assert str(witness) in html
    assert "receipt.tlog-proof --log-key log.vkey --witness witness1.vkey" in html
    assert f"plant.example/log, {said_yes.index}" in html


def test_no_royalties_are_promised_where_none_are_agreed(world, token):
    pseudonym = token.signer("log.example").name
    page = worker_page(asked_page(world.changed(royalties=None), Language.EN, RECORD, pseudonym))
    assert "What you get for it" not in page


def test_nobody_is_asked_where_motion_is_not_permitted(world):
    with pytest.raises(BadInput, match="agreement permits no motion"):
        words.notice(world.changed(motion={}), Language.DE)


def test_the_hash_of_the_notice_changes_with_what_is_said(world):
    said = {words.notice_hash(world.agreement, language) for language in Language}
    said.add(words.notice_hash(world.changed(site="hall 3"), Language.DE))
    assert len(said) == 3
