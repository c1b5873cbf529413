"""Runs the steps of a thread until it is stopped; no exception ends it, and none is hidden."""

import threading
from collections.abc import Callable
from contextlib import suppress

from capture.outbox.database import OutboxUnwritable
from capture.outbox.pacing import FIRST_S, LONGEST_S


def keep_on(
    step: Callable[[], float], stopped: threading.Event, tell_fault: Callable[[Exception], None]
) -> None:
    """Take steps, each after the seconds that the one before asked for, until `stopped` is set.

    After an exception comes a pause, twice as long each time. A disk that fails is waited for and needs no
    words: nobody could write them down. Everything else is a fault of ours, and is told.
    """
    failures, wait_s = 0, 0.0
    while not stopped.wait(wait_s):
        try:
            wait_s = step()
            failures = 0
        except Exception as error:  # whatever it is: a thread that ends lets the outbox fill in silence
            failures += 1
            wait_s = min(LONGEST_S, FIRST_S * 2.0 ** min(failures, 30))
            if not isinstance(error, OutboxUnwritable):
                with suppress(Exception):  # a fault in telling must not end the thread either
                    tell_fault(error)


def in_words(fault: Exception) -> str:
    """Say that it happened, by class: the text of an exception may hold anything."""
    return f"a fault of this program ({type(fault).__name__}); it is tried again"
