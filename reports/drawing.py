"""A station's charts in stand-in colours, with the names of one language: what page and picture share."""

from dataclasses import dataclass

from productivity.states import NOT_RECORDED, UNKNOWN
from reports import numbers
from reports.charts.canvas import Canvas
from reports.charts.circle import circle_chart
from reports.charts.ranking import ranking_chart
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
    chart, height = ranking_chart(
        report.summary.rows, report.span, paints_of(report), names_of(report, words), words, canvas
    )
    return Drawing(draw(chart), height)


def draw_circle(report: StationReport, words: Words) -> str:
    """Draw the circle diagram with the recorded span in its middle."""
    centre = [numbers.time(report.span.duration, words), words.circle_centre]
    return draw(circle_chart(report.summary.rows, paints_of(report), centre))
