"""The result of an audit in words for a terminal, and as data for other programs."""

from collections.abc import Iterator

from consent.agreement.language import Language, Text
from consent.audit.audit import Checked, Report
from consent.audit.catalogue import QUESTIONS, Check
from consent.audit.findings import Finding
from consent.entries.times import utc_text

FORMAT = "fairtakt-audit/v1"


def verdict(report: Report) -> Text:
    """Return the result in one sentence."""
    if any(one.check in (Check.CHECKPOINT, Check.TREE) and one.found for one in report.checks):
        return Text(
            "Das Protokoll lässt sich nicht prüfen: Was darin steht, beweist nichts.",
            "The log does not verify: what stands in it proves nothing.",
        )
    if not report.number:
        return Text("Alles eingehalten: keine Verstöße gefunden.", "All kept: no breach found.")
    if report.number == 1:
        return Text("1 Verstoß gefunden.", "1 finding.")
    return Text(f"{report.number} Verstöße gefunden.", f"{report.number} findings.")


def lines(report: Report, language: Language) -> Iterator[str]:
    """Yield the result line by line: verdict, findings, warnings, then what each check looked at."""
    yield f"{report.log}: {verdict(report).in_(language)}"
    german = language is Language.DE
    yield from listed("Verstöße" if german else "Findings", report.findings, report.number, language)
    yield from listed("Hinweise" if german else "Warnings", report.warnings, len(report.warnings), language)
    yield "Prüfungen:" if german else "Checks:"
    for one in report.checks:
        yield f"  {one.check.value:>2}. {QUESTIONS[one.check].text.in_(language)}"
        yield f"      {outcome(one).in_(language)}"


def listed(title: str, findings: tuple[Finding, ...], number: int, language: Language) -> Iterator[str]:
    """Yield findings under their title; how many more there are, where not all were kept."""
    if findings:
        yield f"{title}:"
        for finding in findings:
            yield f"  {finding.says(language)}"
        if number > len(findings):
            yield f"  … + {number - len(findings)}"


def outcome(one: Checked) -> Text:
    """Return what a check looked at, and what it found."""
    if not one.done:
        return Text("nicht geprüft", "not checked")
    counted = QUESTIONS[one.check].counted
    return Text(
        f"{counted.de}: {one.looked_at}; " + (f"Verstöße: {one.found}" if one.found else "in Ordnung"),
        f"{counted.en}: {one.looked_at}; " + (f"findings: {one.found}" if one.found else "in order"),
    )


def as_data(report: Report, language: Language) -> dict[str, object]:
    """Return the result as values for JSON."""
    return {
        "format": FORMAT,
        "log": report.log,
        "entries": report.size,
        "judged_at": utc_text(report.at_ms),
        "clean": not report.number,
        "verdict": verdict(report).in_(language),
        "findings": [_finding(one, language) for one in report.findings],
        "findings_number": report.number,
        "warnings": [_finding(one, language) for one in report.warnings],
        "checks": [
            {
                "number": one.check.value,
                "question": QUESTIONS[one.check].text.in_(language),
                "counted": QUESTIONS[one.check].counted.in_(language),
                "looked_at": one.looked_at,
                "findings": one.found,
                "done": one.done,
            }
            for one in report.checks
        ],
    }


def _finding(finding: Finding, language: Language) -> dict[str, object]:
    return {
        "check": finding.check.value,
        "entry": finding.index,
        "what": finding.what.in_(language),
        "expected": None if finding.expected is None else finding.expected.in_(language),
        "found": None if finding.found is None else finding.found.in_(language),
    }
