"""From a study's folder to its results: evaluations, comparison, agreement."""

from collections.abc import Sequence
from datetime import date

from productivity.agreement.assess import assess
from productivity.agreement.verdict import judge
from productivity.analysis import Analysis
from productivity.contrast import contrast_per_piece, contrast_portions
from productivity.errors import BadInput
from productivity.evaluation import Evaluation
from productivity.iso22400 import PersonnelStates
from reports.study.results import Comparison, Judged, SourceRow, StudyResults
from reports.study.words import StudyWords, study_words_for
from storage.study.folder import PROTOCOL, SETTINGS, Source, StudyFolder
from storage.study.pairing import paired_sessions
from storage.study.protocol_yaml import read_protocol


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
    try:
        return given.personnel(folder.hierarchy)
    except BadInput as error:
        raise BadInput(str(error), where=str(folder.path / SETTINGS)) from None


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


def comparison_of(before: Evaluation, after: Evaluation, folder: StudyFolder) -> Comparison:
    """Compare two evaluations, per piece too where both count pieces. Raises `BadInput` without paid time."""
    for one in (before, after):
        if not one.paid_ns:
            raise BadInput(f"{one.system!r} has no paid time", where=one.period, expected="more than 0 h")
    confidence = folder.settings.confidence
    both = bool(before.pieces and after.pieces)
    return Comparison(
        before,
        after,
        contrast_portions(before, after, confidence),
        contrast_per_piece(before, after, confidence) if both else {},
    )


def judged_of(
    folder: StudyFolder, manual: Sequence[str], measured: Sequence[str], recorded_from: date | None
) -> Judged:
    """Judge by the bars of protocol.yaml whether measured sessions agree with manual ones, pair by pair.

    Both name data of the study. `recorded_from` is the first day of the data. Raises `BadInput`.
    """
    protocol = read_protocol(folder.path / PROTOCOL)
    agreement = assess(paired_sessions(folder, manual, measured), protocol)
    return Judged(agreement, judge(agreement, protocol, recorded_from))
