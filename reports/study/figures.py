"""What the report and the terminal say of one evaluation: key figures and tables, as text."""

from dataclasses import replace

from productivity.evaluation import Evaluation
from productivity.iso22400 import worker_efficiency
from productivity.result_table import Value
from reports import numbers
from reports.study import tables
from reports.study.results import StudyResults
from reports.study.text import NO_VALUE, TextTable, text_table
from reports.study.words import StudyWords


def facts_of(evaluation: Evaluation, results: StudyResults, words: StudyWords) -> list[tuple[str, str]]:
    """Return the key figures of a work system."""
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


def stability_note(evaluation: Evaluation, results: StudyResults, words: StudyWords) -> str:
    """Return in one sentence how far the ranking can be trusted."""
    stability = tables.stability_of(evaluation, results)
    if stability is None:
        return words.unknown_stability
    probability = whole_percent(results.error_probability)
    sentence = words.stable if stability.certain_ranks else words.unstable
    return sentence.format(rank=stability.certain_ranks, probability=probability)


def states_text(evaluation: Evaluation, words: StudyWords, *, narrow: bool = False) -> TextTable:
    """Return the ranking; limits only where samples tell their spread. `narrow` fits 80 letters."""
    table = tables.states_table([evaluation], words)
    shown = ["rank", "state", "category", "modes", "total", "portion"]
    if not narrow:
        shown = [*shown[:3], "value_adding", *shown[3:], "cumulative"]
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
        return NO_VALUE  # unknown, or exact
    return f"{numbers.decimal(100 * low, 1, words.words)} – {numbers.percent(high, words.words)}"


def certainty_text(evaluation: Evaluation, results: StudyResults, words: StudyWords) -> list[TextTable]:
    """Return the neighbours that may swap; where none may, the sentence above says it all."""
    table = tables.stability_table(replace(results, evaluations=(evaluation,)), words)
    verdict = [column.key for column in table.columns].index("verdict")
    doubtful = replace(table, rows=[row for row in table.rows if row[verdict] == words.may_swap])
    if not doubtful.rows:
        return []
    return [text_table(doubtful.select("rank", "upper", "lower", "swap_probability"), words)]


def matching_text(evaluation: Evaluation, results: StudyResults, words: StudyWords) -> TextTable:
    """Return which remedies address which state."""
    table = tables.matching_table(replace(results, evaluations=(evaluation,)), words)
    text = text_table(table.select("state", "portion", "remedy", "purpose"), words)
    above = [["", ""], *(row[:2] for row in text.rows)]
    # A state with several remedies is named once.
    rows = [
        ["", "", *row[2:]] if list(row[:2]) == list(before) else row
        for row, before in zip(text.rows, above, strict=False)
    ]
    return replace(text, rows=rows)


def whole_percent(fraction: float) -> str:
    """Return a chosen fraction without decimals that nobody chose: 95 %."""
    return f"{100 * fraction:g}\u202f%"
