"""Results as files, in each form that was asked for; a directory of them appears whole or not at all."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from models.extras import needs
from productivity.result_table import ResultTable
from reports.study.words import StudyWords, study_words_for
from storage.durable import whole_directory
from storage.exports.delimited import GERMAN, INTERNATIONAL, write_delimited
from storage.exports.json_document import write_json, write_schema

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


def write_documents(
    out: Path,
    forms: Sequence[Form],
    title: str,
    tables: Tables,
    document: "Callable[[StudyWords], Document]",
    words: StudyWords,
) -> None:
    """Write each form into the directory `out`; it appears whole or not at all."""
    english, german = study_words_for("en"), study_words_for("de")
    own, neutral = tables(words), tables(english)
    with whole_directory(out, replaces=_names(neutral)) as folder:
        if Form.HTML in forms or Form.PDF in forms:
            _write_reports(folder, forms, document(words), words)
        if Form.XLSX in forms:
            with needs("server", "xlsxwriter"):
                from storage.exports.workbook import write_workbook
            write_workbook(folder / WORKBOOK, own)
        if Form.CSV in forms:
            for table in neutral:
                write_delimited(folder / f"{table.key}.csv", table, INTERNATIONAL)
        if Form.CSV_DE in forms:
            for table in tables(german):
                write_delimited(folder / f"{table.key}.de.csv", table, GERMAN)
        if Form.JSON in forms:
            write_json(folder / JSON, neutral, title, schema=SCHEMA)
            write_schema(folder / SCHEMA, neutral)


def _write_reports(folder: Path, forms: Sequence[Form], document: "Document", words: StudyWords) -> None:
    if Form.HTML in forms:
        with chart_packages():
            from reports.study.page import study_page
        (folder / f"{REPORT}.html").write_text(study_page(document, words), encoding="utf-8")
    if Form.PDF in forms:
        with needs("server", "typst", *_CHART_PACKAGES):
            from reports.study.pdf import study_pdf
        (folder / f"{REPORT}.pdf").write_bytes(study_pdf(document, words))


def _names(tables: Sequence[ResultTable]) -> set[str]:
    """Return all names that an export can write: what an earlier one wrote may be replaced."""
    of_tables = {f"{table.key}{end}" for table in tables for end in (".csv", ".de.csv")}
    return {f"{REPORT}.html", f"{REPORT}.pdf", WORKBOOK, JSON, SCHEMA} | of_tables
