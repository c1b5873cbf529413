"""A station's charts as one PNG, for a document or a README."""

from reports.charts.canvas import BESIDE_CIRCLE, WIDE
from reports.charts.circle import SIZE
from reports.drawing import draw_circle, draw_ranking, draw_timeline
from reports.recording import StationReport
from reports.svg import for_picture, to_png
from reports.words import words_for

_MARGIN = 16


def picture(report: StationReport, language: str, scale: float) -> bytes:
    """Lay the charts out: timeline on top, ranking and circle diagram below."""
    words = words_for(language)
    timeline = draw_timeline(report, words, WIDE)
    ranking = draw_ranking(report, words, BESIDE_CIRCLE)
    below = max(ranking.height, SIZE)
    top = 2 * _MARGIN + timeline.height
    svgs = [
        (_MARGIN, _MARGIN, timeline.svg),
        (_MARGIN, top, ranking.svg),
        (_MARGIN + BESIDE_CIRCLE.width, top + (below - SIZE) / 2, draw_circle(report, words)),
    ]
    return to_png(for_picture(svgs, WIDE.width + 2 * _MARGIN, top + below + _MARGIN), scale)
