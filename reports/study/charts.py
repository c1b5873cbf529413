"""The charts of one evaluation, and of state intervals, in stand-in colours."""

from dataclasses import dataclass

from productivity.comparison import Observation
from productivity.evaluation import Evaluation
from productivity.ranking import balance_steps, ranking
from productivity.states import NOT_RECORDED, UNKNOWN
from productivity.time import SECOND
from productivity.timeline import covering_span
from reports import numbers
from reports.charts.canvas import Canvas
from reports.charts.circle import circle_chart
from reports.charts.ranking import Bar, ranking_chart
from reports.charts.timeline import timeline_chart
from reports.charts.waterfall import Stair, waterfall_chart
from reports.drawing import Drawing
from reports.palette import DOTTED, FAINT, HATCHED, SERIES, Paint, series_paints
from reports.study.words import StudyWords
from reports.svg import draw

MOST_BARS = 24
"""Bars of a ranking on one page; what follows is one bar together, so that a long tail hides nothing."""

_HOUR = 3600 * SECOND


@dataclass(frozen=True, slots=True)
class RankedBars:
    """The bars of a ranking, *not recorded* last."""

    bars: tuple[Bar, ...]

    @property
    def shares(self) -> list[tuple[float, Paint]]:
        """What the circle diagram is made of, in the same order and paints."""
        return [(bar.share, bar.paint) for bar in self.bars]


def bars_of(evaluation: Evaluation, words: StudyWords) -> RankedBars:
    """Return the states by falling portion, a long tail put together, and the rest."""
    ranked = ranking(evaluation)
    shown = ranked if len(ranked) <= MOST_BARS else ranked[: MOST_BARS - 1]
    paints = dict(series_paints([row.state for row in shown]))
    bars = [
        Bar(
            row.state,
            row.portion,
            row.portion if row.low is None else row.low,
            row.portion if row.high is None else row.high,
            paints[row.state],
        )
        for row in shown
    ]
    if tail := ranked[len(shown) :]:
        share = sum(row.portion for row in tail)
        bars.append(Bar(words.further.format(number=len(tail)), share, share, share, FAINT))
    rest = evaluation.portion(evaluation.not_recorded_ns)
    bars.append(Bar(words.name(NOT_RECORDED), rest, rest, rest, HATCHED))
    return RankedBars(tuple(bars))


def draw_ranking(evaluation: Evaluation, words: StudyWords, canvas: Canvas) -> Drawing:
    """Draw portions by rank, with limits where they are known, and how they add up."""
    bars = bars_of(evaluation, words).bars
    chart, height = ranking_chart(bars, words.words, canvas, words.portion)
    return Drawing(draw(chart), height)


def draw_circle(evaluation: Evaluation, words: StudyWords) -> str:
    """Draw the circle diagram: its numbers are the ranks, what was not recorded is hatched."""
    shares = bars_of(evaluation, words).shares  # of paid time; the ring is whole whatever they add up to
    centre = [numbers.hours(evaluation.paid_ns, words.words), words.circle_centre]
    return draw(circle_chart(shares, centre))


def draw_balance(evaluation: Evaluation, words: StudyWords, canvas: Canvas) -> Drawing:
    """Draw eq. (1) as a waterfall that ends at the paid time."""

    def text(duration_ns: int) -> str:
        portion = numbers.percent(evaluation.portion(duration_ns), words.words)
        return f"{numbers.hours(duration_ns, words.words)} · {portion}"

    steps = balance_steps(evaluation)
    stairs = [
        Stair(
            words.name(step.name),
            step.start_ns / _HOUR,
            step.end_ns / _HOUR,
            text(step.duration_ns),
            HATCHED if step.name == NOT_RECORDED else SERIES[number],
        )
        for number, step in enumerate(steps)
    ]
    paid = evaluation.paid_ns
    stairs.append(Stair(words.paid, 0.0, paid / _HOUR, numbers.hours(paid, words.words), FAINT))
    chart, height = waterfall_chart(stairs, canvas, words.words.decimal_point)
    return Drawing(draw(chart), height)


def draw_timeline(observation: Observation, words: StudyWords, canvas: Canvas) -> Drawing:
    """Draw one row per state, and the cycles. Requires at least one interval."""
    states = dict.fromkeys(interval.state for interval in observation.intervals)
    worked = [state for state in states if state not in (UNKNOWN, NOT_RECORDED)]
    rest = {UNKNOWN: DOTTED, NOT_RECORDED: HATCHED}
    paints = dict(series_paints(worked)) | {name: paint for name, paint in rest.items() if name in states}
    chart, height = timeline_chart(
        observation.intervals,
        observation.cycles,
        covering_span(observation.intervals),
        paints,
        {state: words.name(state) for state in paints},
        words.words.cycles,
        canvas,
    )
    return Drawing(draw(chart), height)
