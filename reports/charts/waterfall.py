"""The balance as a waterfall: each category's time begins where the one before ends, up to the whole."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from reports.charts.canvas import Canvas, compose, data, names_layer, rows_of
from reports.palette import FAINT, GRID, INK, Paint, edge_of

_TOP, _BOTTOM = 8, 28


@dataclass(frozen=True, slots=True)
class Stair:
    """One row: a bar from `start` to `end` in hours, and the text behind it."""

    name: str
    start: float
    end: float
    text: str
    paint: Paint


def waterfall_chart(
    stairs: Sequence[Stair], canvas: Canvas, decimal_point: str
) -> tuple[alt.LayerChart, float]:
    """Return the chart and its height. Thin lines carry the end of each stair down to the next."""
    rows = rows_of([stair.name for stair in stairs], canvas)
    # Behind the longest bar there must be room for the longest text (0.56 font sizes per letter).
    text_width = max([len(stair.text) for stair in stairs] + [0]) * 0.56 * (canvas.font - 1) + 12
    longest = max([stair.end for stair in stairs] + [1e-9])
    scale = alt.Scale(domain=[0, longest * canvas.plot / max(1.0, canvas.plot - text_width)], nice=False)
    axis = alt.Axis(
        tickCount=max(2, min(5, canvas.plot // 70)),
        labelOverlap=True,
        title=None,
        labelExpr=f"replace(toString(datum.value), '.', '{decimal_point}') + ' h'",
        labelFontSize=canvas.font - 1,
        labelColor=FAINT.stand_in,
        gridColor=GRID.stand_in,
        tickColor=GRID.stand_in,
        domainColor=GRID.stand_in,
    )

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    bars = [
        {
            "row": key,
            "from": stair.start,
            "to": stair.end,
            "text": stair.text,
            "fill": stair.paint.stand_in,
            "edge": edge_of(stair.paint).stand_in,
        }
        for key, stair in zip(rows.keys, stairs, strict=True)
    ]
    # A bar of no length would still show its outline.
    long = alt.Chart(data([bar for bar in bars if bar["from"] != bar["to"]]))
    links = [
        {"at": above.end, "top": number * rows.step, "below": (number + 2) * rows.step}
        for number, above in enumerate(stairs[:-2])
    ]
    pixels = alt.Scale(domain=[0, rows.height], range=[0, rows.height])
    layers = [
        long.mark_bar(strokeWidth=0.8).encode(
            x=x("from"),
            x2="to:Q",
            y=rows.y(),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("edge:N", scale=None),
        ),
        alt.Chart(data(bars))
        .mark_text(align="left", baseline="middle", dx=6, fontSize=canvas.font - 1, color=INK.stand_in)
        .encode(x=x("to"), y=rows.y(), text="text:N"),
        alt.Chart(data(links))
        .mark_rule(color=FAINT.stand_in, strokeWidth=0.8, strokeDash=[2, 2])
        .encode(x=x("at"), y=alt.Y("top:Q", scale=pixels, axis=None), y2="below:Q"),
        names_layer(rows, canvas),
    ]
    chart = compose(layers, canvas, rows.height, top=_TOP, bottom=_BOTTOM).resolve_scale(y="independent")
    return chart, rows.height + _TOP + _BOTTOM
