"""What the server's tables hold becomes data of a study, without losing or inventing time."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

pytest.importorskip("pyarrow", reason="the extra server is not installed")

from productivity.agreement.pairs import pair_session
from productivity.comparison import Observation
from productivity.intervals import StateInterval
from productivity.records import RecordingMode
from productivity.scale.totals import IntervalTotal
from productivity.states import StateCategory
from productivity.time import SECOND
from storage.files import MemoryFile
from storage.importers.mapping import CycleStates
from storage.sealed.aggregates import Aggregate
from storage.sql.documented import DocumentedTime
from storage.sql.measures import DayOutput, DayPaid
from storage.sql.observed import ObservedInterval, ObservedSession
from storage.study.adding import add_source
from storage.study.folder import read_study
from storage.study.server_data import (
    Names,
    Periods,
    camera_samples,
    camera_totals,
    documented_records,
    measures,
)
from storage.study.template import create_study

CYCLE = {"bench": CycleStates(first="take", last="screw")}
BERLIN = ZoneInfo("Europe/Berlin")
CYCLE_BOUND, _, _, IRREGULAR = StateCategory


def session(*states, name="ab" * 16, station="bench", missing=()):
    """Lay (state, seconds) one after the other; ordinals in `missing` never arrived."""
    intervals = [
        ObservedInterval(number, state, round(lasted * SECOND), 900, "")
        for number, (state, lasted) in enumerate(states)
        if number not in missing
    ]
    return ObservedSession(station, name, tuple(intervals))


def durations(imported, state):
    [one] = [one for one in imported.records.sampled if one.state == state]
    return [duration / SECOND for duration in one.durations_ns]


def test_samples_are_those_of_complete_cycles():
    found = camera_samples(
        [session(("take", 2), ("screw", 3), ("wait", 1), ("take", 4), ("screw", 5), ("take", 9))],
        CYCLE,
        Names(),
    )
    assert (durations(found, "take"), durations(found, "screw")) == ([2, 4], [3, 5])
    assert {one.mode for one in found.records.sampled} == {RecordingMode.CV}
    assert (found.report.read, found.report.used) == (6, 6)
    [outside] = found.report.findings
    assert (outside.code, dict(outside.facts)) == ("outside-cycles", {"outside_ns": 10 * SECOND})
    assert sum(found.report.totals_ns.values()) == 24 * SECOND


def test_sessions_stay_apart_and_their_time_outside_is_told_once():
    parts = ("take", 1), ("screw", 1), ("wait", 1)
    found = camera_samples([session(*parts), session(*parts, name="cd" * 16)], CYCLE, Names())
    assert [one.sessions for one in found.records.sampled if one.state == "take"] == [
        ("ab" * 16,),
        ("cd" * 16,),
    ]
    [outside] = found.report.findings
    assert dict(outside.facts) == {"outside_ns": 2 * SECOND}
    assert found.observations == (), "a course in time only of one session"


def test_no_cycle_goes_across_a_missing_batch():
    states = ("take", 1), ("screw", 2), ("take", 3), ("screw", 4), ("take", 5), ("screw", 6)
    assert durations(camera_samples([session(*states)], CYCLE, Names()), "screw") == [2, 4, 6]
    found = camera_samples([session(*states, missing=(3,))], CYCLE, Names())
    assert durations(found, "screw") == [2], "the last cycle may have begun within the gap"


def test_stations_and_states_get_the_words_of_the_study():
    names = Names({"bench": "station 1"}, {"take": "part handling", "wait": None})
    found = camera_samples([session(("take", 2), ("wait", 5), ("screw", 3))], CYCLE, names)
    assert durations(found, "part handling") == [2]
    assert {one.state for one in found.records.sampled} == {"part handling", "screw"}
    assert {one.system for one in found.records.sampled} == {"station 1"}
    assert (found.report.used, found.report.passed_over) == (2, 1)


def test_without_a_cycle_there_are_no_samples_and_it_is_said():
    found = camera_samples([session(("take", 2), ("screw", 3))], {}, Names())
    assert found.records.sampled == ()
    assert [one.code for one in found.report.findings] == ["outside-cycles", "no-cycles"]


def test_a_session_can_be_compared_with_another_observer():
    found = camera_samples([session(("take", 2), ("screw", 3))], CYCLE, Names({"bench": "station 1"}))
    [seen] = found.observations
    hand = Observation("station 1", (StateInterval("station 1", "take", 0, 5 * SECOND),), ())
    assert pair_session("s", hand, seen).joint_ns == {
        ("take", "take"): 2 * SECOND,
        ("take", "screw"): 3 * SECOND,
    }


def documented(state, start_ms, seconds, occurrences=1):
    return DocumentedTime(
        bytes(16), "bench", RecordingMode.SR, state, IRREGULAR, start_ms, seconds * SECOND, occurrences
    )


def test_documented_times_add_up_by_the_calendar_of_the_site():
    """2026-10-31 23:30 UTC is in November in Berlin."""
    midnight = 1_793_489_400_000
    found = documented_records(
        [
            documented("waiting", midnight, 60),
            documented("waiting", midnight + 1, 30, 2),
            documented("off", midnight, 9),
        ],
        Names({}, {"off": None}),
        Periods("month", BERLIN),
    )
    [one] = found.records.documented
    assert (one.period, one.duration_ns, one.occurrences, one.mode) == ("2026-11", 90 * SECOND, 3, "SR")
    assert found.report.passed_over == 1


@pytest.mark.parametrize(
    ("kind", "period"),
    [("day", "2026-11-01"), ("week", "2026-W44"), ("month", "2026-11"), ("pilot", "pilot")],
)
def test_output_and_paid_time_add_up_by_period(kind, period):
    day = date(2026, 11, 1)
    found = measures(
        [
            DayOutput("bench", day, "A", 5),
            DayOutput("bench", day, "A", 6),
            DayOutput("bench", day, "", 0, 2, 1),
        ],
        [DayPaid("bench", day, SECOND), DayPaid("bench", day, SECOND)],
        Names({"bench": "cell"}),
        Periods(kind, BERLIN),
    )
    assert [(one.variant, one.pieces, one.batches, one.shifts) for one in found.records.output] == [
        ("A", 11, 0, 0),
        ("", 0, 2, 1),
    ]
    assert [(one.system, one.period, one.duration_ns) for one in found.records.paid] == [
        ("cell", period, 2 * SECOND)
    ]


def test_whole_months_become_documented_time_without_the_rest():
    def aggregate(state, mode=RecordingMode.CV):
        rows = IntervalTotal(("x",), 1, 1, 1.0, 0.0, ())
        category = None if state == "unknown" else CYCLE_BOUND
        return Aggregate("north", "bench", mode, state, category, "2026-11", 7 * SECOND, 3, rows)

    found = camera_totals(
        [aggregate("take"), aggregate("unknown"), aggregate("take", RecordingMode.SR)], Names()
    )
    [one] = found.records.documented
    assert (one.state, one.mode, one.period, one.duration_ns, one.occurrences) == (
        "take",
        "CV",
        "2026-11",
        7 * SECOND,
        3,
    )
    assert (found.report.read, found.report.used, found.report.passed_over) == (2, 1, 1)


def test_a_study_remembers_whose_data_it_holds(tmp_path):
    create_study(tmp_path / "study", "x", "en")
    found = camera_samples([session(("take", 2), ("screw", 3))], CYCLE, Names())
    add_source(
        tmp_path / "study", "cam", found, MemoryFile("server.json", b"{}"), "camera", stations=["bench"]
    )
    [_, source] = read_study(tmp_path / "study").sources
    assert source.origin.stations == ("bench",)
    assert source.observations() == found.observations
