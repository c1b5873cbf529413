"""Results of a study as downloads, made in memory. A look at its stations is logged before. For threads."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from api.problems import Kind, Problem
from api.services import Services
from api.studies.documents import Form, Tables, files_of
from api.studies.opening import look_at, opened, told
from api.studies.results import analyses_of, chosen, comparison_of, judged_of, results_of
from api.viewer import Viewer
from reports.study.agreement import agreement_tables
from reports.study.document import agreement_document, document_of
from reports.study.results import Comparison, Judged
from reports.study.tables import comparison_tables, result_tables
from reports.study.words import StudyWords, study_words_for
from storage.study.folder import StudyFolder

if TYPE_CHECKING:
    from reports.study.document import Document

MEDIA_TYPES: Mapping[Form, str] = {
    Form.HTML: "text/html; charset=utf-8",
    Form.PDF: "application/pdf",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.CSV: "application/zip",
    Form.CSV_DE: "application/zip",
    Form.JSON: "application/json",
}
_ENDINGS = {Form.CSV: "csv.zip", Form.CSV_DE: "de.csv.zip"}
MOST_SECTIONS = 60
"""Of a report; each takes a second or two to be drawn."""
_AT_THE_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive, so that the same results are the same bytes."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file to send."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """Which results, in which form and language."""

    form: Form
    language: str
    periods: Sequence[str] = ()
    systems: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Sides:
    """What is compared with what. Systems that are not named are the study's area."""

    before: str
    after: str
    system: str | None = None
    other: str | None = None


def results_file(services: Services, viewer: Viewer, name: str, asked: Asked) -> Download:
    """Return all results of a study. Raises `Problem`."""
    study = _looked(services, viewer, name)
    with told(services):
        analyses = analyses_of(study, asked.periods)
        evaluations = chosen(study, analyses, asked.systems, everything=True)
        results = results_of(study, analyses, evaluations)
        sections = len(evaluations) + len(results.timelines)
        if asked.form in {Form.HTML, Form.PDF} and sections > MOST_SECTIONS:
            raise Problem(Kind.INVALID, f"system: a report has at most {MOST_SECTIONS} sections; name some")
        return _download(
            f"{name}-results",
            asked,
            study,
            lambda words: result_tables(results, words),
            lambda words: document_of(results, words),
        )


def comparison_file(services: Services, viewer: Viewer, name: str, asked: Asked, sides: Sides) -> Download:
    """Return the comparison of two periods or work systems. Raises `Problem`."""
    study = _looked(services, viewer, name)
    comparison = compared(services, study, sides)
    with told(services):
        analyses = analyses_of(study, list(dict.fromkeys((sides.before, sides.after))))
        results = results_of(study, analyses, (comparison.before, comparison.after))
        return _download(
            f"{name}-comparison",
            asked,
            study,
            lambda words: comparison_tables(comparison, words),
            lambda words: document_of(results, words, comparison),
        )


def agreement_file(
    services: Services,
    viewer: Viewer,
    name: str,
    asked: Asked,
    pairs: Sequence[tuple[str, str]],
    first: date | None,
) -> Download:
    """Return the agreement report. Raises `Problem`."""
    study = _looked(services, viewer, name)
    judged = judged_pairs(services, study, pairs, first)
    return _download(
        f"{name}-agreement",
        asked,
        study,
        lambda words: agreement_tables(judged, words),
        lambda words: agreement_document(study.settings.title, judged, words),
    )


def compared(services: Services, study: StudyFolder, sides: Sides) -> Comparison:
    """Compare two evaluations of a study. Raises `Problem`."""
    with told(services):
        analyses = analyses_of(study, list(dict.fromkeys((sides.before, sides.after))))
        found = {analysis.period: analysis for analysis in analyses}
        system = sides.system or study.settings.area
        if system is None:
            raise Problem(Kind.INVALID, "system: no work system to compare, and no area is selected")
        other = sides.other or system
        return comparison_of(found[sides.before].of(system), found[sides.after].of(other), study)


def judged_pairs(
    services: Services, study: StudyFolder, pairs: Sequence[tuple[str, str]], first: date | None
) -> Judged:
    """Judge the agreement of pairs of data, each manual and measured. Raises `Problem`."""
    with told(services):
        return judged_of(study, [one for one, _ in pairs], [other for _, other in pairs], first)


def _looked(services: Services, viewer: Viewer, name: str) -> StudyFolder:
    study = opened(services, name)
    look_at(services, viewer, study)
    return study


def _download(
    stem: str,
    asked: Asked,
    study: StudyFolder,
    tables: Tables,
    document: "Callable[[StudyWords], Document]",
) -> Download:
    words = study_words_for(asked.language)
    files = files_of([asked.form], study.settings.title, tables, document, words)
    media_type = MEDIA_TYPES[asked.form]
    if media_type == "application/zip":
        return Download(f"{stem}.{_ENDINGS[asked.form]}", media_type, _archive(files))
    # Of JSON the results alone: their schema is the same for every study.
    content = next(iter(files.values()))
    return Download(f"{stem}.{asked.form.value}", media_type, content)


def _archive(files: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, one in files.items():
            archive.writestr(zipfile.ZipInfo(name, _AT_THE_EARLIEST), one, zipfile.ZIP_DEFLATED)
    return content.getvalue()
