"""The reading of an agreement as one HTML page that loads nothing from anywhere. Base install only."""

from collections.abc import Iterable
from html import escape
from importlib.resources import files

from consent.agreement.reading import Fact, Reading, Section


def agreement_page(reading: Reading) -> str:
    """Return the whole page. Every value is escaped: the text of an agreement is data."""
    style = files("consent.agreement").joinpath("templates", "agreement.css").read_text(encoding="utf-8")
    sections = "\n".join(
        _section(number, section) for number, section in enumerate(reading.sections, start=1)
    )
    return f"""<!DOCTYPE html>
<html lang="{reading.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(reading.title)}, {escape(reading.subtitle)}</title>
<style>
{style}</style>
</head>
<body>
<header>
<h1>{escape(reading.title)}</h1>
<p class="lead">{escape(reading.subtitle)}</p>
<p class="standing">{escape(reading.standing)}</p>
</header>
{sections}
</body>
</html>
"""


def _section(number: int, section: Section) -> str:
    facts = "".join(map(_fact, section.facts))
    return "\n".join(
        [
            f"<section>\n<h2>{number}. {escape(section.title)}</h2>",
            *(f"<p>{escape(sentence)}</p>" for sentence in section.sentences),
            *([f"<dl>\n{facts}</dl>"] if facts else []),
            "</section>",
        ]
    )


def _fact(fact: Fact) -> str:
    return f"<div><dt>{escape(fact.label)}</dt><dd>{_lines(fact.lines)}</dd></div>\n"


def _lines(lines: Iterable[str]) -> str:
    first, *more = map(escape, lines)
    if not more:
        return first
    return "<ul>" + "".join(f"<li>{line}</li>" for line in (first, *more)) + "</ul>"
