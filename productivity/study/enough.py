"""Enough is enough: whether the samples of a planned study suffice, state by state, so that it may stop."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from productivity.records import Sampled
from productivity.stopping import Look, StopRule, look
from productivity.study.plan import PlannedStudy, observed, samples_of


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """A planned study: how much was observed, and whether it may stop.

    `looks` has every state whose sessions are named, by falling mean; without named sessions nobody can tell
    how far they differ, and `looks` is empty. `sessions` counts them.
    """

    study: PlannedStudy
    observed: int
    sessions: int
    looks: Mapping[str, Look]

    @property
    def reached(self) -> bool:
        """Whether as many samples were taken as were planned, in as many sessions as were planned."""
        return self.observed >= self.study.samples and self.sessions >= (self.study.sessions or 0)

    @property
    def enough(self) -> bool:
        """Whether the limits of every state are narrow enough, so that no more needs to be recorded."""
        return bool(self.looks) and all(one.stop for one in self.looks.values())


def sufficiency(
    study: PlannedStudy, samples: Iterable[Sampled], half_width: float, confidence: float = 0.95
) -> Sufficiency:
    """Look at the samples of a planned study, in the order in which the study holds them.

    As in `refined`, each state's half-width is to be at most `half_width` times the station's mean time for
    a piece (or batch). Units are sessions (`productivity.stopping`). Raises ValueError unless half_width > 0.
    """
    own = samples_of(study, samples)
    by_state: dict[str, dict[str, list[float]]] = defaultdict(dict)
    named = bool(own) and all(one.sessions for one in own)
    for one in own:
        for session, duration in zip(one.sessions, one.durations_ns, strict=False):
            by_state[one.state].setdefault(session, []).append(float(duration))
    counts = {session for sessions in by_state.values() for session in sessions}
    looks: dict[str, Look] = {}
    means = {state: _mean(sessions.values()) for state, sessions in by_state.items()}
    whole = sum(means.values())
    if named and whole > 0:
        rule = StopRule(relative=0.0, absolute=half_width * whole, confidence=confidence)
        for state in sorted(means, key=lambda state: (-means[state], state)):
            looks[state] = look(rule, list(by_state[state].values()))
    return Sufficiency(study, observed(study, own), len(counts), looks)


def _mean(sessions: Iterable[list[float]]) -> float:
    durations = [duration for session in sessions for duration in session]
    return sum(durations) / len(durations)
