"""A study's results as tables: the same ones for the terminal, the report and every export."""

import math
from collections.abc import Mapping, Sequence

from productivity.contrast import Contrast
from productivity.evaluation import Evaluation
from productivity.iso22400 import worker_efficiency
from productivity.matching import match_losses
from productivity.ranking import balance_steps, ranking
from productivity.records import Finding
from productivity.result_table import Column, Kind, ResultTable, Value
from productivity.stability import Stability, state_stability
from reports.study.results import Comparison, SourceRow, StudyResults
from reports.study.words import StudyWords

TEXT, COUNT, NUMBER, FLAG, SHARE = Kind.TEXT, Kind.COUNT, Kind.NUMBER, Kind.FLAG, Kind.SHARE
HOURS, MINUTES = Kind.HOURS, Kind.MINUTES

_PLACE = (("system", TEXT), ("period", TEXT))


def result_tables(results: StudyResults, words: StudyWords) -> list[ResultTable]:
    """Return all tables, in the order in which a reader needs them; every study has the same ones."""
    return [
        summary_table(results, words),
        states_table(results.evaluations, words),
        balance_table(results.evaluations, words),
        stability_table(results, words),
        matching_table(results, words),
        iso_table(results, words),
        findings_table(results.all_findings, words),
        sources_table(results.sources, words),
    ]


def summary_table(results: StudyResults, words: StudyWords) -> ResultTable:
    """Return one row per work system and period."""
    columns = (
        *_PLACE,
        ("level", TEXT),
        ("isa95", TEXT),
        ("paid", HOURS),
        ("paid_given", FLAG),
        ("recorded", HOURS),
        ("not_recorded", HOURS),
        ("not_recorded_portion", SHARE),
        ("not_recorded_given", FLAG),
        ("excess", HOURS),
        ("non_value_adding", SHARE),
        ("pieces", COUNT),
        ("irregular_per_piece", MINUTES),
        ("certain_ranks", COUNT),
    )
    rows = [
        (
            one.system,
            one.period,
            words.levels[one.level],
            one.level.isa95,
            one.paid_ns,
            one.paid_given,
            one.recorded_ns,
            one.not_recorded_ns,
            one.portion(one.not_recorded_ns),
            one.not_recorded_given,
            one.excess_ns,
            one.non_value_adding_share,
            one.pieces,
            None if one.irregular_per_piece_ns is None else round(one.irregular_per_piece_ns),
            None if (stability := stability_of(one, results)) is None else stability.certain_ranks,
        )
        for one in results.evaluations
    ]
    return make_table("summary", columns, rows, words)


def states_table(evaluations: Sequence[Evaluation], words: StudyWords) -> ResultTable:
    """Return the ranking of each work system."""
    columns = (
        *_PLACE,
        ("rank", COUNT),
        ("state", TEXT),
        ("category", TEXT),
        ("value_adding", FLAG),
        ("modes", TEXT),
        ("total", HOURS),
        ("total_low", HOURS),
        ("total_high", HOURS),
        ("portion", SHARE),
        ("portion_low", SHARE),
        ("portion_high", SHARE),
        ("cumulative", SHARE),
        ("estimated", FLAG),
        ("unit", TEXT),
    )
    rows: list[Sequence[Value]] = []
    for one in evaluations:
        times = {time.state: time for time in one.states}
        for row in ranking(one):
            time = times[row.state]
            rows.append(
                (
                    one.system,
                    one.period,
                    row.rank,
                    row.state,
                    words.name(row.category),
                    row.value_adding,
                    " + ".join(row.modes),
                    row.total_ns,
                    time.low_ns,
                    time.high_ns,
                    row.portion,
                    row.low,
                    row.high,
                    row.cumulative,
                    row.estimated,
                    words.name(time.independent) if time.independent else None,
                )
            )
    return make_table("states", columns, rows, words)


def balance_table(evaluations: Sequence[Evaluation], words: StudyWords) -> ResultTable:
    """Return the terms of eq. (1) for each work system."""
    columns = (*_PLACE, ("term", TEXT), ("duration", HOURS), ("portion", SHARE))
    rows = [
        (one.system, one.period, words.name(step.name), step.duration_ns, one.portion(step.duration_ns))
        for one in evaluations
        for step in balance_steps(one)
    ]
    return make_table("balance", columns, rows, words)


def stability_of(evaluation: Evaluation, results: StudyResults) -> Stability | None:
    """Return how certain a ranking is; None where a total has no known spread."""
    if any(time.standard_error_ns is None for time in evaluation.states):
        return None
    return state_stability(evaluation.states, results.error_probability)


def stability_table(results: StudyResults, words: StudyWords) -> ResultTable:
    """Return the neighbours in each ranking, and whether they may swap."""
    columns = (
        *_PLACE,
        ("rank", COUNT),
        ("upper", TEXT),
        ("lower", TEXT),
        ("swap_probability", SHARE),
        ("verdict", TEXT),
    )
    rows: list[Sequence[Value]] = []
    for one in results.evaluations:
        if (stability := stability_of(one, results)) is None:
            continue
        for rank, pair in enumerate(stability.neighbours, start=1):
            verdict = words.may_swap if pair.may_swap else words.certain
            rows.append(
                (one.system, one.period, rank, pair.upper, pair.lower, pair.swap_probability, verdict)
            )
    return make_table("stability", columns, rows, words)


def matching_table(results: StudyResults, words: StudyWords) -> ResultTable:
    """Return which remedies address which state."""
    columns = (
        *_PLACE,
        ("state", TEXT),
        ("portion", SHARE),
        ("loss", TEXT),
        ("remedy", TEXT),
        ("purpose", TEXT),
    )
    rows = [
        (
            one.system,
            one.period,
            match.state.state,
            match.portion,
            words.name(match.loss),
            remedy.name,
            remedy.purpose,
        )
        for one in results.evaluations
        for match in match_losses(one, results.hierarchy, results.toolset)
        for remedy in match.remedies
    ]
    return make_table("matching", columns, rows, words)


def iso_table(results: StudyResults, words: StudyWords) -> ResultTable:
    """Return the elements that ISO 22400-2 names, where the study says of which states they consist."""
    columns = (*_PLACE, ("element", TEXT), ("duration", HOURS), ("value", SHARE))
    rows: list[Sequence[Value]] = []
    personnel = results.personnel
    if personnel is None:
        return make_table("iso_22400", columns, rows, words)
    for one in results.evaluations:
        found = worker_efficiency(one, results.hierarchy, personnel)
        rows += [
            (one.system, one.period, "APWT (actual personnel work time)", found.apwt_ns, None),
            (one.system, one.period, "APAT (actual personnel attendance time)", found.apat_ns, None),
            (one.system, one.period, "worker efficiency (APWT / APAT)", None, found.ratio),
        ]
    return make_table("iso_22400", columns, rows, words)


def comparison_tables(comparison: Comparison, words: StudyWords) -> list[ResultTable]:
    """Return how the portions differ, and the times per piece where both sides count pieces."""
    tables = [
        _contrasts("comparison", comparison.portions, SHARE, words),
    ]
    if comparison.per_piece:
        tables.append(_contrasts("comparison_per_piece", comparison.per_piece, Kind.SECONDS, words))
    return tables


def findings_table(findings: Sequence[Finding], words: StudyWords) -> ResultTable:
    """Return findings, the severe ones first."""
    columns = (("severity", TEXT), ("system", TEXT), ("text", TEXT), ("rows", TEXT), ("code", TEXT))
    order = list(words.severities)
    rows = [
        (
            words.severities[one.severity],
            one.system,
            words.finding(one),
            ", ".join(one.rows),
            one.code,
        )
        for one in sorted(findings, key=lambda one: order.index(one.severity))
    ]
    return make_table("findings", columns, rows, words)


def sources_table(sources: Sequence[SourceRow], words: StudyWords) -> ResultTable:
    """Return where the data came from, and what became of its rows."""
    columns = (
        ("source", TEXT),
        ("file", TEXT),
        ("kind", TEXT),
        ("read", COUNT),
        ("used", COUNT),
        ("passed_over", COUNT),
        ("refused", COUNT),
    )
    rows = [
        (one.name, one.file, one.kind, one.read, one.used, one.passed_over, one.refused) for one in sources
    ]
    return make_table("sources", columns, rows, words)


def totals_table(totals_ns: Mapping[str, int], words: StudyWords) -> ResultTable:
    """Return the time that an importer read for each state, as the file names it."""
    columns = (("state_in_file", TEXT), ("total", HOURS), ("in_seconds", Kind.SECONDS))
    longest_first = sorted(totals_ns.items(), key=lambda item: (-item[1], item[0]))
    rows = [(state, total, total) for state, total in longest_first]
    return make_table("totals", columns, rows, words)


def _contrasts(key: str, contrasts: Mapping[str, Contrast], kind: Kind, words: StudyWords) -> ResultTable:
    columns = (
        ("state", TEXT),
        ("before", kind),
        ("after", kind),
        ("difference", kind),
        ("difference_low", kind),
        ("difference_high", kind),
        ("ratio_low", NUMBER),
        ("ratio_high", NUMBER),
        ("certain", FLAG),
    )
    rows = [
        (
            state,
            *(_of_kind(value, kind) for value in (one.before, one.after, one.difference, one.low, one.high)),
            one.ratio_low,
            one.ratio_high,
            one.is_certain,
        )
        for state, one in contrasts.items()
    ]
    return make_table(key, columns, rows, words)


def _of_kind(value: float | None, kind: Kind) -> float | None:
    """Return a duration in whole nanoseconds, anything else as it is; infinite limits are none."""
    if value is None or not math.isfinite(value):
        return None
    return round(value) if kind.nanoseconds else value


def make_table(
    key: str, columns: Sequence[tuple[str, Kind]], rows: Sequence[Sequence[Value]], words: StudyWords
) -> ResultTable:
    """Return a table whose columns bear their titles in one language."""
    titled = [Column(name, words.titles[name], kind) for name, kind in columns]
    return ResultTable(key, words.titles[key], titled, rows)
