"""Failed sign-ins in a row cost waiting, for names that somebody has and for names that nobody has alike."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.sql.accounts import attempts
from storage.sql.tables import attempt

NAME = bytes(31) + b"n"
DAY_MS = 86_400_000


@pytest.mark.parametrize(
    ("failures", "wait"),
    [
        (0, 0),
        (4, 0),
        (5, 30_000),
        (6, 60_000),
        (11, 1_920_000),
        (12, 3_600_000),
        (99, 3_600_000),
        (100, None),
    ],
)
def test_the_wait_grows_with_failures(failures, wait):
    assert attempts.wait_ms(failures) == wait


def fail(database, times, at_ms=0, name=NAME):
    return [attempts.begin(database, name, at_ms) for _ in range(times)]


def test_five_failures_are_free_and_the_sixth_attempt_waits(database):
    assert fail(database, 6) == [0, 0, 0, 0, 0, 30_000]
    assert attempts.begin(database, NAME, 29_999) == 1
    assert attempts.begin(database, NAME, 30_000) == 0


def test_what_comes_too_early_makes_nobody_wait_longer(database):
    fail(database, 50)
    assert attempts.begin(database, NAME, 30_000) == 0
    assert attempts.begin(database, NAME, 30_000) == 60_000


def test_names_wait_for_themselves(database):
    fail(database, 6)
    assert attempts.begin(database, bytes(32), 0) == 0


def test_who_signs_in_is_forgiven(database):
    fail(database, 6)
    with database.writing() as connection:
        attempts.forgive(connection, NAME)
    assert fail(database, 5) == [0] * 5


def test_a_right_password_takes_back_its_own_attempt_and_no_other(database):
    """Otherwise a known password would buy any number of guesses at the second factor."""
    fail(database, 4)
    for _ in range(20):
        attempts.begin(database, NAME, 0)
        attempts.forgive_one(database, NAME)
    assert fail(database, 2) == [0, 30_000]


def test_nothing_is_taken_back_from_nobody(database):
    attempts.forgive_one(database, NAME)
    assert fail(database, 6)[-1] == 30_000


def test_after_a_hundred_failures_a_password_counts_no_more(database):
    now, tried = 0, 0
    while (wait := attempts.begin(database, NAME, now)) < DAY_MS:
        now += wait
        tried += wait == 0
    assert tried == 100
    assert attempts.begin(database, NAME, now + 29 * DAY_MS) > DAY_MS


def test_guesses_at_the_same_moment_are_all_counted(database):
    """A password takes a while to check: whoever counts afterwards has let all of them through."""
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: attempts.begin(database, NAME, 0), range(40)))
    assert sorted(waits) == [0] * 5 + [30_000] * 35


@pytest.mark.parametrize(("failures", "days"), [(4, 1), (5, 30)])
def test_old_failures_are_forgotten_so_that_the_table_stays_small(database, failures, days):
    fail(database, failures)
    attempts.begin(database, bytes(32), days * DAY_MS)
    with database.reading() as connection:
        assert len(connection.execute(attempt.select()).all()) == 2
    attempts.begin(database, bytes(32), days * DAY_MS + 1)
    with database.reading() as connection:
        assert len(connection.execute(attempt.select()).all()) == 1
