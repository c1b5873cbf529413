"""Pages for the worker, to print or to keep: self-contained HTML, nothing loaded from anywhere.

The token appears on a page if it is given, as letters and as QR code, and nowhere else: whoever makes the
page hands it over and keeps no copy.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from importlib.resources import files

import segno

from consent.agreement.language import Language, Text
from consent.grants.token import Token
from consent.grants.words import Part

_STYLE = """
.secret { margin: 1.4rem 0; padding: 1rem; border: 2px solid var(--ink); border-radius: 8px; display: flex;
  flex-wrap: wrap; gap: 1.2rem; align-items: center; break-inside: avoid }
dd { hyphens: manual }
.secret h2 { margin: 0 0 .3rem }
.secret div { flex: 1 1 18rem }
.secret code { display: block; margin: .6rem 0; overflow-wrap: normal;
  font: 600 1.15rem/1.5 ui-monospace, "Liberation Mono", monospace }
.secret svg { flex: none; width: 9rem; height: 9rem; background: #fff }
"""
_SECRET = Text("Ihr Geheimwort", "Your secret")
_KEEP = Text(
    "Bewahren Sie es auf und zeigen Sie es niemandem. Es steht nur hier: Das Werk hat keine Abschrift und "
    "kann es nicht ersetzen. Wer es hat, kann für Sie Ja sagen, Nein sagen und widerrufen. Ist es verloren, "
    "widerruft der Betriebsrat für Sie; dafür braucht er die Nummer der Einwilligung.",
    "Keep it and show it to nobody. It stands only here: the plant has no copy and cannot replace it. "
    "Whoever has it can say yes, say no and withdraw for you. If it is lost, the works council withdraws for "
    "you, and needs the number of the consent for it.",
)


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a page, in one language."""

    language: Language
    title: str
    lead: str
    parts: tuple[Part, ...]


def worker_page(page: Page, token: Token | None = None) -> str:
    """Return the whole page. Every value is escaped: offices and stations are data."""
    style = files("consent.agreement").joinpath("templates", "agreement.css").read_text(encoding="utf-8")
    secret = "" if token is None else _secret(token, page.language)
    return f"""<!DOCTYPE html>
<html lang="{page.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(page.title)}</title>
<style>
{style}{_STYLE}</style>
</head>
<body>
<header>
<h1>{escape(page.title)}</h1>
<p class="lead">{escape(page.lead)}</p>
</header>
{secret}{"".join(map(_part, page.parts))}</body>
</html>
"""


def _secret(token: Token, language: Language) -> str:
    spelled = token.spell()
    groups = spelled.split("-")
    half = (len(groups) + 1) // 2
    lines = "-<br>".join("-".join(part) for part in (groups[:half], groups[half:]))
    # Dark modules on white with the four modules of border that ISO/IEC 18004 asks for, in dark mode too.
    code = segno.make_qr(spelled, error="m").svg_inline(border=4, dark="#000", omitsize=True)
    return f"""<section class="secret">
{code}
<div>
<h2>{escape(_SECRET.in_(language))}</h2>
<code>{lines}</code>
<p>{escape(_KEEP.in_(language))}</p>
</div>
</section>
"""


def _part(part: Part) -> str:
    facts = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>\n" for label, value in part.facts
    )
    return "".join(
        [
            f"<section>\n<h2>{escape(part.title)}</h2>\n",
            *(f"<p>{escape(sentence)}</p>\n" for sentence in part.sentences),
            _list(part.points),
            f"<dl>\n{facts}</dl>\n" if facts else "",
            "</section>\n",
        ]
    )


def _list(points: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(point)}</li>" for point in points)
    return f"<ul>{items}</ul>\n" if items else ""
