"""Colours and patterns of the charts, for light and dark pages, for print and for pictures.

Vega-Lite knows neither CSS variables nor patterns. So charts are drawn in stand-in colours that occur
nowhere else, and `reports.svg` replaces each stand-in by what it stands for: a CSS variable on a page, a
light colour in a picture, a pattern for *unknown* and *not recorded*.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paint:
    """One colour of the report. `stand_in` is what the chart is drawn with."""

    name: str
    stand_in: str
    light: str
    dark: str


INK = Paint("ink", "#fade01", "#1d2125", "#e8eaed")
FAINT = Paint("faint", "#fade02", "#5c6670", "#a3acb5")
GRID = Paint("grid", "#fade03", "#dde1e5", "#343a41")
PAPER = Paint("paper", "#fade04", "#ffffff", "#14171a")
PANEL = Paint("panel", "#fade05", "#f5f6f8", "#1d2126")
HATCHED = Paint("hatched", "#fade06", "url(#hatched)", "url(#hatched)")
DOTTED = Paint("dotted", "#fade07", "url(#dotted)", "url(#dotted)")

# Paul Tol's "muted" scheme, made to be told apart with any colour vision (personal.sron.nl/~pault,
# "Colour schemes"); for dark pages its three darkest colours are lightened.
_SERIES = (
    ("indigo", "#332288", "#8f83e0"),
    ("rose", "#cc6677", "#d97b8a"),
    ("teal", "#44aa99", "#44aa99"),
    ("sand", "#ddcc77", "#ddcc77"),
    ("green", "#117733", "#4fae6b"),
    ("cyan", "#88ccee", "#88ccee"),
    ("wine", "#882255", "#c25a8d"),
    ("olive", "#999933", "#a8a845"),
    ("purple", "#aa4499", "#bb62ac"),
)
SERIES = tuple(
    Paint(name, f"#fade{16 + number:02x}", light, dark) for number, (name, light, dark) in enumerate(_SERIES)
)
PAINTS = (INK, FAINT, GRID, PAPER, PANEL, HATCHED, DOTTED, *SERIES)


def series_paints(names: Sequence[str]) -> Iterator[tuple[str, Paint]]:
    """Give each name a paint. From the tenth on colours repeat: no chart relies on colour alone."""
    for number, name in enumerate(names):
        yield name, SERIES[number % len(SERIES)]


def edge_of(paint: Paint) -> Paint:
    """Return what outlines an area: its own colour, or a line that holds a pattern together."""
    return FAINT if paint in (HATCHED, DOTTED) else paint


def css_variables(*, dark: bool) -> str:
    """Return CSS declarations of all colours."""
    return "".join(
        f"--{paint.name}:{paint.dark if dark else paint.light};"
        for paint in PAINTS
        if paint not in (HATCHED, DOTTED)
    )


def pattern_definitions(paper: str, stroke: str) -> str:
    """Return the SVG patterns: hatched for *not recorded*, dotted for *unknown*."""
    return (
        "<defs>"
        '<pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate(45)"><rect width="6" height="6" fill="{paper}"/>'
        f'<rect width="2" height="6" fill="{stroke}"/></pattern>'
        '<pattern id="dotted" width="3.6" height="3.6" patternUnits="userSpaceOnUse">'
        f'<rect width="3.6" height="3.6" fill="{paper}"/>'
        f'<circle cx="1.8" cy="1.8" r="0.85" fill="{stroke}"/></pattern>'
        "</defs>"
    )
