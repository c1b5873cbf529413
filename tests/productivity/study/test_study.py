from dataclasses import replace

import pytest

from productivity.hierarchy import DEFAULT_HIERARCHY
from productivity.levels import Level, System, SystemNode
from productivity.portfolio import Criterion, Product, abc_analysis
from productivity.records import Documented, Output, PaidTime, RecordingMode, Records, Sampled, Unit
from productivity.states import StateCategory
from productivity.study.plan import recording_plan
from productivity.study.study import USUAL_MODES, Step, Study

SR, OMD, RTS, CV = RecordingMode.SR, RecordingMode.OMD, RecordingMode.RTS, RecordingMode.CV
SYSTEM = System(
    (
        SystemNode("hall", Level.AREA),
        SystemNode("cell", Level.CELL, "hall"),
        SystemNode("bench", Level.WORKPLACE, "cell"),
        SystemNode("press", Level.WORKPLACE, "cell"),
        SystemNode("other", Level.CELL, "hall"),
    )
)
SAMPLES = tuple(
    Sampled(station, state, RTS, (1, 2, 3, 4), variant="A", unit=unit)
    for station in ("bench", "press")
    for state, unit in (("screwing", Unit.PIECE), ("set-up", Unit.BATCH))
)
NOTES = (
    Documented("bench", "cleaning", SR, "may", 60),
    Documented("cell", "rework", SR, "may", 0),
    Documented("hall", "sickness", OMD, "may", 90),
)
COMPLETE = Study(
    SYSTEM,
    DEFAULT_HIERARCHY,
    "may",
    area="cell",
    portfolio=abc_analysis([Product("A", 90), Product("B", 10)], Criterion.OUTPUT),
    variants=("A",),
    modes=USUAL_MODES,
    plan=recording_plan("cell", SYSTEM, ["A"], USUAL_MODES),
    records=Records(
        SAMPLES, NOTES, (Output("cell", "may", "A", 10, 3),), (PaidTime("cell", "may", 900, "pay:1"),)
    ),
)


def missing(study):
    return {progress.step: [finding.code for finding in progress.missing] for progress in study.progress()}


def test_a_new_study_lacks_everything_and_starts_with_the_area():
    new = Study(SYSTEM, DEFAULT_HIERARCHY, "may")
    assert missing(new) == {
        Step.AREA: ["area-missing"],
        Step.PORTFOLIO: ["portfolio-missing"],
        Step.VARIANTS: ["variants-missing"],
        Step.MODES: ["mode-missing"] * 4,
        Step.PLAN: ["plan-missing"],
        Step.TIME_STUDIES: ["plan-missing"],
        Step.SELF_RECORDING: ["modes-missing"],
        Step.OPERATING_DATA: ["modes-missing", "output-missing", "paid-time-missing"],
    }
    assert new.next_step().step is Step.AREA


def test_a_complete_study_has_no_next_step():
    assert [progress.done for progress in COMPLETE.progress()] == [True] * 8
    assert COMPLETE.next_step() is None


def without(kind, index):
    rows = list(getattr(COMPLETE.records, kind))
    del rows[index]
    return {"records": replace(COMPLETE.records, **{kind: tuple(rows)})}


@pytest.mark.parametrize(
    ("change", "step", "codes"),
    [
        ({"area": "moon"}, Step.AREA, ["area-missing"]),
        ({"variants": ("A", "Z")}, Step.VARIANTS, ["variant-not-in-portfolio"]),
        ({"modes": {**USUAL_MODES, StateCategory.IRREGULAR: ()}}, Step.MODES, ["mode-missing"]),
        ({"plan": COMPLETE.plan[:2]}, Step.PLAN, ["station-not-planned"]),
        (without("sampled", 0), Step.TIME_STUDIES, ["samples-missing"]),
        (without("documented", 0), Step.SELF_RECORDING, ["documents-missing"]),
        (without("documented", 1), Step.SELF_RECORDING, ["documents-missing"]),
        (without("documented", 2), Step.OPERATING_DATA, ["documents-missing"]),
        (without("output", 0), Step.OPERATING_DATA, ["output-missing"]),
        (without("paid", 0), Step.OPERATING_DATA, ["paid-time-missing"]),
    ],
)
def test_what_is_taken_away_is_missing(change, step, codes):
    study = replace(COMPLETE, **change)
    assert missing(study)[step] == codes
    assert study.next_step().step is step


@pytest.mark.parametrize(
    "row",
    [
        Documented("hall", "sickness", OMD, "june", 90),
        Documented("other", "sickness", OMD, "may", 90),
        Documented("moon", "sickness", OMD, "may", 90),
        Documented("hall", "juggling", OMD, "may", 90),
        Documented("hall", "sickness", SR, "may", 90),
    ],
)
def test_a_document_of_another_period_place_state_or_mode_does_not_count(row):
    records = replace(COMPLETE.records, documented=(*NOTES[:2], row))
    assert missing(replace(COMPLETE, records=records))[Step.OPERATING_DATA] == ["documents-missing"]


def test_missing_samples_are_counted():
    few = Sampled("bench", "screwing", CV, (1, 2), variant="A")
    study = replace(COMPLETE, records=replace(COMPLETE.records, sampled=(few, *SAMPLES[1:])))
    [finding] = study.next_step().missing
    assert finding.text == "station 'bench' has 2 of 4 piece samples of variant 'A'"
    assert dict(finding.facts) == {
        "station": "bench",
        "variant": "A",
        "unit": "piece",
        "found": 2,
        "planned": 4,
    }


def test_the_assigned_modes_decide_overlaps():
    """Notes go before machine data where the study says so; a mode that it does not name comes last."""
    both = (Documented("cell", "rework", OMD, "may", 5), Documented("cell", "rework", SR, "may", 7))
    study = replace(COMPLETE, records=Records(documented=both, paid=COMPLETE.records.paid))
    assert study.analyse().of("cell").recorded_ns == 5
    notes_first = replace(study, modes={StateCategory.IRREGULAR: (SR,)})
    assert notes_first.analyse().of("cell").recorded_ns == 7


def test_an_analysis_of_the_complete_study():
    cell = COMPLETE.analyse(confidence=0.9).of("cell")
    assert (cell.paid_ns, cell.pieces, cell.confidence) == (900, 10, 0.9)
    assert {state.state: state.total_ns for state in cell.states}["screwing"] == 2 * 25
