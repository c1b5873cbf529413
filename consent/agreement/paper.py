"""The reading of an agreement as a PDF to print and put on the notice board.

Importing this module needs Typst; callers import it where they need it, not at their top.
"""

import json
from dataclasses import asdict
from importlib.resources import files
from typing import Literal

from consent.agreement.reading import Reading
from productivity.errors import MissingExtra

try:
    import typst
except ImportError:
    raise MissingExtra("server", "typst") from None

_FONTS = ("Liberation Sans", "Arial", "Helvetica", "DejaVu Sans", "Libertinus Serif")
"""The first that is there; the last one is built into Typst."""


def agreement_pdf(reading: Reading) -> bytes:
    """Return the PDF: the same bytes for the same agreement, fonts and versions.

    It meets PDF/UA-1 (accessible) unless a name has letters that no font on this machine can show.
    """
    known = set(typst.Fonts().families())
    content = asdict(reading) | {"fonts": [name for name in _FONTS if name in known]}
    inputs = {"reading": json.dumps(content, ensure_ascii=False)}
    try:
        return _compile(inputs, "ua-1")
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        return _compile(inputs, "1.7")


def _compile(inputs: dict[str, str], standard: Literal["ua-1", "1.7"]) -> bytes:
    template = files("consent.agreement").joinpath("templates", "agreement.typ").read_bytes()
    pdf = typst.Compiler(template).compile(
        format="pdf", sys_inputs=inputs, pdf_standards=standard, timestamp=0
    )
    if not isinstance(pdf, bytes):
        msg = f"typst: expected the bytes of a PDF, found {type(pdf).__name__}"
        raise TypeError(msg)
    return pdf
