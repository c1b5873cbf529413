"""Recordings in the log: a session begins before the first picture is looked at, and ends with its reason.

A device signs; what it signed counts from then on, so it may not have been signed before its agreement was
in force, and not long ago: a start that nobody waits for any more must not begin a session.
"""

from dataclasses import replace
from types import MappingProxyType

from consent.agreement.calendar import local_day
from consent.agreement.lifecycle import State
from consent.agreement.schema import Agreement, Campaign, Period
from consent.entries.bodies import (
    RecordingCompleted,
    RecordingConfigured,
    RecordingStarted,
    RecordingStopped,
)
from consent.entries.limits import PERMISSION_MS, SKEW_MS
from consent.site.agreements import LIVE, line_of
from consent.site.devices import require_enrolled
from consent.site.minutes import close
from consent.site.state import AgreementLine, Session, SiteState
from consent.site.step import Step
from productivity.errors import BadInput

_MINUTE_MS = 60_000


def started(state: SiteState, step: Step, body: RecordingStarted) -> SiteState:
    """Begin a session: a device is about to look."""
    _require_device(state, step, body.device)
    state = _fresh(state, step, body.session)
    line = line_of(state, body.agreement)
    if line.state is not State.ACTIVE:
        raise BadInput(f"the agreement is {line.state}", expected="an active one")
    if step.signed_ms < line.since_ms - SKEW_MS:
        raise BadInput("start was signed before the agreement was in force")
    if body.purpose not in line.agreement.purposes:
        raise BadInput("purpose is not permitted", expected=", ".join(line.agreement.purposes))
    campaign = _campaign(line.agreement, body.campaign, body.station)
    _require_day(state, step, line, campaign, body.station)
    for other in state.sessions.values():
        if (other.device, other.station) == (body.device, body.station):
            raise BadInput("the device records this station already", expected="the end of that session")
    session = Session(
        body.session,
        body.device,
        body.station,
        body.agreement,
        body.campaign,
        body.purpose,
        step.signed_ms,
    )
    return replace(state, sessions=MappingProxyType({**state.sessions, session.id: session}))


def stopped(state: SiteState, step: Step, body: RecordingStopped) -> SiteState:
    """End a session, at the instant that was signed."""
    session = session_of(state, body.session)
    _require_device(state, step, session.device)
    if step.signed_ms < session.started_ms:
        raise BadInput("session ends before it began")
    return close(state, session, step.signed_ms, body.recorded_ms, step.at_ms)


def configured(state: SiteState, step: Step, body: RecordingConfigured) -> SiteState:
    """Note that another station file is in use."""
    session = session_of(state, body.session)
    _require_device(state, step, session.device)
    return _fresh(state, step, step.digest)


def completed(state: SiteState, step: Step, body: RecordingCompleted) -> SiteState:
    """End a campaign at a station: it has seen enough."""
    step.require_key(state.devices.values(), "the enrolled devices")
    line = line_of(state, body.agreement)
    if line.state not in LIVE:
        raise BadInput(f"the agreement is {line.state}", expected="a live one")
    _campaign(line.agreement, body.campaign, body.station)
    place = (line.agreement.id, body.campaign, body.station)
    if place in state.completed:
        raise BadInput("the campaign was completed before", expected="an open campaign")
    return replace(state, completed=state.completed | {place})


def session_of(state: SiteState, session: str) -> Session:
    """Return an open session; `BadInput` if it is not open."""
    try:
        return state.sessions[session]
    except KeyError:
        raise BadInput("session is not open", expected="one that was started and not stopped") from None


def _require_device(state: SiteState, step: Step, device: str) -> None:
    require_enrolled(state, device)
    step.require_key([state.devices[device]], "the device")


def _fresh(state: SiteState, step: Step, token: str) -> SiteState:
    """Refuse what was signed long ago or taken in before; what is older need not be remembered."""
    oldest = step.at_ms - PERMISSION_MS
    if step.signed_ms < oldest:
        raise BadInput("act was signed too long ago", expected=f"at most {PERMISSION_MS // 1000} seconds")
    recent = {one: signed_ms for one, signed_ms in state.recent.items() if signed_ms >= oldest}
    if token in recent or token in state.sessions:
        raise BadInput("act was taken in before", expected="a new act")
    return replace(state, recent=MappingProxyType({**recent, token: step.signed_ms}))


def _campaign(agreement: Agreement, name: str, station: str) -> Campaign:
    for campaign in agreement.campaigns:
        if campaign.name == name and station in campaign.stations:
            return campaign
    raise BadInput("no such campaign at this station", expected="one of the agreement's campaigns")


def _require_day(state: SiteState, step: Step, line: AgreementLine, campaign: Campaign, station: str) -> None:
    agreement, day = line.agreement, local_day(step.signed_ms, line.agreement.time_zone)
    today = Period(first_day=day, last_day=day)
    if not (campaign.covers(today) and agreement.validity.covers(today)):
        raise BadInput("no campaign runs today", expected="a day of the campaign", found=str(day))
    if agreement.notice_on is None or day <= agreement.notice_on:
        raise BadInput("workers have not been informed yet", expected=f"a day after {agreement.notice_on}")
    if (agreement.id, campaign.name, station) in state.completed:
        raise BadInput("the campaign is completed")
    if state.recorded_ms.get((station, day), 0) >= campaign.minutes_per_day * _MINUTE_MS:
        raise BadInput("the minutes of this day are used up", expected=f"{campaign.minutes_per_day} a day")
