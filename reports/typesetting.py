"""Typesets a report as a PDF: tagged for screen readers, made without a browser (docs/decisions/0010).

Importing this module needs Typst; callers import it where they need it, not at their top.
"""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal

from productivity.errors import MissingExtra

try:
    import typst
except ImportError:
    raise MissingExtra("server", "typst") from None

_FONTS = ("Liberation Sans", "Arial", "Helvetica", "DejaVu Sans", "Libertinus Serif")
"""The first that is there; the last one is built into Typst, so that a server without fonts prints too."""


def typeset(template: str, report: Mapping[str, object]) -> bytes:
    """Return the PDF of a template in `reports/templates`: the same bytes for the same report and versions.

    The template gets `report`, with the fonts of this machine as `font`. The PDF meets PDF/UA-1 (accessible)
    unless a name has letters that no font on this machine can show.
    """
    known = set(typst.Fonts().families())
    content = {**report, "font": [name for name in _FONTS if name in known]}
    source = files("reports").joinpath("templates", template).read_bytes()
    inputs = {"report": json.dumps(content, ensure_ascii=False)}
    try:
        return _compile(source, inputs, "ua-1")
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        return _compile(source, inputs, "1.7")


def _compile(template: bytes, inputs: dict[str, str], standard: Literal["ua-1", "1.7"]) -> bytes:
    pdf = typst.Compiler(template).compile(
        format="pdf", sys_inputs=inputs, pdf_standards=standard, timestamp=0
    )
    if not isinstance(pdf, bytes):
        msg = f"typst: expected the bytes of a PDF, found {type(pdf).__name__}"
        raise TypeError(msg)
    return pdf
