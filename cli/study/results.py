"""From a study's folder to its results: what `evaluate`, `compare` and `export` share."""

from collections.abc import Sequence
from pathlib import Path

from productivity.analysis import Analysis
from productivity.errors import BadInput
from productivity.evaluation import Evaluation
from productivity.iso22400 import PersonnelStates
from reports.study.results import SourceRow, StudyResults
from reports.study.words import StudyWords, study_words_for
from storage.study.folder import SETTINGS, Source, StudyFolder


def words_of(folder: StudyFolder, language: str | None) -> StudyWords:
    """Return the words of the language that was asked for, or else the study's own."""
    return study_words_for(language or folder.settings.language)


def analyses_of(folder: StudyFolder, periods: Sequence[str]) -> tuple[Analysis, ...]:
    """Analyse the periods that were asked for, or else all; raises `BadInput` for one that is not there."""
    known = folder.periods
    for period in periods:
        if period not in known:
            names = ", ".join(repr(one) for one in known) or "none"
            raise BadInput(f"period {period!r} is not in the study", expected=f"one of {names}")
    if not known:
        raise BadInput("study names no period, and has no data", where=str(folder.path / SETTINGS))
    confidence = folder.settings.confidence
    return tuple(folder.study(period).analyse(confidence) for period in periods or known)


def results_of(
    folder: StudyFolder, analyses: tuple[Analysis, ...], evaluations: Sequence[Evaluation]
) -> StudyResults:
    """Put together what a report of these evaluations shows."""
    return StudyResults(
        title=folder.settings.title,
        hierarchy=folder.hierarchy,
        analyses=analyses,
        evaluations=tuple(evaluations),
        toolset=folder.toolset,
        personnel=personnel_of(folder),
        error_probability=1 - folder.settings.confidence,
        sources=tuple(_row(source) for source in folder.sources),
        findings=folder.findings,
        timelines=tuple(
            (source.name, observation) for source in folder.sources for observation in source.observations()
        ),
    )


def chosen(
    folder: StudyFolder, analyses: Sequence[Analysis], systems: Sequence[str], *, everything: bool
) -> list[Evaluation]:
    """Return the evaluations of named systems, of all, or of the study's area, else of the highest ones."""
    if systems:
        return [analysis.of(system) for analysis in analyses for system in systems]
    found = [evaluation for analysis in analyses for evaluation in analysis.evaluations]
    if everything or not found:
        return found
    area = [evaluation for evaluation in found if evaluation.system == folder.settings.area]
    highest = max(evaluation.level for evaluation in found)
    return area or [evaluation for evaluation in found if evaluation.level == highest]


def personnel_of(folder: StudyFolder) -> PersonnelStates | None:
    """Return which states make up the times of ISO 22400-2, where the study says so."""
    given = folder.settings.iso_22400
    if given is None:
        return None
    states = PersonnelStates(given.absent, given.breaks, given.orders)
    try:
        states.check(folder.hierarchy)
    except BadInput as error:
        raise BadInput(f"iso_22400: {error}", where=str(folder.path / SETTINGS)) from None
    return states


def _row(source: Source) -> SourceRow:
    origin = source.origin
    if origin is None:
        return SourceRow(source.name)
    return SourceRow(
        source.name,
        origin.file,
        origin.kind,
        origin.read,
        origin.used,
        origin.passed_over,
        origin.refused,
    )


def out_of_place(path: Path, folder: StudyFolder) -> None:
    """Refuse to write results into the study's own data."""
    if (folder.path / "data").resolve() in (path.resolve(), *path.resolve().parents):
        raise BadInput("results among the data", where=str(path), expected="a folder outside data/")
