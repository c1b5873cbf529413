"""What waits a few minutes for its second half: challenges, half sign-ins, secrets that are being set up.

In memory only: a restart forgets them, and whoever was in the middle of something begins again.
"""

import secrets
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")
_KEY_BYTES = 32


class Pending(Generic[Value]):
    """Values by random keys, each for `seconds`, at most `most` of them: beyond that the oldest goes."""

    def __init__(self, seconds: float, most: int, steady_s: Callable[[], float]) -> None:
        self._seconds, self._most, self._steady_s = seconds, most, steady_s
        self._lock = Lock()
        self._values: dict[str, tuple[float, Value]] = {}

    def put(self, value: Value, key: str | None = None) -> str:
        """Keep a value; return its key, which nobody can guess unless the caller chose it."""
        key = secrets.token_urlsafe(_KEY_BYTES) if key is None else key
        now = self._steady_s()
        with self._lock:
            self._values.pop(key, None)  # put again is put last
            self._values[key] = now + self._seconds, value
            self._forget(now)
        return key

    def take(self, key: str) -> Value | None:
        """Return a value and forget it: nothing is used twice."""
        with self._lock:
            self._forget(self._steady_s())
            _, value = self._values.pop(key, (0.0, None))
            return value

    def see(self, key: str) -> Value | None:
        """Return a value and keep it."""
        with self._lock:
            self._forget(self._steady_s())
            _, value = self._values.get(key, (0.0, None))
            return value

    def __len__(self) -> int:
        """Return how many values are kept."""
        return len(self._values)

    def _forget(self, now: float) -> None:
        # All live equally long, so the first is the oldest.
        while self._values:
            key = next(iter(self._values))
            if self._values[key][0] > now and len(self._values) <= self._most:
                return
            del self._values[key]
