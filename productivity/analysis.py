"""The integral analysis: from everything that was acquired to one evaluation for each work system.

1. Records of unknown systems and states are left out (`screening`).
2. Where two recording modes overlap, one counts (`precedence`).
3. Samples become time over the period, eq. (3) and (4); documented time adds up, eq. (5) (`horizontal`).
4. Parts add up to the whole at every level, eq. (6) (`vertical`).
5. Paid time is balanced, eq. (1), wherever it is known (`balance`); below that there are no portions.

Nothing is dropped silently: each choice and each contradiction is a finding.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from productivity.balance import Balance, balance, paid_time_incomplete
from productivity.counts import OutputBook
from productivity.errors import BadInput
from productivity.evaluation import Evaluation, StateTime
from productivity.hierarchy import Hierarchy
from productivity.horizontal import Extrapolated, extrapolate
from productivity.levels import System, SystemNode
from productivity.precedence import DEFAULT_PRECEDENCE, Precedence, resolve
from productivity.records import Documented, Finding, RecordingMode, Records, Sampled, Severity, Unit
from productivity.screening import screen
from productivity.totals import Total
from productivity.vertical import Recorded, paid_below, state_times, within


@dataclass(frozen=True, slots=True)
class SystemTimes:
    """The time in each state of one work system and all its parts; also where no paid time is known."""

    system: SystemNode
    states: tuple[StateTime, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """One period of all work systems, from the top down.

    `times` has every system, `evaluations` those with paid time: where data exists only from some level
    upward, the evaluation starts there. `findings` has all of them, those without a known system too.
    """

    period: str
    times: tuple[SystemTimes, ...]
    evaluations: tuple[Evaluation, ...]
    findings: tuple[Finding, ...]

    def of(self, system: str) -> Evaluation:
        """Return a work system's evaluation; raises `BadInput` when there is none."""
        for evaluation in self.evaluations:
            if evaluation.system == system:
                return evaluation
        names = ", ".join(repr(evaluation.system) for evaluation in self.evaluations) or "none"
        raise BadInput(
            f"work system {system!r} has no evaluation in period {self.period!r}",
            expected=f"a system with paid time ({names})",
        )


def analyse(
    records: Records,
    system: System,
    hierarchy: Hierarchy,
    period: str,
    precedence: Precedence = DEFAULT_PRECEDENCE,
    confidence: float = 0.95,
) -> Analysis:
    """Analyse one period; what is wrong with the records is a finding.

    Raises ValueError unless 0 < confidence < 1.
    """
    if not 0 < confidence < 1:
        msg = f"analyse: expected a confidence between 0 and 1, found {confidence}"
        raise ValueError(msg)
    usable, findings = screen(records, system, hierarchy, period)
    kept, overlaps = resolve((*usable.sampled, *usable.documented), system, hierarchy, precedence)
    book = OutputBook(system, usable.output)
    extrapolated, gaps = _extrapolated([one for one in kept if isinstance(one, Sampled)], book)
    documented = _documented([one for one in kept if isinstance(one, Documented)])
    recorded: dict[str, list[Recorded]] = defaultdict(list)
    for one in (*extrapolated, *documented):
        recorded[one.system].append(one)
    balances, contradictions = _balances(recorded, usable, system)
    findings += [*overlaps, *book.contradictions(), *gaps, *contradictions]

    times = tuple(
        SystemTimes(node, state_times(within(node.name, recorded, system), hierarchy, confidence))
        for node in sorted(system.nodes, key=lambda node: -node.level)
    )
    evaluations = tuple(
        _evaluation(each, balances[each.system.name], book, findings, system, period, confidence)
        for each in times
        if each.system.name in balances
    )
    if not evaluations:
        findings.append(_nothing_paid(period))
    return Analysis(period, times, evaluations, tuple(findings))


def _extrapolated(samples: Sequence[Sampled], book: OutputBook) -> tuple[list[Recorded], list[Finding]]:
    groups: dict[tuple[str, str, Unit], list[Sampled]] = defaultdict(list)
    for one in samples:
        groups[one.system, one.state, one.unit].append(one)
    recorded: list[Recorded] = []
    findings: list[Finding] = []
    borrowers: dict[tuple[str, Unit], list[str]] = defaultdict(list)
    for (name, state, unit), group in groups.items():
        counts = book.nearest(name, unit)
        if counts is None:
            findings.append(_output_missing(group))
            continue
        if counts.system != name:
            borrowers[counts.system, unit].append(name)
        result = extrapolate(group, counts)
        if result.estimated:
            findings.append(_variants_estimated(group, result))
        modes = frozenset(one.mode for one in group)
        estimated = bool(result.estimated)
        recorded.append(Recorded(name, state, modes, result.total, _sources(group), estimated, result.unit))
    findings += [_output_of_above(lender, unit, names) for (lender, unit), names in borrowers.items()]
    return recorded, findings


def _documented(rows: Sequence[Documented]) -> list[Recorded]:
    groups: dict[tuple[str, str, RecordingMode], list[Documented]] = defaultdict(list)
    for row in rows:
        groups[row.system, row.state, row.mode].append(row)
    return [
        Recorded(
            name,
            state,
            frozenset({mode}),
            Total(sum(row.duration_ns for row in group)),
            tuple(dict.fromkeys(row.source for row in group)),
            estimated=False,
        )
        for (name, state, mode), group in groups.items()
    ]


def _balances(
    recorded: Mapping[str, Sequence[Recorded]], usable: Records, system: System
) -> tuple[dict[str, Balance], list[Finding]]:
    """Balance each system that can be, the lower levels first: what they are paid adds up to the upper."""
    balances: dict[str, Balance] = {}
    findings: list[Finding] = []
    paid: dict[str, int | None] = {}
    for node in sorted(system.nodes, key=lambda node: node.level):
        parts = within(node.name, recorded, system)
        below = paid_below(node.name, paid, system)
        closed = balance(
            node.name,
            sum(part.total.duration_ns for part in parts),
            paid=[row for row in usable.paid if row.system == node.name],
            given=[row for row in usable.not_recorded if row.system == node.name],
            paid_below=below,
            sources=[source for part in parts for source in part.sources],
        )
        paid[node.name] = closed.paid_ns if closed else None
        if closed:
            balances[node.name] = closed
            findings += closed.findings
        elif below.known:
            findings.append(paid_time_incomplete(node.name, below))
    return balances, findings


def _evaluation(
    times: SystemTimes,
    closed: Balance,
    book: OutputBook,
    findings: Sequence[Finding],
    system: System,
    period: str,
    confidence: float,
) -> Evaluation:
    output = book.own(times.system.name, Unit.PIECE)
    names = {part.name for part in system.within(times.system.name)}
    return Evaluation(
        system=times.system.name,
        level=times.system.level,
        period=period,
        paid_ns=closed.paid_ns,
        states=times.states,
        not_recorded_ns=closed.not_recorded_ns,
        paid_given=closed.paid_given,
        not_recorded_given=closed.not_recorded_given,
        excess_ns=closed.excess_ns,
        pieces=None if output is None else output.total,
        confidence=confidence,
        findings=tuple(finding for finding in findings if finding.system in names),
    )


def _sources(group: Sequence[Sampled]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.source for one in group))


def _output_missing(group: Sequence[Sampled]) -> Finding:
    one = group[0]
    return Finding(
        Severity.ERROR,
        "output-missing",
        f"{one.state!r} of {one.system!r} was sampled per {one.unit}, but no {one.unit} was counted there or "
        f"above; its time stays in the rest of the balance",
        _sources(group),
        facts=(("state", one.state), ("system", one.system), ("unit", one.unit.value)),
        system=one.system,
    )


def _output_of_above(lender: str, unit: Unit, borrowers: Sequence[str]) -> Finding:
    names = ", ".join(repr(name) for name in dict.fromkeys(borrowers))
    return Finding(
        Severity.NOTE,
        "output-of-above",
        f"{names} have no {unit} count of their own: that of {lender!r} is used, as if each {unit} passed "
        f"through each of them",
        facts=(("systems", names), ("lender", lender), ("unit", unit.value)),
        system=lender,
    )


def _variants_estimated(group: Sequence[Sampled], result: Extrapolated) -> Finding:
    one = group[0]
    names = ", ".join(variant or "others" for variant in result.estimated)
    return Finding(
        Severity.NOTE,
        "variants-estimated",
        f"{one.state!r} of {one.system!r} was not recorded for variants {names}; "
        f"it is estimated from those that were",
        _sources(group),
        facts=(
            ("state", one.state),
            ("system", one.system),
            ("variants", names),
            ("estimated_ns", result.estimated_ns),
        ),
        system=one.system,
    )


def _nothing_paid(period: str) -> Finding:
    return Finding(
        Severity.ERROR,
        "nothing-paid",
        f"no work system has paid time in period {period!r}: portions cannot be told",
        facts=(("period", period),),
    )
