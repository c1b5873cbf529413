"""Stop orders are given out once each, in the order of their deposit, whoever asks."""

import threading

import pytest

from consent.site.stop_orders import StopOrder
from storage.sql.stop_orders import count_unused, deposit, put_back, take_next, unused

AGREEMENT, OTHER = "ab" * 32, "cd" * 32


def order(number, agreement=AGREEMENT):
    return StopOrder(agreement, f"{number:064x}", number, f"note {number}")


def test_they_are_given_out_oldest_first_and_each_once(database):
    assert deposit(database, [order(3), order(1), order(2)], at_ms=10) == 3
    taken = [take_next(database, AGREEMENT, 20).note for _ in range(3)]
    assert taken == ["note 3", "note 1", "note 2"]
    assert take_next(database, AGREEMENT, 30) is None


def test_those_of_another_agreement_are_left_alone(database):
    deposit(database, [order(1, OTHER), order(2)], at_ms=10)
    assert take_next(database, AGREEMENT, 20).note == "note 2"
    assert (count_unused(database, AGREEMENT), count_unused(database, OTHER)) == (0, 1)
    assert unused(database, OTHER) == ["note 1"]


def test_one_that_is_deposited_again_is_not_new_and_a_used_one_stays_used(database):
    assert deposit(database, [order(1)], at_ms=10) == 1
    take_next(database, AGREEMENT, 20)
    assert deposit(database, [order(1), order(2)], at_ms=30) == 1
    assert unused(database, AGREEMENT) == ["note 2"]


def test_one_that_could_not_be_handed_in_is_given_out_again_first(database):
    deposit(database, [order(1), order(2)], at_ms=10)
    put_back(database, take_next(database, AGREEMENT, 20))
    assert unused(database, AGREEMENT) == ["note 1", "note 2"]
    assert take_next(database, AGREEMENT, 30).note == "note 1"


def test_a_deposit_that_fails_keeps_none(database):
    broken = StopOrder(AGREEMENT, "no digits", 2, "note 2")
    with pytest.raises(ValueError, match="hexadecimal"):
        deposit(database, [order(1), broken], at_ms=10)
    assert count_unused(database, AGREEMENT) == 0


def test_two_who_press_at_the_same_moment_get_different_ones(database):
    deposit(database, [order(number) for number in range(40)], at_ms=10)
    taken, barrier = [], threading.Barrier(4)

    def press():
        barrier.wait()
        taken.extend(take_next(database, AGREEMENT, 20).note for _ in range(10))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(f"note {number}" for number in range(40))
    assert count_unused(database, AGREEMENT) == 0
