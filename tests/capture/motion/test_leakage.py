"""Two people, one of whom opted in: not one pose of the other is kept, however they meet."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.motion.channel import Ending
from capture.motion.others import Presence
from productivity.time import SECOND
from tests.capture.conftest import TORSO, WIDTH
from tests.capture.motion.duo import OTHER, WORKER, Body, DuoEngine, Kept, Permitting, at_work, film

LEFT, RIGHT = -TORSO, WIDTH + TORSO


def walk(start, end, begin, speed, **keys):
    """Walk from one x to another at `speed` pixels per second, from `begin` on; stay there."""

    def path(t):
        if t < begin:
            return Body(start, **keys)
        share = min(1.0, (t - begin) * speed / max(abs(end - start), 1))
        return Body(start + share * (end - start), **keys)

    return path


def crosses_in_front(luck, begin, speed):
    return at_work, walk(LEFT, RIGHT, begin, speed, near=1)


def crosses_in_front_from_the_right(luck, begin, speed):
    return at_work, walk(RIGHT, LEFT, begin, speed, near=1)


def crosses_behind(luck, begin, speed):
    return at_work, walk(*luck.choice([(LEFT, RIGHT), (RIGHT, LEFT)]), begin, speed, near=-1)


def comes_from_the_background(luck, begin, speed):
    x = 320 + luck.choice([-1, 1]) * luck.uniform(0, 250)

    def other(t):
        share = min(1.0, max(0.0, (t - begin) * speed / 400))
        where = Body(x + share * (320 - x), 60 + 160 * share, near=-1 + 2 * share, torso=20 + 60 * share)
        return where if t >= begin else None  # through a door

    return at_work, other


def comes_from_before_the_camera(luck, begin, speed):
    x = 320 + luck.choice([-1, 1]) * luck.uniform(0, 250)

    def other(t):
        share = min(1.0, max(0.0, (t - begin) * speed / 300))
        return Body(x + share * (320 - x), 520 - 300 * share, near=1, torso=140 - 60 * share)

    return at_work, other


def swap_places(luck, begin, speed):
    """The worker goes to the side and the other one to the bench; they meet half-way."""
    side = luck.choice([LEFT, RIGHT])
    away, comes = walk(320, side, begin, speed), walk(side, 320, begin, speed, near=luck.choice([-1, 1]))
    return (lambda t: at_work(t) if t < begin else away(t)), comes


def leaves_and_the_other_takes_the_place(luck, begin, speed):
    side = luck.choice([LEFT, RIGHT])
    away = walk(320, side, begin, speed)
    comes = walk(WIDTH - side, 320, begin + luck.uniform(0.5, 3), speed)
    return (lambda t: at_work(t) if t < begin else away(t)), comes


def relieves_the_worker_who_leaves_hidden(luck, begin, speed):
    """The other one steps before the worker, who goes away behind the other's back."""
    side = luck.choice([LEFT, RIGHT])
    comes = walk(side, 320, begin, speed, near=1)
    relieved = begin + abs(320 - side) / speed + luck.uniform(0, 1)
    away = walk(320, luck.choice([LEFT, RIGHT]), relieved, speed)
    return (lambda t: at_work(t) if t < relieved else away(t)), comes


def leaves_and_comes_back_as_another(luck, begin, speed):
    side = luck.choice([LEFT, RIGHT])
    away = walk(320, side, begin, speed)
    back = walk(side, 320, begin + abs(side - 320) / speed + luck.uniform(0.2, 2), speed)
    return (lambda t: at_work(t) if t < begin else away(t)), back


def comes_and_stays_half_before_the_worker(luck, begin, speed):
    """So near that the hips of both are where a detector may find the hips of one."""
    beside = luck.choice([-1, 1]) * luck.uniform(0.4, 0.8) * TORSO
    return at_work, walk(LEFT if beside < 0 else RIGHT, 320 + beside, begin, speed, near=1)


def looks_in_and_goes(luck, begin, speed):
    side = luck.choice([LEFT, RIGHT])
    inside = side + (3 if side < 0 else -3) * TORSO
    turns = begin + abs(inside - side) / speed + luck.uniform(0, 2)
    comes, goes = walk(side, inside, begin, speed), walk(inside, side, turns, speed)
    return at_work, (lambda t: comes(t) if t < turns else goes(t))


MEETINGS = [
    crosses_in_front,
    crosses_in_front_from_the_right,
    crosses_behind,
    comes_from_the_background,
    comes_from_before_the_camera,
    swap_places,
    leaves_and_the_other_takes_the_place,
    relieves_the_worker_who_leaves_hidden,
    leaves_and_comes_back_as_another,
    comes_and_stays_half_before_the_worker,
    looks_in_and_goes,
]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("meeting", MEETINGS, ids=lambda one: one.__name__)
def test_not_one_pose_of_the_other_is_kept(meeting, seed):
    luck = random.Random(f"{meeting.__name__} {seed}")
    begin, speed = luck.uniform(11, 16), luck.uniform(80, 200)  # 0.5 to 1.25 m/s
    worker, other = meeting(luck, begin, speed)
    kept, _ = film(DuoEngine(worker, other, seed), seconds=28)
    assert kept.whose == {WORKER}
    (ending,) = kept.endings
    assert ending not in {"the recorder stopped", "something failed"}
    assert max(kept.times) < begin + abs(RIGHT - LEFT) / speed, "over for good"


def overlooked(seed):
    """The other one comes up unseen by any search; seconds later one finds the worker, who is leaving."""
    luck = random.Random(seed)
    begin, speed = 12 + luck.random(), luck.uniform(100, 180)
    there = begin + 400 / speed
    found = there + luck.uniform(1, 3)
    comes, away = walk(LEFT, 320, begin, speed, near=1), walk(320, 480, there, speed)
    return DuoEngine(
        lambda t: at_work(t) if t < there else away(t),
        comes,
        seed,
        missed=0,
        half_missed=0,
        found_worker=lambda t: not there < t < found,
        found_other=lambda t: t > there,
    )


def relieved_as_it_begins(seed, speed):
    """From just after the check-in at 10 s the other one stands before the worker, who goes away hidden."""
    luck = random.Random(seed)
    side, there = luck.choice([LEFT, RIGHT]), 10 + luck.uniform(0, 0.6)
    comes = walk(side, 320, there - abs(320 - side) / speed, speed, near=1)
    away = walk(320, luck.choice([LEFT, RIGHT]), there, speed)
    return DuoEngine(lambda t: at_work(t) if t < there else away(t), comes, seed)


def late(heard):
    return Permitting(since=10.0, heard=heard)


@pytest.mark.parametrize("heard", [10.5, 10.9, 11.5, 12.0, 30.0])
@pytest.mark.parametrize("speed", [200, 350])
@pytest.mark.parametrize("seed", range(3))
def test_whoever_relieves_the_worker_before_the_recorder_hears_of_it_is_not_kept(seed, speed, heard):
    engine = relieved_as_it_begins(seed, speed)
    kept, _ = film(engine, seconds=heard + 10, permitting=late(heard), rate=4.0)
    assert OTHER not in kept.whose
    assert len(kept.endings) == 1
    assert heard < 11 or kept.endings == [Ending.NOT_THERE]


@pytest.mark.parametrize(("speed", "heard"), [(200, 14.0), (350, 12.0)])
def test_these_worlds_would_show_it_if_a_session_began_late(monkeypatch, speed, heard):
    monkeypatch.setattr("capture.motion.session.LATEST_BEGIN", 60 * SECOND)
    engine = relieved_as_it_begins(0, speed)
    kept, _ = film(engine, seconds=heard + 10, permitting=late(heard), rate=4.0)
    assert OTHER in kept.whose


@pytest.mark.parametrize("seed", range(5))
def test_who_is_found_out_late_is_not_kept_either(seed):
    """For a second or more, the poses are those of somebody whom every search takes for the worker."""
    kept, _ = film(overlooked(seed), seconds=28)
    assert kept.whose == {WORKER}
    assert kept.endings == [Ending.SECOND_PERSON]


@pytest.mark.parametrize(
    ("place", "value", "engine"),
    [
        ("capture.motion.held.HELD_BACK", 0, overlooked(0)),
        (
            "capture.motion.session.OtherPeople.search",
            lambda *_: Presence.ALONE,
            DuoEngine(*relieves_the_worker_who_leaves_hidden(random.Random(7), 12, 150)),
        ),
    ],
    ids=["nothing held back", "nobody searched for"],
)
def test_the_worlds_would_show_a_leak(monkeypatch, place, value, engine):
    monkeypatch.setattr(place, value)
    kept, _ = film(engine, seconds=28)
    assert OTHER in kept.whose


@pytest.mark.parametrize("seed", range(5))
def test_whoever_runs_up_to_the_worker_is_noticed_as_soon_as_both_are_found(seed):
    """Nobody is found apart from the worker on the way; then both are, 0.6 torso lengths from each other."""
    comes = walk(LEFT, 320 - 0.6 * TORSO, 8, 550, near=1)
    kept, _ = film(DuoEngine(lambda _: Body(320), comes, seed, found_other=lambda t: t > 8.7), rate=4.0)
    assert kept.whose <= {WORKER}
    assert kept.endings == [Ending.SECOND_PERSON]


FASTEST = 400.0
"""Pixels per second, 2.5 m/s: who runs can be before the worker between two looks (decision 0021)."""


def steps(x):
    """Way points: (seconds until then, x)."""
    return st.lists(st.tuples(st.floats(0.5, 6), x), min_size=1, max_size=6)


def along(points, first, near):
    """Walk from point to point, longer than said where that would be faster than people walk."""

    def path(t):
        here, x = 0.0, first
        for said, target in points:
            duration = max(said, abs(target - x) / FASTEST)
            if t < here + duration:
                return Body(x + (t - here) / duration * (target - x), near=near)
            here, x = here + duration, target
        return Body(x, near=near)

    return path


@settings(max_examples=25, deadline=None)
@given(
    steps(st.floats(250, 400)),
    st.floats(8, 14),
    steps(st.floats(LEFT, RIGHT)),
    st.sampled_from([-1, 1]),
    st.integers(0, 99),
)
def test_what_is_kept_is_the_workers_from_check_in_to_the_first_end(mine, delay, others, near, seed):
    worker, wanders = along(mine, 320.0, 0), along([(delay, LEFT), *others], LEFT, near)
    heard = []

    class Heard(Kept):
        def ended(self, session, station, ending):
            heard.append(len(self.pieces))
            super().ended(session, station, ending)

    kept, _ = film(DuoEngine(worker, wanders, seed), seconds=24, keeper=Heard(), rate=4.0)
    assert kept.whose <= {WORKER}
    assert len(kept.endings) == 1
    assert heard == [len(kept.pieces)], "nothing comes after the end"
    assert all(1.0 <= at < 24.0 for at in kept.times)
    assert kept.times == sorted(set(kept.times))
