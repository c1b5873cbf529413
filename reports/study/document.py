"""The report of a study as text and charts, before it becomes a page or a PDF: both show the same."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from productivity.comparison import Observation
from productivity.evaluation import Evaluation
from productivity.iso22400 import worker_efficiency
from productivity.result_table import Kind, ResultTable, Value
from reports import numbers
from reports.charts.canvas import BESIDE_CIRCLE, NARROW, WIDE
from reports.charts.circle import SIZE
from reports.drawing import Drawing
from reports.study import tables
from reports.study.charts import draw_balance, draw_circle, draw_ranking, draw_timeline
from reports.study.results import Comparison, StudyResults
from reports.study.words import StudyWords

_NO_VALUE = "–"


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart in stand-in colours; `narrow` is its version for phones, `on_paper` the one for a PDF."""

    label: str
    notes: Sequence[str]
    wide: Drawing
    narrow: Drawing
    on_paper: Drawing


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table as people read it; `numeric` says which columns are aligned to the right."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[bool]
    note: str = ""


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


def document_of(results: StudyResults, words: StudyWords, comparison: Comparison | None = None) -> Document:
    """Lay results out: a section per evaluation, then comparison, timelines, findings and sources."""
    sections = [_evaluation(one, results, words) for one in results.evaluations]
    if not sections:
        sections.append(Section(results.title, notes=[words.nothing]))
    if comparison is not None:
        sections.append(_comparison(comparison, words))
    sections += [_timeline(name, observation, words) for name, observation in results.timelines]
    rest = [
        tables.findings_table(results.all_findings, words).select("severity", "text", "rows"),
        tables.sources_table(results.sources, words),
    ]
    sections += [
        Section(table.title, tables=[text_table(table, words, titled=False)]) for table in rest if table.rows
    ]
    return Document(results.title, words.subtitle, sections)


def text_table(table: ResultTable, words: StudyWords, *, titled: bool = True) -> TextTable:
    """Return a result table as people read it."""
    return TextTable(
        title=table.title if titled else "",
        header=[column.title for column in table.columns],
        rows=[
            [cell_text(value, column.kind, words) for value, column in zip(row, table.columns, strict=True)]
            for row in table.rows
        ],
        numeric=[column.kind not in (Kind.TEXT, Kind.FLAG) for column in table.columns],
        note=table.note,
    )


def cell_text(value: Value, kind: Kind, words: StudyWords) -> str:
    """Return one value in the reader's language."""
    if value is None:
        return _NO_VALUE
    if isinstance(value, str):
        return value
    plain = words.words
    match kind:
        case Kind.FLAG:
            return plain.yes if value else plain.no
        case Kind.SHARE:
            return numbers.percent(value, plain)
        case Kind.HOURS:
            return numbers.hours(int(value), plain)
        case Kind.MINUTES:
            return numbers.minutes(value, plain)
        case Kind.SECONDS:
            return numbers.seconds(value, plain)
        case Kind.NUMBER:
            return numbers.decimal(value, 3, plain)
    return str(value)


def stability_note(evaluation: Evaluation, results: StudyResults, words: StudyWords) -> str:
    """Return in one sentence how far the ranking can be trusted."""
    stability = tables.stability_of(evaluation, results)
    if stability is None:
        return words.unknown_stability
    probability = _whole_percent(results.error_probability)
    sentence = words.stable if stability.certain_ranks else words.unstable
    return sentence.format(rank=stability.certain_ranks, probability=probability)


def _evaluation(evaluation: Evaluation, results: StudyResults, words: StudyWords) -> Section:
    figures = _figures(evaluation, results, words) if evaluation.paid_ns else (None, None, None)
    return Section(
        title=evaluation.system,
        lead=f"{words.levels[evaluation.level]} · {words.period}: {evaluation.period}",
        facts=_facts(evaluation, results, words),
        ranking=figures[0],
        circle=figures[1],
        balance=figures[2],
        tables=[
            _states(evaluation, words),
            *_certainty(evaluation, results, words),
            _matching(evaluation, results, words),
        ],
    )


def _figures(
    evaluation: Evaluation, results: StudyResults, words: StudyWords
) -> tuple[Figure, Drawing, Figure]:
    limits = words.ranking_note.format(confidence=_whole_percent(evaluation.confidence))
    ranking = Figure(
        f"{words.ranking}: {evaluation.system}",
        [limits, stability_note(evaluation, results, words)],
        *(draw_ranking(evaluation, words, canvas) for canvas in (BESIDE_CIRCLE, NARROW, BESIDE_CIRCLE)),
    )
    balance = Figure(
        f"{words.balance}: {evaluation.system}",
        [words.balance_note],
        *(draw_balance(evaluation, words, canvas) for canvas in (WIDE, NARROW, BESIDE_CIRCLE)),
    )
    return ranking, Drawing(draw_circle(evaluation, words), SIZE), balance


def _whole_percent(fraction: float) -> str:
    """Return a chosen fraction without decimals that nobody chose: 95 %."""
    return f"{100 * fraction:g}\u202f%"


def _facts(evaluation: Evaluation, results: StudyResults, words: StudyWords) -> list[tuple[str, str]]:
    plain = words.words
    paid = numbers.hours(evaluation.paid_ns, plain)
    rest = evaluation.not_recorded_ns
    facts = [
        (words.paid, paid if evaluation.paid_given else f"{paid} ({words.paid_derived})"),
        (words.recorded, numbers.hours(evaluation.recorded_ns, plain)),
        (
            words.not_recorded,
            f"{numbers.hours(rest, plain)} · {numbers.percent(evaluation.portion(rest), plain)}",
        ),
        (words.non_value_adding, numbers.percent(evaluation.non_value_adding_share, plain)),
    ]
    if evaluation.pieces is not None:
        facts.append((words.pieces, str(evaluation.pieces)))
    if (per_piece := evaluation.irregular_per_piece_ns) is not None:
        facts.append((words.irregular_per_piece, numbers.minutes(per_piece, plain)))
    if results.personnel is not None:
        ratio = worker_efficiency(evaluation, results.hierarchy, results.personnel).ratio
        if ratio is not None:
            facts.append((words.worker_efficiency, numbers.percent(ratio, plain)))
    return facts


def _states(evaluation: Evaluation, words: StudyWords) -> TextTable:
    table = tables.states_table([evaluation], words)
    shown = ["rank", "state", "category", "value_adding", "modes", "total", "portion", "cumulative"]
    if any(time.estimated for time in evaluation.states):
        shown.append("estimated")
    text = text_table(table.select(*shown), words)
    limited = list(table.select("portion_low", "portion_high").rows)
    if all(low == high for low, high in limited):
        return text
    # Both limits in one column, beside the portion that they belong to.
    place = shown.index("portion") + 1
    limits = [_range(low, high, words) for low, high in limited]
    return replace(
        text,
        header=[*text.header[:place], words.limits, *text.header[place:]],
        rows=[[*row[:place], cell, *row[place:]] for row, cell in zip(text.rows, limits, strict=True)],
        numeric=[*text.numeric[:place], True, *text.numeric[place:]],
    )


def _range(low: Value, high: Value, words: StudyWords) -> str:
    if not isinstance(low, float) or not isinstance(high, float) or low == high:
        return _NO_VALUE  # unknown, or exact
    return f"{numbers.decimal(100 * low, 1, words.words)} – {numbers.percent(high, words.words)}"


def _certainty(evaluation: Evaluation, results: StudyResults, words: StudyWords) -> list[TextTable]:
    """Return the neighbours that may swap; where none may, the sentence above says it all."""
    table = tables.stability_table(replace(results, evaluations=(evaluation,)), words)
    verdict = [column.key for column in table.columns].index("verdict")
    doubtful = replace(table, rows=[row for row in table.rows if row[verdict] == words.may_swap])
    if not doubtful.rows:
        return []
    return [text_table(doubtful.select("rank", "upper", "lower", "swap_probability"), words)]


def _matching(evaluation: Evaluation, results: StudyResults, words: StudyWords) -> TextTable:
    table = tables.matching_table(replace(results, evaluations=(evaluation,)), words)
    text = text_table(table.select("state", "portion", "remedy", "purpose"), words)
    above = [["", ""], *(row[:2] for row in text.rows)]
    # A state with several remedies is named once.
    rows = [
        ["", "", *row[2:]] if list(row[:2]) == list(before) else row
        for row, before in zip(text.rows, above, strict=False)
    ]
    return replace(text, rows=rows)


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
        *(draw_timeline(observation, words, canvas) for canvas in (WIDE, NARROW, BESIDE_CIRCLE)),
    )
    return Section(f"{words.timeline}: {label}", lead=name, timeline=figure)
