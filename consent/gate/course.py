"""The course of one station's recording: when a session begins, goes on, and ends. Pure; no file, no clock.

    nothing --a frame asks, permitted--> asked for --stands in the log--> open --refused or over--> nothing

No frame is permitted before its session stands in the log. A session is stopped once; until the log has taken
that in, no other begins. Whatever else the log holds open for this device and station (a crash, a start that
was given up and taken in late) is stopped too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from consent.agreement.schema import Strict
from consent.agreement.vocabulary import Purpose
from consent.entries.bodies import RecordingStarted, RecordingStopped
from consent.entries.vocabulary import Reason
from consent.gate.decision import Ask, Decision, Knowledge, decide, device_name
from consent.notes import Verifier
from consent.site.state import Session, SiteState

OPEN_WITHIN_MS = 5_000
"""How long a start may wait for the log. The operator takes acts in within fractions of a second."""

_NS_PER_MS = 1_000_000


@dataclass(frozen=True, slots=True)
class Post:
    """What a recorder is set up for at one station."""

    station: str
    states: frozenset[str]
    configuration: str
    """SHA-256 of the station file, in hexadecimal digits."""
    device: Verifier
    purpose: Purpose = Purpose.STATE_DURATIONS


@dataclass(frozen=True, slots=True)
class Lease:
    """What a session that nobody stopped has recorded at most, and until when it can have looked."""

    until_ms: int
    recorded_ms: int


@dataclass(frozen=True, slots=True)
class Course:
    """Where the recording of one station stands."""

    session: str | None = None
    """The session that was asked for."""
    opened: bool = False
    """Whether it stands in the log."""
    asked_ms: int = 0
    recorded_ns: int = 0
    lease_ms: int = 0
    """Up to when it may look without saying that it still lives; 0 before it has looked."""
    given_up: frozenset[str] = frozenset()
    """Sessions that were asked for in vain; the log may still take one in."""
    stopped: frozenset[str] = frozenset()
    """Sessions whose stop is handed in and not yet in the log."""

    @property
    def recorded_ms(self) -> int:
        """What the open session has recorded, rounded up: nothing counts as less than it is."""
        return -(-self.recorded_ns // _NS_PER_MS)


@dataclass(frozen=True, slots=True)
class Signed:
    """Something for the device to sign and hand in, as of `at_ms`."""

    at_ms: int
    body: Strict


@dataclass(frozen=True, slots=True)
class Turn:
    """What follows from one look at the log."""

    course: Course
    decision: Decision
    acts: tuple[Signed, ...] = ()


@dataclass(frozen=True, slots=True)
class Sight:
    """What a recorder sees at one moment: the site by its log, and what it knows beside it."""

    state: SiteState
    known: Knowledge
    at_ms: int
    leases: Mapping[str, Lease] = field(default_factory=lambda: MappingProxyType({}))
    late: bool = False
    """Whether the log could not be read for a while before: what it says now may have been so since then."""


def advance(course: Course, post: Post, sight: Sight, new_session: str | None) -> Turn:
    """Return what follows now. `new_session`: a fresh id if a frame asks to be looked at, else None."""
    acts = _stray_stops(course, post, sight)
    handed_in = {act.body.session for act in acts if isinstance(act.body, RecordingStopped)}
    present = set(_open_here(post, sight.state))
    course = replace(course, stopped=(course.stopped & present) | handed_in)
    if course.session is not None and course.session in sight.state.sessions:
        return _go_on(replace(course, opened=True), post, sight, acts)
    if course.opened:  # somebody else has ended it
        course = Course(given_up=course.given_up, stopped=course.stopped)
    decision = decide(sight.state, _ask(post, sight), sight.known)
    if course.session is not None:
        return _wait(course, sight, decision, acts)
    if not decision.allowed:
        return Turn(course, decision, acts)
    if new_session is None or present:
        return Turn(course, _not_yet(sight), acts)
    start = RecordingStarted(
        session=new_session,
        device=device_name(sight.state, post.device) or "",
        station=post.station,
        agreement=decision.agreement,
        campaign=decision.campaign,
        purpose=post.purpose,
        configuration=post.configuration,
    )
    course = replace(course, session=new_session, opened=False, asked_ms=sight.at_ms, recorded_ns=0)
    return Turn(course, _not_yet(sight), (*acts, Signed(sight.at_ms, start)))


def finish(course: Course, sight: Sight, reason: Reason) -> tuple[Course, tuple[Signed, ...]]:
    """Return the course after its end, which nobody refused, and what is to be handed in."""
    if course.session is None:
        return course, ()
    if not course.opened:
        return _give_up(course), ()
    over = Course(given_up=course.given_up, stopped=course.stopped | {course.session})
    stop = RecordingStopped(session=course.session, reason=reason, recorded_ms=course.recorded_ms)
    return over, (Signed(sight.at_ms, stop),)


def _go_on(course: Course, post: Post, sight: Sight, acts: tuple[Signed, ...]) -> Turn:
    if 0 < course.lease_ms < sight.at_ms:  # its machine slept; nobody knows more than after a crash
        course, stop = finish(course, replace(sight, at_ms=course.lease_ms), Reason.INTERRUPTED)
        return Turn(course, Decision(False, Reason.INTERRUPTED, sight.at_ms), (*acts, *stop))
    known = replace(sight.known, recorded_ms=course.recorded_ms)
    decision = decide(sight.state, _ask(post, sight, course.session), known)
    if decision.allowed:
        return Turn(course, decision, acts)
    # An auditor must be able to tell a stop that comes late from one that could not come earlier.
    course, stop = finish(course, sight, Reason.LOG_UNREACHABLE if sight.late else decision.reason)
    return Turn(course, decision, (*acts, *stop))


def _wait(course: Course, sight: Sight, decision: Decision, acts: tuple[Signed, ...]) -> Turn:
    """Wait until the log takes the start in; after a while give up and let the next frame ask anew."""
    if not decision.allowed:
        return Turn(_give_up(course), decision, acts)
    if sight.at_ms - course.asked_ms >= OPEN_WITHIN_MS:
        course = _give_up(course)
    return Turn(course, _not_yet(sight), acts)


def _give_up(course: Course) -> Course:
    given_up = course.given_up | ({course.session} if course.session else set())
    return Course(given_up=given_up, stopped=course.stopped)


def _stray_stops(course: Course, post: Post, sight: Sight) -> tuple[Signed, ...]:
    strays = [
        session
        for session in _open_here(post, sight.state).values()
        if session.id != course.session and session.id not in course.stopped
    ]
    return tuple(stop_of(session, sight, looked=session.id not in course.given_up) for session in strays)


def stop_of(session: Session, sight: Sight, *, looked: bool = True) -> Signed:
    """Return the stop of a session that nobody has stopped; a start that was given up has not looked."""
    lease = sight.leases.get(session.id, Lease(sight.at_ms, 0))
    at_ms = max(session.started_ms, min(lease.until_ms, sight.at_ms))
    reason = Reason.INTERRUPTED if looked else Reason.LOG_UNWRITABLE
    return Signed(at_ms, RecordingStopped(session=session.id, reason=reason, recorded_ms=lease.recorded_ms))


def _open_here(post: Post, state: SiteState) -> dict[str, Session]:
    name = device_name(state, post.device)
    here = (name, post.station)
    return {one.id: one for one in state.sessions.values() if (one.device, one.station) == here}


def _ask(post: Post, sight: Sight, session: str | None = None) -> Ask:
    return Ask(post.station, post.purpose, post.states, post.device, sight.at_ms, session)


def _not_yet(sight: Sight) -> Decision:
    return Decision(False, Reason.LOG_UNWRITABLE, sight.at_ms)
