"""Frames in, intervals out: the whole walk of a picture, in a scripted world without cameras and networks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.frame import Frame, Gap
from capture.gate import Decision, OpenGate
from capture.station.file import parse_station
from capture.vision import watch
from models.pose import JOINTS, Pose, Region
from productivity.time import SECOND, Duration, Instant
from productivity.timeline import Span, check_tiling

LEFT_ZONE, RIGHT_ZONE = (110.0, 180.0), (530.0, 180.0)

STATION = parse_station(
    """
fairtakt: station 1
name: bench
zones:
  parts: [[0.1, 0.4], [0.25, 0.4], [0.25, 0.6], [0.1, 0.6]]
  box: [[0.75, 0.4], [0.9, 0.4], [0.9, 0.6], [0.75, 0.6]]
  place: [[0.3, 0.3], [0.7, 0.3], [0.7, 0.9], [0.3, 0.9]]
place: place
states:
  - {name: part handling, category: cycle-bound, when: hand in parts, shortest_s: 1}
  - {name: packaging, category: cycle-bound, when: hand in box, shortest_s: 1}
  - {name: waiting, category: irregular, shortest_s: 2,
     when: {all: [still for 2 s, {not: hand in parts}, {not: hand in box}]}}
cycle: {first: part handling, last: packaging}
""",
    "bench.yaml",
)


class ClosedGate:
    """Refuses from one instant to another."""

    def __init__(self, start: float, end: float, reason: str = "suspended by the works council") -> None:
        self.span = (start * SECOND, end * SECOND)
        self.reason = reason

    def allowed(self, station: str, purpose: str, at: Instant) -> Decision:
        return Decision(not self.span[0] <= at < self.span[1], self.reason)

    def recorded(self, station: str, at: Instant, duration: Duration) -> None:
        """Count nothing."""


def states(intervals):
    return [interval.state for interval in intervals]


def test_the_boundary_between_two_states_is_found_to_a_frame(world, person):
    """The hands move from the parts to the box at 4.0 s; poses come only three times per second."""

    def script(t):
        hand = LEFT_ZONE if t < 3.8 else RIGHT_ZONE if t > 4.2 else None
        if hand is None:
            share = (t - 3.8) / 0.4
            hand = (LEFT_ZONE[0] + share * (RIGHT_ZONE[0] - LEFT_ZONE[0]), 180.0)
        return person(left=hand, right=hand)

    intervals = list(watch(world.frames(8), [STATION], world.engine(script), OpenGate()))
    assert states(intervals) == ["part handling", "packaging"]
    assert intervals[1].start / SECOND == pytest.approx(4.0, abs=0.17)
    assert intervals[1].end == 8 * SECOND


def test_nobody_there_is_not_recorded_and_says_so(world):
    (interval,) = watch(world.frames(5), [STATION], world.engine(lambda _: None), OpenGate())
    assert (interval.state, interval.reason, interval.duration) == (
        "not recorded",
        "nobody present",
        5 * SECOND,
    )


@pytest.mark.parametrize(
    ("what", "replacement"),
    [
        ("a table: the detector hardly believes it", {"found": 0.57}),
        ("a region without a person", {"presence": 0.2}),
        ("a body whose shoulders and hips coincide", {"torso": 8.0}),
        ("somebody who passes outside the place", {"hips": (60.0, 220.0)}),
    ],
)
def test_what_is_not_the_worker_is_nobody(world, person, what, replacement):
    engine = world.engine(lambda _: person(left=LEFT_ZONE, **replacement))
    intervals = list(watch(world.frames(5), [STATION], engine, OpenGate()))
    assert states(intervals) == ["not recorded"], what


def test_who_vanishes_from_the_middle_of_the_picture_is_unknown(world, person):
    """A body cannot leave without passing an edge; for a while the recorder says it cannot tell."""
    engine = world.engine(lambda t: person(left=LEFT_ZONE, right=LEFT_ZONE) if t < 5 or t > 8.5 else None)
    intervals = list(watch(world.frames(14), [STATION], engine, OpenGate()))
    assert states(intervals) == ["part handling", "unknown", "part handling"]


def test_who_walks_out_is_gone_at_once(world, person):
    engine = world.engine(lambda t: person(hips=(320 + 60 * max(0, t - 3), 220.0)) if t < 5 else None)
    intervals = list(watch(world.frames(10), [STATION], engine, OpenGate()))
    assert intervals[-1].reason == "nobody present"
    last_seen, first_missed = 14 / 3, 15 / 3
    assert last_seen < intervals[-1].start / SECOND < first_missed, "half of the time between two looks"


def test_a_state_that_explains_an_absence_wins_over_plain_absence(world):
    text = """
fairtakt: station 1
name: bench
states: [{name: break, category: periodical, when: absent}]
"""
    engine = world.engine(lambda _: None)
    intervals = list(watch(world.frames(5), [parse_station(text, "bench.yaml")], engine, OpenGate()))
    assert states(intervals) == ["break"]


def test_waiting_begins_when_the_hands_come_to_rest_not_seconds_later(world, person):
    """`still for 2 s` is known only after two seconds, and then holds from the beginning."""

    def script(t):
        if t < 4:
            return person(left=(LEFT_ZONE[0] + 15 * np.sin(9 * t), 180.0), right=LEFT_ZONE)
        return person()

    intervals = list(watch(world.frames(12), [STATION], world.engine(script), OpenGate()))
    assert states(intervals) == ["part handling", "waiting"]
    assert intervals[1].start / SECOND == pytest.approx(4.0, abs=0.4)


def test_a_hidden_hand_does_not_hide_the_state(world, person):
    engine = world.engine(lambda t: person(left=LEFT_ZONE, right=LEFT_ZONE if t < 3 or t > 8 else None))
    assert states(watch(world.frames(11), [STATION], engine, OpenGate())) == ["part handling"]


def test_a_gap_is_not_recorded_with_its_reason_and_cuts_nothing_else(world, person):
    engine = world.engine(lambda _: person(left=LEFT_ZONE, right=LEFT_ZONE))
    lost = Gap(Instant(3 * SECOND), Duration(2 * SECOND), "camera lost")
    intervals = list(
        watch([*world.frames(3), lost, *world.frames(3, start=5.0)], [STATION], engine, OpenGate())
    )
    assert states(intervals) == ["part handling", "not recorded", "part handling"]
    assert (intervals[1].start, intervals[1].duration, intervals[1].reason) == (
        lost.time,
        lost.duration,
        lost.reason,
    )


def test_pictures_that_the_gate_refuses_are_not_even_converted(world, person):
    engine = world.engine(lambda _: person(left=LEFT_ZONE, right=LEFT_ZONE))
    intervals = list(watch(world.frames(9), [STATION], engine, ClosedGate(3, 6)))
    assert states(intervals) == ["part handling", "not recorded", "part handling"]
    assert intervals[1].reason == "suspended by the works council"
    assert engine.searches == 2, "whoever is there afterwards is searched anew"
    assert not [ms for ms in world.conversions if 3000 <= ms < 6000]
    assert [ms for ms in world.conversions if ms < 3000]


class EndingGate(OpenGate):
    """Permits up to an instant that lies in the middle of a picture, and keeps what it is told."""

    def __init__(self, until: Instant) -> None:
        self.until = until
        self.told: list[tuple[Instant, Duration]] = []

    def allowed(self, station: str, purpose: str, at: Instant) -> Decision:
        return Decision(at < self.until, "the minutes are used up", self.until)

    def recorded(self, station: str, at: Instant, duration: Duration) -> None:
        self.told.append((at, duration))


def test_a_picture_that_lasts_beyond_the_permission_is_not_looked_at(world, person):
    frames = world.frames(4, rate=10.0)
    gate = EndingGate(Instant(2 * SECOND + 50_000_000))
    engine = world.engine(lambda _: person(left=LEFT_ZONE, right=LEFT_ZONE))
    intervals = list(watch(frames, [STATION], engine, gate))
    assert states(intervals) == ["part handling", "not recorded"]
    assert (intervals[1].start, intervals[1].reason) == (2 * SECOND, "the minutes are used up")
    assert max(world.conversions) < 2000


def test_the_gate_is_told_of_each_picture_that_is_recorded_and_of_no_other(world, person):
    frames = world.frames(3, rate=10.0)
    lost = Gap(Instant(1 * SECOND), Duration(SECOND), "camera lost")
    gate = EndingGate(Instant(2 * SECOND + 500_000_000))
    stream = [*frames[:10], lost, *frames[20:]]
    intervals = list(watch(stream, [STATION], world.engine(lambda _: person()), gate))
    assert gate.told == [(frame.time, frame.duration) for frame in (*frames[:10], *frames[20:25])]
    refused = {"camera lost", "the minutes are used up"}
    assert sum(d for _, d in gate.told) == sum(i.duration for i in intervals if i.reason not in refused)


def test_two_stations_share_one_pass_and_one_conversion(world, person):
    text = "fairtakt: station 1\nname: {}\nstates: [{{name: there, category: irregular, when: present}}]"
    stations = [parse_station(text.format(name), name) for name in ("one", "two")]
    engine = world.engine(lambda _: person())
    intervals = list(watch(world.frames(4), stations, engine, OpenGate()))
    assert [(i.station, i.state, i.duration) for i in intervals] == [
        ("one", "there", 4 * SECOND),
        ("two", "there", 4 * SECOND),
    ]
    assert len(world.conversions) == len(set(world.conversions))


def test_whoever_tries_rules_hears_how_well_each_state_fits_frame_by_frame(world, person):
    def script(t):
        hand = LEFT_ZONE if t < 3 else RIGHT_ZONE
        return person(left=hand, right=hand)

    engine = world.engine(script)
    heard = []
    frames = world.frames(6)
    intervals = watch(frames, [STATION], engine, OpenGate(), on_fits=lambda *told: heard.append(told))
    assert states(intervals) == ["part handling", "packaging"]
    assert [(station, time, duration) for station, time, duration, _ in heard] == [
        ("bench", frame.time, frame.duration) for frame in frames
    ]
    fits = {time / SECOND: fit for _, time, _, fit in heard}
    assert {len(fit) for fit in fits.values()} == {len(STATION.states) + 2}
    assert fits[1.0][0] > 0.9 > 0.1 > fits[1.0][1]
    assert fits[5.0][1] > 0.9 > 0.1 > fits[5.0][0]


def test_poses_come_at_the_rate_of_the_station_file(world, person):
    engine = world.engine(lambda _: person())
    list(watch(world.frames(20), [STATION], engine, OpenGate()))
    assert len(world.conversions) == pytest.approx(20 * STATION.pose_rate, abs=2)


@st.composite
def streams(draw):
    """Frames of uneven length with gaps and refusals in between, each a number of nanoseconds."""
    return draw(
        st.lists(
            st.tuples(
                st.sampled_from(["frame", "frame", "frame", "gap", "refused"]), st.integers(1, 400_000_000)
            ),
            max_size=60,
        )
    )


class _Blank:
    """A picture of nothing."""

    width, height = 64, 64

    def rgb(self):
        return np.zeros((64, 64, 3), np.uint8)

    def luma(self):
        return np.random.default_rng().integers(0, 255, (64, 64), dtype=np.uint8)


class _RandomEngine:
    """Sees somebody, anywhere, or nobody, by chance."""

    name = "random"

    def __init__(self, rng):
        self.rng = rng

    def regions(self, picture):
        return [Region(32, 32, 64, 0.0, 0.9)] * int(self.rng.integers(0, 2))

    def pose(self, picture, region):
        joints = self.rng.uniform(0, 64, (JOINTS, 3)).astype(np.float32)
        joints[:, 2] /= 64
        return Pose(joints, float(self.rng.uniform(0, 1.5)), region)

    def close(self):
        """Hold nothing."""


class ListedGate:
    """Refuses the instants on a list."""

    def __init__(self, refused: set[int]) -> None:
        self.refused = refused

    def allowed(self, station: str, purpose: str, at: Instant) -> Decision:
        return Decision(at not in self.refused, "refused")

    def recorded(self, station: str, at: Instant, duration: Duration) -> None:
        """Count nothing."""


@settings(max_examples=150, deadline=None)
@given(stream=streams(), seed=st.integers(0, 2**16))
def test_durations_add_up_to_the_recorded_span_whatever_frames_were_lost(stream, seed):
    """Promise 1, in whole nanoseconds."""
    rng = np.random.default_rng(seed)
    items, refused, now = [], set(), 0
    for kind, duration in stream:
        if kind == "gap":
            items.append(Gap(Instant(now), Duration(duration), "camera lost"))
        else:
            items.append(Frame(_Blank(), Instant(now), Duration(duration), len(items), "camera"))
            if kind == "refused":
                refused.add(now)
        now += duration
    intervals = list(watch(items, [STATION], _RandomEngine(rng), ListedGate(refused)))
    check_tiling(intervals, Span(Instant(0), Instant(now)))
    assert sum(i.duration for i in intervals) == now
    by_reason = sum(i.duration for i in intervals if i.reason in {"camera lost", "refused"})
    assert by_reason == sum(d for kind, d in stream if kind != "frame")
