"""A campaign stops at a station once every state's limits are narrow, in independent sessions."""

import pytest

from productivity.records import RecordingMode, Sampled, Unit
from productivity.stopping import Reason
from productivity.study.enough import sufficiency
from productivity.study.plan import PlannedStudy
from productivity.time import SECOND

STUDY = PlannedStudy("bench", "", RecordingMode.CV, Unit.PIECE, samples=20, sessions=10)


def sampled(state, seconds, sessions=10, per_session=2, spread=0.0, named=True):
    durations, names = [], []
    for session in range(sessions):
        for _ in range(per_session):
            durations.append(round((seconds + spread * (session % 2)) * SECOND))
            names.append(f"s{session}")
    return Sampled("bench", state, RecordingMode.CV, tuple(durations), tuple(names) if named else ())


def test_narrow_states_are_enough():
    found = sufficiency(STUDY, [sampled("screwing", 8), sampled("handling", 2, spread=0.1)], 0.05)
    assert (found.observed, found.sessions, found.reached, found.enough) == (20, 10, True, True)
    assert list(found.looks) == ["screwing", "handling"], "the longest first"
    assert {one.reason for one in found.looks.values()} == {Reason.ENOUGH}


def test_one_wide_state_keeps_the_campaign_going():
    found = sufficiency(STUDY, [sampled("screwing", 8), sampled("handling", 2, spread=6)], 0.05)
    assert not found.enough
    assert found.looks["handling"].reason is Reason.TOO_WIDE
    assert found.reached, "the plan is met all the same"


def test_what_hardly_matters_need_not_be_known_well():
    """The half-width is relative to the station's piece: 20 % of 0.1 s is nothing beside 10 s."""
    rare = sampled("labelling", 0.1, spread=0.02)
    assert not sufficiency(STUDY, [rare], 0.05).looks["labelling"].stop
    assert sufficiency(STUDY, [rare, sampled("screwing", 10)], 0.05).enough


def test_few_sessions_are_never_enough():
    found = sufficiency(STUDY, [sampled("screwing", 8, sessions=7)], 0.05)
    assert found.looks["screwing"].reason is Reason.TOO_FEW
    assert not found.reached


@pytest.mark.parametrize("samples", [[], [sampled("screwing", 8, named=False)], [sampled("screwing", 0)]])
def test_without_sessions_or_time_nobody_can_tell(samples):
    found = sufficiency(STUDY, samples, 0.05)
    assert (found.looks, found.enough) == ({}, False)


def test_samples_of_other_stations_and_units_do_not_count():
    other = Sampled("other", "screwing", RecordingMode.CV, (SECOND,) * 20, ("s",) * 20)
    batch = Sampled("bench", "set-up", RecordingMode.CV, (SECOND,) * 20, ("s",) * 20, unit=Unit.BATCH)
    assert sufficiency(STUDY, [other, batch], 0.05).observed == 0
