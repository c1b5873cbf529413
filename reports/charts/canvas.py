"""What the charts share: two sizes, a column of names, rows."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from reports.palette import INK

LINE = 1.25
"""Distance of two lines of text, in font sizes."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """A chart's size in pixels: its whole width, the column for names in it, and the font."""

    width: int
    names: int
    font: int

    @property
    def plot(self) -> int:
        """The width that is left for data, with a margin for the last tick's text."""
        return self.width - self.names - 28

    @property
    def letters(self) -> int:
        """About how many letters fit into the column of names (0.6 font sizes each)."""
        return int((self.names - 10) / (0.6 * self.font))


WIDE = Canvas(width=960, names=200, font=13)
BESIDE_CIRCLE = Canvas(width=680, names=200, font=13)
NARROW = Canvas(width=360, names=126, font=12)
PRINTED = Canvas(width=680, names=230, font=12)


@dataclass(frozen=True, slots=True)
class Rows:
    """A chart's rows: their names, wrapped, and the height that all of them have."""

    names: tuple[tuple[str, ...], ...]
    step: float

    @property
    def keys(self) -> list[str]:
        """The rows' values on the y scale; names are never used as keys."""
        return [str(number) for number in range(len(self.names))]

    @property
    def height(self) -> float:
        """The height of all rows."""
        return self.step * len(self.names)

    def y(self) -> alt.Y:
        """Return the y channel of a chart whose data have a `row`."""
        scale = alt.Scale(domain=self.keys, paddingInner=0.24, paddingOuter=0.12)
        return alt.Y("row:N", scale=scale, axis=None, sort=None)


def rows_of(names: Sequence[str], canvas: Canvas) -> Rows:
    """Lay out one row per name; all are as high as the one with the most lines needs."""
    wrapped = tuple(wrap(name, canvas.letters) for name in names)
    lines = max(map(len, wrapped), default=1)
    return Rows(wrapped, max(24.0, lines * LINE * canvas.font + 6))


def wrap(name: str, width: int) -> tuple[str, ...]:
    """Break a name into at most three lines, long words with a hyphen; the rest becomes an ellipsis."""
    pieces: list[str] = []
    # Not split(): a no-break space keeps a number and its word together.
    for word in name.split(" "):
        rest = word
        while len(rest) > width:
            # At least four letters go to the next line: "Materialtrans-port", not "Materialtranspo-rt".
            cut = min(width - 1, len(rest) - 4)
            pieces.append(rest[:cut] + "-")
            rest = rest[cut:]
        pieces.append(rest)
    return tuple(
        textwrap.wrap(" ".join(pieces), width, max_lines=3, placeholder=" …", break_on_hyphens=False)
    )


def names_layer(rows: Rows, canvas: Canvas) -> alt.Chart:
    """Draw the rows' names to the left of the plot, each centred on its row."""
    lines = [
        {"row": key, "line": line, "dy": (number - (len(name) - 1) / 2) * LINE * canvas.font}
        for key, name in zip(rows.keys, rows.names, strict=True)
        for number, line in enumerate(name)
    ]
    text: alt.Chart = alt.Chart(data(lines)).mark_text(
        align="right", baseline="middle", dy=alt.expr("datum.dy"), fontSize=canvas.font, color=INK.stand_in
    )
    return text.encode(x=alt.value(-10), y=rows.y(), text="line:N")


def data(records: Sequence[Mapping[str, object]]) -> alt.InlineData:
    """Return records as inline data; Altair's own row limit is for notebooks."""
    return alt.InlineData(values=[dict(record) for record in records])


def compose(
    layers: Sequence[alt.Chart], canvas: Canvas, height: float, *, top: int, bottom: int
) -> alt.LayerChart:
    """Put layers on one plot whose outer size is known beforehand; x scales stay each layer's own."""
    padding = {
        "left": canvas.names,
        "right": canvas.width - canvas.names - canvas.plot,
        "top": top,
        "bottom": bottom,
    }
    return alt.LayerChart(layer=list(layers)).properties(
        width=canvas.plot, height=height, padding=padding, autosize=alt.AutoSizeParams(type="none")
    )
