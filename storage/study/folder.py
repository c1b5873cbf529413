"""A study's folder: made, read, and added to. What changes in it is put in place whole (`editing`, `adding`).

study.yaml       title, work systems, periods, decisions
states.yaml      the state hierarchy
portfolio.csv    products for the ABC analysis (optional)
matching.yaml    the plant's own remedies (optional)
protocol.yaml    the bars of the agreement with a manual study (optional)
mappings/        how foreign files are read (optional)
data/NAME/       records of one source: by hand, or one import; each appears whole or not at all
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import chain
from operator import add
from pathlib import Path

from productivity.comparison import Observation
from productivity.errors import BadInput
from productivity.hierarchy import Hierarchy
from productivity.matching import Toolset
from productivity.portfolio import Product, abc_analysis
from productivity.records import Documented, Finding, NotRecorded, Output, PaidTime, Records, Severity
from productivity.screening import periods
from productivity.study.plan import PlannedStudy
from productivity.study.study import Study
from storage.cycles_csv import read_cycles_csv
from storage.files import File
from storage.intervals_csv import read_intervals_csv
from storage.study.matching_yaml import read_matching
from storage.study.origins import ORIGIN, Origin, read_origin
from storage.study.plan_csv import read_plan
from storage.study.portfolio_csv import read_portfolio
from storage.study.records_csv import RecordFile, read_records, rows_label
from storage.study.settings import StudyFile, read_settings
from storage.study.states import read_states

SETTINGS, STATES, PORTFOLIO = "study.yaml", "states.yaml", "portfolio.csv"
PLAN, MATCHING, PROTOCOL = "plan.csv", "matching.yaml", "protocol.yaml"
DATA = "data"
LONGEST_NAME = 60
"""Letters in the name of data; with its token a directory's name fits 255 bytes in any alphabet."""
INTERVALS, CYCLES = "intervals.csv", "cycles.csv"
KNOWN_FILES = frozenset({*RecordFile, ORIGIN, INTERVALS, CYCLES})
"""What a directory below data/ may hold."""


@dataclass(frozen=True, slots=True)
class Source:
    """One directory of data: its name, its records and, where it was imported, its origin."""

    name: str
    path: Path
    records: Records
    origin: Origin | None

    def observations(self) -> tuple[Observation, ...]:
        """Read the state intervals and cycles that came with the data, one observation per station."""
        if not (self.path / INTERVALS).exists():
            return ()
        intervals = [row.interval for row in read_intervals_csv(self.path / INTERVALS)]
        has_cycles = (self.path / CYCLES).exists()
        cycles = read_cycles_csv(self.path / CYCLES) if has_cycles else []
        return tuple(
            Observation(
                station,
                tuple(interval for interval in intervals if interval.station == station),
                tuple(cycle for cycle in cycles if cycle.station == station),
            )
            for station in dict.fromkeys(interval.station for interval in intervals)
        )


@dataclass(frozen=True)  # without slots: the records are put together once and kept
class StudyFolder:
    """Everything that a study's folder holds, read and validated."""

    path: Path
    settings: StudyFile
    hierarchy: Hierarchy
    sources: tuple[Source, ...]
    portfolio: tuple[Product, ...]
    toolset: Toolset | None
    plan: tuple[PlannedStudy, ...]

    @cached_property
    def records(self) -> Records:
        """The records of all sources together."""
        return reduce(add, (source.records for source in self.sources), Records())

    def source(self, name: str) -> Source:
        """Return the data of a name; raises `BadInput` when there are none."""
        for source in self.sources:
            if source.name == name:
                return source
        names = ", ".join(repr(source.name) for source in self.sources) or "none"
        raise BadInput(f"no data {name!r}", where=str(self.path / DATA), expected=f"one of {names}")

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What importers found, and which data are of periods that the study does not name."""
        imported = (finding for source in self.sources if source.origin for finding in source.origin.findings)
        strays: dict[str, list[str]] = {}
        records, named = self.records, set(self.periods)
        for row in chain[Documented | Output | PaidTime | NotRecorded](
            records.documented, records.output, records.paid, records.not_recorded
        ):
            if row.period not in named:
                strays.setdefault(row.period, []).append(row.source)
        return (*imported, *(_stray(period, rows) for period, rows in sorted(strays.items())))

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods that the study names, or else those that its data name."""
        return self.settings.periods or periods(self.records)

    def study(self, period: str) -> Study:
        """Return what the method works with, for one period."""
        return Study(
            system=self.settings.system(),
            hierarchy=self.hierarchy,
            period=period,
            area=self.settings.area or "",
            portfolio=abc_analysis(self.portfolio, self.settings.abc),
            variants=self.settings.variants,
            modes=self.settings.modes,
            plan=self.plan,
            records=self.records,
        )


def _stray(period: str, rows: Sequence[str]) -> Finding:
    return Finding(
        Severity.WARNING,
        "period-not-in-study",
        f"{len(rows)} rows are of the period {period!r}, which study.yaml does not name; they do not count",
        (rows_label(rows),),
        facts=(("period", period), ("rows", len(rows))),
    )


def read_study(path: Path) -> StudyFolder:
    """Read a study. Raises `BadInput` naming file, line, expectation and finding."""
    if not (path / SETTINGS).is_file():
        raise BadInput("not a study", where=str(path), expected=f"a folder with {SETTINGS}")
    hierarchy = read_states(path / STATES)
    toolset = read_matching(path / MATCHING)
    if toolset is not None:
        try:
            toolset.check(hierarchy)
        except BadInput as error:
            raise BadInput(str(error), where=str(path / MATCHING)) from None
    return StudyFolder(
        path=path,
        settings=read_settings(path / SETTINGS),
        hierarchy=hierarchy,
        sources=tuple(_sources(path / DATA)),
        portfolio=read_portfolio(path / PORTFOLIO),
        toolset=toolset,
        plan=read_plan(path / PLAN),
    )


def source_directory(study: Path, name: str) -> Path:
    """Return where data of a name belongs; raises `BadInput` for a name that is no plain file name."""
    plain = name.isprintable() and not any(letter in name for letter in "/\\:")
    if not plain or name != name.strip() or not name or name.startswith(".") or len(name) > LONGEST_NAME:
        expected = f"letters, digits, dashes, dots, at most {LONGEST_NAME}"
        raise BadInput("name of the data", expected=expected, found=repr(name[:LONGEST_NAME]))
    return study / DATA / name


def sha256_of(content: File) -> str:
    """Return the SHA-256 of a file as hexadecimal digits."""
    with content.open("rb") as file:
        digest = hashlib.sha256()
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def _sources(data: Path) -> Iterator[Source]:
    if not data.is_dir():
        return
    for directory in sorted(data.iterdir()):
        if directory.name.startswith("."):
            continue  # what an interrupted import left behind (storage.durable)
        if not directory.is_dir():
            raise BadInput("file beside the data", where=str(directory), expected="directories only")
        _refuse_unknown(directory)
        yield Source(directory.name, directory, read_records(directory), read_origin(directory))


def _refuse_unknown(directory: Path) -> None:
    """Refuse a file whose name nobody reads: a misspelt name must not lose data silently."""
    for path in sorted(directory.iterdir()):
        if path.name not in KNOWN_FILES and not path.name.startswith("."):
            raise BadInput(
                "file has a name that nobody reads",
                where=str(path),
                expected="one of " + ", ".join(sorted(KNOWN_FILES)),
            )
