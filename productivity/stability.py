"""Ranking stability: which states could change places, at a given error probability.

A pair's order is certain when a one-sided test rejects the opposite order: t = difference / standard error
against Student's t (Welch). So where the true order is the opposite, it is called certain in at most that
share of studies. All pairs are tested, not only neighbours: a widely scattered third may well be the first.
"Ranks 1 to m are certain" needs every pair with one of these states to be certain; a claim that holds only
if all its parts hold needs no correction for the number of parts (intersection-union test, Berger 1982).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from productivity.estimates import Estimate
from productivity.evaluation import StateTime
from productivity.sessions import SessionTimes, portion, portion_difference


@dataclass(frozen=True, slots=True)
class Pair:
    """Two states, the one that ranks higher first; `swap_probability`: p-value of the opposite order."""

    upper: str
    lower: str
    swap_probability: float
    may_swap: bool


@dataclass(frozen=True, slots=True)
class Stability:
    """A ranking and all its pairs, in order of rank. `certain_ranks` = m: ranks 1 to m cannot change."""

    error_probability: float
    ranking: tuple[str, ...]
    pairs: tuple[Pair, ...]
    certain_ranks: int

    @property
    def neighbours(self) -> tuple[Pair, ...]:
        """The pairs that stand next to each other, one fewer than there are states."""
        adjacent = set(zip(self.ranking, self.ranking[1:], strict=False))
        return tuple(pair for pair in self.pairs if (pair.upper, pair.lower) in adjacent)


def ranking_stability(totals: Mapping[str, Estimate], error_probability: float = 0.05) -> Stability:
    """Rank totals that were estimated independently: mean durations times output, documented times.

    Raises ValueError unless 0 < error_probability < 0.5.
    """
    return _stability(totals, lambda upper, lower: totals[upper] - totals[lower], error_probability)


def state_stability(states: Iterable[StateTime], error_probability: float = 0.05) -> Stability:
    """Rank the states of an evaluation. Their portions have the same order: all share one paid time.

    States are taken as independently estimated. Where the times of common sessions are at hand,
    `portion_stability` knows better.
    """
    totals = {
        one.state: Estimate.from_error(one.total_ns, one.standard_error_ns, one.freedom) for one in states
    }
    return ranking_stability(totals, error_probability)


def portion_stability(sessions: Sequence[SessionTimes], error_probability: float = 0.05) -> Stability:
    """Rank the portions of states that were observed together, and so are correlated (see `sessions`).

    Raises ValueError without a session, and unless 0 < error_probability < 0.5.
    """
    names = sorted({state for session in sessions for state in session.states_ns})
    portions = {name: portion(sessions, name) for name in names}
    return _stability(
        portions, lambda upper, lower: portion_difference(sessions, upper, lower), error_probability
    )


def _stability(
    values: Mapping[str, Estimate], difference: Callable[[str, str], Estimate], error_probability: float
) -> Stability:
    if not 0 < error_probability < 0.5:
        msg = f"stability: expected an error probability between 0 and 0.5, found {error_probability}"
        raise ValueError(msg)
    ranking = tuple(sorted(values, key=lambda name: (-values[name].value, name)))
    pairs = []
    for upper, lower in combinations(ranking, 2):
        probability = difference(upper, lower).probability_below_zero()
        pairs.append(Pair(upper, lower, probability, probability > error_probability))
    uncertain = {name for pair in pairs if pair.may_swap for name in (pair.upper, pair.lower)}
    certain = next((rank for rank, name in enumerate(ranking) if name in uncertain), len(ranking))
    return Stability(error_probability, ranking, tuple(pairs), certain)
