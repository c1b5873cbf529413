"""The timeline: one row per state, cycles on top."""

from collections.abc import Mapping, Sequence

import altair as alt

from productivity.intervals import Cycle, StateInterval
from productivity.time import SECOND
from productivity.timeline import Span
from reports.charts.canvas import Canvas, Rows, compose, data, names_layer, rows_of
from reports.palette import FAINT, GRID, INK, PANEL, Paint, edge_of

THINNEST = 0.8
"""Pixels that a bar has at least, so that no interval disappears."""

_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
_TOP, _BOTTOM = 6, 26


def timeline_chart(
    intervals: Sequence[StateInterval],
    cycles: Sequence[Cycle],
    span: Span,
    paints: Mapping[str, Paint],
    names: Mapping[str, str],
    cycles_name: str,
    canvas: Canvas,
) -> tuple[alt.LayerChart, float]:
    """Return the chart and its height. `paints` gives the states in the order of the rows.

    Requires a span with a duration above 0. What is narrower than a pixel is joined with its neighbour of
    the same state, so that the size of the picture does not grow with the length of the recording.
    """
    rows = rows_of([cycles_name, *(names[state] for state in paints)], canvas)
    row_of = {state: str(number) for number, state in enumerate(paints, start=1)}
    pixel = span.duration / canvas.plot
    bars = [
        {
            "row": row_of[state],
            "from": start / SECOND,
            "to": end / SECOND,
            "fill": paint.stand_in,
            "edge": edge_of(paint).stand_in,
        }
        for state, paint in paints.items()
        for start, end in joined(
            [(i.start - span.start, i.end - span.start) for i in intervals if i.state == state], pixel
        )
    ]
    layers = [
        _bars(rows, bars, span, canvas),
        *_cycles(rows, cycles, span, canvas),
        names_layer(rows, canvas),
    ]
    chart = compose(layers, canvas, rows.height, top=_TOP, bottom=_BOTTOM)
    return chart, rows.height + _TOP + _BOTTOM


def joined(bars: Sequence[tuple[int, int]], pixel: float) -> list[tuple[float, float]]:
    """Return bars in time order, at least `THINNEST` wide; those less than half a pixel apart are one."""
    drawn: list[tuple[float, float]] = []
    for start, end in bars:
        wide = max(float(end), start + THINNEST * pixel)
        if drawn and start - drawn[-1][1] < pixel / 2:
            drawn[-1] = (drawn[-1][0], max(drawn[-1][1], wide))
        else:
            drawn.append((float(start), wide))
    return drawn


def tick_step(length: float, most: int) -> int:
    """Return the smallest step in seconds that divides `length` seconds by at most `most` ticks."""
    return next(
        (step for step in _STEPS if length / step <= most),
        _STEPS[-1] * (1 + int(length) // (_STEPS[-1] * most)),
    )


def _x(field: str, span: Span, canvas: Canvas) -> alt.X:
    """Return the x channel; all layers carry the same axis, as layers of one plot must."""
    length = span.duration / SECOND
    step = tick_step(length, canvas.plot // 50)
    hours = length >= 2 * 3600
    big, small = ("3600", "/60%60") if hours else ("60", "%60")
    unit = "0 h" if hours else "0 min"
    label = f"floor(datum.value/{big}) + ':' + pad(floor(datum.value{small}), 2, '0', 'left')"
    axis = alt.Axis(
        values=[step * number for number in range(int(length // step) + 1)],
        labelExpr=f"datum.value ? {label} : '{unit}'",
        labelFontSize=canvas.font - 1,
        labelColor=FAINT.stand_in,
        labelFlush=False,
        gridColor=GRID.stand_in,
        tickColor=GRID.stand_in,
        domainColor=GRID.stand_in,
        title=None,
    )
    return alt.X(f"{field}:Q", axis=axis, scale=alt.Scale(domain=[0, length], nice=False))


def _bars(rows: Rows, bars: Sequence[Mapping[str, object]], span: Span, canvas: Canvas) -> alt.Chart:
    chart: alt.Chart = alt.Chart(data(bars)).mark_bar(strokeWidth=0.8)
    return chart.encode(
        x=_x("from", span, canvas),
        x2="to:Q",
        y=rows.y(),
        fill=alt.Fill("fill:N", scale=None),
        stroke=alt.Stroke("edge:N", scale=None),
    )


def _cycles(rows: Rows, cycles: Sequence[Cycle], span: Span, canvas: Canvas) -> list[alt.Chart]:
    pixel = span.duration / canvas.plot
    spans = [(cycle.start - span.start, cycle.end - span.start) for cycle in cycles]
    # Boxes of less than four pixels would be nothing but outlines.
    crowded = len(spans) > canvas.plot / 4
    boxes = [
        {"row": rows.keys[0], "from": start / SECOND, "to": end / SECOND}
        for start, end in (joined(spans, pixel) if crowded else spans)
    ]
    numbers = [
        {"row": rows.keys[0], "middle": (start + end) / 2 / SECOND, "number": str(cycle.number)}
        for cycle, (start, end) in zip(cycles, spans, strict=True)
        # A number that does not fit into its box would run into the next one.
        if end - start > 9 * len(str(cycle.number)) * pixel
    ]
    box = alt.Chart(data(boxes)).mark_bar(fill=PANEL.stand_in, stroke=FAINT.stand_in, strokeWidth=0.8)
    text = alt.Chart(data(numbers)).mark_text(fontSize=canvas.font - 2, color=INK.stand_in, baseline="middle")
    return [
        box.encode(x=_x("from", span, canvas), x2="to:Q", y=rows.y()),
        text.encode(x=_x("middle", span, canvas), y=rows.y(), text="number:N"),
    ]
