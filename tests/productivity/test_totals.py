import math

import pytest

from productivity.totals import Total, add_variances


def test_limits_are_those_of_eq_2():
    """Four samples 10, 12, 14, 16 s of 100 pieces: 1300 s -+ 3.182446 * 2.581989 / 2 * 100 s."""
    total = Total(1300, (2.581989 / 2 * 100) ** 2, 3)
    assert total.limits(0.95) == (1300 - 411, 1300 + 411)


def test_limits_of_documented_time_are_the_time():
    assert Total(7).limits(0.95) == (7, 7)


def test_without_a_known_spread_there_are_no_limits():
    assert Total(7, None).limits(0.95) == (None, None)
    assert (Total(7, None) + Total(1)).limits(0.95) == (None, None)
    assert Total(7, None).standard_error_ns is None


def test_no_limit_is_negative():
    assert Total(1, 100.0, 2).limits(0.95)[0] == 0


def test_welch_and_satterthwaite():
    """v = 4 with 3 and 9 with 5 degrees of freedom: 13^2 / (16/3 + 81/5) = 7.848..."""
    assert add_variances((4.0, 3), (9.0, 5)) == (13.0, pytest.approx(169 / (16 / 3 + 81 / 5)))


def test_exact_parts_leave_the_degrees_of_freedom_alone():
    assert Total(5, 4.0, 3) + Total(6) == Total(11, 4.0, 3)
    assert add_variances() == (0.0, math.inf)


def test_adding_up_is_associative():
    a, b, c = Total(1, 2.0, 3), Total(4, 5.0, 6), Total(7, 8.0, 9)
    left, right = (a + b) + c, a + (b + c)
    assert (left.duration_ns, left.variance) == (right.duration_ns, right.variance)
    assert left.freedom == pytest.approx(right.freedom)
