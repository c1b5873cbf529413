"""Ranking stability: known cases by hand, then 2,000 simulated studies with planted swaps, seeded."""

import math

import numpy as np
import pytest
from scipy import stats

from productivity.estimates import Estimate, jackknife, ratio
from productivity.evaluation import StateTime
from productivity.records import RecordingMode
from productivity.sessions import SessionTimes
from productivity.stability import portion_stability, ranking_stability, state_stability
from productivity.states import StateCategory

ERROR = 0.05


def test_a_pair_by_hand():
    """100 -+ 4 and 90 -+ 3: z = 10 / 5 = 2, p = 0.02275 in every table of the normal distribution."""
    result = ranking_stability({"a": Estimate(100.0, 16.0), "b": Estimate(90.0, 9.0)}, ERROR)
    (pair,) = result.pairs
    assert (pair.upper, pair.lower, pair.may_swap) == ("a", "b", False)
    assert pair.swap_probability == pytest.approx(0.02275, abs=5e-6)
    assert result.certain_ranks == 2


def test_the_error_probability_decides():
    totals = {"a": Estimate(100.0, 16.0), "b": Estimate(90.0, 9.0)}
    assert ranking_stability(totals, 0.03).certain_ranks == 2
    assert ranking_stability(totals, 0.02).certain_ranks == 0


def test_few_degrees_of_freedom_make_swaps_likelier():
    """t = 2 with 2 degrees of freedom: p = 0.0918 in every table of Student's t."""
    totals = {"a": Estimate(100.0, 25.0, 2), "b": Estimate(90.0)}
    assert ranking_stability(totals).pairs[0].swap_probability == pytest.approx(0.0918, abs=5e-5)


def test_certain_ranks_end_before_the_first_pair_that_may_swap():
    totals = {
        "d": Estimate(9.0, 1.0),
        "c": Estimate(10.0, 1.0),
        "b": Estimate(30.0, 1.0),
        "a": Estimate(50.0, 1.0),
    }
    result = ranking_stability(totals)
    assert result.ranking == ("a", "b", "c", "d")
    assert [(pair.upper, pair.lower, pair.may_swap) for pair in result.neighbours] == [
        ("a", "b", False),
        ("b", "c", False),
        ("c", "d", True),
    ]
    assert result.certain_ranks == 2


def test_a_scattered_third_may_be_the_first_though_neighbours_do_not_swap_with_the_first():
    totals = {"a": Estimate(100.0, 1.0), "b": Estimate(90.0, 1.0), "c": Estimate(89.0, 2500.0)}
    result = ranking_stability(totals)
    assert not result.neighbours[0].may_swap
    assert result.certain_ranks == 0


@pytest.mark.parametrize(
    ("totals", "certain"),
    [
        ({"a": Estimate(2.0), "b": Estimate(1.0)}, 2),
        ({"a": Estimate(1.0), "b": Estimate(1.0)}, 0),
        ({"a": Estimate(9.0, None), "b": Estimate(1.0)}, 0),
        ({"a": Estimate(9.0, None)}, 1),
        ({}, 0),
    ],
    ids=["documented", "tie", "unknown spread", "alone", "nothing"],
)
def test_edges(totals, certain):
    assert ranking_stability(totals).certain_ranks == certain


@pytest.mark.parametrize("error", [0.0, 0.5, -1.0, math.nan])
def test_error_probabilities_that_mean_nothing_are_refused(error):
    with pytest.raises(ValueError, match="expected an error probability"):
        ranking_stability({}, error)


def test_states_of_an_evaluation_are_ranked_by_their_totals():
    def state(name, total, error):
        return StateTime(
            name, StateCategory.CYCLE_BOUND, True, (RecordingMode.RTS,), total, None, None, error, 3.0
        )

    result = state_stability([state("b", 900, 30.0), state("a", 1000, 40.0), state("c", 10, None)])
    assert result.ranking == ("a", "b", "c")
    assert result.pairs[0].swap_probability == pytest.approx(
        ranking_stability({"a": Estimate(100.0, 16.0, 3), "b": Estimate(90.0, 9.0, 3)})
        .pairs[0]
        .swap_probability
    )
    assert result.neighbours[1].may_swap


def test_portions_are_compared_within_sessions():
    """Waiting is always 10 points below assembly, though both vary by far more: the order is certain."""
    shifts = [SessionTimes(100, {"assembly": a, "waiting": a - 10}) for a in (20, 30, 40, 50)]
    assert portion_stability(shifts).certain_ranks == 2
    independent = {
        name: jackknife(np.array([[s.states_ns[name], s.span_ns] for s in shifts], dtype=float), ratio)
        for name in ("assembly", "waiting")
    }
    assert ranking_stability(independent).certain_ranks == 0


# The simulation. Each study samples 6 states in 12 sessions; a state's session mean scatters with standard
# deviation 6, the output is 500 pieces. Planted: "A1" and "A2" differ by one standard error of their
# difference (they swap in 16 % of studies), "B1" and "B2" by a third of one (37 %), and "C" and "D" are so
# far from everything that no swap happens. 5 standard errors to the next group.
STUDIES, SESSIONS, PIECES, SCATTER = 2000, 12, 500, 6.0
STEP = SCATTER * math.sqrt(2 / SESSIONS)
TRUTH = {
    "C": 100 + 16 * STEP,
    "A1": 100 + 11 * STEP,
    "A2": 100 + 10 * STEP,
    "B1": 100 + (5 + 1 / 3) * STEP,
    "B2": 100 + 5 * STEP,
    "D": 100.0,
}


def studies(seed):
    """Yield the stability of each simulated study, from samples to totals as the method computes them."""
    rng = np.random.default_rng(seed)
    means = np.array(list(TRUTH.values()))
    for _ in range(STUDIES):
        samples = rng.normal(means, SCATTER, (SESSIONS, len(means)))
        totals = {
            name: jackknife(np.column_stack([samples[:, i], np.ones(SESSIONS)]), ratio).times(PIECES)
            for i, name in enumerate(TRUTH)
        }
        yield ranking_stability(totals, ERROR)


@pytest.fixture(scope="module")
def counts():
    """Count, over all studies, neighbours that had swapped and what was said about them."""
    seen = {"swapped": 0, "swapped unnoticed": 0, "false": 0, "sure": 0, "false rank claims": 0}
    flagged = {("A1", "A2"): 0, ("B1", "B2"): 0}
    true_ranking = tuple(sorted(TRUTH, key=TRUTH.get, reverse=True))
    for result in studies(2012):
        seen["false rank claims"] += (
            result.ranking[: result.certain_ranks] != true_ranking[: result.certain_ranks]
        )
        for pair in result.neighbours:
            if TRUTH[pair.upper] < TRUTH[pair.lower]:
                seen["swapped"] += 1
                seen["swapped unnoticed"] += not pair.may_swap
            key = (min(pair.upper, pair.lower), max(pair.upper, pair.lower))
            if key in flagged:
                flagged[key] += pair.may_swap
            else:
                seen["sure"] += 1
                seen["false"] += pair.may_swap
    return seen, flagged


def test_every_planted_swap_is_detected_up_to_the_error_probability(counts):
    """A wrong order is called certain in at most 5 % of cases; of swaps that happened, 19 in 20 are seen."""
    seen, _ = counts
    assert seen["swapped"] > 900
    assert seen["swapped unnoticed"] <= ERROR * 2 * STUDIES
    assert seen["swapped unnoticed"] <= ERROR * seen["swapped"]


@pytest.mark.parametrize("freedom", [2, 5, 1000])
@pytest.mark.parametrize("planted", [0.001, 0.02, 0.04, 0.06, 0.1, 0.3, 0.5])
def test_a_pair_is_reported_exactly_if_its_planted_probability_is_above_the_error(planted, freedom):
    """Redraws of the totals swap with the planted probability by construction; 200,000 redraws check it."""
    difference = -float(stats.t.ppf(planted, freedom))
    totals = {"a": Estimate(100.0 + difference, 1.0, freedom), "b": Estimate(100.0)}
    redrawn = 100.0 + difference + stats.t.rvs(freedom, size=200_000, random_state=1)
    (pair,) = ranking_stability(totals, ERROR).pairs
    assert (redrawn < 100.0).mean() == pytest.approx(pair.swap_probability, abs=0.004)
    assert pair.may_swap is (planted > ERROR)


def test_what_is_called_certain_is_true_whatever_the_true_ranking_is():
    """3 states with true totals anywhere between 0 and 10 standard errors, 3,000 studies of 8 sessions."""
    rng = np.random.default_rng(31)
    certain = wrong = 0
    for _ in range(3000):
        truth = dict(zip("abc", rng.uniform(50, 60, 3), strict=True))
        samples = {name: rng.normal(mean, math.sqrt(8), (8, 1)) for name, mean in truth.items()}
        totals = {name: jackknife(np.hstack([x, np.ones((8, 1))]), ratio) for name, x in samples.items()}
        for pair in ranking_stability(totals, ERROR).pairs:
            certain += not pair.may_swap
            wrong += not pair.may_swap and truth[pair.upper] < truth[pair.lower]
    assert certain > 3000
    assert wrong <= ERROR * certain


def test_pairs_that_swap_more_often_than_the_error_probability_are_reported(counts):
    """One standard error apart, z > 1.645 happens in 26 % of studies; a third of one apart, in 9 %."""
    _, flagged = counts
    assert flagged["A1", "A2"] / STUDIES >= 0.70
    assert flagged["B1", "B2"] / STUDIES >= 0.88


def test_swaps_that_cannot_happen_are_reported_at_most_at_the_nominal_rate(counts):
    seen, _ = counts
    assert seen["false"] <= ERROR * seen["sure"]


def test_ranks_called_certain_are_wrong_at_most_at_the_nominal_rate(counts):
    seen, _ = counts
    assert seen["false rank claims"] <= ERROR * STUDIES


def test_order_of_equal_states_is_claimed_at_most_at_the_nominal_rate_in_either_direction():
    """Equal means, 3,000 studies of 6 sessions: "a above b" is claimed in at most 5 %, and so is b above a.

    The rate is exactly 5 % for normal samples; 2 standard errors of a count of 150 are allowed for.
    """
    rng = np.random.default_rng(7)
    claims = {"a": 0, "b": 0}
    for _ in range(3000):
        a, b = (jackknife(np.column_stack([rng.normal(60, 5, 6), np.ones(6)]), ratio) for _ in range(2))
        result = ranking_stability({"a": a, "b": b}, ERROR)
        claims[result.ranking[0]] += result.certain_ranks == 2
    assert max(claims.values()) <= ERROR * 3000 + 24


def test_planted_swaps_of_portions_are_detected_too():
    """Portions of 12 shifts, correlated: 2 pairs of states 1 and 6 standard errors apart; 1,000 studies."""
    rng = np.random.default_rng(11)
    swapped = unnoticed = false = 0
    for _ in range(1000):
        share = rng.normal(0.0, 0.02, 12)
        noise = rng.normal(0.0, 0.012, (12, 2))
        near = 0.012 * math.sqrt(2 / 12)
        shifts = [
            SessionTimes(
                10**9,
                {
                    "a": round((0.4 - s + n[0]) * 10**9),
                    "b": round((0.2 + s + near + n[0]) * 10**9),
                    "c": round((0.2 + s + n[1]) * 10**9),
                },
            )
            for s, n in zip(share, noise, strict=True)
        ]
        result = portion_stability(shifts, ERROR)
        first, second = result.neighbours
        false += first.may_swap
        if (second.upper, second.lower) == ("c", "b"):
            swapped += 1
            unnoticed += not second.may_swap
    assert swapped > 100
    assert unnoticed <= ERROR * swapped
    assert false <= ERROR * 1000
