import pytest

from productivity.errors import BadInput
from productivity.evaluation import Evaluation, StateTime
from productivity.hierarchy import DEFAULT_HIERARCHY
from productivity.iso22400 import PersonnelStates, worker_efficiency
from productivity.levels import Level
from productivity.records import RecordingMode

HOUR = 3_600_000_000_000
STATES = PersonnelStates(("absenteeism",), ("planned break",), ("manual assembly", "part handling"))


def evaluation(paid, **hours):
    states = tuple(
        StateTime(
            name,
            DEFAULT_HIERARCHY.category(name),
            DEFAULT_HIERARCHY.value_adding(name),
            (RecordingMode.OMD,),
            number * HOUR,
            number * HOUR,
            number * HOUR,
        )
        for name, number in hours.items()
    )
    return Evaluation("cell", Level.CELL, "may", paid * HOUR, states, (paid - sum(hours.values())) * HOUR)


HOURS = {
    "manual assembly": 60,
    "reaching": 20,
    "sickness": 10,
    "planned break": 10,
    "rework": 12,
    "waiting": 8,
}


def test_worker_efficiency_is_work_on_orders_over_attendance_without_breaks():
    """160 h paid, 10 h sick, 10 h of breaks: attended 140 h, of which 60 h + 20 h on orders."""
    found = worker_efficiency(evaluation(160, **HOURS), DEFAULT_HIERARCHY, STATES)
    assert (found.apwt_ns, found.apat_ns) == (80 * HOUR, 140 * HOUR)
    assert found.ratio == 80 / 140


def test_without_attendance_there_is_no_efficiency():
    found = worker_efficiency(evaluation(10, sickness=10), DEFAULT_HIERARCHY, STATES)
    assert (found.apat_ns, found.ratio) == (0, None)


@pytest.mark.parametrize(
    ("states", "complaint"),
    [
        (PersonnelStates((), (), ("polishing",)), "not in the state hierarchy"),
        (PersonnelStates(("absenteeism", "sickness"), (), ("screwing",)), "'sickness' would count twice"),
        (PersonnelStates((), ("screwing",), ("screwing",)), "'screwing' would count twice"),
        (PersonnelStates((), (), ("irregular",)), "not in the state hierarchy"),
    ],
)
def test_states_that_cannot_make_up_a_time_are_refused(states, complaint):
    with pytest.raises(BadInput, match=complaint):
        states.check(DEFAULT_HIERARCHY)
