import pytest

from productivity.errors import BadInput
from productivity.evaluation import Evaluation, StateTime
from productivity.hierarchy import DEFAULT_HIERARCHY
from productivity.levels import Level
from productivity.matching import DEFAULT_TOOLSET, LossRule, Remedy, Toolset, match_losses
from productivity.records import RecordingMode
from productivity.states import StateCategory

CYCLE, IRREGULAR = StateCategory.CYCLE_BOUND, StateCategory.IRREGULAR


def time(state, total_ns):
    node = DEFAULT_HIERARCHY.node(state)
    return StateTime(state, node.category, node.value_adding, (RecordingMode.CV,), total_ns, 0, 0)


CELL = Evaluation(
    "cell",
    Level.CELL,
    "may",
    1000,
    (time("screwing", 500), time("sickness", 200), time("vacation", 100), time("consultation", 50)),
    150,
)
TOOLS = Toolset(
    (Remedy("study", ""), Remedy("health", ""), Remedy("cover", "")),
    (
        LossRule(CYCLE, ("study",), value_adding=True),
        LossRule("absenteeism", ("cover",)),
        LossRule("sickness", ("health", "cover")),
    ),
)


def test_the_nearest_rule_on_the_path_applies():
    matches = match_losses(CELL, DEFAULT_HIERARCHY, TOOLS)
    assert [(m.state.state, m.loss, [r.name for r in m.remedies]) for m in matches] == [
        ("screwing", "cycle-bound", ["study"]),
        ("sickness", "sickness", ["health", "cover"]),
        ("vacation", "absenteeism", ["cover"]),
    ]
    assert [m.portion for m in matches] == [0.5, 0.2, 0.1]


@pytest.mark.parametrize(("value_adding", "reached"), [(True, True), (False, False), (None, True)])
def test_a_rule_may_ask_for_value(value_adding, reached):
    tools = Toolset(TOOLS.remedies, (LossRule(CYCLE, ("study",), value_adding),))
    assert bool(match_losses(CELL, DEFAULT_HIERARCHY, tools)) is reached


def test_an_unknown_remedy_is_refused():
    with pytest.raises(
        BadInput, match="rule for 'irregular' names a remedy that is not in the toolset: found 'x'"
    ):
        Toolset((), (LossRule(IRREGULAR, ("x",)),))


def test_a_remedy_stands_once():
    with pytest.raises(BadInput, match="remedy 'a' stands twice"):
        Toolset((Remedy("a", ""), Remedy("a", "")), ())


def test_a_rule_for_no_state_is_refused():
    with pytest.raises(BadInput, match="rule for 'juggling' fits no state"):
        Toolset((), (LossRule("juggling", ()),)).check(DEFAULT_HIERARCHY)


def test_the_default_toolset_reaches_every_default_state():
    DEFAULT_TOOLSET.check(DEFAULT_HIERARCHY)
    states = tuple(time(node.name, 1) for node in DEFAULT_HIERARCHY.nodes)
    matches = match_losses(Evaluation("cell", Level.CELL, "may", 99, states, 0), DEFAULT_HIERARCHY)
    assert len(matches) == len(states)
    assert all(match.remedies for match in matches)


def test_every_default_remedy_is_used():
    used = {name for rule in DEFAULT_TOOLSET.rules for name in rule.remedies}
    assert used == {remedy.name for remedy in DEFAULT_TOOLSET.remedies}
