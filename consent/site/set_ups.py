"""Set-up sessions: a camera is opened at a station for minutes, to draw its zones; no picture is kept.

1. Only while an agreement is active at the station, on its days, and after the workers were informed.
2. Only for a role to which that agreement gives *set-up pictures*.
3. The entry comes before the first picture, and says for how many minutes.

Without such an agreement nobody may: a camera is a camera, however short (BetrVG §87(1) no. 6).
"""

from dataclasses import replace
from types import MappingProxyType

from consent.agreement.calendar import local_day
from consent.agreement.lifecycle import State
from consent.agreement.schema import Agreement, Period
from consent.agreement.vocabulary import Role, View
from consent.entries.bodies import SetUpClosed, SetUpOpened
from consent.entries.vocabulary import Reason
from consent.site.state import AgreementLine, SetUp, SiteState
from consent.site.step import Step
from productivity.errors import BadInput

FORGOTTEN_MS = 60 * 60_000
"""So long after its end a session that nobody closed is no longer counted as open."""
_MINUTE_MS = 60_000


def permitting(state: SiteState, role: Role, station: str, at_ms: int) -> AgreementLine:
    """Return the agreement that permits a role to set a station up with a camera now; else `BadInput`."""
    line = state.line_for(station)
    if line is None:
        raise BadInput(Reason.NO_AGREEMENT)
    if line.state is not State.ACTIVE:
        raise BadInput(Reason.SUSPENDED)
    agreement = line.agreement
    today = local_day(at_ms, agreement.time_zone)
    if not agreement.validity.covers(Period(first_day=today, last_day=today)):
        raise BadInput("this is no day of the works agreement")
    if agreement.notice_on is None or today <= agreement.notice_on:
        raise BadInput("the workers are not informed yet")
    if not _sees(agreement, role):
        raise BadInput(f"the works agreement does not give the role {role} the view: {View.SET_UP_PICTURES}")
    return line


def opened(state: SiteState, step: Step, body: SetUpOpened) -> SiteState:
    """Begin a session, if it is permitted."""
    step.require_own_word()
    if body.session in state.set_ups:
        raise BadInput("set-up session is open already", expected="a new identifier")
    line = permitting(state, body.role, body.station, step.at_ms)
    if line.hash != body.agreement:
        raise BadInput("another agreement is active at the station", expected=line.hash)
    kept = {key: one for key, one in state.set_ups.items() if step.at_ms < one.until_ms + FORGOTTEN_MS}
    kept[body.session] = SetUp(body.station, body.agreement, step.at_ms + body.minutes * _MINUTE_MS)
    return replace(state, set_ups=MappingProxyType(kept))


def closed(state: SiteState, step: Step, body: SetUpClosed) -> SiteState:
    """End a session; also one whose minutes are over, so that the log says that somebody looked after it."""
    step.require_own_word()
    if body.session not in state.set_ups:
        raise BadInput("set-up session is not open", expected="one that was opened")
    kept = {key: one for key, one in state.set_ups.items() if key != body.session}
    return replace(state, set_ups=MappingProxyType(kept))


def _sees(agreement: Agreement, role: Role) -> bool:
    return any(one.role is role and View.SET_UP_PICTURES in one.may_see for one in agreement.access)
