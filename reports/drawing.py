"""A station's charts in stand-in colours, with the names of one language: what page and picture share."""

from dataclasses import dataclass

from productivity.states import NOT_RECORDED, UNKNOWN
from productivity.summary import StateSummary
from productivity.time import SECOND
from productivity.timeline import Span
from reports import numbers
from reports.charts.canvas import Canvas
from reports.charts.circle import circle_chart
from reports.charts.ranking import Bar, ranking_chart
from reports.charts.timeline import timeline_chart
from reports.palette import DOTTED, HATCHED, Paint, series_paints
from reports.recording import StationReport
from reports.svg import draw
from reports.words import Words


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as SVG in stand-in colours, and its height in pixels."""

    svg: str
    height: float


def paints_of(report: StationReport) -> dict[str, Paint]:
    """Return each state's paint, in the order of the station file, then *unknown* and *not recorded*."""
    return dict(series_paints([state.name for state in report.states])) | {
        UNKNOWN: DOTTED,
        NOT_RECORDED: HATCHED,
    }


def names_of(report: StationReport, words: Words) -> dict[str, str]:
    """Return what each state is called; only the two reserved ones are translated."""
    reserved = {name: words.name(name) for name in (UNKNOWN, NOT_RECORDED)}
    return {state.name: state.name for state in report.states} | reserved


def draw_timeline(report: StationReport, words: Words, canvas: Canvas) -> Drawing:
    """Draw one row per state, and the cycles."""
    chart, height = timeline_chart(
        report.intervals,
        report.cycles,
        report.span,
        paints_of(report),
        names_of(report, words),
        words.cycles,
        canvas,
    )
    return Drawing(draw(chart), height)


def draw_ranking(report: StationReport, words: Words, canvas: Canvas) -> Drawing:
    """Draw shares by rank, with limits, and how they add up."""
    names, paints = names_of(report, words), paints_of(report)
    bars = [
        Bar(names[row.state], row.share, *limits(row, report.span), paints[row.state])
        for row in report.summary.rows
    ]
    chart, height = ranking_chart(bars, words, canvas)
    return Drawing(draw(chart), height)


def limits(row: StateSummary, span: Span) -> tuple[float, float]:
    """Return the 95 % limits of a state's share, within [0, 1]; the share itself where there are none.

    As in eq. (3) a total is a mean times a number of cycles or occurrences; so are its limits.
    """
    if row.mean is None or row.mean.half_width is None:
        return row.share, row.share
    spread = row.mean.half_width * row.mean.n * SECOND / span.duration
    return max(0.0, row.share - spread), min(1.0, row.share + spread)


def draw_circle(report: StationReport, words: Words) -> str:
    """Draw the circle diagram with the recorded span in its middle."""
    paints = paints_of(report)
    centre = [numbers.time(report.span.duration, words), words.circle_centre]
    return draw(circle_chart([(row.share, paints[row.state]) for row in report.summary.rows], centre))
