"""May motion of one worker be kept at this station now, and until when? Pure, like `consent.gate.decision`.

Motion is kept only while state durations are recorded under an open session: every limit of the gate holds
for it too. Beyond that its grant must be in force, at this station, for a purpose that the agreement still
permits for motion.
"""

from dataclasses import dataclass, replace

from consent.gate.course import Course, Post, Sight
from consent.gate.decision import Ask, decide
from consent.site.motion import permits


@dataclass(frozen=True, slots=True)
class MotionTerms:
    """Under what motion is kept."""

    session: str
    """The recording session of the log."""
    agreement: str
    """Hash."""
    at_ms: int
    """When this was answered."""
    until_ms: int


def motion_terms(sight: Sight, post: Post, course: Course, record: str) -> MotionTerms | None:
    """Return under what motion of this record's worker may be kept; None: it may not."""
    state, at_ms = sight.state, sight.at_ms
    grant, session = state.grants.get(record), state.sessions.get(course.session or "")
    if grant is None or session is None or not course.opened:
        return None
    if not permits(state, grant, post.station, at_ms):
        return None
    known = replace(sight.known, recorded_ms=course.recorded_ms)
    ends = []
    for purpose in grant.purposes:
        ask = Ask(post.station, purpose, post.states, post.device, at_ms, course.session)
        decision = decide(state, ask, known)
        if decision.allowed:
            ends.append(decision.until_ms)
    if not ends:
        return None
    return MotionTerms(session.id, session.agreement, at_ms, min(max(ends), grant.until_ms))
