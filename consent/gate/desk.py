"""What is kept for one station while it is recorded: its course, its lease, its latest answer.

Does what `consent.gate.course` decides: hands acts in, keeps the lease ahead of the clock, counts cycles.
Whoever calls holds the gate's lock.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from consent.entries.bodies import RecordingStarted
from consent.entries.vocabulary import Reason
from consent.gate.campaign import CampaignCount
from consent.gate.course import Course, Lease, Post, Sight, Signed, Turn, advance, finish
from consent.gate.decision import Decision
from consent.gate.notebook import Notebook
from consent.gate.outbox import Outbox
from consent.gate.stretches import Stretches, Terms, stop_of_terms
from consent.site.state import SiteState
from productivity.errors import FairtaktError
from productivity.time import Duration, Instant, after

LEASE_MS = 10_000
"""What a crash may cost of a day's minutes."""

_MARGIN_MS = 1_000
"""Near its end a permission is asked for anew with each frame, so that it ends where it must."""
_NS_PER_MS = 1_000_000
_NOTHING_READ = Decision(False, Reason.LOG_UNREACHABLE, 0)


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a station may be recorded; why not, or what ends the permission at `until` of the recording."""

    allowed: bool
    reason: Reason
    until: Instant


@dataclass(slots=True)
class Desk:
    """One station of a recorder. `now_ms` and a sight's `at_ms` are the gate's time."""

    post: Post
    count: CampaignCount
    outbox: Outbox
    notebook: Notebook
    new_id: Callable[[], str]
    course: Course = field(default_factory=Course)
    decision: Decision = _NOTHING_READ
    """The latest."""
    reached: int = 0
    """How far the recording has come (ns)."""
    bound: int = 0
    """Where in the recording the permission ends, should it be played faster than it was filmed."""
    start: Path | None = None
    """The start that waits for the log."""
    patient: bool = True
    """Whether a frame waits for the log; not again after one has waited in vain."""
    offered: bool = False
    """Whether the last yes was given for a picture that the recorder has not recorded: it lasted too long."""
    refusal: Reason | None = None
    """The latest reason for a no to a frame."""
    has_recorded: bool = False
    stretches: Stretches = field(default_factory=Stretches)
    """The sessions, in the recording's own time."""
    terms: Terms | None = None
    """Of the latest session that was asked for."""
    granted: Terms | None = None
    """Of the session under which the last yes was given."""

    @property
    def waits(self) -> bool:
        """Whether nothing but the log's answer is missing."""
        return not self.decision.allowed and self.decision.reason is Reason.LOG_UNWRITABLE

    def holds(self, now_ms: int, at: Instant) -> bool:
        """Tell whether the latest permission holds for a frame, with some way to go."""
        return (
            self.decision.allowed
            and now_ms + _MARGIN_MS < self.decision.until_ms
            and at + _MARGIN_MS * _NS_PER_MS < self.bound
        )

    def answer(self, now_ms: int, at: Instant) -> Answer:
        """Return the latest decision as an answer to a frame."""
        self.offered = self.decision.allowed
        self.granted = self.terms if self.decision.allowed else None
        if not self.decision.allowed:
            self.refusal = self.decision.reason
        left_ms = max(0, self.decision.until_ms - now_ms)
        until = Instant(min(self.bound, at + left_ms * _NS_PER_MS))
        return Answer(self.decision.allowed, self.decision.reason, until)

    def recorded(self, at: Instant, duration: Duration) -> None:
        """Count what is recorded."""
        self.reached, self.has_recorded, self.offered = after(at, duration), True, False
        if (
            self.granted is not None
        ):  # the session may have ended since: the picture is looked at all the same
            self.stretches.begin(self.granted, at)
        if self.course.opened:
            self.course = replace(self.course, recorded_ns=self.course.recorded_ns + duration)

    def confirm(self, state: SiteState) -> bool:
        """Take note of what was just read of the site; tell whether that takes something back."""
        if not self.stretches.all:
            return False
        stop = stop_of_terms(state, self.stretches.all[-1].terms, self.post.device)
        return self.stretches.confirm(Instant(self.reached), stop)

    def refuse(self, reason: Reason) -> None:
        """Answer no as long as nothing has been read."""
        self.decision = replace(_NOTHING_READ, reason=reason)

    def turn(self, sight: Sight, at: Instant | None) -> None:
        """Do what follows from a look at the log; `at` is the frame that asks for permission, if one does."""
        new_session = None if at is None else self.new_id()
        self._take(advance(self.course, self.post, sight, new_session), sight)
        if at is not None:
            self.reached = max(self.reached, at)
        self.bound = self.reached + max(0, self.decision.until_ms - sight.at_ms) * _NS_PER_MS

    def finish(self, sight: Sight, reason: Reason) -> None:
        """End the session, if there is one."""
        course, acts = finish(self.course, sight, reason)
        self._take(Turn(course, replace(self.decision, allowed=False, reason=reason), acts), sight)
        self.offered = False

    def announce(self, now_ms: int) -> None:
        """Hand in that the campaign has seen enough, once it has."""
        if (body := self.count.announce()) is not None:
            self.outbox.add(Signed(now_ms, body))

    def _take(self, turn: Turn, sight: Sight) -> None:
        """Make the course's next step ours: its acts, its lease, its decision."""
        before, self.course, self.decision = self.course, turn.course, turn.decision
        for act in turn.acts:
            if not isinstance(act.body, RecordingStarted):
                self.outbox.add(act)
            elif not self._begin(act, act.body, sight):
                self.course = replace(self.course, session=None)
        if self.course.opened:
            self.start, self.patient = None, True
        if before.session is not None and self.course.session != before.session:
            self._take_back(before.session)
        if self.decision.allowed:
            self._renew(sight)

    def _begin(self, act: Signed, start: RecordingStarted, sight: Sight) -> bool:
        """Hand a start in, unless its campaign has seen enough. Returns whether it is on its way."""
        try:
            self.count.begin(start, sight.state)
            self.announce(sight.at_ms)
            if self.count.completed is None:
                agreement = sight.state.agreements[start.agreement].agreement
                self.terms = Terms(start.session, start.agreement, agreement.time_resolution_s * 1000)
                self.notebook.keep_lease(start.session, Lease(sight.at_ms + LEASE_MS, 0))
                self.start = self.outbox.hand_in(act)
        except (OSError, FairtaktError):
            return False
        return self.start is not None

    def _take_back(self, session: str) -> None:
        """Take a start back that nobody waits for any more."""
        if self.start is not None:
            with suppress(OSError):  # should the log take it in, the session is stopped at once
                self.start.unlink(missing_ok=True)
                self.notebook.end_lease(session)
        self.start = None

    def _renew(self, sight: Sight) -> None:
        """Keep the lease ahead of the clock. No lease, no session."""
        course = self.course
        if course.lease_ms - sight.at_ms > LEASE_MS // 2:
            return
        lease = Lease(sight.at_ms + LEASE_MS, course.recorded_ms)
        try:
            self.notebook.keep_lease(course.session or "", lease)
        except OSError:
            self.finish(sight, Reason.LOG_UNWRITABLE)
        else:
            self.course = replace(course, lease_ms=lease.until_ms)
