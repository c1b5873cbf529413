import pytest

from productivity.agreement.errors import mean_absolute_percentage_error, share_errors
from productivity.agreement.pairs import CyclePair, PairedSession, StatePair


def test_percentage_error_by_hand():
    """|110 - 100| / 100, |90 - 100| / 100 and |60 - 50| / 50: 10, 10 and 20 %, their mean 13.33 %."""
    clusters = [[CyclePair(100, 110), CyclePair(100, 90)], [CyclePair(50, 60)]]
    found = mean_absolute_percentage_error(clusters)
    assert found.value == pytest.approx(0.4 / 3)
    # Left out one by one: 0.2 and 0.1; variance 1/2 * 2 * 0.05^2; t(0.975; 1) = 12.7062; not below 0.
    assert (found.low, found.high) == (0.0, pytest.approx(0.4 / 3 + 12.7062 * 0.05, abs=1e-4))


def test_no_cycle_no_percentage_error():
    assert mean_absolute_percentage_error([[]]).value is None


def session(name, span, **totals):
    return PairedSession("bench", name, span, {state: StatePair(*pair) for state, pair in totals.items()})


def test_share_errors_by_hand():
    """Assembly 110 of 200 instead of 100, waiting 48 instead of 50, rework in one session only."""
    clusters = [
        [session("a", 100, assembly=(50, 54), waiting=(30, 30))],
        [session("b", 100, assembly=(50, 56), waiting=(20, 18), rework=(0, 1))],
    ]
    found = share_errors(clusters)
    assert [(share.state, share.manual, share.measured) for share in found] == [
        ("assembly", 0.5, 0.55),
        ("waiting", 0.25, 0.24),
        ("rework", 0.0, 0.005),
    ]
    error = found[0].error
    # Session errors 4 and 6 points: mean 5, standard error 1, t(0.975; 1) = 12.7062.
    assert (error.value, error.low, error.high) == pytest.approx(
        (0.05, 0.05 - 0.127062, 0.05 + 0.127062), abs=1e-6
    )


def test_a_longer_session_weighs_more():
    clusters = [[session("a", 300, assembly=(150, 150))], [session("b", 100, assembly=(50, 90))]]
    assert share_errors(clusters)[0].error.value == pytest.approx(40 / 400)


def test_one_cluster_has_errors_without_intervals():
    (found,) = share_errors([[session("a", 100, assembly=(50, 54))]])
    assert (found.error.value, found.error.low) == (pytest.approx(0.04), None)


def test_no_session_no_errors():
    assert share_errors([]) == ()
