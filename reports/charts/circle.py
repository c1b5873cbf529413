"""The circle diagram: what the recorded span was made of, *unknown* and *not recorded* included."""

from collections.abc import Sequence

import altair as alt

from reports.charts.canvas import data
from reports.palette import DOTTED, FAINT, HATCHED, INK, PAPER, Paint

SIZE = 280
"""Width and height in pixels; the same on paper and on a phone."""

_OUTER, _INNER, _NUMBERS = 112, 68, 126
_SMALLEST = 0.02
"""Slices below this share have no number beside them: two numbers would touch."""


def circle_chart(shares: Sequence[tuple[float, Paint]], centre: Sequence[str]) -> alt.LayerChart:
    """Return a ring of shares in order of rank, each with its rank; `centre` is written in the middle."""
    slices = [
        {
            "rank": rank,
            "share": share,
            "fill": paint.stand_in,
            "edge": FAINT.stand_in if paint in (HATCHED, DOTTED) else PAPER.stand_in,
            "text": str(rank) if share >= _SMALLEST else "",
        }
        for rank, (share, paint) in enumerate(shares, start=1)
        if share > 0
    ]
    base = alt.Chart(data(slices)).encode(theta=alt.Theta("share:Q", stack=True), order=alt.Order("rank:Q"))
    ring = base.mark_arc(innerRadius=_INNER, outerRadius=_OUTER, strokeWidth=1.2).encode(
        fill=alt.Fill("fill:N", scale=None), stroke=alt.Stroke("edge:N", scale=None)
    )
    numbers = base.mark_text(radius=_NUMBERS, fontSize=12, color=INK.stand_in).encode(text="text:N")
    lines = [
        {"line": line, "dy": 17 * (number - (len(centre) - 1) / 2)} for number, line in enumerate(centre)
    ]
    middle = alt.Chart(data(lines)).mark_text(
        dy=alt.expr("datum.dy"), fontSize=13, color=INK.stand_in, baseline="middle"
    )
    middle = middle.encode(x=alt.value(SIZE / 2), y=alt.value(SIZE / 2), text="line:N")
    return alt.LayerChart(layer=[ring, numbers, middle]).properties(
        width=SIZE, height=SIZE, padding=0, autosize=alt.AutoSizeParams(type="none")
    )
