"""What every importer gives back: records, and a report of what became of each row.

A row is used, passed over on purpose (its state is mapped to nothing), or refused with a finding that names
it. `read == used + passed_over + refused`, always. A file that is refused as a whole gives no records.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from productivity.comparison import Observation
from productivity.errors import BadInput
from productivity.records import Finding, Records, Severity

FILE_REFUSED = "file-refused"
"""Code of the finding for a file that is refused as a whole; its text is the reason."""

ROW_REFUSED = "row-refused"
"""Code of the finding for a row with a cell that cannot be read; its text is the reason."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the rows of one file. `source` is the file's name without its directory.

    `totals_ns` is the time that was read for each state as the *file* names it, passed-over states included:
    the figure to hold against the source system.
    """

    source: str
    read: int = 0
    used: int = 0
    passed_over: int = 0
    refused: int = 0
    findings: tuple[Finding, ...] = ()
    totals_ns: Mapping[str, int] = field(default_factory=dict)

    @property
    def file_refused(self) -> bool:
        """Whether the file as a whole was refused, so that nothing may change because of it."""
        return any(finding.code == FILE_REFUSED for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file held. `observations` come from labels and recordings, one per station."""

    report: ImportReport
    records: Records = field(default_factory=Records)
    observations: tuple[Observation, ...] = ()


class RowRefused(Exception):  # named for its meaning, as the project's errors are
    """A row cannot be used; carries the finding's code, text and facts. The rows are added by the reader."""

    def __init__(self, code: str, text: str, **facts: str | int) -> None:
        super().__init__(text)
        self.code, self.text, self.facts = code, text, facts


@dataclass(slots=True)
class Tally:
    """Counts rows while a file is read, and makes the report at the end."""

    source: str
    read: int = 0
    used: int = 0
    passed_over: int = 0
    findings: list[Finding] = field(default_factory=list)
    totals_ns: dict[str, int] = field(default_factory=dict)

    def refuse(self, code: str, text: str, *rows: str, **facts: str | int) -> None:
        """Note a refused row; further rows are those that it contradicts."""
        self.findings.append(Finding(Severity.ERROR, code, text, rows, tuple(facts.items())))

    def note(self, code: str, text: str, *rows: str, **facts: str | int) -> None:
        """Note something that was done with a row that is used."""
        self.findings.append(Finding(Severity.NOTE, code, text, rows, tuple(facts.items())))

    def warn(self, code: str, text: str, *rows: str, **facts: str | int) -> None:
        """Note an assumption that somebody should confirm."""
        self.findings.append(Finding(Severity.WARNING, code, text, rows, tuple(facts.items())))

    def add_time(self, state: str, duration_ns: int) -> None:
        """Add to the total of a state as the file names it."""
        self.totals_ns[state] = self.totals_ns.get(state, 0) + duration_ns

    def report(self) -> ImportReport:
        """Return the report; whatever was neither used nor passed over was refused."""
        return ImportReport(
            self.source,
            self.read,
            self.used,
            self.passed_over,
            self.read - self.used - self.passed_over,
            tuple(self.findings),
            dict(self.totals_ns),
        )


def refused_file(source: str, reason: BadInput) -> Imported:
    """Return the result of a file that is refused as a whole: a report and nothing else."""
    finding = Finding(Severity.ERROR, FILE_REFUSED, str(reason), (source,))
    return Imported(ImportReport(source, findings=(finding,)))
