"""The report of a study as a PDF, with vector charts.

Importing this module needs Typst; callers import it where they need it, not at their top.
"""

from collections.abc import Mapping

from reports.charts.canvas import PRINTED
from reports.charts.circle import SIZE
from reports.drawing import Drawing
from reports.study.document import Document, Figure, Section
from reports.study.text import TextTable
from reports.study.words import StudyWords
from reports.svg import for_picture
from reports.typesetting import typeset

_POINT = 174 / 25.4 * 72 / PRINTED.width
"""Points per pixel of a chart that fills the 174 mm between the margins."""


def study_pdf(document: Document, words: StudyWords) -> bytes:
    """Return the PDF. It is the same bytes for the same results, fonts and versions."""
    report = {
        "title": document.title,
        "subtitle": document.subtitle,
        "language": words.words.language,
        "page": words.page,
        "sections": [_section(section, words) for section in document.sections],
    }
    return typeset("study.typ", report)


def _section(section: Section, words: StudyWords) -> Mapping[str, object]:
    figures = [
        _figure(figure, title)
        for figure, title in (
            (section.ranking, words.ranking),
            (section.balance, words.balance),
            (section.timeline, ""),
        )
        if figure is not None
    ]
    return {
        "title": section.title,
        "lead": section.lead,
        "breaks": bool(section.facts),
        "facts": [list(fact) for fact in section.facts],
        "circle": _picture(section.circle, SIZE, words.circle) if section.circle else None,
        "figures": figures,
        "notes": list(section.notes),
        "tables": [_table(table) for table in section.tables],
    }


def _figure(figure: Figure, title: str) -> Mapping[str, object]:
    picture = _picture(figure.on_paper, PRINTED.width, figure.label)
    return {"title": title, "notes": list(figure.notes)} | picture


def _picture(drawing: Drawing, width: float, label: str) -> dict[str, object]:
    svg = for_picture([(0, 0, drawing.svg)], width, drawing.height)
    return {"svg": svg, "width": width * _POINT, "label": label}


def _table(table: TextTable) -> Mapping[str, object]:
    # A column of text gets width by its longest cell, within reason; 0 is as wide as its numbers.
    longest = [
        max([len(row[index]) for row in table.rows] + [len(title)])
        for index, title in enumerate(table.header)
    ]
    return {
        "title": table.title,
        "header": list(table.header),
        "rows": [list(row) for row in table.rows],
        "numeric": list(table.numeric),
        "widths": [
            0 if number else max(8, min(60, letters))
            for letters, number in zip(longest, table.numeric, strict=True)
        ],
        "note": table.note,
    }
