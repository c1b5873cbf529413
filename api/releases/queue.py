"""One table at a time: working one out may take a minute, and each is checked against the last."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from api.problems import Kind, Problem

MOST = 4
"""One that is worked out, and three that wait: each waits in a thread that others need too."""


class ReleaseQueue:
    """The turn to work a table out; of one server."""

    def __init__(self) -> None:
        self._turn, self._counting = Lock(), Lock()
        self.here = 0
        """How many are worked out or wait."""

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn; raises `Problem` if too many wait already."""
        with self._counting:
            if self.here >= MOST:
                detail = "other tables are being worked out; try again"
                raise Problem(Kind.TOO_MANY, detail, headers={"Retry-After": "30"})
            self.here += 1
        try:
            with self._turn:
                yield
        finally:
            with self._counting:
                self.here -= 1
