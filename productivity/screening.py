"""Which records an analysis can use. What it cannot use becomes a finding that names the row."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from productivity.hierarchy import Hierarchy
from productivity.levels import System
from productivity.records import (
    Documented,
    Finding,
    NotRecorded,
    Output,
    PaidTime,
    Records,
    Sampled,
    Severity,
)
from productivity.states import RESERVED_STATES

_Placed = TypeVar("_Placed", Sampled, Documented, Output, PaidTime, NotRecorded)
_Timed = TypeVar("_Timed", Sampled, Documented)


def screen(
    records: Records, system: System, hierarchy: Hierarchy, period: str
) -> tuple[Records, list[Finding]]:
    """Return the records of one period with known systems and states, and a finding for each other one.

    Samples belong to every period. *Unknown* and *not recorded* time is no state: it is left out, and so
    ends in the rest that the balance leaves open.
    """
    findings: list[Finding] = []

    def placed(rows: Iterable[_Placed]) -> tuple[_Placed, ...]:
        return _kept(rows, lambda row: row.system in system, _system_unknown, findings)

    def timed(rows: Iterable[_Timed]) -> tuple[_Timed, ...]:
        known = _kept(placed(rows), _is_known_state(hierarchy), _state_unknown, findings)
        return _kept(known, lambda row: row.state not in RESERVED_STATES, _rest_left_out, findings)

    of_period = replace(
        records,
        documented=tuple(row for row in records.documented if row.period == period),
        output=tuple(row for row in records.output if row.period == period),
        paid=tuple(row for row in records.paid if row.period == period),
        not_recorded=tuple(row for row in records.not_recorded if row.period == period),
    )
    usable = Records(
        timed(of_period.sampled),
        timed(of_period.documented),
        placed(of_period.output),
        placed(of_period.paid),
        placed(of_period.not_recorded),
    )
    return usable, findings


def periods(records: Records) -> tuple[str, ...]:
    """Return the labels of all periods in which anything was paid, put out or documented, sorted."""
    rows = chain[Documented | Output | PaidTime | NotRecorded](
        records.documented, records.output, records.paid, records.not_recorded
    )
    return tuple(sorted({row.period for row in rows}))


def _kept(
    rows: Iterable[_Placed],
    usable: Callable[[_Placed], bool],
    finding: Callable[[_Placed], Finding],
    findings: list[Finding],
) -> tuple[_Placed, ...]:
    kept: list[_Placed] = []
    for row in rows:
        if usable(row):
            kept.append(row)
        else:
            findings.append(finding(row))
    return tuple(kept)


def _is_known_state(hierarchy: Hierarchy) -> Callable[[Sampled | Documented], bool]:
    return lambda row: row.state in hierarchy or row.state in RESERVED_STATES


def _system_unknown(row: Sampled | Documented | Output | PaidTime | NotRecorded) -> Finding:
    return Finding(
        Severity.ERROR,
        "system-unknown",
        f"{row.system!r} is not a work system of the study; the row is left out",
        (row.source,),
        facts=(("system", row.system),),
    )


def _state_unknown(row: Sampled | Documented) -> Finding:
    return Finding(
        Severity.ERROR,
        "state-unknown",
        f"{row.state!r} is not in the state hierarchy; the row is left out",
        (row.source,),
        facts=(("state", row.state),),
        system=row.system,
    )


def _rest_left_out(row: Sampled | Documented) -> Finding:
    return Finding(
        Severity.NOTE,
        "rest-left-out",
        f"{row.state!r} is no worker state; its time stays in the rest of the balance",
        (row.source,),
        facts=(("state", row.state),),
        system=row.system,
    )
