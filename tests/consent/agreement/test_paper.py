"""The agreement on paper: accessible, the same bytes each time, whatever letters it has."""

import pytest

from consent.agreement.language import Language
from consent.agreement.reading import read_out
from consent.agreement.schema import Agreement

pytest.importorskip("typst", reason="the extra server is not installed")


def pdf(agreement, language):
    from consent.agreement.paper import agreement_pdf

    return agreement_pdf(read_out(agreement, language))


@pytest.mark.parametrize("language", list(Language))
def test_it_is_an_accessible_document_in_its_language(agreement, language):
    content = pdf(agreement, language)
    assert content.startswith(b"%PDF-")
    assert b"pdfuaid" in content
    assert f"/Lang({language})".encode() in content
    assert content == pdf(agreement, language)


def test_names_are_text_and_no_markup(document):
    """Typst would stop at an unknown function, were it read as markup."""
    document["site"] = "#panic() $x$ *b* [c] <d> @e"
    assert pdf(Agreement.model_validate(document), Language.EN).startswith(b"%PDF-")


def test_letters_that_no_font_has_are_no_reason_to_print_nothing(document):
    document["site"] = "hall \U00012000"
    content = pdf(Agreement.model_validate(document), Language.DE)
    assert content.startswith(b"%PDF-")
