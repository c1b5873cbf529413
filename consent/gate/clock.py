"""Time that runs on evenly from what the wall clock said once, and doubt when the wall clock leaves it."""

import time
from typing import Protocol

from consent.entries.limits import SKEW_MS

_NS_PER_MS = 1_000_000


class Clock(Protocol):
    """Time, as a machine has it."""

    def wall_ms(self) -> int:
        """UTC milliseconds, as far as the machine knows; may jump."""
        ...

    def monotonic_ms(self) -> int:
        """Milliseconds since some instant; runs on evenly."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        ...


class SystemClock:
    """The machine's own time."""

    def wall_ms(self) -> int:
        """Return UTC milliseconds."""
        return time.time_ns() // _NS_PER_MS

    def monotonic_ms(self) -> int:
        """Return milliseconds that no clock setting changes."""
        return time.monotonic_ns() // _NS_PER_MS

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)


class SteadyClock:
    """UTC milliseconds that never go back within one run."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._start_ms = clock.wall_ms() - clock.monotonic_ms()

    def now_ms(self) -> int:
        """Return the time, counted from the start of the run."""
        return self._start_ms + self._clock.monotonic_ms()

    def jumped(self) -> bool:
        """Tell whether somebody has set the wall clock, so that one of the two times must be wrong."""
        return abs(self._clock.wall_ms() - self.now_ms()) > SKEW_MS

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self._clock.sleep(seconds)
