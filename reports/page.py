"""The report as an HTML page: every value as the text that the template prints."""

from collections.abc import Sequence
from dataclasses import dataclass

from productivity.intervals import Cycle
from productivity.states import NOT_RECORDED
from productivity.summary import StateSummary, Unit
from productivity.timeline import merge_neighbours
from reports import numbers
from reports.charts.canvas import BESIDE_CIRCLE, NARROW, WIDE, Canvas
from reports.drawing import draw_circle, draw_ranking, draw_timeline, names_of, paints_of
from reports.markup import Markup, environment, ours
from reports.palette import DOTTED, FAINT, HATCHED, PAPER, Paint, css_variables, edge_of, pattern_definitions
from reports.recording import StationReport
from reports.svg import for_page
from reports.words import Words, words_for


@dataclass(frozen=True, slots=True)
class Charts:
    """A station's charts as SVG; those with two versions have one for paper and one for phones."""

    timeline: tuple[Markup, Markup]
    ranking: tuple[Markup, Markup]
    circle: Markup


@dataclass(frozen=True, slots=True)
class StateRow:
    """One line of the table of states."""

    rank: int
    swatch: Markup
    name: str
    reserved: bool
    category: str
    value_adding: str
    total: str
    share: str
    number: str
    mean: str
    unit: str


@dataclass(frozen=True, slots=True)
class Section:
    """One station's part of the page."""

    station: str
    source: str
    day: str
    facts: Sequence[tuple[str, str]]
    charts: Charts | None
    rows: Sequence[StateRow]
    reasons: Sequence[tuple[str, str]]
    cycles: Sequence[tuple[str, str, str]]


def page(recordings: Sequence[StationReport], language: str) -> str:
    """Return the whole page. Everything that is not our own markup is escaped."""
    words = words_for(language)
    return (
        environment()
        .get_template("recording.html")
        .render(
            words=words,
            sections=[_section(report, words) for report in recordings],
            light=ours(css_variables(dark=False)),
            dark=ours(css_variables(dark=True)),
            patterns=ours(pattern_definitions(f"var(--{PAPER.name})", f"var(--{FAINT.name})")),
        )
    )


def _section(report: StationReport, words: Words) -> Section:
    names, paints = names_of(report, words), paints_of(report)
    rows = [
        _state_row(rank, row, names[row.state], paints[row.state], words)
        for rank, row in enumerate(report.summary.rows, start=1)
    ]
    return Section(
        station=report.station,
        source=report.source,
        day=report.day.strftime(words.date_format) if report.day else "",
        facts=_facts(report, words),
        charts=_charts(report, words) if report.span.duration else None,
        rows=rows,
        reasons=_reasons(report, words),
        cycles=[_cycle(cycle, report, words) for cycle in report.cycles],
    )


def _facts(report: StationReport, words: Words) -> list[tuple[str, str]]:
    summary = report.summary
    value_adding = sum(row.share for row in summary.rows if row.value_adding)
    facts = [
        (words.recorded, numbers.time(summary.span.duration, words)),
        (words.cycles, str(summary.cycles)),
    ]
    if summary.cycle_time is not None:
        facts.append((words.cycle_time, numbers.mean(summary.cycle_time, words)))
    facts.append((words.value_adding_share, numbers.percent(value_adding, words)))
    facts += [
        (_capital(words.name(row.state)), numbers.percent(row.share, words))
        for row in summary.rows
        if row.category is None
    ]
    return facts


def _charts(report: StationReport, words: Words) -> Charts:
    def label(what: str) -> str:
        return f"{what}: {report.station}"

    def timeline(canvas: Canvas) -> Markup:
        return ours(for_page(draw_timeline(report, words, canvas).svg, label(words.timeline)))

    def ranking(canvas: Canvas) -> Markup:
        return ours(for_page(draw_ranking(report, words, canvas).svg, label(words.ranking)))

    circle = ours(for_page(draw_circle(report, words), label(words.circle)))
    return Charts((timeline(WIDE), timeline(NARROW)), (ranking(BESIDE_CIRCLE), ranking(NARROW)), circle)


def _state_row(rank: int, row: StateSummary, name: str, paint: Paint, words: Words) -> StateRow:
    value_adding = {None: "", True: words.yes, False: words.no}[row.value_adding]
    unit = {None: "", Unit.CYCLE: words.per_cycle, Unit.OCCURRENCE: words.per_occurrence}[row.unit]
    return StateRow(
        rank=rank,
        swatch=_swatch(paint),
        name=name,
        reserved=row.category is None,
        category=words.name(row.category) if row.category else "",
        value_adding=value_adding,
        total=numbers.time(row.total, words),
        share=numbers.percent(row.share, words),
        number=str(row.occurrences),
        mean=numbers.mean(row.mean, words) if row.mean else "",
        unit=unit if row.mean else "",
    )


def _swatch(paint: Paint) -> Markup:
    """Return a small square in the state's colour or pattern, as the charts show it."""
    fill = paint.light if paint in (HATCHED, DOTTED) else f"var(--{paint.name})"
    return Markup(
        '<svg class="swatch" viewBox="0 0 14 14" aria-hidden="true">'
        '<rect x=".5" y=".5" width="13" height="13" rx="2" fill="{}" stroke="var(--{})"/></svg>'
    ).format(fill, edge_of(paint).name)


def _reasons(report: StationReport, words: Words) -> list[tuple[str, str]]:
    """Return why time was not recorded and for how long, longest first."""
    sums: dict[str, int] = {}
    for interval in merge_neighbours(report.intervals):
        if interval.state == NOT_RECORDED:
            sums[interval.reason] = sums.get(interval.reason, 0) + interval.duration
    return [
        (words.name(reason) or "–", numbers.time(duration, words))
        for reason, duration in sorted(sums.items(), key=lambda item: -item[1])
    ]


def _cycle(cycle: Cycle, report: StationReport, words: Words) -> tuple[str, str, str]:
    start = numbers.time(cycle.start - report.span.start, words)
    return str(cycle.number), start, numbers.time(cycle.duration, words)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
