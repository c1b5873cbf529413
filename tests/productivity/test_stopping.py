"""The stop rule of a campaign; what it covers is simulated: 10,000 campaigns for each case, seeded."""

import numpy as np
import pytest

from productivity.sampling import units_for_mean
from productivity.stopping import Reason, StopRule, campaign, look

CAMPAIGNS, LONGEST = 10_000, 300


def stopping_points(rule, means):
    """Return for each campaign the units it took and its mean: the first of two narrow looks in a row.

    `means` is (campaigns, longest): one session mean after the other.
    """
    n = np.arange(1, means.shape[1] + 1)
    running = means.cumsum(axis=1) / n
    squares = (means**2).cumsum(axis=1) - n * running**2
    error = np.sqrt(np.maximum(squares, 0) / np.maximum(n - 1, 1) / n)
    narrow = rule.is_narrow(n, running, error) & (n > 1)
    twice = narrow[:, 1:] & narrow[:, :-1]
    assert twice.any(axis=1).all(), "a campaign in the simulation never ends"
    at = twice.argmax(axis=1) + 1
    return at + 1, running[np.arange(len(at)), at]


def normal(rng):
    return rng.normal(0.0, 1.0, (CAMPAIGNS, LONGEST))


def skewed(rng):
    """Gamma of shape 16, skewness 0.5: the mean of a dozen right-skewed cycles."""
    return (rng.gamma(16.0, 1.0, (CAMPAIGNS, LONGEST)) - 16.0) / 4.0


@pytest.mark.parametrize("draw", [normal, skewed])
@pytest.mark.parametrize("half_width", [1.0, 0.7, 0.5, 0.4, 0.3, 0.25])
def test_the_interval_at_the_stop_covers_the_true_mean_in_93_percent_or_more(draw, half_width):
    """Half-widths in standard deviations of a session mean; nominal 95 %.

    And it costs at most two units more than a plan that knew the spread beforehand.
    """
    deviations = draw(np.random.default_rng(1965))
    true_mean = 60.0
    rule = StopRule(relative=0.0, absolute=half_width)
    units, means = stopping_points(rule, true_mean + deviations)
    assert (np.abs(means - true_mean) <= half_width).mean() >= 0.93
    assert units.mean() <= max(rule.minimum + 1, units_for_mean(1.0, half_width)) + 2


def test_a_relative_half_width_covers_too():
    """5 % of the mean at a coefficient of variation of 15 %."""
    means = 60.0 * (1 + 0.15 * normal(np.random.default_rng(1969)))
    _, found = stopping_points(StopRule(relative=0.05), means)
    assert (np.abs(found - 60.0) <= 0.05 * found).mean() >= 0.93


def test_cycles_in_place_of_sessions_cover_far_less():
    """Why units must be independent: session to session as much scatter as cycle to cycle, 30 cycles each."""
    rng = np.random.default_rng(1970)
    session = np.repeat(rng.normal(0.0, 1.0, (2000, 20)), 30, axis=1)
    _, means = stopping_points(
        StopRule(relative=0.0, absolute=0.4), session + rng.normal(0.0, 1.0, (2000, 600))
    )
    assert (np.abs(means) <= 0.4).mean() < 0.6


def test_a_look_stops_where_the_simulation_does():
    rng = np.random.default_rng(3)
    rule = StopRule(relative=0.0, absolute=0.5)
    paths = rng.normal(60.0, 1.0, (20, 120))
    units, means = stopping_points(rule, paths)
    for path, n, mean in zip(paths, units, means, strict=True):
        seen = look(rule, [[value] for value in path])
        assert (seen.stop, seen.reason, seen.units) == (True, Reason.ENOUGH, n)
        assert (seen.mean, seen.half_width) == (pytest.approx(mean), 0.5)


ALIKE = [[10.0, 10.1], [10.1, 10.0], [9.9, 10.0], [10.0, 10.0], [10.1, 9.9]]


@pytest.mark.parametrize(
    ("rule", "sessions", "reason"),
    [
        (StopRule(minimum=3), ALIKE[:2], Reason.TOO_FEW),
        (StopRule(minimum=3), ALIKE[:3], Reason.NARROW_ONCE),
        (StopRule(minimum=3), ALIKE[:4], Reason.ENOUGH),
        (StopRule(minimum=2), [[5.0], [10.0], [15.0]], Reason.TOO_WIDE),
        (StopRule(minimum=2, maximum=3), [[5.0], [10.0], [15.0]], Reason.TIME_BOX),
        (StopRule(minimum=2, maximum=1), [[5.0]], Reason.TIME_BOX),
        (StopRule(minimum=2), [[0.0], [0.0], [0.0]], Reason.ENOUGH),
    ],
    ids=["too few", "narrow once", "narrow twice", "too wide", "time box", "box of one", "never occurs"],
)
def test_reasons(rule, sessions, reason):
    seen = look(rule, sessions)
    assert seen.reason is reason
    assert seen.stop is (reason in {Reason.ENOUGH, Reason.TIME_BOX})


def test_one_session_has_no_interval_yet():
    assert look(StopRule(), [[5.0, 6.0]]).half_width is None


def test_a_stop_stays_whatever_comes_after_it():
    stopped = look(StopRule(minimum=3), ALIKE[:4])
    assert look(StopRule(minimum=3), [*ALIKE[:4], [90.0], [2.0]]) == stopped


def test_an_absolute_half_width_spares_short_states():
    sessions = [[0.5], [1.5], [0.8], [1.4], [0.9]]
    assert not look(StopRule(minimum=3), sessions).stop
    assert look(StopRule(minimum=3, absolute=2.0), sessions).stop


def test_a_campaign_ends_with_its_last_state():
    over, looks = campaign(StopRule(minimum=3), {"screwing": ALIKE, "waiting": [[5.0], [10.0], [15.0]]})
    assert not over
    assert (looks["screwing"].reason, looks["waiting"].reason) == (Reason.ENOUGH, Reason.TOO_WIDE)
    assert campaign(StopRule(minimum=3), {"screwing": ALIKE})[0]
    assert not campaign(StopRule(), {})[0]


@pytest.mark.parametrize(
    "make",
    [
        lambda: StopRule(relative=0.0),
        lambda: StopRule(relative=-0.1, absolute=1.0),
        lambda: StopRule(confidence=1.0),
        lambda: StopRule(minimum=1),
        lambda: look(StopRule(), []),
        lambda: look(StopRule(), [[1.0], []]),
    ],
    ids=["no width", "negative width", "certainty", "minimum of one", "no session", "empty session"],
)
def test_what_is_no_rule_is_refused(make):
    with pytest.raises(ValueError, match="expected"):
        make()
