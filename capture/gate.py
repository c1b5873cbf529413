"""The permission that the recorder is given from outside; it never knows where permission comes from."""

from dataclasses import dataclass
from typing import Protocol

from productivity.time import Duration, Instant

STATE_DURATIONS = "state durations"
"""The one purpose that the recorder asks permission for: how long each worker state lasted."""

FOREVER = Instant(2**62)
"""An instant of the recording (ns) that none reaches."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a station may be recorded at an instant, in plain words why not, and up to when the yes holds.

    A picture that lasts beyond `until` is not looked at; `reason` then says what ends the permission.
    """

    allowed: bool
    reason: str
    until: Instant = FOREVER


class Gate(Protocol):
    """Decides frame by frame. Must be quick; must answer no when in doubt; must not raise."""

    def allowed(self, station: str, purpose: str, at: Instant) -> Decision:
        """Tell whether `station` may be recorded for `purpose` at this instant of the recording."""
        ...

    def recorded(self, station: str, at: Instant, duration: Duration) -> None:
        """Take note that [at, at + duration) is being recorded; it counts against what was permitted."""
        ...


class OpenGate:
    """Permits everything. For rendered samples, and for files that show nobody but oneself."""

    def allowed(self, station: str, purpose: str, at: Instant) -> Decision:
        """Permit."""
        del station, purpose, at
        return Decision(allowed=True, reason="no works agreement is enforced")

    def recorded(self, station: str, at: Instant, duration: Duration) -> None:
        """Count nothing."""
