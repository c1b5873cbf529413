"""The report of a study as one HTML page that loads nothing from anywhere."""

from reports.drawing import Drawing
from reports.markup import Markup, environment, ours
from reports.palette import FAINT, PAPER, css_variables, pattern_definitions
from reports.study.document import Document
from reports.study.words import StudyWords
from reports.svg import for_page


def study_page(document: Document, words: StudyWords) -> str:
    """Return the whole page. Everything that is not our own markup is escaped."""
    return (
        environment()
        .get_template("study.html")
        .render(
            document=document,
            words=words,
            language=words.words.language,
            chart=_chart,
            light=ours(css_variables(dark=False)),
            dark=ours(css_variables(dark=True)),
            patterns=ours(pattern_definitions(f"var(--{PAPER.name})", f"var(--{FAINT.name})")),
        )
    )


def _chart(drawing: Drawing, label: str) -> Markup:
    return ours(for_page(drawing.svg, label))
