"""When a motion session begins, what ends it, and what is left of it then."""

import time
from dataclasses import replace

import numpy as np
import pytest

from capture.frame import Gap
from capture.gate import Decision, OpenGate
from capture.motion.channel import Ending, MotionPermission, MotionPort
from capture.motion.held import HELD_BACK
from capture.vision import watch
from models.motion import LONGEST_MOTION_NS, Motion
from models.pose import JOINTS
from productivity.time import SECOND, Duration, Instant
from tests.capture.conftest import TORSO, World
from tests.capture.motion.duo import (
    CHECK_IN,
    STATION,
    WORKER,
    Body,
    DuoEngine,
    Kept,
    Permitting,
    at_work,
    film,
    nobody,
)

HELD_S = HELD_BACK / SECOND
LOOK_S = 1 / 3
AT = 12.0
"""When something happens in the tests below."""


def until(t, path, then=nobody):
    return lambda now: path(now) if now < t else then(now)


def alone(**keys):
    return DuoEngine(at_work, nobody, missed=0.0, **keys)


def walks_out(t):
    return Body(320 + 120 * max(0.0, t - AT + 3))


class Suspended(OpenGate):
    def allowed(self, station, purpose, at):
        return Decision(at < AT * SECOND, "the works agreement is suspended")


def with_gap(length_s):
    frames = World().frames(AT, rate=6)
    gap = Gap(Instant(round(AT * SECOND)), Duration(round(length_s * SECOND)), "stream broken")
    return [*frames, gap, *World().frames(5, start=AT + length_s, rate=6)]


def with_frames_dropped():
    """One picture lasts a second, as far as the source says."""
    world = World()
    late = world.frame(round(AT * SECOND), SECOND)
    return [*world.frames(AT, rate=6), late, *world.frames(7, start=AT + 1, rate=6)]


ENDINGS = {
    "a second person": (
        Ending.SECOND_PERSON,
        DuoEngine(at_work, lambda t: Body(600) if t >= AT else None, missed=0),
        {},
    ),
    "somebody far behind": (
        Ending.SECOND_PERSON,
        DuoEngine(at_work, lambda t: Body(100, 60, -1, 20) if t >= AT else None, missed=0),
        {},
    ),
    "lost in the middle": (Ending.LOST, DuoEngine(until(AT, at_work), nobody, missed=0), {}),
    "went away": (Ending.NOBODY, DuoEngine(walks_out, nobody, missed=0), {}),
    "jumped": (Ending.LOST, DuoEngine(until(AT, at_work, lambda _: Body(430)), nobody, missed=0), {}),
    "not found by the detector": (Ending.UNSURE, alone(found_worker=lambda t: t < AT), {}),
    "time or check-out": (Ending.TIME, alone(), {"permitting": Permitting(until=AT)}),
    "withdrawn": (Ending.NOT_PERMITTED, alone(), {"permitting": Permitting(refused_from=AT)}),
    "the gate refuses": (Ending.REFUSED, alone(), {"gate": Suspended()}),
    "a gap": (Ending.GAP, alone(), {"frames": with_gap(0.1)}),
    "pictures dropped without a word": (Ending.GAP, alone(), {"frames": with_frames_dropped()}),
    "the recorder stops": (Ending.STOP, alone(), {"seconds": AT}),
}


@pytest.mark.parametrize(("ending", "engine", "how"), ENDINGS.values(), ids=ENDINGS)
def test_it_ends_at_once_and_for_good(ending, engine, how):
    """Nothing of the last seconds is kept, and after a refusal nothing that has not left yet."""
    kept, _ = film(engine, **{"seconds": 20.0, **how})
    assert kept.endings == [ending]
    if ending in {Ending.NOT_PERMITTED, Ending.REFUSED}:
        assert kept.pieces == []
        return
    assert kept.whose == {WORKER}
    assert 1.0 <= min(kept.times) < 1.0 + 2 * LOOK_S
    assert AT - HELD_S - 4 * LOOK_S < max(kept.times) <= AT - HELD_S + 4 * LOOK_S


BEGINNINGS = {
    "nobody there": (Ending.NOBODY, DuoEngine(nobody, nobody), {}),
    "comes after the check-in": (
        Ending.NOBODY,
        DuoEngine(lambda t: at_work(t) if t >= 2 else None, nobody, missed=0),
        {},
    ),
    "checked in before the recording": (Ending.NOT_THERE, alone(), {"permitting": Permitting(since=-0.5)}),
    "heard of late": (Ending.NOT_THERE, alone(), {"permitting": Permitting(since=2.0, heard=3.2)}),
    "somebody else there": (
        Ending.SECOND_PERSON,
        DuoEngine(at_work, lambda _: Body(60), missed=0),
        {"seconds": 5},
    ),
    "over before it began": (Ending.TIME, alone(), {"permitting": Permitting(until=1.0)}),
}


@pytest.mark.parametrize(("ending", "engine", "how"), BEGINNINGS.values(), ids=BEGINNINGS)
def test_it_does_not_begin(ending, engine, how):
    kept, _ = film(engine, **{"seconds": 10.0, **how})
    assert (kept.pieces, kept.endings) == ([], [ending])


def test_who_was_searched_for_between_check_in_and_first_look_is_not_taken_for_the_worker():
    """The recorder hears of the check-in at 3.9 s; at 3.3 s, one person left and another one came."""
    swapped = until(3.3, at_work, lambda t: Body(120) if t > 3.5 else None)
    permitting = Permitting(since=3.0, heard=3.9)
    kept, _ = film(DuoEngine(swapped, nobody, missed=0), permitting=permitting, seconds=15)
    assert (kept.pieces, kept.endings) == ([], [Ending.NOT_THERE])


def test_a_search_that_fails_at_the_first_look_ends_what_was_asked_for():
    """Else it would be tried again at each look."""
    engine, searches = alone(), []

    def suspects(picture):
        searches.append(picture)
        raise RuntimeError("unforeseen")

    engine.regions, engine.suspects = engine.suspects, suspects
    kept, _ = film(engine, seconds=5)
    assert (len(searches), kept.pieces, kept.endings) == (1, [], [Ending.FAILED])


class Twice:
    """Two check-ins, at 1 s and at 11 s, and whose they are."""

    def __init__(self, first, second):
        self.workers = first, second

    def keeps(self, station, at):
        number = int(at >= 10 * SECOND)
        since = Instant((1, 11)[number] * SECOND)
        if at < since:
            return None
        return MotionPermission("ab"[number], since, Instant(2**62), self.workers[number])


class KeptOfAny(Kept):
    def keep(self, session, station, begin, motion):
        super().keep(CHECK_IN, station, begin, motion)


def test_a_new_check_in_begins_anew():
    kept, _ = film(alone(), permitting=Twice("one", "one"), keeper=KeptOfAny(), seconds=20)
    assert kept.endings == [Ending.NOT_PERMITTED, Ending.STOP]
    assert min(kept.times) >= 11.0


@pytest.mark.parametrize("workers", [("one", "another"), (None, None)], ids=["another", "not told"])
def test_nobody_else_checks_in_as_the_one_who_is_followed(workers):
    """Somebody else's check-in does not make the first worker's body theirs."""
    kept, _ = film(alone(), permitting=Twice(*workers), keeper=KeptOfAny(), seconds=20)
    assert (kept.pieces, kept.endings) == ([], [Ending.NOT_PERMITTED, Ending.NOT_THERE])


def test_whoever_is_found_anew_may_be_somebody_else_who_checks_in():
    """The first worker was out of sight at 9 s."""
    again = until(9.0, at_work, lambda t: at_work(t) if t > 9.5 else None)
    permitting = Twice("one", "another")
    kept, _ = film(DuoEngine(again, nobody, missed=0), permitting=permitting, keeper=KeptOfAny(), seconds=20)
    assert kept.endings == [Ending.LOST, Ending.STOP]
    assert any(at >= 11.0 for at in kept.times)


# --- Pictures that are not of now. ---


def arriving(frames, late_s):
    """Hand frames over as if each had arrived so long ago."""
    for frame in frames:
        late = round(late_s(frame.time / SECOND) * SECOND)
        yield replace(frame, arrived=time.monotonic_ns() - late)


@pytest.mark.parametrize(("late_s", "endings"), [(0.9, [Ending.STOP]), (1.1, [Ending.GAP])])
def test_none_begins_on_an_old_picture(late_s, endings):
    frames = arriving(World().frames(15, rate=6), lambda _: late_s)
    kept, _ = film(alone(), frames=frames)
    assert (bool(kept.pieces), kept.endings) == (endings == [Ending.STOP], endings)


def test_it_ends_when_pictures_come_late():
    frames = arriving(World().frames(20, rate=6), lambda t: 0.0 if t < AT else 3.0)
    kept, _ = film(alone(), frames=frames)
    assert kept.endings == [Ending.GAP]
    assert AT - HELD_S - 4 * LOOK_S < max(kept.times) <= AT - HELD_S


def test_nothing_is_kept_that_was_filmed_before_the_check_in():
    """The worker checks in at 2 s, while the picture of 1.2 s is in hand."""
    frames = arriving(World().frames(15, rate=6), lambda _: 0.8)
    kept, _ = film(alone(), frames=frames, permitting=Permitting(since=2.0))
    assert kept.endings == [Ending.STOP]
    assert 2.0 <= min(kept.times) < 2.0 + 2 * LOOK_S


def test_a_late_picture_does_not_prolong_it():
    """It is over at 12 s, when the picture in hand is of 11.2 s."""
    frames = arriving(World().frames(15, rate=6), lambda _: 0.8)
    kept, _ = film(alone(), frames=frames, permitting=Permitting(until=AT))
    assert kept.endings == [Ending.TIME]
    assert max(kept.times) <= AT - 0.8 - HELD_S


def test_a_station_that_is_looked_at_seldom_keeps_no_motion():
    slow = STATION.model_copy(update={"pose_rate": 1.0})
    kept = Kept()
    port = MotionPort(Permitting(), kept)
    list(watch(World().frames(20, rate=6), [slow], alone(), OpenGate(), motion=port))
    assert (kept.pieces, kept.endings) == ([], [Ending.GAP])


def test_pieces_are_at_most_a_minute_and_none_is_lost_between_them():
    kept, _ = film(alone(), seconds=200)
    assert [motion.span_ns <= LONGEST_MOTION_NS for _, motion in kept.pieces] == [True] * 4
    assert min(motion.span_ns for _, motion in kept.pieces[:3]) > LONGEST_MOTION_NS - SECOND
    gaps = np.diff(kept.times)
    assert gaps.max() < 0.51
    assert kept.times[-1] == pytest.approx(200 - HELD_S, abs=2 * LOOK_S)
    first = kept.pieces[0][1]
    assert (first.picture, first.joints.shape[1:]) == ((640, 360), (JOINTS, 4))


def test_intervals_are_the_same_bit_for_bit_with_a_session_and_without():
    def engine():
        return DuoEngine(until(25, at_work), lambda t: Body(600) if t > 20 else None, missed=0)

    kept, with_session = film(engine(), seconds=40)
    assert kept.pieces
    assert with_session == list(watch(World().frames(40, rate=6), [STATION], engine(), OpenGate()))


def test_without_a_session_nobody_is_searched_for_and_nothing_is_heard():
    engine, kept = alone(), Kept()
    engine.suspects = None  # would raise
    engine.regions = lambda picture: DuoEngine.suspects(engine, picture)
    port = MotionPort(Permitting(since=1e5), kept)
    list(watch(World().frames(5, rate=6), [STATION], engine, OpenGate(), motion=port))
    assert (kept.pieces, kept.endings) == ([], [])


# --- What is in memory. ---


def test_what_was_handed_over_is_overwritten():
    kept, _ = film(alone(), seconds=100)
    assert len(kept.given) == 2
    assert not any(motion.joints.any() for motion in kept.given)


@pytest.mark.parametrize("end", [Ending.LOST, Ending.NOT_PERMITTED])
def test_what_is_forgotten_is_overwritten(monkeypatch, end):
    arrays = []
    zeros = np.zeros

    def watched(shape, *arguments, **options):
        arrays.append(zeros(shape, *arguments, **options))
        return arrays[-1]

    monkeypatch.setattr("capture.motion.held.np.zeros", watched)
    engine = DuoEngine(until(AT, at_work), nobody, missed=0) if end is Ending.LOST else alone()
    permitting = Permitting() if end is Ending.LOST else Permitting(refused_from=AT)
    kept, _ = film(engine, seconds=15, permitting=permitting)
    assert kept.endings == [end]
    buffers = [array for array in arrays if array.shape[1:] == (JOINTS, 4)]
    assert buffers
    assert not any(array.any() for array in buffers)


@pytest.mark.parametrize("broken", ["keep", "keeps"])
def test_a_failure_ends_the_session_and_not_the_recording(broken):
    class Full(Kept):
        def keep(self, session, station, begin, motion):
            raise OSError("disk is full")

    class Broken(Permitting):
        def keeps(self, station, at):
            if at > AT * SECOND:
                raise RuntimeError("unforeseen")
            return super().keeps(station, at)

    kept, intervals = film(
        alone(),
        seconds=90,
        keeper=Full() if broken == "keep" else Kept(),
        permitting=Broken() if broken == "keeps" else Permitting(),
    )
    assert (kept.pieces, kept.endings) == ([], [Ending.FAILED])
    assert sum(interval.duration for interval in intervals) == 90 * SECOND


def test_a_recording_that_breaks_off_keeps_nothing_that_has_not_left():
    changing = DuoEngine(lambda t: at_work(t) if t % 20 < 15 else None, nobody, missed=0)
    kept, seen = film(changing, seconds=60, take=1, permitting=Permitting(since=21.0))
    assert seen
    assert kept.pieces == []


# --- The recorder's side of the channel. ---


def piece(span_s=1):
    times = np.array([0, span_s * SECOND], np.int64)
    return Motion(times, np.zeros((2, JOINTS, 4), np.float32), (640, 360))


def opened():
    kept = Kept()
    port = MotionPort(Permitting(), kept)
    port.open("bench", port.keeps("bench", Instant(2 * SECOND)), Instant(2 * SECOND))
    return port, kept


def closed_before(port):
    port.close(CHECK_IN, "bench", Ending.STOP)


def took_a_piece(port):
    port.keep(CHECK_IN, "bench", Instant(3 * SECOND), piece())


@pytest.mark.parametrize(
    ("before", "session", "station", "begin"),
    [
        (None, "d" * 32, "bench", 3),
        (None, CHECK_IN, "another bench", 3),
        (None, CHECK_IN, "bench", 1),
        (took_a_piece, CHECK_IN, "bench", 4),
        (closed_before, CHECK_IN, "bench", 3),
    ],
    ids=["another session", "another station", "before it", "time again", "after its end"],
)
def test_the_channel_takes_nothing_but_its_sessions_pieces(before, session, station, begin):
    port, kept = opened()
    if before is not None:
        before(port)
    count = len(kept.pieces)
    with pytest.raises(ValueError, match="the open session"):
        port.keep(session, station, Instant(begin * SECOND), piece())
    assert len(kept.pieces) == count


def test_a_session_that_has_ended_is_never_permitted_again():
    port, kept = opened()
    port.close(CHECK_IN, "bench", Ending.LOST)
    port.close(CHECK_IN, "bench", Ending.TIME)
    assert kept.endings == [Ending.LOST]
    assert port.keeps("bench", Instant(3 * SECOND)) is None
    with pytest.raises(ValueError, match="a new session"):
        port.open("bench", MotionPermission(CHECK_IN, Instant(0), Instant(9)), Instant(3))


def test_torso_lengths_of_the_tests_are_those_of_the_world():
    assert at_work(0).torso == TORSO
