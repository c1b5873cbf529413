"""Station files of the demonstration are what the recorder and the set-up page read."""

import pytest

from capture.station.file import parse_station
from capture.station.rules import Holds, atoms
from cli.demo.layout import STATIONS, VALUE_ADDING
from cli.demo.station_text import station_text


@pytest.mark.parametrize("plan", STATIONS, ids=lambda plan: plan.name)
def test_each_is_a_station_file_with_the_states_of_its_plan(plan):
    station = parse_station(station_text(plan), plan.name)
    assert station.name == plan.name
    assert {state.name: state.category for state in station.states} == plan.states
    assert (station.cycle.first, station.cycle.last) == plan.cycle
    assert {state.name for state in station.states if state.value_adding} <= VALUE_ADDING
    uses = any(isinstance(atom, Holds) for state in station.states for atom in atoms(state.when))
    assert uses == bool(station.tools) == ("screwing" in plan.states)
