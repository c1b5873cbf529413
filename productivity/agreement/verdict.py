"""The verdict: each bar of the protocol against what was found."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from productivity.agreement.assess import Agreement, Statistics
from productivity.agreement.protocol import Protocol


class Outcome(StrEnum):
    """Whether a bar is met. What cannot be told is never a success."""

    MET = "met"
    MISSED = "missed"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One bar. `found` is what was held against `bar`, after `statistic`; None where it cannot be told."""

    statistic: str
    bar: float
    found: float | None
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """All bars that the protocol sets. `fixed_beforehand` is None where a date is missing."""

    judgements: tuple[Judgement, ...]
    fixed_beforehand: bool | None

    @property
    def outcome(self) -> Outcome:
        """Met if every bar is met and there is one; missed if any is; else undetermined."""
        outcomes = {judgement.outcome for judgement in self.judgements}
        if Outcome.MISSED in outcomes:
            return Outcome.MISSED
        return Outcome.MET if outcomes == {Outcome.MET} else Outcome.UNDETERMINED


def judge(agreement: Agreement, protocol: Protocol, recorded_from: date | None = None) -> Verdict:
    """Hold the statistics over all stations against the protocol.

    `recorded_from` is the first day of the data; bars fixed on that day or later were not fixed beforehand.
    """
    fixed = None if protocol.fixed_on is None or recorded_from is None else protocol.fixed_on < recorded_from
    return Verdict(tuple(_judgements(agreement.overall, protocol)), fixed)


def _judgements(found: Statistics, protocol: Protocol) -> Iterator[Judgement]:
    """Yield the judgement of each bar that is set, in the order of the protocol."""
    if protocol.cycle_margin is not None:
        test = found.equivalence
        p = test.p if test else None
        yield _at_most("p of equivalent cycle times (TOST)", 1 - protocol.confidence, p)
    if protocol.kappa is not None:
        yield _at_least("lower limit of kappa", protocol.kappa, found.kappa.low)
    if protocol.human_kappa is not None:
        yield _at_least("kappa beside people", protocol.human_kappa, found.kappa.value)
    if protocol.share_error is not None:
        yield _at_most("largest share error", protocol.share_error, found.share_error)
    if protocol.concordance is not None:
        yield _at_least("concordance", protocol.concordance, found.concordance.value)
    if protocol.mape is not None:
        yield _at_most("mean absolute percentage error", protocol.mape, found.mape.value)
    if protocol.smallest_difference_ns is not None:
        widest = _widest_limit(found)
        yield _at_most("limits of agreement in ns", protocol.smallest_difference_ns, widest)


def _widest_limit(found: Statistics) -> float | None:
    limits = found.limits
    if limits is None or limits.lower.value is None or limits.upper.value is None:
        return None
    return max(abs(limits.lower.value), abs(limits.upper.value))


def _at_least(statistic: str, bar: float, found: float | None) -> Judgement:
    return _judgement(statistic, bar, found, met=found is not None and found >= bar)


def _at_most(statistic: str, bar: float, found: float | None) -> Judgement:
    return _judgement(statistic, bar, found, met=found is not None and found <= bar)


def _judgement(statistic: str, bar: float, found: float | None, *, met: bool) -> Judgement:
    if found is None:
        return Judgement(statistic, bar, None, Outcome.UNDETERMINED)
    return Judgement(statistic, bar, found, Outcome.MET if met else Outcome.MISSED)
