"""A study knows which of the eight steps of the acquisition procedure are done and what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType

from productivity.analysis import Analysis, analyse
from productivity.hierarchy import Hierarchy
from productivity.levels import System
from productivity.portfolio import Classified
from productivity.precedence import DEFAULT_PRECEDENCE, Precedence
from productivity.records import Documented, Finding, RecordingMode, Records, Severity
from productivity.states import StateCategory
from productivity.study.plan import PlannedStudy, observed, stations


class Step(IntEnum):
    """The acquisition procedure (Czumanski & Lödding 2012)."""

    AREA = 1
    """Select the area to be analysed."""
    PORTFOLIO = 2
    """Analyse the product portfolio (ABC)."""
    VARIANTS = 3
    """Select a product group or variants."""
    MODES = 4
    """Assign recording modes to state categories."""
    PLAN = 5
    """Plan the sample sizes for each work station."""
    TIME_STUDIES = 6
    """Conduct the time studies at each station."""
    SELF_RECORDING = 7
    """Document what the workers note."""
    OPERATING_DATA = 8
    """Document operating and machine data: output, paid time, absence, breakdowns."""


USUAL_MODES: Precedence = MappingProxyType(
    {
        StateCategory.CYCLE_BOUND: (RecordingMode.CV, RecordingMode.RTS),
        StateCategory.BATCH_BOUND: (RecordingMode.CV, RecordingMode.RTS),
        StateCategory.PERIODICAL: (RecordingMode.SR,),
        StateCategory.IRREGULAR: (RecordingMode.OMD, RecordingMode.SR),
    }
)
"""The recording modes that the paper assigns to each category, with computer vision before the stopwatch."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One step and what is missing for it; the codes of the findings are stable."""

    step: Step
    missing: tuple[Finding, ...]

    @property
    def done(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Study:
    """Everything that a study decided and acquired so far, for one period.

    `area` names the selected work system, empty before step 1. `variants` are names of products of the
    portfolio. `modes` are those that step 4 assigned, the one that wins an overlap first.
    """

    system: System
    hierarchy: Hierarchy
    period: str
    area: str = ""
    portfolio: tuple[Classified, ...] = ()
    variants: tuple[str, ...] = ()
    modes: Precedence = field(default_factory=dict)
    plan: tuple[PlannedStudy, ...] = ()
    records: Records = field(default_factory=Records)

    def progress(self) -> tuple[Progress, ...]:
        """Return all eight steps in order, each with what is missing for it.

        A self-recording or machine-data category is complete with one row in the period; a row of 0 hours
        says that nothing occurred.
        """
        checks = {
            Step.AREA: self._area,
            Step.PORTFOLIO: self._portfolio,
            Step.VARIANTS: self._variants,
            Step.MODES: self._modes,
            Step.PLAN: self._plan,
            Step.TIME_STUDIES: self._time_studies,
            Step.SELF_RECORDING: lambda: self._documented(RecordingMode.SR),
            Step.OPERATING_DATA: self._operating_data,
        }
        return tuple(Progress(step, tuple(check())) for step, check in checks.items())

    def next_step(self) -> Progress | None:
        """Return the first step that is not done; None when all are."""
        return next((progress for progress in self.progress() if not progress.done), None)

    def analyse(self, confidence: float = 0.95) -> Analysis:
        """Analyse what was acquired so far; modes that step 4 did not assign keep their usual precedence."""
        precedence = {
            category: (*self.modes.get(category, ()), *_others(usual, self.modes.get(category, ())))
            for category, usual in DEFAULT_PRECEDENCE.items()
        }
        return analyse(self.records, self.system, self.hierarchy, self.period, precedence, confidence)

    def _area(self) -> Iterator[Finding]:
        if self.area not in self.system:
            yield _missing("area-missing", "no area is selected, or it is not among the work systems")

    def _portfolio(self) -> Iterator[Finding]:
        if not self.portfolio:
            yield _missing("portfolio-missing", "no product portfolio was analysed")

    def _variants(self) -> Iterator[Finding]:
        if not self.variants:
            yield _missing("variants-missing", "no product group or variant is selected")
        products = {one.product.name for one in self.portfolio}
        for variant in self.variants:
            if variant not in products:
                yield _missing(
                    "variant-not-in-portfolio",
                    f"variant {variant!r} is not a product of the portfolio",
                    variant=variant,
                )

    def _modes(self) -> Iterator[Finding]:
        for category in StateCategory:
            if not self.modes.get(category):
                yield _missing(
                    "mode-missing",
                    f"no recording mode is assigned to {category} states",
                    category=category.value,
                )

    def _plan(self) -> Iterator[Finding]:
        if not self.plan:
            yield _missing("plan-missing", "no recording plan was made")
            return
        planned = {study.system for study in self.plan}
        for station in stations(self.area, self.system) if self.area in self.system else ():
            if station.name not in planned:
                yield _missing(
                    "station-not-planned",
                    f"station {station.name!r} is not in the recording plan",
                    station=station.name,
                )

    def _time_studies(self) -> Iterator[Finding]:
        if not self.plan:
            yield _missing("plan-missing", "no recording plan was made")
        for study in self.plan:
            found = observed(study, self.records.sampled)
            if found < study.samples:
                variant = f" of variant {study.variant!r}" if study.variant else ""
                yield _missing(
                    "samples-missing",
                    f"station {study.system!r} has {found} of {study.samples} {study.unit} samples{variant}",
                    station=study.system,
                    variant=study.variant,
                    unit=study.unit.value,
                    found=found,
                    planned=study.samples,
                )

    def _documented(self, mode: RecordingMode) -> Iterator[Finding]:
        assigned = [category for category in StateCategory if mode in self.modes.get(category, ())]
        if not self.modes:
            yield _missing("modes-missing", "no recording mode is assigned to any category")
        documented = {
            self.hierarchy.category(row.state)
            for row in self.records.documented
            if row.mode is mode and self._concerns(row) and row.state in self.hierarchy
        }
        for category in assigned:
            if category not in documented:
                yield _missing(
                    "documents-missing",
                    f"{mode} is assigned to {category} states, but documented none in {self.period!r}",
                    mode=mode.value,
                    category=category.value,
                )

    def _operating_data(self) -> Iterator[Finding]:
        yield from self._documented(RecordingMode.OMD)
        if not any(row.period == self.period and self._touches(row.system) for row in self.records.output):
            yield _missing("output-missing", f"no output is documented in {self.period!r}")
        if not any(row.period == self.period and self._touches(row.system) for row in self.records.paid):
            yield _missing("paid-time-missing", f"no paid time is documented in {self.period!r}")

    def _concerns(self, row: Documented) -> bool:
        return row.period == self.period and self._touches(row.system)

    def _touches(self, name: str) -> bool:
        """Whether a work system is the area, part of it, or what the area is part of."""
        if self.area not in self.system or name not in self.system:
            return False
        related = {node.name for node in (*self.system.within(self.area), *self.system.ancestors(self.area))}
        return name in related


def _others(usual: tuple[RecordingMode, ...], named: tuple[RecordingMode, ...]) -> tuple[RecordingMode, ...]:
    return tuple(mode for mode in usual if mode not in named)


def _missing(code: str, text: str, **facts: str | int) -> Finding:
    return Finding(Severity.WARNING, code, text, facts=tuple(facts.items()))
