"""What waits a few minutes for its second half."""

import pytest

from api.accounts.pending import Pending


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_value_is_taken_once(clock):
    pending = Pending(5, 10, clock)
    key = pending.put("a value")
    assert pending.see(key) == "a value"
    assert pending.take(key) == "a value"
    assert pending.take(key) is None
    assert pending.see(key) is None


@pytest.mark.parametrize(("later", "found"), [(4.9, "a value"), (5, None)])
def test_a_value_does_not_wait_longer_than_it_should(clock, later, found):
    pending = Pending(5, 10, clock)
    key = pending.put("a value")
    clock.now = later
    assert pending.see(key) == found


def test_keys_cannot_be_guessed(clock):
    pending = Pending(5, 100, clock)
    keys = {pending.put(n) for n in range(50)}
    assert len(keys) == 50
    assert all(len(key) == 43 for key in keys)  # 32 bytes in base64url


def test_there_is_room_for_so_many_and_then_the_oldest_goes(clock):
    pending = Pending(5, 3, clock)
    keys = [pending.put(n) for n in range(4)]
    assert [pending.see(key) for key in keys] == [None, 1, 2, 3]
    assert len(pending) == 3


def test_what_is_put_again_replaces_itself_and_waits_anew(clock):
    pending = Pending(5, 2, clock)
    pending.put("first", "a")
    pending.put("other", "b")
    pending.put("second", "a")
    pending.put("third", "c")
    assert [pending.see(key) for key in "abc"] == ["second", None, "third"]
