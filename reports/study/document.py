"""The report of a study as text and charts, before it becomes a page or a PDF: both show the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from productivity.comparison import Observation
from productivity.evaluation import Evaluation
from reports.charts.canvas import BESIDE_CIRCLE, NARROW, PRINTED, WIDE
from reports.charts.circle import SIZE
from reports.drawing import Drawing
from reports.study import tables
from reports.study.agreement import agreement_tables, verdict_sentence
from reports.study.charts import draw_balance, draw_circle, draw_ranking, draw_timeline
from reports.study.figures import (
    certainty_text,
    facts_of,
    matching_text,
    stability_note,
    states_text,
    whole_percent,
)
from reports.study.results import Comparison, Judged, StudyResults
from reports.study.text import TextTable, text_table
from reports.study.words import StudyWords


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart in stand-in colours; `narrow` is its version for phones, `on_paper` the one for a PDF."""

    label: str
    notes: Sequence[str]
    wide: Drawing
    narrow: Drawing
    on_paper: Drawing


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report. `ranking`, `circle` and `balance` belong to an evaluation."""

    title: str
    lead: str = ""
    facts: Sequence[tuple[str, str]] = ()
    ranking: Figure | None = None
    circle: Drawing | None = None
    balance: Figure | None = None
    timeline: Figure | None = None
    notes: Sequence[str] = ()
    tables: Sequence[TextTable] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The whole report."""

    title: str
    subtitle: str
    sections: Sequence[Section]


def document_of(
    results: StudyResults,
    words: StudyWords,
    comparison: Comparison | None = None,
    on_progress: Callable[[str], None] = lambda _: None,
) -> Document:
    """Lay results out: a section per evaluation, then comparison, timelines, findings and sources.

    `on_progress` hears the name of each evaluation and timeline that is drawn, which takes the time.
    """
    sections: list[Section] = []
    for one in results.evaluations:
        sections.append(_evaluation(one, results, words))
        on_progress(one.system)
    if not sections:
        sections.append(Section(results.title, notes=[words.nothing]))
    if comparison is not None:
        sections.append(_comparison(comparison, words))
    for name, observation in results.timelines:
        sections.append(_timeline(name, observation, words))
        on_progress(name)
    rest = [
        tables.findings_table(results.all_findings, words).select("severity", "text", "rows"),
        tables.sources_table(results.sources, words),
    ]
    sections += [
        Section(table.title, tables=[text_table(table, words, titled=False)]) for table in rest if table.rows
    ]
    return Document(results.title, words.subtitle, sections)


def agreement_document(title: str, judged: Judged, words: StudyWords) -> Document:
    """Lay the agreement with a manual study out: the verdict first."""
    found = [text_table(table, words) for table in agreement_tables(judged, words)]
    section = Section(words.titles["agreement"], lead=verdict_sentence(judged, words), tables=found)
    return Document(title, words.agreement_subtitle, [section])


def _evaluation(evaluation: Evaluation, results: StudyResults, words: StudyWords) -> Section:
    figures = _figures(evaluation, results, words) if evaluation.paid_ns else (None, None, None)
    return Section(
        title=evaluation.system,
        lead=f"{words.levels[evaluation.level]} · {words.period}: {evaluation.period}",
        facts=facts_of(evaluation, results, words),
        ranking=figures[0],
        circle=figures[1],
        balance=figures[2],
        tables=[
            states_text(evaluation, words),
            *certainty_text(evaluation, results, words),
            matching_text(evaluation, results, words),
        ],
    )


def _figures(
    evaluation: Evaluation, results: StudyResults, words: StudyWords
) -> tuple[Figure, Drawing, Figure]:
    limits = words.ranking_note.format(confidence=whole_percent(evaluation.confidence))
    ranking = Figure(
        f"{words.ranking}: {evaluation.system}",
        [limits, stability_note(evaluation, results, words)],
        *(draw_ranking(evaluation, words, canvas) for canvas in (BESIDE_CIRCLE, NARROW, PRINTED)),
    )
    balance = Figure(
        f"{words.balance}: {evaluation.system}",
        [words.balance_note],
        *(draw_balance(evaluation, words, canvas) for canvas in (WIDE, NARROW, PRINTED)),
    )
    return ranking, Drawing(draw_circle(evaluation, words), SIZE), balance


def _comparison(comparison: Comparison, words: StudyWords) -> Section:
    before, after = (f"{one.system}, {one.period}" for one in (comparison.before, comparison.after))
    return Section(
        title=words.titles["comparison"],
        lead=f"{words.titles['before']}: {before} · {words.titles['after']}: {after}",
        tables=[text_table(table, words) for table in tables.comparison_tables(comparison, words)],
    )


def _timeline(name: str, observation: Observation, words: StudyWords) -> Section:
    label = observation.station or name
    figure = Figure(
        f"{words.timeline}: {label}",
        [words.timeline_note],
        *(draw_timeline(observation, words, canvas) for canvas in (WIDE, NARROW, PRINTED)),
    )
    return Section(f"{words.timeline}: {label}", lead=name, timeline=figure)
