"""Hours by name: plain bars with their figures, for tables that were released."""

from collections.abc import Sequence

import altair as alt

from reports.charts.canvas import Canvas, compose, data, names_layer, rows_of
from reports.numbers import hours
from reports.palette import INK, SERIES
from reports.words import Words

_SECOND_NS = 1_000_000_000
_TOP, _BOTTOM = 6, 6


def hours_chart(
    bars: Sequence[tuple[str, int]], words: Words, canvas: Canvas
) -> tuple[alt.LayerChart, float]:
    """Return the chart of (name, seconds) in the order given, and its height. At least one bar."""
    rows = rows_of([name for name, _ in bars], canvas)
    records = [
        {"row": key, "seconds": seconds, "text": hours(seconds * _SECOND_NS, words)}
        for key, (_, seconds) in zip(rows.keys, bars, strict=True)
    ]
    widest = max([seconds for _, seconds in bars] + [1])
    # A quarter of the plot stays free for the text behind the longest bar.
    scale = alt.Scale(domain=[0, widest * 1.35], range=[0, canvas.plot], nice=False)
    x = alt.X("seconds:Q", scale=scale, axis=None)
    base = alt.Chart(data(records))
    long = alt.Chart(data([one for one in records if one["seconds"]]))
    layers = [
        long.mark_bar(fill=SERIES[0].stand_in).encode(x=x, x2=alt.X2Datum(0), y=rows.y()),
        base.mark_text(
            align="left", baseline="middle", dx=6, fontSize=canvas.font - 1, color=INK.stand_in
        ).encode(x=x, y=rows.y(), text="text:N"),
        names_layer(rows, canvas),
    ]
    return compose(layers, canvas, rows.height, top=_TOP, bottom=_BOTTOM), rows.height + _TOP + _BOTTOM
