"""The audit as one HTML page that loads nothing from anywhere. Base install only."""

from collections.abc import Iterable
from html import escape
from importlib.resources import files

from consent.agreement.language import Language, Text
from consent.audit.account import Section, Table, give_account, moment, site_zone
from consent.audit.audit import Report
from consent.audit.catalogue import QUESTIONS
from consent.audit.findings import Finding
from consent.audit.result import outcome, verdict


def audit_page(report: Report, language: Language) -> str:
    """Return the whole page. Every value is escaped: what stands in a log is data."""
    german = language is Language.DE
    title = "Prüfung des Protokolls" if german else "Audit of the consent log"
    zone_name, zone = site_zone(report.facts)
    lead = _lead(report, zone_name, moment(report.at_ms, zone, language)).in_(language)
    body = [
        _said("Verstöße" if german else "Findings", "findings", report.findings, report.number, language),
        _said(
            "Hinweise" if german else "Warnings", "warnings", report.warnings, len(report.warnings), language
        ),
        *(map(_section, give_account(report, language)) if report.checks[-1].done else ()),
        _checks(report, language),
    ]
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}: {escape(report.log)}</title>
<style>
{_style()}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p class="lead">{escape(lead)}</p>
<p class="verdict {"bad" if report.number else "good"}">{escape(verdict(report).in_(language))}</p>
</header>
{"".join(body)}</body>
</html>
"""


def _lead(report: Report, zone: str, now: str) -> Text:
    return Text(
        f"{report.log} · {report.size} Einträge · Stand {now} · Uhrzeiten in der Zeitzone {zone}",
        f"{report.log} · {report.size} entries · as of {now} · times of day in the time zone {zone}",
    )


def _said(title: str, kind: str, findings: Iterable[Finding], number: int, language: Language) -> str:
    lines = [f"<li>{escape(finding.says(language))}</li>" for finding in findings]
    if not lines:
        return ""
    if number > len(lines):
        lines.append(f"<li>… + {number - len(lines)}</li>")
    listed = "\n".join(lines)
    return f'<section>\n<h2>{title}</h2>\n<ol class="said {kind}">\n{listed}\n</ol>\n</section>\n'


def _section(section: Section) -> str:
    sentences = "".join(f"<p>{escape(sentence)}</p>\n" for sentence in section.sentences)
    tables = "".join(map(_table, section.tables))
    return f"<section>\n<h2>{escape(section.title)}</h2>\n{sentences}{tables}</section>\n"


def _table(table: Table) -> str:
    numbers = [head.startswith("#") for head in table.head]
    heads = "".join(
        _cell("th", head.removeprefix("#").strip(), number)
        for head, number in zip(table.head, numbers, strict=True)
    )
    rows = "\n".join(
        "<tr>"
        + "".join(_cell("td", cell, number) for cell, number in zip(row, numbers, strict=True))
        + "</tr>"
        for row in table.rows
    )
    more = f"<p>… + {table.left_out}</p>\n" if table.left_out else ""
    return (
        f'<div class="scroll"><table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n'
        f"</table></div>\n{more}"
    )


def _cell(tag: str, text: str, number: bool) -> str:
    kind = ' class="number"' if number else ""
    return f"<{tag}{kind}>{escape(text)}</{tag}>"


def _checks(report: Report, language: Language) -> str:
    german = language is Language.DE
    head = ("Prüfung", "Ergebnis") if german else ("Check", "Result")
    rows = "\n".join(
        f'<tr><td class="number">{one.check.value}</td>'
        f"<td>{escape(QUESTIONS[one.check].text.in_(language))}</td>"
        f'<td class="outcome {"bad" if one.found else "good" if one.done else ""}">'
        f"{escape(outcome(one).in_(language))}</td></tr>"
        for one in report.checks
    )
    title = "Was geprüft wurde" if german else "What was checked"
    return (
        f'<section>\n<h2>{title}</h2>\n<div class="scroll"><table>\n<thead><tr><th class="number">#</th>'
        f"<th>{head[0]}</th><th>{head[1]}</th></tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>\n</section>\n"
    )


def _style() -> str:
    base = files("consent.agreement").joinpath("templates", "agreement.css")
    own = files("consent.audit").joinpath("templates", "audit.css")
    return base.read_text(encoding="utf-8") + own.read_text(encoding="utf-8")
