"""Everything that a report or an export of a study shows; nothing else reaches them."""

from collections.abc import Mapping
from dataclasses import dataclass

from productivity.agreement.assess import Agreement
from productivity.agreement.verdict import Verdict
from productivity.analysis import Analysis
from productivity.comparison import Observation
from productivity.contrast import Contrast
from productivity.evaluation import Evaluation
from productivity.hierarchy import Hierarchy
from productivity.iso22400 import PersonnelStates
from productivity.matching import Toolset
from productivity.records import Finding


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Where data came from; the counts are None for data that was written by hand."""

    name: str
    file: str = ""
    kind: str = ""
    read: int | None = None
    used: int | None = None
    passed_over: int | None = None
    refused: int | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two evaluations and how far the portions of their states differ, and their times per piece in ns."""

    before: Evaluation
    after: Evaluation
    portions: Mapping[str, Contrast]
    per_piece: Mapping[str, Contrast]


@dataclass(frozen=True, slots=True)
class Judged:
    """The agreement with a manual study, and the verdict by the protocol's bars."""

    agreement: Agreement
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class StudyResults:
    """A study's results. `evaluations` are those that get a section of their own, in this order.

    `findings` are those of imports; the ones of the analyses are in `analyses`. `error_probability` is that
    of the ranking's stability. `timelines` are state intervals by the name of their source.
    """

    title: str
    hierarchy: Hierarchy
    analyses: tuple[Analysis, ...]
    evaluations: tuple[Evaluation, ...]
    toolset: Toolset | None = None
    personnel: PersonnelStates | None = None
    error_probability: float = 0.05
    sources: tuple[SourceRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    timelines: tuple[tuple[str, Observation], ...] = ()

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The findings of imports and analyses, each once."""
        found = [*self.findings, *(one for analysis in self.analyses for one in analysis.findings)]
        return tuple(dict.fromkeys(found))
