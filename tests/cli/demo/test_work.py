"""Invented work: repeatable, without a gap, with everything in it that a timeline has to show."""

from datetime import date, time

import pytest

from cli.demo.calendar import Span, at, breaks, shifts
from cli.demo.layout import GEAR_BENCH, SAMPLE, STATIONS
from cli.demo.work import NO_FRAMES, Surroundings, session, until
from productivity.cycles import count_cycles
from productivity.states import NOBODY_PRESENT, NOT_RECORDED, UNKNOWN
from productivity.time import Instant, seconds
from productivity.timeline import Span as Recorded
from productivity.timeline import check_tiling

MONDAY = date(2026, 3, 2)
HOUR_MS = 3_600_000


def around(clock, hours=1, day=MONDAY, cycles_before=0):
    begins = at(day, clock, "Europe/Berlin")
    early, late = shifts([day], "Europe/Berlin")
    shift = early if early.holds(begins) else late
    span = Span("window", begins, begins + round(hours * HOUR_MS))
    return Surroundings(span, breaks([day], "Europe/Berlin"), shift.end_ms, cycles_before)


@pytest.mark.parametrize("plan", STATIONS, ids=lambda plan: plan.name)
def test_a_session_is_tiled_to_the_nanosecond(plan):
    found = list(session(plan, around(time(10)), seed=1))
    check_tiling(found, Recorded(Instant(0), Instant(HOUR_MS * 1_000_000)))
    assert {one.state for one in found} <= {*plan.states, UNKNOWN, NOT_RECORDED}


def test_the_same_seed_gives_the_same_session_and_another_seed_another():
    first, again, other = (list(session(GEAR_BENCH, around(time(10)), seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_days_sessions_differ():
    assert (
        list(session(GEAR_BENCH, around(time(10)), 1))[:5]
        != list(session(GEAR_BENCH, around(time(11)), 1))[:5]
    )


@pytest.mark.parametrize(
    ("clock", "minutes"),
    [pytest.param(time(8, 40), 15, id="short break"), pytest.param(time(11, 45), 30, id="long break")],
)
def test_nobody_is_there_in_breaks(clock, minutes):
    away = [one for one in session(GEAR_BENCH, around(clock), 1) if one.reason == NOBODY_PRESENT]
    # The piece that was begun before is finished in the break.
    assert seconds(60 * (minutes - 8)) < sum(one.duration for one in away) <= seconds(60 * minutes)
    assert all(one.state == NOT_RECORDED for one in away)


def test_a_shift_begins_with_the_meeting_on_mondays_alone():
    def first(day):
        return next(session(GEAR_BENCH, around(time(6), day=day), 1))

    assert first(MONDAY).reason == NOBODY_PRESENT
    assert first(date(2026, 3, 3)).reason == ""


def test_a_shift_ends_with_cleaning_where_one_cleans():
    last = {plan.name: list(session(plan, around(time(13)), 1))[-1].state for plan in STATIONS}
    assert last.pop(SAMPLE) != "cleaning"
    assert set(last.values()) == {"cleaning"}


def test_whoever_is_new_is_slower():
    def mean(cycles_before):
        found = list(session(GEAR_BENCH, around(time(9, 20), 2.5, cycles_before=cycles_before), 7))
        cycles = count_cycles(found, *GEAR_BENCH.cycle)
        return sum(one.duration for one in cycles) / len(cycles)

    assert mean(0) > 1.1 * mean(1000)


def test_weeks_show_what_cameras_cannot_see():
    hours = [
        one
        for day in range(2, 7)
        for one in session(GEAR_BENCH, around(time(9, 20), 2.5, day=date(2026, 3, day)), 1)
    ]
    assert any(one.state == UNKNOWN for one in hours)
    assert any(one.reason == NO_FRAMES for one in hours)
    irregular = {"missing material", "rework", "waiting for machine"}
    assert irregular < {one.state for one in hours}


def test_what_is_cut_off_ends_where_it_is_cut():
    found = list(session(GEAR_BENCH, around(time(10)), 1))
    end = Instant(found[10].start + 1)
    kept = until(found, end)
    check_tiling(kept, Recorded(Instant(0), end))
    assert kept[:10] == found[:10]
    assert kept[10].duration == 1
    assert until(found, Instant(0)) == []
