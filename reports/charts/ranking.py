"""The ranking of states: bars with confidence limits, and how the shares add up to the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from reports.charts.canvas import WIDE, Canvas, Rows, compose, data, names_layer, rows_of
from reports.numbers import percent
from reports.palette import FAINT, GRID, INK, PAPER, Paint, edge_of
from reports.words import Words

_TOP, _BOTTOM = 42, 6


@dataclass(frozen=True, slots=True)
class Bar:
    """One state in the ranking; shares of the whole. Limits equal the share where there are none."""

    name: str
    share: float
    low: float
    high: float
    paint: Paint


def ranking_chart(
    bars: Sequence[Bar], words: Words, canvas: Canvas, title: str | None = None
) -> tuple[alt.LayerChart, float]:
    """Return the chart of bars in order of rank, and its height; `title` says of what the shares are."""
    rows = rows_of([f"{rank}.\u00a0{bar.name}" for rank, bar in enumerate(bars, start=1)], canvas)
    records: list[dict[str, object]] = []
    cumulative = 0.0
    for key, bar in zip(rows.keys, bars, strict=True):
        cumulative += bar.share
        records.append(
            {
                "row": key,
                "share": 100 * bar.share,
                "low": 100 * bar.low,
                "high": 100 * bar.high,
                "sum": 100 * cumulative,
                "text": percent(bar.share, words),
                "fill": bar.paint.stand_in,
                "edge": edge_of(bar.paint).stand_in,
            }
        )
    wide = canvas.names >= WIDE.names
    heading = (title or words.share) if wide else words.share_short
    layers = _bars(rows, records, heading, canvas) + _cumulative(rows, records, words, canvas)
    chart = compose([*layers, names_layer(rows, canvas)], canvas, rows.height, top=_TOP, bottom=_BOTTOM)
    return chart.resolve_scale(x="independent"), rows.height + _TOP + _BOTTOM


def _bars(rows: Rows, bars: Sequence[Mapping[str, object]], heading: str, canvas: Canvas) -> list[alt.Chart]:
    # A quarter of the panel stays free for the text behind the longest bar or whisker.
    widest = max([float(str(bar["high"])) for bar in bars] + [1.0])
    scale = alt.Scale(domain=[0, widest * 1.35], range=[0, _split(canvas)[0]], nice=False)

    def x(field: str, axis: alt.Axis | None = None) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    base = alt.Chart(data(bars))
    # A bar of no length would still show its outline.
    long = alt.Chart(data([bar for bar in bars if bar["share"]]))
    limited = alt.Chart(data([bar for bar in bars if bar["high"] != bar["low"]]))
    ink = INK.stand_in
    return [
        long.mark_bar(strokeWidth=0.8).encode(
            x=x("share"),
            x2=alt.X2Datum(0),
            y=rows.y(),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("edge:N", scale=None),
        ),
        # A pale line below the dark one keeps it visible on dark bars.
        limited.mark_rule(color=PAPER.stand_in, strokeWidth=4).encode(x=x("low"), x2="high:Q", y=rows.y()),
        limited.mark_rule(color=ink, strokeWidth=1.2).encode(x=x("low"), x2="high:Q", y=rows.y()),
        *(
            limited.mark_tick(color=ink, thickness=1.2, size=7, orient="vertical").encode(
                x=x(end), y=rows.y()
            )
            for end in ("low", "high")
        ),
        base.mark_text(align="left", baseline="middle", dx=6, fontSize=canvas.font - 1, color=ink).encode(
            x=x(
                "high",
                _axis(heading, canvas, scaled=False),
            ),
            y=rows.y(),
            text="text:N",
        ),
    ]


def _cumulative(
    rows: Rows, bars: Sequence[Mapping[str, object]], words: Words, canvas: Canvas
) -> list[alt.Chart]:
    whole = max([100.0, *(float(str(bar["sum"])) for bar in bars)])  # more may be recorded than was paid
    scale = alt.Scale(domain=[0, whole], range=list(_split(canvas)[1:]), nice=False)
    axis = _axis(words.cumulative, canvas, scaled=True)
    base = alt.Chart(data(bars))
    x = alt.X("sum:Q", scale=scale, axis=axis)
    return [
        base.mark_line(color=FAINT.stand_in, strokeWidth=1.5).encode(
            x=x, y=rows.y(), order=alt.Order("sum:Q")
        ),
        base.mark_point(color=FAINT.stand_in, fill=FAINT.stand_in, size=22, opacity=1).encode(
            x=x.axis(None), y=rows.y()
        ),
    ]


def _split(canvas: Canvas) -> tuple[int, int, int]:
    """Return the end of the bars' panel, and start and end of the cumulative one, in plot pixels."""
    bars = round(canvas.plot * 0.68)
    return bars, bars + 16, canvas.plot


def _axis(title: str, canvas: Canvas, *, scaled: bool) -> alt.Axis:
    """Write a panel's title above it, and 0, 50 and 100 % if it is `scaled`."""
    return alt.Axis(
        orient="top",
        values=[0, 50, 100] if scaled else [0],
        labelExpr="datum.value + ' %'",
        labels=scaled,
        labelFontSize=canvas.font - 1,
        labelColor=FAINT.stand_in,
        labelBound=False,
        labelFlush=False,
        grid=scaled,
        gridColor=GRID.stand_in,
        ticks=False,
        domain=False,
        title=title,
        titleFontSize=canvas.font - 1,
        titleFontWeight="normal",
        titleColor=FAINT.stand_in,
        titleAnchor="start",
        titleAlign="left",
        titleBaseline="bottom",
        titleY=-22,
    )
