"""A statement as one HTML page that loads nothing from anywhere."""

from reports.markup import environment, ours
from reports.palette import css_variables
from reports.royalties.document import Document


def statement_page(document: Document) -> str:
    """Return the whole page. Everything that is not our own markup is escaped."""
    return (
        environment()
        .get_template("statement.html")
        .render(
            document=document,
            light=ours(css_variables(dark=False)),
            dark=ours(css_variables(dark=True)),
        )
    )
