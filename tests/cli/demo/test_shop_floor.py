"""What the shop floor notes fits into the time that is paid."""

from collections import Counter

import pytest

from cli.demo.dates import dates
from cli.demo.layout import STATIONS
from cli.demo.shop_floor import station_days
from productivity.records import RecordingMode


@pytest.fixture(scope="module")
def found(now_ms):
    return station_days(STATIONS, dates(now_ms).recorded, seed=1)


def test_the_same_seed_gives_the_same(now_ms, found):
    assert station_days(STATIONS, dates(now_ms).recorded, seed=1) == found


def test_noted_times_and_pieces_leave_some_of_the_paid_time_unaccounted_for(found):
    for plan in STATIONS:
        mine = [day for day in found if day.plan is plan]
        paid = sum(day.paid_ns for day in mine)
        noted = sum(one.duration_ns for day in mine for one in day.noted)
        per_piece_s = sum(one.mean_s for one in plan.steps)
        per_piece_s += sum(one.mean_s for one in plan.between) / plan.batch
        made = sum(day.pieces for day in mine) * per_piece_s * 10**9
        assert 0.8 * paid < noted + made < 0.97 * paid


def test_keys_are_drawn_once(found):
    keys = Counter(one.key for day in found for one in day.noted)
    assert set(keys.values()) == {1}


def test_people_note_minutes_and_machines_count(found):
    noted = [one for day in found for one in day.noted]
    by_people = [one for one in noted if one.mode is RecordingMode.SR]
    by_machines = [one for one in noted if one.mode is RecordingMode.OMD]
    assert all(one.duration_ns % (60 * 10**9) == 0 for one in by_people if one.state != "cell feeding")
    assert any(one.occurrences > 1 for one in by_machines)


def test_a_cell_has_people_enough_for_a_release(found):
    days = {(day.plan.cell, day.day): 0 for day in found}
    for day in found:
        days[day.plan.cell, day.day] += day.people
    assert min(days.values()) >= 7
