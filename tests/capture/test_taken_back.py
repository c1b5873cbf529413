"""What a stop takes back becomes *not recorded*: no time is lost; what nobody looked at stays as it was."""

import pytest

from capture.taken_back import Place, without
from productivity.intervals import StateInterval
from productivity.states import NOBODY_PRESENT, NOT_RECORDED, UNKNOWN
from productivity.time import Duration, Instant

WHY = "the works agreement is suspended"


def interval(state="assembly", start=10, duration=10, reason=""):
    return StateInterval("bench", state, Instant(start), Duration(duration), 0.8, reason)


CASES = {
    "nothing is taken back": (interval(), None, [("assembly", 10, 10, "")]),
    "it ends before": (interval(), 21, [("assembly", 10, 10, "")]),
    "it ends there": (interval(), 20, [("assembly", 10, 10, "")]),
    "it reaches beyond": (interval(), 13, [("assembly", 10, 3, ""), (NOT_RECORDED, 13, 7, WHY)]),
    "it begins there": (interval(), 10, [(NOT_RECORDED, 10, 10, WHY)]),
    "it begins later": (interval(), 5, [(NOT_RECORDED, 10, 10, WHY)]),
    "unknown was looked at": (interval(UNKNOWN), 5, [(NOT_RECORDED, 10, 10, WHY)]),
    "nobody was looked at": (
        interval(NOT_RECORDED, reason=NOBODY_PRESENT),
        13,
        [(NOT_RECORDED, 10, 3, NOBODY_PRESENT), (NOT_RECORDED, 13, 7, WHY)],
    ),
    "a gap was not": (
        interval(NOT_RECORDED, reason="camera lost"),
        5,
        [(NOT_RECORDED, 10, 10, "camera lost")],
    ),
}


@pytest.mark.parametrize(("given", "until", "expected"), CASES.values(), ids=CASES)
def test_what_is_left(given, until, expected):
    place = Place("a" * 32, 1000, None if until is None else Instant(until), WHY)
    left = list(without(given, place))
    assert [(one.state, one.start, one.duration, one.reason) for one in left] == expected
    assert sum(one.duration for one in left) == given.duration
