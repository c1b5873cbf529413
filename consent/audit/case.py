"""One entry before the judge, with everything that a rule may ask."""

from dataclasses import dataclass

from consent.agreement.language import Text
from consent.audit.catalogue import Check
from consent.audit.facts import Event, Facts
from consent.audit.findings import Book
from consent.entries.form import Entry


@dataclass(frozen=True, slots=True)
class Case:
    """An entry that fits its schema, its place, and what is known before it."""

    index: int
    entry: Entry
    facts: Facts
    book: Book

    @property
    def at_ms(self) -> int:
        """When the log took it in."""
        return self.entry.at_ms

    @property
    def acted_ms(self) -> int:
        """When it was signed; for the log's own word, when it was logged."""
        return self.entry.at_ms if self.entry.act is None else self.entry.act.at_ms

    def find(self, check: Check, what: Text, expected: Text | None = None, found: Text | None = None) -> bool:
        """Write a finding about this entry down. Returns False: the entry does not stand."""
        self.book.find(check, self.index, what, expected, found)
        return False

    def warn(self, check: Check, what: Text, expected: Text | None = None, found: Text | None = None) -> None:
        """Write a warning about this entry down."""
        self.book.warn(check, self.index, what, expected, found)

    def tell(self, subject: str, detail: str = "") -> None:
        """Keep the entry for the report."""
        self.facts.events.append(Event(self.index, self.at_ms, self.entry.type, subject, detail))
