from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from productivity.cycles import count_cycles
from productivity.intervals import StateInterval
from productivity.states import NOBODY_PRESENT, NOT_RECORDED, UNKNOWN

# One letter is one interval of 10 ns: F first state, L last state, a and b other states of the cycle,
# w waiting, u unknown, n nobody present (seen by the camera), x not seen by the camera.
STATES = {
    "F": ("part handling", ""),
    "L": ("packaging", ""),
    "a": ("assembly", ""),
    "b": ("screwing", ""),
    "w": ("waiting", ""),
    "u": (UNKNOWN, ""),
    "n": (NOT_RECORDED, NOBODY_PRESENT),
    "x": (NOT_RECORDED, "no frames"),
}


def timeline(letters):
    return [
        StateInterval("bench", state, 10 * place, 10, reason=reason)
        for place, (state, reason) in enumerate(STATES[letter] for letter in letters)
    ]


def spans(letters, first="part handling", last="packaging"):
    """Return (place of the first interval, place behind the last one) of each cycle."""
    cycles = count_cycles(timeline(letters), first, last)
    assert [cycle.number for cycle in cycles] == list(range(1, len(cycles) + 1))
    assert {cycle.station for cycle in cycles} <= {"bench"}
    return [(cycle.start // 10, cycle.end // 10) for cycle in cycles]


CASES = [
    ("nothing recorded", "", []),
    ("a plain cycle", "FabL", [(0, 4)]),
    ("two cycles in a row", "FaLFaL", [(0, 3), (3, 6)]),
    ("a cycle ends with its last state, not with the next cycle", "FaLwwFaL", [(0, 3), (5, 8)]),
    ("waiting, unknown and an absence belong to the cycle", "FwauunbL", [(0, 8)]),
    ("back to the first state before any last one", "FaFaL", [(0, 5)]),
    ("the last state comes twice", "FaLaLwF", [(0, 5)]),
    ("the last state comes twice around a wait", "FLwLF", [(0, 4)]),
    ("open at the end", "FaLFab", [(0, 3)]),
    ("the recording begins within a cycle", "abLFaL", [(3, 6)]),
    ("a last state without a first one", "aLwL", []),
    ("not seen within the cycle", "FaxL", []),
    ("not seen between two last states", "FaLxLF", []),
    ("not seen between cycles", "FaLxFaL", [(0, 3), (4, 7)]),
    ("only the cycle with unseen time is left out", "FaLFxLFbL", [(0, 3), (6, 9)]),
    ("not seen behind the last state of the recording", "FaLx", [(0, 3)]),
]


@pytest.mark.parametrize(("letters", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_cycles(letters, expected):
    assert spans(letters) == expected


def test_a_cycle_of_one_state_is_each_of_its_intervals():
    assert spans("FwFaF", last="part handling") == [(0, 1), (2, 3), (4, 5)]


@given(st.text(alphabet="FLabwun", max_size=40))
def test_cycles_begin_and_end_with_their_states_and_never_overlap(letters):
    found = spans(letters)
    assert all(letters[start] == "F" and letters[end - 1] == "L" for start, end in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
    # Without unseen time, only what stands before the first F or behind the last L is in no cycle.
    inner = letters.partition("F")[2].rpartition("L")[1]
    assert bool(found) == bool(inner)
