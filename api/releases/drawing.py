"""The chart of a released table, of figures that are shown alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from api.releases.view import Heading
from reports.charts.canvas import NARROW, WIDE, Canvas
from reports.charts.hours import hours_chart
from reports.markup import ours
from reports.svg import draw, for_page
from reports.words import words_for


@dataclass(frozen=True, slots=True)
class Pair:
    """A chart for wide windows and one for phones."""

    wide: Markup
    narrow: Markup


def drawn(bars: Sequence[tuple[Heading, int]], language: str) -> Pair:
    """Draw hours by state. At least one bar."""
    return Pair(_drawn(bars, language, WIDE), _drawn(bars, language, NARROW))


def _drawn(bars: Sequence[tuple[Heading, int]], language: str, canvas: Canvas) -> Markup:
    words = words_for(language)
    named = [(words.name(heading.name), seconds) for heading, seconds in bars]
    chart, _ = hours_chart(named, words, canvas)
    return ours(for_page(draw(chart), words.states))
