"""Files for studies: their columns, what would become of them, and what becomes of them. For threads.

Nothing of a file is kept before all of it was read; a file that is refused as a whole changes nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from api.acquired import refused
from api.acquired import told as told_findings
from api.problems import Kind, Problem
from api.services import Services
from api.studies.opening import told
from api.studies.wire import ImportReport, StateTotal
from productivity.errors import BadInput
from productivity.records import Documented, NotRecorded, Output, PaidTime, Records, Sampled
from reports.study.words import study_words_for
from storage.files import MemoryFile
from storage.importers.grid import read_grid, unpacked_bytes
from storage.importers.load import import_file
from storage.importers.mapping import FileMapping
from storage.importers.mapping import Kind as FileKind
from storage.importers.report import Imported
from storage.study.adding import add_source
from storage.study.folder import StudyFolder, read_study
from storage.study.mappings import mapping_of

LARGEST_UNPACKED = 200 * 1024 * 1024
"""Bytes of a workbook on this server, which others use too."""
_WORKBOOKS = frozenset({".xlsx", ".xlsm"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came, and how it is to be read: as a kind with the usual columns, or by a kept mapping."""

    file: MemoryFile
    kind: FileKind | None = None
    mapping: str | None = None

    def how(self, study: StudyFolder) -> FileMapping:
        """Return the mapping. Raises `BadInput` for one that the study does not have."""
        if (self.kind is None) == (self.mapping is None):
            raise BadInput("how to read the file", expected="`kind` or `mapping`, one of them")
        if self.mapping is not None:
            return mapping_of(study.path, self.mapping)
        assert self.kind is not None  # noqa: S101  # for the type checker: one of the two is there
        return FileMapping(kind=self.kind)


def columns_of(services: Services, name: str, file: MemoryFile, header_line: int) -> list[str]:
    """Return a table's columns, and nothing of its cells. Raises `Problem`."""
    _refuse_inflated(file)
    with told(services) as shelf:
        shelf.path(name)
        return [column for column in read_grid(file, (), header_line=header_line).header if column]


def preview(services: Services, name: str, upload: Upload, language: str = "en") -> ImportReport:
    """Say what would become of a file; nothing changes. Raises `Problem`."""
    _refuse_inflated(upload.file)
    with told(services) as shelf:
        study = shelf.read(name)
        imported = import_file(upload.file, upload.how(study))
        return report_of(imported, study, language)


def take(
    services: Services, name: str, source: str, upload: Upload, *, instead: bool, language: str = "en"
) -> ImportReport:
    """Take a file into the study; say what became of it. Raises `Problem`, with findings where refused."""
    _refuse_inflated(upload.file)
    with told(services) as shelf:
        before = shelf.read(name)
        mapping = upload.how(before)
        imported = import_file(upload.file, mapping)  # before the lock: it may take long
        if imported.report.file_refused:
            raise refused(imported.report.findings)
        with shelf.writing(name) as path:
            add_source(path, source, imported, upload.file, mapping.kind, replace=instead)
            return report_of(imported, read_study(path), language)


def report_of(imported: Imported, study: StudyFolder, language: str) -> ImportReport:
    """Return what became of the rows, and what of it the study does not know yet."""
    report, records = imported.report, imported.records
    words = study_words_for(language)
    systems = list(dict.fromkeys(_systems(records)))
    known, periods = {node.name for node in study.settings.system().nodes}, set(study.periods)
    timed = chain[Sampled | Documented](records.sampled, records.documented)
    states = dict.fromkeys(one.state for one in timed)
    found_periods = dict.fromkeys(
        row.period
        for row in chain[Documented | Output | PaidTime | NotRecorded](
            records.documented, records.output, records.paid, records.not_recorded
        )
    )
    totals = sorted(report.totals_ns.items(), key=lambda item: (-item[1], item[0]))
    return ImportReport(
        file_refused=report.file_refused,
        read=report.read,
        used=report.used,
        passed_over=report.passed_over,
        refused=report.refused,
        samples=sum(len(one.durations_ns) for one in records.sampled),
        documented=len(records.documented),
        output=len(records.output),
        paid=len(records.paid),
        systems=systems,
        unknown_systems=[system for system in systems if system not in known],
        unknown_states=[state for state in states if state not in study.hierarchy],
        unknown_periods=[period for period in found_periods if period not in periods],
        totals=[StateTotal(state=state, duration_ns=total) for state, total in totals],
        findings=told_findings(replace(one, text=words.finding(one)) for one in report.findings),
    )


def _systems(records: Records) -> Iterator[str]:
    rows: Iterable[Sampled | Documented | Output | PaidTime | NotRecorded] = chain(
        records.sampled, records.documented, records.output, records.paid, records.not_recorded
    )
    return (row.system for row in rows)


def _refuse_inflated(file: MemoryFile) -> None:
    """Refuse a workbook that is small only as long as it is packed."""
    if file.suffix.lower() not in _WORKBOOKS:
        return
    try:
        size = unpacked_bytes(file)
    except BadInput:
        return  # its reader says what is wrong
    if size > LARGEST_UNPACKED:
        raise Problem(Kind.TOO_LARGE, f"at most {LARGEST_UNPACKED} bytes are allowed in a workbook, unpacked")
