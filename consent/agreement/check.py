"""Whether an agreement may be put into force: refusals and warnings, each with the source of its rule."""

from dataclasses import dataclass

from consent.agreement.language import Language
from consent.agreement.rules.rule import Rule, Severity
from consent.agreement.rules.table import RULES
from consent.agreement.schema import Agreement
from productivity.errors import BadInput


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where an agreement breaks a rule."""

    rule: Rule
    place: str

    def says(self, language: Language) -> str:
        """Return one line: place, reason, source."""
        return f"{self.place}: {self.rule.text.in_(language)} ({self.rule.source})"


def check(agreement: Agreement) -> list[Finding]:
    """Return all findings, refusals first, otherwise in the order of the rules."""
    findings = [Finding(rule, place) for rule in RULES for place in rule.broken(agreement)]
    return sorted(findings, key=lambda finding: finding.rule.severity is Severity.WARNING)


def refusals(findings: list[Finding]) -> list[Finding]:
    """Return only what forbids to sign."""
    return [finding for finding in findings if finding.rule.severity is Severity.REFUSAL]


def require_signable(agreement: Agreement, where: str) -> None:
    """Raise `BadInput` with the first refusal, so that nobody signs what may not be put into force."""
    if found := refusals(check(agreement)):
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        raise BadInput(f"agreement may not be signed: {found[0].says(Language.EN)}{more}", where=where)
