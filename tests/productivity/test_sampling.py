import numpy as np
import pytest

from productivity.estimates import quantile
from productivity.sampling import (
    accuracy_of_portion,
    observations_for_portion,
    units_after_pilot,
    units_for_mean,
)
from productivity.sessions import sample_mean


def test_a_plan_by_hand():
    """s = 1, half-width 0.5: 2.1199 / sqrt 17 = 0.514 is too wide, 2.1098 / sqrt 18 = 0.497 is not."""
    assert units_for_mean(1.0, 0.5) == 18


@pytest.mark.parametrize("half_width", [0.05, 0.1, 0.3, 0.9, 4.0])
def test_the_plan_is_the_least_n_that_suffices(half_width):
    n = units_for_mean(1.0, half_width, 0.9)
    assert quantile(n - 1, 0.95) / n**0.5 <= half_width
    assert n == 2 or quantile(n - 2, 0.95) / (n - 1) ** 0.5 > half_width


def test_no_spread_needs_two_units_to_show_it():
    assert units_for_mean(0.0, 1.0) == 2


def test_stein_by_hand():
    """Pilot 9, 10, 11: s = 1, t(0.975; 2) = 4.302653; (4.302653 / 0.5)^2 = 74.05, so 75 units in all."""
    assert units_after_pilot(sample_mean([9.0, 10.0, 11.0]), 0.5) == 75


def test_stein_never_asks_for_less_than_the_pilot():
    assert units_after_pilot(sample_mean([9.0, 10.0, 11.0]), 100.0) == 3


def test_stein_counts_sessions_when_the_pilot_has_them():
    """Session means 9, 10, 11, each of two samples: the same 75, but sessions."""
    pilot = sample_mean([8.0, 10.0, 9.0, 11.0, 10.0, 12.0], ["a", "a", "b", "b", "c", "c"])
    assert units_after_pilot(pilot, 0.5) == 75


def test_one_unit_is_no_pilot():
    assert units_after_pilot(sample_mean([9.0]), 0.5) is None


def test_steins_interval_covers_at_least_as_often_as_it_says():
    """Pilots of 5; the final mean covers the truth within the wanted half-width; 4000 studies, seeded."""
    rng = np.random.default_rng(1945)
    covered = 0
    for _ in range(4000):
        pilot = rng.normal(50.0, 2.0, 5)
        n = units_after_pilot(sample_mean(pilot.tolist()), 1.0)
        everything = np.concatenate([pilot, rng.normal(50.0, 2.0, n - 5)])
        covered += abs(everything.mean() - 50.0) <= 1.0
    assert covered / 4000 >= 0.945


@pytest.mark.parametrize(
    ("portion", "accuracy", "n"),
    [(0.5, 0.025, 1537), (0.3, 0.025, 1291), (0.1, 0.02, 865), (0.0, 0.02, 0)],
    ids=["worst case", "30 % to 2.5 points", "10 % to 2 points", "never"],
)
def test_work_sampling_by_hand(portion, accuracy, n):
    """n = 1.96^2 p (1 - p) / f^2: 3.8415 * 0.25 / 0.000625 = 1536.6 and so on."""
    assert observations_for_portion(portion, accuracy) == n


def test_accuracy_is_what_the_planned_observations_give():
    assert accuracy_of_portion(0.3, 1291) <= 0.025 < accuracy_of_portion(0.3, 1290)


@pytest.mark.parametrize(
    "call",
    [
        lambda: units_for_mean(1.0, 0.0),
        lambda: units_for_mean(-1.0, 0.5),
        lambda: units_after_pilot(sample_mean([1.0, 2.0]), float("inf")),
        lambda: observations_for_portion(1.2, 0.025),
        lambda: observations_for_portion(0.5, -0.1),
        lambda: accuracy_of_portion(0.5, 0),
    ],
    ids=["no width", "negative deviation", "infinite width", "portion above 1", "negative accuracy", "none"],
)
def test_what_cannot_be_planned_is_refused(call):
    with pytest.raises(ValueError, match="expected"):
        call()
