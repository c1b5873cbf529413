"""The integral analysis from records to evaluations, on worlds small enough to add up by hand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from productivity.analysis import analyse
from productivity.errors import BadInput
from productivity.hierarchy import DEFAULT_HIERARCHY
from productivity.intervals import StateInterval
from productivity.levels import Level, System, SystemNode
from productivity.records import (
    Documented,
    NotRecorded,
    Output,
    PaidTime,
    RecordingMode,
    Records,
    Sampled,
    Unit,
)
from productivity.screening import periods
from productivity.sessions import IndependentUnit
from productivity.states import NOT_RECORDED, UNKNOWN, StateCategory
from productivity.timeline import totals

SR, OMD, RTS, CV = RecordingMode.SR, RecordingMode.OMD, RecordingMode.RTS, RecordingMode.CV

# Three stations that two workers walk around (rabbit chase), so that nobody is paid "at a station";
# attendance is known for the cell, output too. A second cell has only its paid time.
SYSTEM = System(
    (
        SystemNode("hall", Level.AREA),
        SystemNode("cell", Level.CELL, "hall"),
        SystemNode("first", Level.WORKPLACE, "cell"),
        SystemNode("second", Level.WORKPLACE, "cell"),
        SystemNode("third", Level.WORKPLACE, "cell"),
        SystemNode("store", Level.CELL, "hall"),
    )
)
RABBIT_CHASE = Records(
    sampled=(
        Sampled("first", "manual assembly", CV, (20, 22), source="cv:1"),
        Sampled("second", "manual assembly", RTS, (28, 32), source="rts:1"),
        Sampled("second", "part handling", RTS, (5, 7), source="rts:2"),
        Sampled("third", "transport", RTS, (100,), unit=Unit.BATCH, source="rts:3"),
        Sampled("third", "cleaning", RTS, (40, 60), unit=Unit.SHIFT, source="rts:4"),
    ),
    documented=(
        Documented("cell", "sickness", OMD, "may", 700, source="mes:1"),
        Documented("cell", "sickness", OMD, "may", 300, source="mes:2"),
        Documented("second", "breakdown", SR, "may", 90, source="sr:1"),
        Documented("cell", "sickness", OMD, "june", 9999, source="mes:3"),
    ),
    output=(Output("cell", "may", pieces=100, batches=4, shifts=2, source="out:1"),),
    paid=(PaidTime("cell", "may", 8000, source="pay:1"), PaidTime("store", "may", 500, source="pay:2")),
)


@pytest.fixture
def chase():
    return analyse(RABBIT_CHASE, SYSTEM, DEFAULT_HIERARCHY, "may")


def state_totals(states):
    return {state.state: state.total_ns for state in states}


def test_stations_add_up_to_the_cell_and_cells_to_the_hall(chase):
    expected = {
        "manual assembly": 2100 + 3000,
        "sickness": 1000,
        "part handling": 600,
        "transport": 400,
        "cleaning": 100,
        "breakdown": 90,
    }
    assert state_totals(chase.of("cell").states) == state_totals(chase.of("hall").states) == expected


def test_states_are_ranked_and_say_how_they_were_recorded(chase):
    first = chase.of("cell").states[0]
    assert (first.state, first.category, first.value_adding) == (
        "manual assembly",
        StateCategory.CYCLE_BOUND,
        True,
    )
    assert first.modes == (RTS, CV)
    assert first.independent is IndependentUnit.SAMPLE
    assert [state.total_ns for state in chase.of("cell").states] == [5100, 1000, 600, 400, 100, 90]


def test_limits_of_stations_add_up_as_independent_ones(chase):
    """SE of means 1 and 2 s, times 100; sqrt(100^2 + 200^2); freedom (1 + 4)^2 / (1 + 16) = 25/17."""
    first = chase.of("cell").states[0]
    assert first.standard_error_ns == pytest.approx(5**0.5 * 100)
    assert first.freedom == pytest.approx(25 / 17)
    assert first.low_ns < 5100 < first.high_ns


def test_documented_time_and_single_samples(chase):
    by_state = {state.state: state for state in chase.of("cell").states}
    assert (by_state["sickness"].low_ns, by_state["sickness"].high_ns) == (1000, 1000)
    assert by_state["sickness"].independent is None
    assert (by_state["transport"].low_ns, by_state["transport"].standard_error_ns) == (None, None)


def test_the_analysis_starts_where_paid_time_is_known(chase):
    """Rabbit chase: no worker belongs to a station, so the stations have times but no portions."""
    assert [evaluation.system for evaluation in chase.evaluations] == ["hall", "cell", "store"]
    assert state_totals(next(t.states for t in chase.times if t.system.name == "third")) == {
        "transport": 400,
        "cleaning": 100,
    }
    with pytest.raises(
        BadInput, match=r"'first' has no evaluation in period 'may': .*'hall', 'cell', 'store'"
    ):
        chase.of("first")


def test_eq_1_7_and_8_of_the_cell(chase):
    cell = chase.of("cell")
    assert (cell.paid_ns, cell.recorded_ns, cell.not_recorded_ns, cell.excess_ns) == (8000, 7290, 710, 0)
    assert [cell.category_ns(category) for category in StateCategory] == [5700, 400, 100, 1090]
    assert cell.portion(cell.states[0].total_ns) == 5100 / 8000
    assert (cell.pieces, cell.irregular_per_piece_ns) == (100, 10.9)
    assert cell.non_value_adding_share == pytest.approx(1 - 5100 / 8000)


def test_whose_output_a_station_is_multiplied_with_is_said_once_per_unit(chase):
    """Stations in a row each see every piece; stations side by side do not, and must state their own."""
    notes = [(finding.code, dict(finding.facts)) for finding in chase.of("cell").findings]
    assert notes == [
        ("output-of-above", {"systems": "'first', 'second'", "lender": "cell", "unit": "piece"}),
        ("output-of-above", {"systems": "'third'", "lender": "cell", "unit": "batch"}),
        ("output-of-above", {"systems": "'third'", "lender": "cell", "unit": "shift"}),
    ]


def test_the_hall_is_paid_what_its_cells_are(chase):
    hall = chase.of("hall")
    assert (hall.paid_ns, hall.paid_given, hall.not_recorded_ns) == (8500, False, 710 + 500)
    assert (hall.pieces, hall.irregular_per_piece_ns) == (None, None)


def test_another_period_has_its_own_records():
    assert periods(RABBIT_CHASE) == ("june", "may")
    june = analyse(RABBIT_CHASE, SYSTEM, DEFAULT_HIERARCHY, "june")
    assert state_totals(june.times[1].states) == {"sickness": 9999}
    assert set(other_codes(june.findings)) == {"output-missing", "nothing-paid"}


def other_codes(findings):
    return [finding.code for finding in findings if finding.code != "output-of-above"]


def with_records(**more):
    records = RABBIT_CHASE + Records(**more)
    return analyse(records, SYSTEM, DEFAULT_HIERARCHY, "may")


def noted(system, state, duration_ns, mode=SR):
    return {"documented": (Documented(system, state, mode, "may", duration_ns, source="x:1"),)}


def sampled(system, state, variant=""):
    return {"sampled": (Sampled(system, state, CV, (5,), variant=variant, source="x:1"),)}


def put_out(system, variant, pieces):
    return {"output": (Output(system, "may", variant, pieces, source="x:1"),)}


def paid(system, duration_ns):
    return {"paid": (PaidTime(system, "may", duration_ns, source="x:1"),)}


def rest(system, duration_ns):
    return {"not_recorded": (NotRecorded(system, "may", duration_ns, source="x:1"),)}


@pytest.mark.parametrize(
    ("more", "code", "row"),
    [
        (noted("moon", "sickness", 1), "system-unknown", "x:1"),
        (sampled("moon", "screwing"), "system-unknown", "x:1"),
        (put_out("moon", "", 1), "system-unknown", "x:1"),
        (paid("moon", 1), "system-unknown", "x:1"),
        (rest("moon", 1), "system-unknown", "x:1"),
        (sampled("first", "juggling"), "state-unknown", "x:1"),
        (noted("first", "juggling", 1), "state-unknown", "x:1"),
        (noted("cell", UNKNOWN, 1, CV), "rest-left-out", "x:1"),
        (sampled("store", "screwing"), "output-missing", "x:1"),
        (noted("cell", "rework", 9000), "more-recorded-than-paid", "x:1"),
        (paid("first", 9000), "parts-paid-more", "pay:1"),
        (rest("cell", 1), "not-recorded-disagrees", "x:1"),
        (put_out("cell", "A", 101), "output-parts-exceed-whole", "x:1"),
        (put_out("cell", "A", 60) | sampled("third", "screwing", "A"), "variants-estimated", "x:1"),
        (noted("cell", "sickness", 1), "modes-overlap", "x:1"),
    ],
)
def test_what_is_wrong_is_a_finding_with_its_row(more, code, row):
    analysis = with_records(**more)
    found = [finding for finding in analysis.findings if finding.code == code]
    assert found
    assert all(row in finding.rows for finding in found)
    for evaluation in analysis.evaluations:
        figures = (evaluation.paid_ns, evaluation.not_recorded_ns, evaluation.excess_ns)
        assert min(figures) >= 0
        assert all(evaluation.portion(state.total_ns) >= 0 for state in evaluation.states)


def test_a_finding_belongs_to_its_system_and_those_above():
    analysis = with_records(**sampled("store", "screwing"))
    codes = {e.system: other_codes(e.findings) for e in analysis.evaluations}
    assert codes == {"hall": ["output-missing"], "cell": [], "store": ["output-missing"]}


def test_estimated_time_is_marked_up_to_the_top():
    analysis = with_records(**put_out("cell", "A", 60), **sampled("third", "screwing", "A"))
    marked = [[s.state for s in e.states if s.estimated] for e in analysis.evaluations]
    assert marked == [["screwing"], ["screwing"], []]
    assert other_codes(analysis.findings) == ["variants-estimated"]
    finding = next(one for one in analysis.findings if one.code == "variants-estimated")
    assert dict(finding.facts)["estimated_ns"] == 40 * 5
    assert finding.text.startswith("'screwing' of 'third' was not recorded for variants others")


def test_some_unpaid_parts_are_named():
    records = replace(RABBIT_CHASE, paid=RABBIT_CHASE.paid[:1])
    analysis = analyse(records, SYSTEM, DEFAULT_HIERARCHY, "may")
    assert [evaluation.system for evaluation in analysis.evaluations] == ["cell"]
    assert other_codes(analysis.findings) == ["paid-time-incomplete"]


def test_paid_time_of_a_cell_may_follow_from_its_rest():
    records = replace(
        RABBIT_CHASE, paid=RABBIT_CHASE.paid[1:], not_recorded=(NotRecorded("cell", "may", 10),)
    )
    analysis = analyse(records, SYSTEM, DEFAULT_HIERARCHY, "may")
    assert [evaluation.paid_ns for evaluation in analysis.evaluations] == [7300 + 500, 7300, 500]
    assert analysis.of("cell").not_recorded_given


@pytest.mark.parametrize("confidence", [0, 1, 1.5])
def test_a_confidence_that_is_none_is_refused(confidence):
    with pytest.raises(ValueError, match="confidence between 0 and 1"):
        analyse(RABBIT_CHASE, SYSTEM, DEFAULT_HIERARCHY, "may", confidence=confidence)


def test_a_lower_confidence_narrows_the_limits(chase):
    narrow = analyse(RABBIT_CHASE, SYSTEM, DEFAULT_HIERARCHY, "may", confidence=0.5).of("cell")
    assert narrow.confidence == 0.5
    assert narrow.states[0].high_ns < chase.of("cell").states[0].high_ns


def test_an_empty_period_has_portions_of_zero():
    records = Records(paid=(PaidTime("cell", "may", 0),))
    cell = analyse(records, SYSTEM, DEFAULT_HIERARCHY, "may").of("cell")
    assert (cell.portion(0), cell.non_value_adding_share, cell.states) == (0.0, 0.0, ())


LEAVES = [node.name for node in DEFAULT_HIERARCHY.nodes] + [UNKNOWN, NOT_RECORDED]


@st.composite
def systems(draw):
    """Any tree of work systems, levels skipped or not, in any order."""
    nodes = [SystemNode("top", Level.PLANT)]
    for number in range(draw(st.integers(0, 8))):
        parent = draw(st.sampled_from([node for node in nodes if node.level > 0]))
        level = Level(draw(st.integers(0, parent.level - 1)))
        nodes.append(SystemNode(f"n{number}", level, parent.name))
    return System(tuple(draw(st.permutations(nodes))))


@st.composite
def worlds(draw):
    system = draw(systems())
    names = st.sampled_from([node.name for node in system.nodes])
    states, amounts = st.sampled_from(LEAVES), st.integers(0, 10**15)
    modes, units = st.sampled_from([CV, RTS]), st.sampled_from(Unit)
    variants = st.sampled_from(["", "A", "B"])
    few = st.lists(amounts, min_size=1, max_size=4).map(tuple)
    count = st.integers(0, 500)
    samples = st.builds(Sampled, names, states, modes, few, st.just(()), variants, units)
    noted = st.builds(Documented, names, states, st.sampled_from([SR, OMD, CV]), st.just("p"), amounts)
    output = st.one_of(
        st.builds(Output, names, st.just("p"), st.sampled_from("ABC"), count, count),
        st.builds(Output, names, st.just("p"), st.just(""), count, count, count),
    )
    some = [st.lists(kind, max_size=6).map(tuple) for kind in (samples, noted, output)]
    paid = st.lists(st.builds(PaidTime, names, st.just("p"), amounts), max_size=4).map(tuple)
    return system, Records(*(draw(one) for one in some), draw(paid))


@given(worlds())
def test_no_level_loses_or_doubles_a_nanosecond(world):
    """For any systems, states and records: parts add up, categories add up, eq. (1) closes."""
    system, records = world
    analysis = analyse(records, system, DEFAULT_HIERARCHY, "p")
    times = {one.system.name: state_totals(one.states) for one in analysis.times}

    def own(node):
        below = [times[child.name] for child in system.children(node.name)]
        states = set().union(times[node.name], *below)
        return {s: times[node.name].get(s, 0) - sum(b.get(s, 0) for b in below) for s in states}

    booked = {node.name: own(node) for node in system.nodes}
    assert all(total >= 0 for states in booked.values() for total in states.values())
    for state, total in times["top"].items():
        assert total == sum(states.get(state, 0) for states in booked.values())
    for one in analysis.times:
        by_category = DEFAULT_HIERARCHY.roll_up(state_totals(one.states), 0)
        assert sum(by_category.values()) == sum(state.total_ns for state in one.states)
        assert sum(DEFAULT_HIERARCHY.roll_up(state_totals(one.states), 1).values()) == sum(
            by_category.values()
        )
    for evaluation in analysis.evaluations:
        left = sum(evaluation.category_ns(c) for c in StateCategory) + evaluation.not_recorded_ns
        assert left == evaluation.paid_ns + evaluation.excess_ns
        assert min(evaluation.not_recorded_ns, evaluation.excess_ns) == 0


@given(systems(), st.data())
def test_documented_time_is_kept_to_the_nanosecond_at_every_level(system, data):
    """Any intervals in any systems: each system has what was recorded in it, less the rest, no state."""
    names = st.sampled_from([node.name for node in system.nodes])
    pieces = st.lists(
        st.tuples(names, st.sampled_from(LEAVES), st.integers(1, 10**13)), min_size=1, max_size=20
    )
    edge, intervals = 0, []
    for station, state, length in data.draw(pieces):
        intervals.append(StateInterval(station, state, edge, length))
        edge += length
    records = Records(
        documented=tuple(Documented(i.station, i.state, CV, "p", i.duration) for i in intervals),
        paid=(PaidTime("top", "p", edge),),
    )
    analysis = analyse(records, system, DEFAULT_HIERARCHY, "p")
    for one in analysis.times:
        inside = {node.name for node in system.within(one.system.name)}
        recorded = totals(i for i in intervals if i.station in inside)
        assert state_totals(one.states) == {
            s: t for s, t in recorded.items() if s not in (UNKNOWN, NOT_RECORDED)
        }
    top = analysis.of("top")
    assert top.not_recorded_ns == edge - top.recorded_ns
