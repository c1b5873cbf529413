"""What a recording is made of: state intervals and cycles. Nothing about a person is in them."""

from dataclasses import dataclass

from productivity.time import Duration, Instant, after


@dataclass(frozen=True, slots=True)
class StateInterval:
    """A half-open span [start, start + duration) in which a station was in one worker state.

    `confidence` is the mean share of evidence for the state, in [0, 1]; 1 for *not recorded*.
    `reason` says why nothing was recorded (only with *not recorded*), for example "no frames".
    """

    station: str
    state: str
    start: Instant
    duration: Duration
    confidence: float = 1.0
    reason: str = ""

    @property
    def end(self) -> Instant:
        """The first instant that no longer belongs to the interval."""
        return after(self.start, self.duration)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A completed working cycle of a station: [start, start + duration), numbered from 1."""

    station: str
    number: int
    start: Instant
    duration: Duration

    @property
    def end(self) -> Instant:
        """The first instant that no longer belongs to the cycle."""
        return after(self.start, self.duration)
