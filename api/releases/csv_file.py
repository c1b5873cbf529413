"""A released table as CSV: one line per cell, and nothing of what is hidden but that it is."""

import csv
import io

from api.releases.plan import described
from api.releases.wire import Document
from storage.exports.spreadsheet_text import harmless

HEADER = ("station group", "station", "state group", "category", "state", "period", "seconds", "hidden")


def csv_of(document: Document) -> str:
    """Return RFC 4180 text; a spreadsheet takes no name for a formula."""
    sheet = io.StringIO()
    lines = csv.writer(sheet)
    lines.writerow(HEADER)
    for figure in document.figures:
        station, state, period = figure.at
        kind, _, name = described(station)
        of, category, state_name = described(state)
        if of == "category":
            category, state_name = state_name, ""
        values = (kind, name, of, category, state_name, period)
        number = "" if figure.value is None else str(figure.value)
        lines.writerow([*map(harmless, values), number, "yes" if figure.hidden else ""])
    return sheet.getvalue()
