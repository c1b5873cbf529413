"""What an audit says: findings, warnings, and how much each check has looked at. No person in any of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from consent.agreement.language import Language, Text
from consent.audit.catalogue import Check

KEPT_PER_CHECK = 100
"""More findings of one check are counted and not kept: a hostile log costs its auditor no more memory."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be, or in a warning, that cannot be told."""

    check: Check
    index: int | None
    """Number of the entry; None where it is about the log as a whole."""
    what: Text
    expected: Text | None = None
    found: Text | None = None

    def says(self, language: Language) -> str:
        """Return one line: number of the check, entry, what, expected, found."""
        german = language is Language.DE
        place = f"[{self.check.value}] " + ("" if self.index is None else _entry(german, self.index))
        line = place + self.what.in_(language)
        if self.expected is not None:
            line += (": erwartet " if german else ": expected ") + self.expected.in_(language)
        if self.found is not None:
            line += (", gefunden " if german else ", found ") + self.found.in_(language)
        return " ".join(line.split())


def _entry(german: bool, index: int) -> str:
    return f"Eintrag {index}: " if german else f"entry {index}: "


class Book:
    """Collects what the checks say while they work."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.warnings: list[Finding] = []
        self.found: Counter[Check] = Counter()
        self.warned: Counter[Check] = Counter()
        self.looked_at: Counter[Check] = Counter()
        self.not_done: set[Check] = set()

    def find(
        self,
        check: Check,
        index: int | None,
        what: Text,
        expected: Text | None = None,
        found: Text | None = None,
    ) -> None:
        """Write a finding down."""
        self.found[check] += 1
        if self.found[check] <= KEPT_PER_CHECK:
            self.findings.append(Finding(check, index, what, expected, found))

    def warn(
        self,
        check: Check,
        index: int | None,
        what: Text,
        expected: Text | None = None,
        found: Text | None = None,
    ) -> None:
        """Write down what is no breach, but must be known to whoever reads the result."""
        self.warned[check] += 1
        if self.warned[check] <= KEPT_PER_CHECK:
            self.warnings.append(Finding(check, index, what, expected, found))

    def looked(self, check: Check, number: int = 1) -> None:
        """Count what a check looked at."""
        self.looked_at[check] += number


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings as they are read: those of the whole log first, then entry by entry."""
    return tuple(sorted(findings, key=lambda one: (-1 if one.index is None else one.index, one.check)))


def plain(text: object) -> Text:
    """Return what reads the same in both languages: numbers, names, times."""
    return Text(str(text), str(text))
