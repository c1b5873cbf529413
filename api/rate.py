"""Limits how often something may happen: a token bucket for each key."""

import math
from collections.abc import Callable
from threading import Lock

from api.problems import Kind, Problem


class RateLimit:
    """`burst` at once, then `rate` per second. Keys are enrolled devices or fixed words, so they are few."""

    def __init__(self, rate: float, burst: int, steady_s: Callable[[], float]) -> None:
        self._rate, self._burst, self._steady_s = rate, burst, steady_s
        self._lock = Lock()
        self._left: dict[str, tuple[float, float]] = {}

    def spend(self, key: str) -> None:
        """Take one; raises `Problem` with the seconds to wait when none is left."""
        now = self._steady_s()
        with self._lock:
            left, since = self._left.get(key, (float(self._burst), now))
            left = min(self._burst, left + (now - since) * self._rate)
            if left >= 1:
                self._left[key] = left - 1, now
                return
            self._left[key] = left, now
        wait_s = max(1, math.ceil((1 - left) / self._rate))
        raise Problem(
            Kind.TOO_MANY, f"wait {wait_s} s before the next request", headers={"Retry-After": str(wait_s)}
        )
