"""A statement as a PDF. Importing this module needs Typst; callers import it where they need it."""

from dataclasses import asdict

from reports.royalties.document import Document
from reports.typesetting import typeset


def statement_pdf(document: Document) -> bytes:
    """Return the PDF. It is the same bytes for the same statement, fonts and versions."""
    return typeset("statement.typ", asdict(document))
