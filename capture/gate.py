"""The permission that the recorder is given from outside; it never knows where permission comes from."""

from dataclasses import dataclass
from typing import Protocol

from productivity.time import Instant

STATE_DURATIONS = "state durations"
"""The one purpose that the recorder asks permission for: how long each worker state lasted."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a station may be recorded at an instant, and in plain words why (not)."""

    allowed: bool
    reason: str


class Gate(Protocol):
    """Decides frame by frame. Must be quick; must answer no when in doubt; must not raise."""

    def allowed(self, station: str, purpose: str, at: Instant) -> Decision:
        """Tell whether `station` may be recorded for `purpose` at this instant of the recording."""
        ...


class OpenGate:
    """Permits everything. For recordings of nobody but oneself and for rendered samples."""

    def allowed(self, station: str, purpose: str, at: Instant) -> Decision:
        """Permit."""
        del station, purpose, at
        return Decision(allowed=True, reason="no works agreement is enforced")
