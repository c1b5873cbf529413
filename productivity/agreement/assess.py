"""All statistics of agreement over all sessions, each station by itself, and the worst one."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from productivity.agreement.concordance import concordance
from productivity.agreement.equivalence import Equivalence, equivalence
from productivity.agreement.errors import ShareError, mean_absolute_percentage_error, share_errors
from productivity.agreement.interval import Interval
from productivity.agreement.kappa import kappa
from productivity.agreement.limits import LimitsOfAgreement, limits_of_agreement
from productivity.agreement.pairs import PairedSession, clusters_of
from productivity.agreement.protocol import Protocol
from productivity.errors import BadInput

DEFAULT_MARGIN = 0.05
"""The margin at which equivalence is reported where the protocol does not judge it."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Agreement over some sessions. Limits of agreement are in ns of cycle time, all else are fractions.

    What the data do not allow is None or an interval without a value: cycle statistics without a common
    cycle, kappa without a common clock.
    """

    sessions: int
    clusters: int
    cycles: int
    unmatched_cycles: int
    limits: LimitsOfAgreement | None
    equivalence: Equivalence | None
    concordance: Interval
    mape: Interval
    kappa: Interval
    shares: tuple[ShareError, ...]

    @property
    def share_error(self) -> float | None:
        """The largest error of a state's share, without its sign."""
        return max((abs(share.measured - share.manual) for share in self.shares), default=None)

    @property
    def cycle_ratio(self) -> float | None:
        """Measured over manual mean cycle time."""
        return self.equivalence.ratio.value if self.equivalence else None


@dataclass(frozen=True, slots=True)
class Worst:
    """The station at which a statistic is worst, and its value there."""

    statistic: str
    station: str
    value: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement over all stations, each station's own, and the worst station of each statistic."""

    overall: Statistics
    stations: Mapping[str, Statistics]
    worst: tuple[Worst, ...]


# How bad a value is: the larger, the worse.
_BADNESS: Mapping[str, tuple[Callable[[Statistics], float | None], Callable[[float], float]]] = {
    "cycle ratio": (lambda one: one.cycle_ratio, lambda ratio: abs(math.log(ratio)) if ratio else math.inf),
    "kappa": (lambda one: one.kappa.value, lambda value: -value),
    "share error": (lambda one: one.share_error, abs),
    "concordance": (lambda one: one.concordance.value, lambda value: -value),
    "mape": (lambda one: one.mape.value, abs),
}


def assess(sessions: Sequence[PairedSession], protocol: Protocol) -> Agreement:
    """Compute every statistic with the protocol's confidence, clusters and margin.

    Raises `BadInput` without a session, and if a session of a station comes twice.
    """
    if not sessions:
        raise BadInput("no session to assess", expected="at least one")
    seen: set[tuple[str, str]] = set()
    for one in sessions:
        if (one.station, one.session) in seen:
            raise BadInput(f"session {one.session!r} comes twice", where=one.station)
        seen.add((one.station, one.session))
    names = dict.fromkeys(one.station for one in sessions)
    stations = {
        name: _statistics([one for one in sessions if one.station == name], protocol) for name in names
    }
    worst = (_worst(statistic, stations) for statistic in _BADNESS)
    return Agreement(_statistics(sessions, protocol), stations, tuple(one for one in worst if one))


def _statistics(sessions: Sequence[PairedSession], protocol: Protocol) -> Statistics:
    clusters = clusters_of(sessions, protocol.clustering)
    cycles = [[pair for one in cluster for pair in one.cycles] for cluster in clusters]
    differences = [[float(pair.measured_ns - pair.manual_ns) for pair in cluster] for cluster in cycles]
    joint = [_summed(one.joint_ns for one in cluster) for cluster in clusters]
    confidence = protocol.confidence
    return Statistics(
        sessions=len(sessions),
        clusters=len(clusters),
        cycles=sum(map(len, cycles)),
        unmatched_cycles=sum(one.unmatched_cycles for one in sessions),
        limits=limits_of_agreement(differences, confidence),
        equivalence=equivalence(cycles, protocol.cycle_margin or DEFAULT_MARGIN, 1 - confidence),
        concordance=concordance(cycles, confidence),
        mape=mean_absolute_percentage_error(cycles, confidence),
        kappa=kappa([table for table in joint if table], confidence),
        shares=share_errors(clusters, confidence),
    )


def _summed(tables: Iterable[Mapping[tuple[str, str], int]]) -> dict[tuple[str, str], int]:
    total: dict[tuple[str, str], int] = {}
    for table in tables:
        for pair, time in table.items():
            total[pair] = total.get(pair, 0) + time
    return total


def _worst(statistic: str, stations: Mapping[str, Statistics]) -> Worst | None:
    """Return the station at which the statistic is worst; None where no station has it."""
    value_of, badness = _BADNESS[statistic]
    values = {name: value_of(one) for name, one in stations.items()}
    known = {name: value for name, value in values.items() if value is not None}
    if not known:
        return None
    station = max(known, key=lambda name: badness(known[name]))
    return Worst(statistic, station, known[station])
