"""One entry before the judge, with everything that a rule may ask."""

from dataclasses import dataclass

from consent.agreement.language import Text
from consent.agreement.vocabulary import Party
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

    def tell(self, subject: str, detail: str = "", by: Party | None = None) -> None:
        """Keep the entry for the report; `by` where the entry says itself whose signature it holds."""
        signers = self._signers() if by is None else (by,)
        self.facts.events.append(Event(self.index, self.at_ms, self.entry.type, subject, detail, signers))

    def _signers(self) -> tuple[Party, ...]:
        """Return whose act it is; the signatures have been judged before."""
        act = self.entry.act
        if act is None:
            return ()
        return tuple(party for party in Party if act.signed_by(self.facts.party_keys(party)))
