import pytest

from productivity.levels import Level, System, SystemNode
from productivity.records import RecordingMode, Sampled, Unit
from productivity.sampling import units_after_pilot
from productivity.sessions import sample_mean
from productivity.states import StateCategory
from productivity.study.plan import PlannedStudy, observed, recording_plan, refined, stations
from productivity.study.study import USUAL_MODES

RTS, CV = RecordingMode.RTS, RecordingMode.CV
SYSTEM = System(
    (
        SystemNode("hall", Level.AREA),
        SystemNode("cell", Level.CELL, "hall"),
        SystemNode("bench", Level.WORKPLACE, "cell"),
        SystemNode("press", Level.WORKPLACE, "cell"),
        SystemNode("packing", Level.CELL, "hall"),
    )
)
STUDY = PlannedStudy("bench", "A", CV, Unit.PIECE, 4)


def pilot(state, *durations, sessions=(), variant="A", system="bench"):
    return Sampled(system, state, CV, durations, sessions, variant)


def test_a_station_is_a_system_without_parts():
    assert [node.name for node in stations("hall", SYSTEM)] == ["bench", "press", "packing"]
    assert [node.name for node in stations("bench", SYSTEM)] == ["bench"]


def test_each_station_and_variant_gets_a_study_per_sampled_category():
    plan = recording_plan("cell", SYSTEM, ["A", "B"], USUAL_MODES)
    assert [(s.system, s.variant, s.unit) for s in plan] == [
        (station, variant, unit)
        for station in ("bench", "press")
        for variant in ("A", "B")
        for unit in (Unit.PIECE, Unit.BATCH)
    ]
    assert {(s.mode, s.samples, s.sessions) for s in plan} == {(CV, 4, None)}


def test_a_category_that_is_documented_needs_no_samples():
    modes = {StateCategory.CYCLE_BOUND: (RTS,), StateCategory.BATCH_BOUND: (RecordingMode.OMD,)}
    plan = recording_plan("bench", SYSTEM, [], modes, samples=7)
    assert plan == (PlannedStudy("bench", "", RTS, Unit.PIECE, 7),)


def test_one_sample_is_too_few():
    with pytest.raises(ValueError, match="at least 2 samples, found 1"):
        recording_plan("cell", SYSTEM, [], USUAL_MODES, samples=1)


def test_two_samples_are_enough():
    assert recording_plan("bench", SYSTEM, [], USUAL_MODES, samples=2)[0].samples == 2


def test_observed_pieces_are_those_of_the_state_sampled_most():
    samples = [
        pilot("screwing", 1, 2, 3),
        pilot("screwing", 4, variant=""),
        pilot("part handling", 1),
        pilot("screwing", 1, 2, 3, 4, 5, variant="B"),
        pilot("screwing", 1, 2, 3, 4, 5, system="press"),
        Sampled("bench", "transport", CV, (1,) * 9, variant="A", unit=Unit.BATCH),
    ]
    assert observed(STUDY, samples) == 4
    assert observed(STUDY, []) == 0


def test_a_pilot_sets_the_size():
    """The half-width is 5 % of the mean piece, 100 + 20 s, so 6 s for each state; the larger n counts."""
    samples = [pilot("screwing", 90, 100, 110), pilot("part handling", 19, 20, 21)]
    [study] = refined([STUDY], samples, relative=0.05)
    expected = units_after_pilot(sample_mean([90, 100, 110]), 6.0)
    assert expected > 4 > units_after_pilot(sample_mean([19, 20, 21]), 6.0)
    assert (study.samples, study.sessions) == (expected, None)


def test_a_pilot_with_sessions_plans_sessions():
    samples = [pilot("screwing", 90, 92, 108, 110, sessions=("a", "a", "b", "b"))]
    [study] = refined([STUDY], samples, relative=0.5)
    wanted = units_after_pilot(sample_mean([90, 92, 108, 110], ["a", "a", "b", "b"]), 50.0)
    assert (study.samples, study.sessions) == (2 * wanted, wanted)


@pytest.mark.parametrize(
    ("name", "samples"),
    [
        ("no pilot", []),
        ("a single sample", [pilot("screwing", 5)]),
        ("only zeros", [pilot("screwing", 0, 0, 0)]),
        ("a steady state", [pilot("screwing", 5, 5, 5)]),
    ],
)
def test_without_a_spread_the_plan_stays(name, samples):
    assert refined([STUDY], samples, relative=0.05) == (STUDY,)


@pytest.mark.parametrize("relative", [0, -1, float("nan")])
def test_a_width_of_nothing_is_refused(relative):
    with pytest.raises(ValueError, match="relative half-width above 0"):
        refined([STUDY], [], relative)
