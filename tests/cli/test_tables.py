import io

import pytest
from rich.console import Console

from cli.tables import summary_table, time_text
from productivity.cycles import count_cycles
from productivity.intervals import StateInterval
from productivity.states import NOT_RECORDED, StateCategory, WorkerState
from productivity.summary import summarise
from productivity.time import SECOND
from productivity.timeline import Span


def printed(table):
    console = Console(file=io.StringIO(), width=110)
    console.print(table)
    return console.file.getvalue()


def test_a_stations_states_as_a_table():
    states = [
        WorkerState("part handling", StateCategory.CYCLE_BOUND, value_adding=False),
        WorkerState("assembly", StateCategory.CYCLE_BOUND, value_adding=True),
        WorkerState("break", StateCategory.PERIODICAL, value_adding=False),
    ]
    pieces = [("part handling", 2), ("assembly", 4), ("part handling", 2), ("assembly", 6), (NOT_RECORDED, 6)]
    intervals, edge = [], 0
    for state, length in pieces:
        intervals.append(StateInterval("bench [b]", state, edge, length * SECOND))
        edge += length * SECOND
    cycles = count_cycles(intervals, "part handling", "assembly")
    shown = printed(summary_table(summarise("bench [b]", states, intervals, cycles, Span(0, edge))))
    assert "bench [b]: recorded span 20.0 s, 2 cycles, 7.00 ± 12.71 s each" in shown
    rows = {row.split("  ")[0].strip(): " ".join(row.split()) for row in shown.splitlines()}
    assert rows["assembly"] == "assembly cycle-bound 10.0 s 50.0 % 2 5.00 ± 12.71 s per cycle"
    assert rows["break"] == "break periodical 0.0 s 0.0 % 0"
    assert rows[NOT_RECORDED] == "not recorded 6.0 s 30.0 % 1"


def test_the_table_fits_a_narrow_terminal_without_cutting_a_number():
    states = [
        WorkerState("Verpackungsvorbereitung am Arbeitsplatz", StateCategory.CYCLE_BOUND, value_adding=True)
    ]
    intervals = [StateInterval("bench", states[0].name, 0, 100 * SECOND)]
    console = Console(file=io.StringIO(), width=80)
    console.print(summary_table(summarise("bench", states, intervals, [], Span(0, 100 * SECOND))))
    shown = console.file.getvalue()
    assert "100.0 s" in shown
    assert "cycle-bound" in shown
    assert "…" not in shown


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (0, "0.0 s"),
        (1_234_567_890, "1.2 s"),
        (3599 * SECOND, "3599.0 s"),
        (3600 * SECOND, "1:00:00 h"),
        (36_061 * SECOND, "10:01:01 h"),
    ],
)
def test_times(duration, text):
    assert time_text(duration) == text
