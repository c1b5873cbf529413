"""Results as files in each form that was asked for, made in memory."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from enum import StrEnum
from typing import TYPE_CHECKING

from models.extras import needs
from productivity.result_table import ResultTable
from reports.study.words import StudyWords, study_words_for
from storage.exports.delimited import GERMAN, INTERNATIONAL, delimited_bytes
from storage.exports.json_document import json_bytes, schema_bytes

if TYPE_CHECKING:
    from reports.study.document import Document


class Form(StrEnum):
    """The form of an export."""

    HTML = "html"
    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    CSV_DE = "csv-de"
    JSON = "json"


_CHART_PACKAGES = ("altair", "vl_convert", "jinja2", "markupsafe")

REPORT, WORKBOOK, JSON, SCHEMA = "report", "results.xlsx", "results.json", "results.schema.json"


def chart_packages() -> AbstractContextManager[None]:
    """Say which extra is missing where charts cannot be imported."""
    return needs("server", *_CHART_PACKAGES)


Tables = Callable[[StudyWords], Sequence[ResultTable]]
"""Makes the tables in a language. CSV for programs and JSON are English whatever the reader speaks."""


def files_of(
    forms: Sequence[Form],
    title: str,
    tables: Tables,
    document: "Callable[[StudyWords], Document]",
    words: StudyWords,
) -> dict[str, bytes]:
    """Return the files of each form by name."""
    english, german = study_words_for("en"), study_words_for("de")
    neutral = tables(english)
    files: dict[str, bytes] = {}
    if Form.HTML in forms or Form.PDF in forms:
        files |= _reports(forms, document(words), words)
    if Form.XLSX in forms:
        with needs("server", "xlsxwriter"):
            from storage.exports.workbook import workbook_bytes
        files[WORKBOOK] = workbook_bytes(tables(words))
    if Form.CSV in forms:
        files |= {f"{table.key}.csv": delimited_bytes(table, INTERNATIONAL) for table in neutral}
    if Form.CSV_DE in forms:
        files |= {f"{table.key}.de.csv": delimited_bytes(table, GERMAN) for table in tables(german)}
    if Form.JSON in forms:
        files |= {JSON: json_bytes(neutral, title, schema=SCHEMA), SCHEMA: schema_bytes(neutral)}
    return files


def names_of(tables: Sequence[ResultTable]) -> set[str]:
    """Return all names that files of these tables can have: what an earlier export wrote may be replaced."""
    of_tables = {f"{table.key}{end}" for table in tables for end in (".csv", ".de.csv")}
    return {f"{REPORT}.html", f"{REPORT}.pdf", WORKBOOK, JSON, SCHEMA} | of_tables


def _reports(forms: Sequence[Form], document: "Document", words: StudyWords) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    if Form.HTML in forms:
        with chart_packages():
            from reports.study.page import study_page
        files[f"{REPORT}.html"] = study_page(document, words).encode()
    if Form.PDF in forms:
        with needs("server", "typst", *_CHART_PACKAGES):
            from reports.study.pdf import study_pdf
        files[f"{REPORT}.pdf"] = study_pdf(document, words)
    return files
