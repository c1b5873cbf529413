"""The balance of paid time, eq. (1): T_paid = T_cyc + T_bat + T_per + T_irr + T_NR, exactly."""

from collections.abc import Sequence
from dataclasses import dataclass

from productivity.records import Finding, NotRecorded, PaidTime, Severity

_HOUR = 3_600_000_000_000


@dataclass(frozen=True, slots=True)
class PaidBelow:
    """The paid time of a system's direct parts, as far as it is known, and the parts without one."""

    duration_ns: int
    known: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def whole_ns(self) -> int | None:
        """The paid time of all parts; None unless each is known, and for a system without parts."""
        return self.duration_ns if self.known and not self.missing else None


@dataclass(frozen=True, slots=True)
class Balance:
    """Paid time against recorded time, in whole nanoseconds, none of them negative.

    `recorded_ns + not_recorded_ns == paid_ns + excess_ns`; one of `not_recorded_ns` and `excess_ns` is 0.
    """

    recorded_ns: int
    paid_ns: int
    not_recorded_ns: int
    excess_ns: int
    paid_given: bool
    not_recorded_given: bool
    findings: tuple[Finding, ...]


def balance(
    system: str,
    recorded_ns: int,
    *,
    paid: Sequence[PaidTime],
    given: Sequence[NotRecorded],
    paid_below: PaidBelow,
    sources: Sequence[str] = (),
) -> Balance | None:
    """Close eq. (1) for one work system; return None when neither its paid time nor T_NR is known.

    Paid time is, in this order: what is stated for the system itself; what its parts are paid together;
    what was recorded plus the given T_NR. T_NR is what the balance leaves open. Where T_NR is given as
    well, and does not agree, or more was recorded than paid, a finding names the rows: `sources` are those
    of the recorded time.
    """
    stated = sum(row.duration_ns for row in paid) if paid else None
    rest = sum(row.duration_ns for row in given) if given else None
    findings: list[Finding] = []
    if stated is not None and paid_below.duration_ns > stated:
        findings.append(_parts_paid_more(system, stated, paid_below.duration_ns, paid))
    paid_ns = stated if stated is not None else paid_below.whole_ns
    if paid_ns is None:
        if rest is None:
            return None
        return Balance(recorded_ns, recorded_ns + rest, rest, 0, False, True, ())
    left = paid_ns - recorded_ns
    if left < 0:
        rows = tuple(dict.fromkeys([*(row.source for row in paid), *sources]))
        findings.append(_more_recorded_than_paid(system, recorded_ns, paid_ns, rows))
    if rest is not None and rest != max(left, 0):
        findings.append(_given_rest_disagrees(system, rest, max(left, 0), given))
    return Balance(
        recorded_ns=recorded_ns,
        paid_ns=paid_ns,
        not_recorded_ns=max(left, 0),
        excess_ns=max(-left, 0),
        paid_given=stated is not None,
        not_recorded_given=rest is not None and rest == left,
        findings=tuple(findings),
    )


def paid_time_incomplete(system: str, below: PaidBelow) -> Finding:
    """Return the finding on a system that cannot be balanced because only some of its parts can."""
    missing = ", ".join(repr(name) for name in below.missing)
    return Finding(
        Severity.WARNING,
        "paid-time-incomplete",
        f"{system!r} has no paid time: none is stated for it, nor for its parts {missing}",
        facts=(("system", system), ("missing", missing)),
        system=system,
    )


def _more_recorded_than_paid(system: str, recorded_ns: int, paid_ns: int, rows: tuple[str, ...]) -> Finding:
    return Finding(
        Severity.ERROR,
        "more-recorded-than-paid",
        f"in {system!r} {_hours(recorded_ns)} were recorded, but only {_hours(paid_ns)} are paid",
        rows,
        facts=(("system", system), ("recorded_ns", recorded_ns), ("paid_ns", paid_ns)),
        system=system,
    )


def _given_rest_disagrees(system: str, given_ns: int, left_ns: int, rows: Sequence[NotRecorded]) -> Finding:
    return Finding(
        Severity.WARNING,
        "not-recorded-disagrees",
        f"{_hours(given_ns)} of {system!r} are stated as not recorded, but the balance leaves "
        f"{_hours(left_ns)}; the balance counts",
        tuple(row.source for row in rows),
        facts=(("system", system), ("given_ns", given_ns), ("left_ns", left_ns)),
        system=system,
    )


def _parts_paid_more(system: str, paid_ns: int, below_ns: int, rows: Sequence[PaidTime]) -> Finding:
    return Finding(
        Severity.ERROR,
        "parts-paid-more",
        f"the parts of {system!r} are paid {_hours(below_ns)}, but the whole only {_hours(paid_ns)}; "
        f"the whole counts",
        tuple(row.source for row in rows),
        facts=(("system", system), ("below_ns", below_ns), ("paid_ns", paid_ns)),
        system=system,
    )


def _hours(duration_ns: int) -> str:
    return f"{duration_ns / _HOUR:.2f} h"
