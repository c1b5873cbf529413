import pytest

from productivity.cycles import count_cycles
from productivity.intervals import StateInterval
from productivity.states import NOBODY_PRESENT, NOT_RECORDED, UNKNOWN, StateCategory, WorkerState
from productivity.summary import summarise
from productivity.time import SECOND
from productivity.timeline import Span
from reports.recording import StationReport

for module in ("altair", "vl_convert", "jinja2"):
    pytest.importorskip(module, reason=f"{module} is not installed")

CYCLE_BOUND = StateCategory.CYCLE_BOUND


def lay_out(pieces, station="bench"):
    """Lay (state, seconds) one after the other; None is time in which nobody was there."""
    intervals, edge = [], 0
    for state, length in pieces:
        reason = NOBODY_PRESENT if state is None else ""
        duration = round(length * SECOND)
        intervals.append(StateInterval(station, state or NOT_RECORDED, edge, duration, 0.9, reason))
        edge += duration
    return intervals, Span(0, edge)


@pytest.fixture
def report():
    """Build a station's report; names of states and station can be chosen."""

    def build(*, cycles=3, first="part handling", last="packaging", station="bench", pieces=None):
        states = [
            WorkerState(first, CYCLE_BOUND, value_adding=False),
            WorkerState("assembly", CYCLE_BOUND, value_adding=True),
            WorkerState(last, CYCLE_BOUND, value_adding=True),
            WorkerState("break", StateCategory.PERIODICAL, value_adding=False),
        ]
        if pieces is None:
            pieces = [(None, 2.0)]
            for n in range(cycles):
                pieces += [(first, 3 + n % 3), ("assembly", 6.5), (UNKNOWN, 0.5), (last, 4 + n % 2)]
            pieces.append(("break", 12))
        intervals, span = lay_out(pieces, station)
        found = count_cycles(intervals, first, last)
        summary = summarise(station, states, intervals, found, span)
        return StationReport(station, states, intervals, found, span, summary, source="bench.mp4")

    return build
