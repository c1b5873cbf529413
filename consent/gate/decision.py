"""May this station be recorded now, and how long does the answer hold? Pure: state, question, knowledge in.

Every limit is a pair: the reason it gives, and the instant up to which it permits. The first limit that is
not in the future refuses; if all are, the nearest ends the permission. So a permission and its end come from
the same lines, and an answer that was given holds until its end unless the log itself says something new.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from consent.agreement.calendar import day_begins_ms
from consent.agreement.lifecycle import State
from consent.agreement.schema import Agreement, Campaign
from consent.agreement.vocabulary import MotionPurpose
from consent.entries.limits import PERMISSION_MS, SKEW_MS, WITNESS_GRACE_MS
from consent.entries.vocabulary import Reason
from consent.gate.minutes import MINUTE_MS, day_ends_ms, minutes_end_ms
from consent.notes import Verifier
from consent.site.motion import permits
from consent.site.state import AgreementLine, Session, SiteState

NEVER_MS = -1
"""The end of what is not permitted at all."""
ALWAYS_MS = 2**62
"""The end of what no time limits."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The question: may this device look at this station, to tell these states, for this purpose."""

    station: str
    purpose: str
    """A `Purpose`, or a `MotionPurpose` if motion is to be kept."""
    states: frozenset[str]
    """Of the station file."""
    device: Verifier
    at_ms: int
    session: str | None = None
    """The recording that is to go on; without one: may one begin?"""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the asker knows beside the log's entries."""

    read_ms: int
    """When the log was last read, whole and verified."""
    cosigned_ms: int | None
    """The witness's newest co-signature; None: there is none."""
    recorded_ms: int = 0
    """What the session in question has recorded; a file may hold more than its session lasted."""
    completed: frozenset[tuple[str, str, str]] = field(default=frozenset())
    """As `SiteState.completed`: what the recorder itself knows to have reached its target."""
    doubt: Reason | None = None
    """What makes every answer a no: the log does not verify, or the clock jumped."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, for [asked at, `until_ms`) as long as the log says nothing new."""

    allowed: bool
    reason: Reason
    """Why not; or what ends the permission at `until_ms`."""
    until_ms: int
    agreement: str = ""
    """Hash of the agreement that permits."""
    campaign: str = ""


def decide(state: SiteState, ask: Ask, known: Knowledge) -> Decision:
    """Answer the question. Whatever the state says, there is an answer; in doubt it is no."""
    session = state.sessions.get(ask.session or "")
    line = state.line_for(ask.station)
    campaign = _campaign(state, ask, known, line, session)
    until_ms, ending = ALWAYS_MS, Reason.LOG_UNREACHABLE
    for reason, end_ms in _limits(state, ask, known, line, session, campaign):
        if end_ms <= ask.at_ms:
            return Decision(False, reason, ask.at_ms)
        if end_ms < until_ms:
            until_ms, ending = end_ms, reason
    return Decision(
        True, ending, until_ms, line.hash if line else "", campaign.name if campaign is not None else ""
    )


def device_name(state: SiteState, device: Verifier) -> str | None:
    """Return the name under which this key is enrolled now."""
    return next((name for name, key in state.devices.items() if key == device), None)


def _limits(
    state: SiteState,
    ask: Ask,
    known: Knowledge,
    line: AgreementLine | None,
    session: Session | None,
    campaign: Campaign | None,
) -> Iterator[tuple[Reason, int]]:
    """Yield each reason and the instant (UTC ms) up to which it does not apply; the most telling first."""
    at_ms = ask.at_ms
    if known.doubt is not None:
        yield known.doubt, NEVER_MS
    # A clock that others have proved to be slow. One that is fast runs into the witness's limit below.
    slow = at_ms < max(state.latest_ms - SKEW_MS, known.read_ms, (known.cosigned_ms or 0) - WITNESS_GRACE_MS)
    yield Reason.CLOCK, _unless(slow)
    yield Reason.LOG_UNREACHABLE, known.read_ms + PERMISSION_MS
    device = device_name(state, ask.device)
    yield Reason.DEVICE, _unless(device is None)
    if line is None:
        yield Reason.NO_AGREEMENT, NEVER_MS
        return
    agreement, zone = line.agreement, line.agreement.time_zone
    yield Reason.SUSPENDED, _unless(line.state is not State.ACTIVE)
    yield Reason.NO_AGREEMENT, _in_force_end_ms(agreement, at_ms)
    yield Reason.PURPOSE, _unless(not _is_purpose(agreement, ask))
    yield Reason.STATE, _unless(not ask.states <= set(agreement.states))
    if session is not None:
        # A new version of the agreement does not carry sessions over: each stands under one text.
        yield Reason.NO_AGREEMENT, _unless(session.agreement != line.hash)
    if campaign is None:
        yield Reason.NO_CAMPAIGN, NEVER_MS
        return
    yield Reason.NO_CAMPAIGN, _campaign_end_ms(campaign, zone, at_ms)
    done = _completed(state, known, agreement, campaign, ask.station)
    yield Reason.COMPLETED, _unless(done)
    yield (
        Reason.MINUTES_USED,
        minutes_end_ms(
            state,
            ask.station,
            zone,
            campaign.minutes_per_day * MINUTE_MS,
            at_ms,
            session=session,
            recorded_ms=known.recorded_ms,
        ),
    )
    if ask.purpose in set(MotionPurpose):
        yield Reason.NO_GRANT, _grants_end_ms(state, ask)
    away_ms = WITNESS_GRACE_MS + agreement.suspension.witness_away_minutes * MINUTE_MS
    yield Reason.WITNESS_AWAY, NEVER_MS if known.cosigned_ms is None else known.cosigned_ms + away_ms
    if ask.session is not None:
        own = session is not None and (session.station, session.device) == (ask.station, device)
        yield Reason.LOG_UNWRITABLE, _unless(not own)


def _unless(refused: bool) -> int:
    return NEVER_MS if refused else ALWAYS_MS


def _in_force_end_ms(agreement: Agreement, at_ms: int) -> int:
    """End of the agreement's days; they begin after the day on which the workers were informed."""
    zone, validity = agreement.time_zone, agreement.validity
    if agreement.notice_on is None:
        return NEVER_MS
    begins = max(day_begins_ms(validity.first_day, zone), day_ends_ms(agreement.notice_on, zone))
    if at_ms < begins:
        return NEVER_MS
    return ALWAYS_MS if validity.last_day is None else day_ends_ms(validity.last_day, zone)


def _is_purpose(agreement: Agreement, ask: Ask) -> bool:
    motion = agreement.motion
    if ask.purpose in set(MotionPurpose):
        return motion.permitted and ask.station in motion.stations and ask.purpose in motion.purposes
    return ask.purpose in agreement.purposes


def _campaign(
    state: SiteState, ask: Ask, known: Knowledge, line: AgreementLine | None, session: Session | None
) -> Campaign | None:
    """Return the campaign that the session names, or the one under which a session may best begin."""
    if line is None:
        return None
    agreement = line.agreement
    here = [campaign for campaign in agreement.campaigns if ask.station in campaign.stations]
    if session is not None:
        return next((campaign for campaign in here if campaign.name == session.campaign), None)
    running = [
        campaign
        for campaign in here
        if _campaign_end_ms(campaign, agreement.time_zone, ask.at_ms) > ask.at_ms
    ]
    # All share the minutes of the day, so the one that grants most of them is permitted longest.
    return max(
        running,
        key=lambda one: (not _completed(state, known, agreement, one, ask.station), one.minutes_per_day),
        default=None,
    )


def _campaign_end_ms(campaign: Campaign, zone: str, at_ms: int) -> int:
    if at_ms < day_begins_ms(campaign.first_day, zone):
        return NEVER_MS
    return ALWAYS_MS if campaign.last_day is None else day_ends_ms(campaign.last_day, zone)


def _completed(
    state: SiteState, known: Knowledge, agreement: Agreement, campaign: Campaign, station: str
) -> bool:
    key = (agreement.id, campaign.name, station)
    return key in state.completed or key in known.completed


def _grants_end_ms(state: SiteState, ask: Ask) -> int:
    """End of the longest grant that permits this purpose at this station."""
    return max(
        (
            grant.until_ms
            for grant in state.grants.values()
            if ask.purpose in grant.purposes and permits(state, grant, ask.station, ask.at_ms)
        ),
        default=NEVER_MS,
    )
