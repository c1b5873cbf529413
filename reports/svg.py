"""From an Altair chart to SVG text, without a network, and from stand-in colours to real ones."""

import re
from collections.abc import Callable, Sequence
from html import escape

from productivity.errors import MissingExtra
from reports.palette import FAINT, PAINTS, PAPER, pattern_definitions

try:
    import altair as alt
    import vl_convert
except ImportError as error:
    raise MissingExtra("edge", error.name or "altair") from None

_CONFIG = {
    "aria": False,  # one label for the whole chart; thousands of labels for bars would help nobody
    "background": None,
    "font": "sans-serif",
    "view": {"stroke": None},
}
_TAG = re.compile(r"<[^>]*>")
_ROLE = re.compile(r' (?:role|aria-roledescription|aria-hidden)="[^"]*"')
"""What Vega says of parts of a chart; the chart as a whole is one picture with one label."""
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")


def draw(chart: alt.LayerChart) -> str:
    """Return the chart as an SVG element in stand-in colours, coordinates rounded to 1/100 pixel."""
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    svg = vl_convert.vegalite_to_svg(
        chart.to_dict(), vl_version=version, config=_CONFIG, allowed_base_urls=[]
    )
    return _in_tags(svg, lambda tag: _LONG_NUMBER.sub(_rounded, tag))


def for_page(svg: str, label: str) -> str:
    """Return the SVG for a page: colours follow the page's theme, readers hear `label`."""
    svg = _in_tags(svg, lambda tag: _painted(_ROLE.sub("", tag), lambda paint: f"var(--{paint})"))
    # Inside HTML the name spaces are implied; the size comes from the page, the proportions from viewBox.
    view = re.search(r'viewBox="[^"]*"', svg)
    head = f'<svg {view[0] if view else ""} role="img" aria-label="{escape(label)}">'
    return re.sub(r"^<svg[^>]*>", lambda _: head, svg)


def for_picture(svgs: Sequence[tuple[float, float, str]], width: float, height: float) -> str:
    """Return one stand-alone SVG with light colours: charts placed at (x, y) on a page of paper."""
    light = {paint.name: paint.light for paint in PAINTS}
    placed = "".join(
        svg.replace("<svg ", f'<svg x="{x}" y="{y}" ', 1)
        for x, y, svg in (
            (x, y, _in_tags(svg, lambda tag: _painted(tag, light.__getitem__))) for x, y, svg in svgs
        )
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f"{pattern_definitions(PAPER.light, FAINT.light)}"
        f'<rect width="{width}" height="{height}" fill="{PAPER.light}"/>{placed}</svg>'
    )


def to_png(svg: str, scale: float) -> bytes:
    """Return an SVG as PNG, `scale` picture pixels per SVG pixel."""
    return vl_convert.svg_to_png(svg, scale=scale)


def _in_tags(svg: str, change: Callable[[str], str]) -> str:
    """Change the markup and leave text alone: a state may be named like a colour."""
    return _TAG.sub(lambda match: change(match[0]), svg)


def _painted(tag: str, colour: Callable[[str], str]) -> str:
    for paint in PAINTS:
        if paint.stand_in in tag:
            pattern = paint.light.startswith("url(")
            tag = tag.replace(paint.stand_in, paint.light if pattern else colour(paint.name))
    return tag


def _rounded(match: re.Match[str]) -> str:
    return f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
