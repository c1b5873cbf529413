"""All recordings of the demonstration: sessions with their intervals, and how campaigns came to an end. Pure.

A session obeys what a real one does: it ends when its window is over, when its campaign has seen enough
(counted by `consent.gate.tally`, as the recorder does), or when the council suspends the agreement.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cli.demo.calendar import MINUTE_MS, Span, breaks, shifts, windows
from cli.demo.dates import Dates
from cli.demo.layout import CAMPAIGNS, PILOT, PILOT_STATION, STATIONS, TIME_ZONE, CampaignPlan, StationPlan
from cli.demo.work import Surroundings, session, until
from consent.agreement.calendar import local_day
from consent.agreement.schema import Target
from consent.entries.vocabulary import Criterion, Reason
from consent.gate.tally import CycleCounter, Tally
from productivity.intervals import StateInterval
from productivity.states import NOT_RECORDED
from productivity.time import Instant

ASKED_MS = 800
"""From the act that starts a session to its first picture: the log takes the start in before."""
QUIET_MS = 10 * MINUTE_MS
"""What lies so close to now has not been recorded yet: the demonstration begins with nothing under way."""
_RESUMED_MS = 5_000
_WORTH_MS = 2 * MINUTE_MS
"""After a suspension, what is left of a window is recorded if it is longer than that."""
_NS_PER_MS = 1_000_000


@dataclass(frozen=True, slots=True)
class Recording:
    """A session: asked for at `started_ms`, over at `stopped_ms`; its intervals count from `first_ms`."""

    id: str
    plan: StationPlan
    campaign: str
    device: str
    started_ms: int
    stopped_ms: int
    reason: Reason
    intervals: tuple[StateInterval, ...]
    completed: Criterion | None = None
    """What its campaign had reached at this station when it was over."""

    @property
    def first_ms(self) -> int:
        """UTC milliseconds of its first picture."""
        return self.started_ms + ASKED_MS

    @property
    def recorded_ms(self) -> int:
        """What it recorded, as the log counts it."""
        seen = sum(one.duration for one in self.intervals if one.state != NOT_RECORDED)
        return -(-seen // _NS_PER_MS)


@dataclass(frozen=True, slots=True)
class Course:
    """What a campaign recorded at a station, and the count that its recorder keeps."""

    plan: StationPlan
    campaign: CampaignPlan
    recordings: tuple[Recording, ...]
    tally: Tally


def courses(stations: Sequence[StationPlan], days: Dates, seed: int) -> list[Course]:
    """Return what each campaign recorded at each of these stations up to now."""
    found = []
    for plan in stations:
        if plan.name == PILOT_STATION:
            found.append(_course(plan, PILOT, days.piloted, days, seed))
        campaign = next(one for one in CAMPAIGNS if one.name == plan.campaign)
        found.append(_course(plan, campaign, days.recorded, days, seed))
    return found


def suspension(days: Dates) -> Span | None:
    """Return when the council had suspended the agreement: a quarter of an hour in the first week.

    None if that is still to come.
    """
    # In the middle of a window, so that recordings were stopped by it.
    begins = windows(days.first, 120, TIME_ZONE, 0)[1].start_ms + 20 * MINUTE_MS
    paused = Span("suspended", begins, begins + 15 * MINUTE_MS)
    return paused if paused.end_ms <= days.now_ms else None


def target(campaign: CampaignPlan) -> Target | None:
    """Return when a campaign has seen enough, as the agreement says it."""
    if campaign.accuracy_percent is None and campaign.cycles is None:
        return None
    return Target(accuracy_percent=campaign.accuracy_percent, cycles=campaign.cycles)


def _course(plan: StationPlan, campaign: CampaignPlan, on: Sequence[date], days: Dates, seed: int) -> Course:
    recordings: list[Recording] = []
    tally, before = Tally(), 0
    for window in _windows(plan, campaign, on, days):
        around = _around(window, before)
        one = _stopped(_begun(plan, campaign, list(session(plan, around, seed)), window), days)
        one, tally = _counted(one, tally, target(campaign))
        recordings.append(one)
        before = sum(number for number, _ in tally.sessions)
        if one.completed is not None:
            break
    return Course(plan, campaign, tuple(recordings), tally)


def _windows(plan: StationPlan, campaign: CampaignPlan, on: Sequence[date], days: Dates) -> Iterator[Span]:
    """Yield the windows that are over; what the suspension cut off goes on after it."""
    turn = _turn(plan)
    for day in on:
        for window in windows(day, campaign.minutes_per_day, TIME_ZONE, turn):
            if window.end_ms <= days.now_ms - QUIET_MS:
                yield from _around_suspension(window, suspension(days))


def _around_suspension(window: Span, paused: Span | None) -> Iterator[Span]:
    if paused is None or window.end_ms <= paused.start_ms or window.start_ms >= paused.end_ms:
        yield window
        return
    if window.start_ms < paused.start_ms:
        yield window  # the recording in it is stopped
    if window.end_ms - paused.end_ms > _WORTH_MS:
        yield replace(window, start_ms=paused.end_ms + _RESUMED_MS)


def _turn(plan: StationPlan) -> int:
    """Return which cell it is in: each is recorded in windows of its own."""
    return list(dict.fromkeys(one.cell for one in STATIONS)).index(plan.cell)


def _around(window: Span, before: int) -> Surroundings:
    day = local_day(window.start_ms, TIME_ZONE)
    shift = next(one for one in shifts([day], TIME_ZONE) if one.name == window.name)
    first_picture = replace(window, start_ms=window.start_ms + ASKED_MS)
    return Surroundings(first_picture, breaks([day], TIME_ZONE), shift.end_ms, before)


def _begun(
    plan: StationPlan, campaign: CampaignPlan, intervals: list[StateInterval], window: Span
) -> Recording:
    name = f"{plan.name}\n{campaign.name}\n{window.start_ms}".encode()
    return Recording(
        id=hashlib.sha256(name).hexdigest()[:32],
        plan=plan,
        campaign=campaign.name,
        device=campaign.device or plan.device,
        started_ms=window.start_ms,
        stopped_ms=window.end_ms,
        reason=Reason.OPERATOR,
        intervals=tuple(intervals),
    )


def _stopped(one: Recording, days: Dates) -> Recording:
    """Return the recording as far as no suspension cut it off."""
    paused = suspension(days)
    if paused is None or not one.started_ms < paused.start_ms < one.stopped_ms:
        return one
    # The recorder looks every 50 ms.
    return _ended(one, paused.start_ms + 150, Reason.SUSPENDED)


def _ended(one: Recording, at_ms: int, reason: Reason) -> Recording:
    kept = until(one.intervals, Instant((at_ms - one.first_ms) * _NS_PER_MS))
    return replace(one, stopped_ms=at_ms, reason=reason, intervals=tuple(kept))


def _counted(one: Recording, tally: Tally, wanted: Target | None) -> tuple[Recording, Tally]:
    """Count cycles as the recorder does; a number that is reached ends the session at once."""
    counter = CycleCounter(*one.plan.cycle)
    # Accuracy is judged by closed sessions alone, so nothing but the number can be reached on the way.
    number = None if wanted is None or wanted.cycles is None else Target(cycles=wanted.cycles)
    for interval in one.intervals:
        tally = tally.add(counter.add(interval))
        if tally.reached(number) is not None:
            ended_ms = one.first_ms + -(-interval.end // _NS_PER_MS)
            one = _ended(one, min(ended_ms, one.stopped_ms), Reason.COMPLETED)
            break
    tally = tally.add(counter.finish()).close()
    return replace(one, completed=tally.reached(wanted)), tally
