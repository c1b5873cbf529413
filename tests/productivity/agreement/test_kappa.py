import numpy as np
import pytest

from productivity.agreement.kappa import kappa


def singles(table):
    """Return one cluster for each subject of a table of counts, for examples with independent subjects."""
    return [
        {(str(row), str(column)): 1}
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]


# Fleiss, Levin & Paik 2003, "Statistical methods for rates and proportions", table 18.1: 100 diagnoses;
# printed: kappa 0.68, standard error 0.087, 95 % interval 0.51 to 0.85.
DIAGNOSES = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]


def test_diagnoses_of_fleiss():
    found = kappa(singles(DIAGNOSES))
    assert found.value == pytest.approx(0.6765, abs=1e-4)
    assert (found.low, found.high) == pytest.approx((0.51, 0.85), abs=0.02)


def test_kappa_by_hand():
    """20, 5, 10, 15 of 50: p_o = 0.7; p_e = 0.5 * 0.6 + 0.5 * 0.4 = 0.5; kappa = 0.4."""
    assert kappa([{("a", "a"): 20, ("a", "b"): 5, ("b", "a"): 10, ("b", "b"): 15}]).value == pytest.approx(
        0.4
    )


def test_kappa_and_its_textbook_interval_agree_with_statsmodels():
    rater = pytest.importorskip("statsmodels.stats.inter_rater", reason="statsmodels is a test reference")
    table = [[40, 3, 2], [6, 30, 4], [1, 5, 29]]
    reference = rater.cohens_kappa(np.array(table))
    found = kappa(singles(table))
    assert found.value == pytest.approx(reference.kappa)
    assert (found.low, found.high) == pytest.approx((reference.kappa_low, reference.kappa_upp), abs=0.01)


def test_seconds_of_a_session_that_repeat_do_not_narrow_the_interval():
    """Ten times the seconds of the same three sessions give the same interval; single seconds do not."""
    sessions = [
        {("a", "a"): 50, ("a", "b"): 10, ("b", "b"): 40},
        {("a", "a"): 30, ("b", "a"): 25, ("b", "b"): 45},
        {("a", "a"): 60, ("a", "b"): 2, ("b", "b"): 38},
    ]
    longer = [{pair: 10 * time for pair, time in session.items()} for session in sessions]
    found = kappa(longer)
    assert (found.value, found.low) == (
        pytest.approx(kappa(sessions).value),
        pytest.approx(kappa(sessions).low),
    )
    alone = kappa([{pair: 1} for s in sessions for pair, time in s.items() for _ in range(time)])
    assert alone.value == pytest.approx(found.value)
    assert found.high - found.low > 5 * (alone.high - alone.low)


def test_the_lower_limit_holds_over_sessions():
    """10 sessions, in each the system confuses a share of time drawn from 2 to 22 %; 1,500 studies.

    True kappa is 1 - 2 * 0.12 = 0.76 for two states of equal time; the lower limit is above it in at most
    2.5 % of studies, plus 2 standard errors.
    """
    rng = np.random.default_rng(1960)
    above = covered = 0
    for _ in range(1500):
        wrong = rng.integers(20, 221, 10)
        sessions = [
            {
                ("a", "a"): 500 - w // 2,
                ("a", "b"): w // 2,
                ("b", "a"): w - w // 2,
                ("b", "b"): 500 - (w - w // 2),
            }
            for w in map(int, wrong)
        ]
        found = kappa(sessions)
        above += found.low > 0.76
        covered += found.low <= 0.76 <= found.high
    assert above / 1500 <= 0.025 + 0.008
    assert covered / 1500 >= 0.93


def test_perfect_agreement_is_one():
    found = kappa([{("a", "a"): 5, ("b", "b"): 5}, {("a", "a"): 7, ("b", "b"): 3}])
    assert (found.low, found.value, found.high) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    "clusters", [[], [{}], [{("a", "a"): 9}]], ids=["no cluster", "no time", "one state only"]
)
def test_what_has_no_kappa(clusters):
    assert kappa(clusters).value is None


def test_one_cluster_has_a_value_without_an_interval():
    found = kappa([{("a", "a"): 5, ("b", "b"): 5}])
    assert (found.value, found.low, found.high) == (1.0, None, None)


def test_a_kappa_that_hangs_on_one_cluster_has_no_interval():
    """Without the second session there is one state only."""
    found = kappa([{("a", "a"): 5}, {("a", "b"): 1, ("b", "b"): 5}])
    assert found.value is not None
    assert found.low is None
