"""Instants and durations are different types, both whole nanoseconds, so that sums are exact."""

from typing import NewType

Instant = NewType("Instant", int)
"""Nanoseconds since the start of a recording."""

Duration = NewType("Duration", int)
"""Nanoseconds between two instants."""

SECOND = 1_000_000_000


def seconds(number: float) -> Duration:
    """Return the duration nearest to a number of seconds."""
    return Duration(round(number * SECOND))


def since(start: Instant, end: Instant) -> Duration:
    """Return the duration of the half-open span [start, end)."""
    return Duration(end - start)


def after(start: Instant, duration: Duration) -> Instant:
    """Return the end of the half-open span that begins at `start` and lasts `duration`."""
    return Instant(start + duration)
