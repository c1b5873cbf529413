"""A device that plays invented work obeys its gate, and its intervals tile its time."""

import itertools

import pytest

from capture.gate import Decision
from cli.demo.edge import Player
from productivity.intervals import StateInterval
from productivity.states import NOT_RECORDED, UNKNOWN
from productivity.time import SECOND, Instant, seconds
from productivity.timeline import Span, check_tiling


class Gate:
    """Permits what lies before `until` of the recording, and counts what was looked at."""

    def __init__(self, until_s=10**6):
        self.until = Instant(until_s * SECOND)
        self.looked = 0

    def allowed(self, station, purpose, at):
        assert (station, purpose) == ("bench", "state durations")
        if at >= self.until:
            return Decision(allowed=False, reason="the works agreement is suspended")
        return Decision(allowed=True, reason="the works agreement is suspended", until=self.until)

    def recorded(self, station, at, duration):
        assert at + duration <= self.until
        self.looked += duration


def work():
    """Three seconds of assembly, one of *unknown*, two of screwing, again and again."""
    start = 0
    for state, length_s in itertools.cycle((("manual assembly", 3), (UNKNOWN, 1), ("screwing", 2))):
        yield StateInterval("bench", state, Instant(start), seconds(length_s), 0.9)
        start += length_s * SECOND


@pytest.fixture
def played():
    """What was said while the work was played up to some instants, in seconds."""

    def play(gate, *instants_s):
        found, shown = [], []
        player = Player(work(), "bench", gate, found.append, lambda _, state: shown.append(state))
        for instant_s in instants_s:
            player.advance(Instant(round(instant_s * SECOND)))
        player.finish()
        return found, shown

    return play


def test_what_is_played_tiles_the_time_however_it_is_cut(played):
    by_seconds, _ = played(Gate(), *range(1, 21))
    by_many, _ = played(Gate(), 0.3, 0.31, 3, 3, 5.9, 8, 10.9, 13, 15, 17.5, 20)
    check_tiling(by_seconds, Span(Instant(0), seconds(20)))
    assert by_many == by_seconds
    assert [one.state for one in by_seconds[:4]] == [
        "manual assembly",
        UNKNOWN,
        "screwing",
        "manual assembly",
    ]


def test_what_is_refused_is_not_recorded_and_not_counted(played):
    gate = Gate(until_s=4.4)
    found, _ = played(gate, *range(1, 21))
    check_tiling(found, Span(Instant(0), seconds(20)))
    *seen, refused = found
    assert (refused.state, refused.reason) == (NOT_RECORDED, "the works agreement is suspended")
    assert gate.looked == sum(one.duration for one in seen) <= 4.4 * SECOND
    # The frame that would have gone beyond the permission is not looked at.
    assert refused.start == seconds(4)


def test_what_is_present_is_told_and_what_cannot_be_told_is_not(played):
    _, shown = played(Gate(until_s=5), *range(1, 7))
    assert shown == ["manual assembly"] * 3 + [None] + ["screwing"] + [None]


def test_who_comes_too_late_has_lost_pictures_and_goes_on_from_now(played):
    found, _ = played(Gate(), 2, 9, 10)
    check_tiling(found, Span(Instant(0), seconds(10)))
    assert [(one.state, one.reason, one.duration // SECOND) for one in found] == [
        ("manual assembly", "", 2),
        (NOT_RECORDED, "no frames", 7),
        (UNKNOWN, "", 1),
    ]
