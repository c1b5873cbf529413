"""Which entries of a log are of which type, so that pages find the newest of a kind without reading the log.

Eight bytes an entry; kept by a follower as it goes, of entries that it has verified. For several threads.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from threading import Lock


class Kinds:
    """Numbers of entries by type, in order."""

    def __init__(self) -> None:
        self._numbers: dict[str, array[int]] = {}
        self._lock = Lock()

    def add(self, first: int, types: Iterable[str]) -> None:
        """Take note of the types of entries `first`, `first` + 1, ..."""
        with self._lock:
            for number, name in enumerate(types, first):
                self._numbers.setdefault(name, array("Q")).append(number)

    def newest(self, types: Iterable[str], most: int, before: int | None = None) -> list[int]:
        """Return at most so many numbers of entries of these types, newest first; only those `before`."""
        found: list[int] = []
        with self._lock:
            for name in set(types):
                numbers = self._numbers.get(name, array("Q"))
                end = len(numbers) if before is None else bisect_left(numbers, before)
                found += numbers[max(0, end - most) : end]
        return sorted(found, reverse=True)[:most]

    def count(self, types: Iterable[str]) -> int:
        """Return how many entries there are of these types."""
        with self._lock:
            return sum(len(self._numbers.get(name, ())) for name in set(types))
