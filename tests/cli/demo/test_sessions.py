"""Invented recordings keep the agreement as real ones must: windows, minutes, targets, the suspension."""

from collections import Counter
from datetime import time

import pytest

from cli.demo.calendar import MINUTE_MS, at, shifts
from cli.demo.dates import dates
from cli.demo.layout import CAMPAIGNS, PILOT, STATIONS, TIME_ZONE
from cli.demo.sessions import ASKED_MS, QUIET_MS, courses, suspension, target
from consent.agreement.calendar import local_day
from consent.entries.vocabulary import Criterion, Reason
from productivity.time import Instant
from productivity.timeline import Span, check_tiling

LIMITS = {one.name: one.minutes_per_day * MINUTE_MS for one in (*CAMPAIGNS, PILOT)}


@pytest.fixture(scope="module")
def days(now_ms):
    return dates(now_ms)


@pytest.fixture(scope="module")
def found(days):
    return courses(STATIONS, days, seed=1)


@pytest.fixture(scope="module")
def recordings(found):
    return [one for course in found for one in course.recordings]


def test_intervals_tile_each_session_up_to_its_stop(recordings):
    for one in recordings:
        kept = Span(Instant(0), Instant(max(0, one.stopped_ms - one.first_ms) * 1_000_000))
        if one.reason is Reason.COMPLETED:
            # The cycle that completed it ended within the last millisecond.
            assert 0 <= kept.end - one.intervals[-1].end < 1_000_000
            kept = Span(kept.start, one.intervals[-1].end)
        check_tiling(one.intervals, kept)


def test_no_station_is_recorded_for_longer_than_a_day_allows(recordings, days):
    used = Counter()
    for one in recordings:
        used[one.plan.name, one.campaign, local_day(one.started_ms, TIME_ZONE)] += (
            one.stopped_ms - one.started_ms
        )
    assert all(total <= LIMITS[campaign] for (_, campaign, _), total in used.items())
    assert {day for _, campaign, day in used if campaign != "pilot"} == set(days.recorded)
    assert len(days.recorded) == 11


def test_recordings_lie_within_shifts_and_before_now(recordings, days):
    spans = shifts(days.worked, TIME_ZONE)
    for one in recordings:
        assert any(span.start_ms <= one.started_ms and one.stopped_ms <= span.end_ms for span in spans)
        assert one.stopped_ms <= days.now_ms - QUIET_MS


def test_no_recording_of_a_station_overlaps_another(found):
    for course in found:
        for before, after in zip(course.recordings, course.recordings[1:], strict=False):
            assert before.stopped_ms < after.started_ms


def test_a_campaign_that_has_seen_enough_is_over(found):
    for course in found:
        *others, last = course.recordings
        assert all(one.completed is None for one in others)
        assert last.completed is course.tally.reached(target(course.campaign))
    ends = {(one.campaign.name, one.plan.name): one.recordings[-1].completed for one in found}
    assert ends["pilot", "gear bench"] is Criterion.CYCLES
    assert ends["sample bench", "assembly_bench"] is None
    assert Criterion.ACCURACY in ends.values()


def test_a_number_of_cycles_is_reached_exactly_and_ends_the_session(found):
    ended = [one for one in found if one.recordings[-1].completed is Criterion.CYCLES]
    for course in ended:
        assert sum(number for number, _ in course.tally.sessions) == course.campaign.cycles
    # Unless the last cycle ended with the session anyway.
    assert Reason.COMPLETED in {course.recordings[-1].reason for course in ended}


def test_nothing_is_recorded_while_the_agreement_is_suspended(recordings, days):
    paused = suspension(days)
    assert not any(
        one.started_ms < paused.end_ms and paused.start_ms + 1_000 < one.stopped_ms for one in recordings
    )
    stopped = [one for one in recordings if one.reason is Reason.SUSPENDED]
    resumed = [one for one in recordings if 0 < one.started_ms - paused.end_ms <= 10_000]
    assert {one.plan.name for one in stopped} == {one.plan.name for one in resumed} != set()


def test_a_suspension_that_is_to_come_has_stopped_nothing(days):
    monday = at(days.first, time(6), TIME_ZONE)
    early = dates(monday, weeks=0)
    assert suspension(early) is None
    assert not any(course.recordings for course in courses(STATIONS[1:], early, 1))


@pytest.mark.parametrize("week", range(6))
def test_no_recording_begins_while_it_is_suspended_whichever_week_it_is(days, week):
    # Windows move from week to week, and so does the suspension.
    days = dates(days.now_ms + (7 * week + 2) * 86_400_000, weeks=0)  # a Wednesday
    paused = suspension(days)
    for course in courses(STATIONS, days, 1):
        for one in course.recordings:
            assert not paused.start_ms <= one.started_ms < paused.end_ms
            assert one.stopped_ms - one.started_ms > ASKED_MS
