"""Motion in the log, as far as the log alone can judge it: none without a grant in force."""

from consent.entries.bodies import MotionSealed, MotionShredded, MotionUsed
from consent.site.agreements import line_of
from consent.site.recordings import session_of
from consent.site.state import Grant, SiteState
from consent.site.step import Step
from productivity.errors import BadInput


def sealed(state: SiteState, step: Step, body: MotionSealed) -> SiteState:
    """Note that a device kept motion of one worker, in an open session."""
    session = session_of(state, body.session)
    step.require_key([state.devices[session.device]], "the device")
    grant = state.grants.get(body.record)
    if grant is None or not permits(state, grant, session.station, step.signed_ms):
        raise BadInput("no grant permits motion here", expected="a grant in force for the station")
    return state


def used(state: SiteState, step: Step, body: MotionUsed) -> SiteState:
    """Note a use of motion, for a purpose that somebody has granted."""
    step.require_own_word()
    if not any(
        body.purpose in grant.purposes and step.at_ms < grant.until_ms for grant in state.grants.values()
    ):
        raise BadInput("no grant permits this use", expected="a grant in force for the purpose")
    return state


def shredded(state: SiteState, step: Step, body: MotionShredded) -> SiteState:
    """Note that motion cannot be opened any more."""
    step.require_own_word()
    if body.record not in state.records:
        raise BadInput("no such consent is known", expected="a record of this log")
    return state


def permits(state: SiteState, grant: Grant, station: str, at_ms: int) -> bool:
    """Tell whether a grant, and the agreement that is live there now, permit motion at a station."""
    line = state.line_for(station)
    return (
        line is not None
        and station in line.agreement.motion.stations
        and line.agreement.id == line_of(state, grant.agreement).agreement.id
        and station in grant.stations
        and at_ms < grant.until_ms
    )
