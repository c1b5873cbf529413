"""Step 4 of the acquisition: recording modes by state category, and which one wins where two overlap."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from productivity.hierarchy import Hierarchy
from productivity.levels import System
from productivity.records import ALL_VARIANTS, Documented, Finding, RecordingMode, Sampled, Severity
from productivity.states import StateCategory

Precedence: TypeAlias = Mapping[StateCategory, tuple[RecordingMode, ...]]
"""The recording modes of each category, the one that wins first; a mode that is not named comes last."""

_SAMPLED_FIRST = (RecordingMode.CV, RecordingMode.RTS, RecordingMode.OMD, RecordingMode.SR)
_DOCUMENTED_FIRST = (RecordingMode.OMD, RecordingMode.SR, RecordingMode.CV, RecordingMode.RTS)

DEFAULT_PRECEDENCE: Precedence = MappingProxyType(
    {
        StateCategory.CYCLE_BOUND: _SAMPLED_FIRST,
        StateCategory.BATCH_BOUND: _SAMPLED_FIRST,
        StateCategory.PERIODICAL: _DOCUMENTED_FIRST,
        StateCategory.IRREGULAR: _DOCUMENTED_FIRST,
    }
)
"""What recurs with each piece is seen best by sampling it; what does not, only by documenting all of it."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """One mode's claim to know the time in one state of one work system."""

    system: str
    state: str
    mode: RecordingMode
    variant: str
    sampled: bool


def resolve(
    records: Iterable[Sampled | Documented], system: System, hierarchy: Hierarchy, precedence: Precedence
) -> tuple[list[Sampled | Documented], list[Finding]]:
    """Return the records that count, and a finding for each choice between modes that was made.

    Records of one mode add up. Records of two modes overlap when they tell of the same state in the same
    work system or in one that is part of the other; so do samples and documented time of one mode, of
    which the documented counts. Samples of two variants in one system do not overlap, and samples for all
    variants leave a variant with samples of its own to those.

    Requires documented records of one period, and names that are in `system` and `hierarchy`.
    """
    claims: dict[_Claim, list[Sampled | Documented]] = defaultdict(list)
    for record in records:
        claims[_claim(record)].append(record)
    by_state: dict[str, list[_Claim]] = defaultdict(list)
    for claim in claims:
        by_state[claim.state].append(claim)

    kept: list[Sampled | Documented] = []
    findings: list[Finding] = []
    for state, rivals in by_state.items():
        order = precedence.get(hierarchy.category(state), ())
        winners: list[_Claim] = []
        for claim in sorted(rivals, key=lambda claim: (*_rank(claim.mode, order), claim.sampled)):
            better = next((winner for winner in winners if _overlap(claim, winner, system)), None)
            if better is None:
                winners.append(claim)
                kept += claims[claim]
            else:
                findings.append(_finding(better, claim, claims))
    return kept, findings


def _claim(record: Sampled | Documented) -> _Claim:
    if isinstance(record, Sampled):
        return _Claim(record.system, record.state, record.mode, record.variant, sampled=True)
    return _Claim(record.system, record.state, record.mode, ALL_VARIANTS, sampled=False)


def _rank(mode: RecordingMode, order: Sequence[RecordingMode]) -> tuple[int, str]:
    return (order.index(mode) if mode in order else len(order), mode)


def _overlap(one: _Claim, other: _Claim, system: System) -> bool:
    if (one.mode, one.sampled) == (other.mode, other.sampled):
        return False
    if one.system == other.system:
        return not (one.sampled and other.sampled) or one.variant == other.variant
    apart = one.variant != other.variant and ALL_VARIANTS not in (one.variant, other.variant)
    return not apart and (_part_of(one, other, system) or _part_of(other, one, system))


def _part_of(one: _Claim, other: _Claim, system: System) -> bool:
    return any(node.name == other.system for node in system.ancestors(one.system))


def _finding(
    winner: _Claim, loser: _Claim, claims: Mapping[_Claim, Sequence[Sampled | Documented]]
) -> Finding:
    across = winner.system != loser.system
    both = f"{_kind(winner)} of {winner.system!r}" if across else _kind(winner)
    only = " as far as they go" if across else ""
    return Finding(
        Severity.WARNING if across else Severity.NOTE,
        "modes-overlap",
        f"{loser.state!r} of {loser.system!r} has {_kind(loser)}, and {both}: these count{only}",
        tuple(dict.fromkeys(record.source for one in (winner, loser) for record in claims[one])),
        facts=(
            ("state", loser.state),
            ("winner", _kind(winner)),
            ("winner_system", winner.system),
            ("loser", _kind(loser)),
            ("loser_system", loser.system),
        ),
        system=loser.system,
    )


def _kind(claim: _Claim) -> str:
    return f"{claim.mode} {'samples' if claim.sampled else 'records'}"
