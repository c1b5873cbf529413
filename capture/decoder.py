"""Explicit-duration (semi-Markov) Viterbi decoding, online, with bounded lag and bounded memory.

A path is a sequence of segments; its score is

    sum over slots      log-likelihood of the segment's state in that slot
  + sum over segments   duration term, for segments whose beginning and end were both seen
  - switch cost         for each change of state

The duration term penalises segments that are shorter than the shortest plausible duration of their state,
linearly down from 0 to -SHORTNESS_COST, and is flat beyond it: nothing is assumed about how long work
takes. The first and the last segment are cut by the recording, so they carry no such penalty. After S. Z. Yu,
"Hidden semi-Markov models", Artificial Intelligence 174 (2010), with the flat tail as running maximum.

Whatever is older than the lag is final: paths that contradict it are dropped. With a lag beyond the length of
the input the result is the exact optimum (tests compare with enumeration).
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productivity.time import SECOND, Duration, Instant, after, seconds, since

SHORTNESS_COST = 30.0
SWITCH_COST = 2.0
# In nats, where a second of clear contradiction weighs 28 (capture/watcher.py): a segment of almost no
# duration must be worth a second of evidence. Chosen on the rendered assembly bench, where 12 let a dash
# along the bench pass as a walk to the rack, and 25 to 40 give the same segments.

EXTRA_LAG = seconds(5.0)
REBASE_EVERY = 4096  # slots; keeps the running sums small so that float64 stays exact enough for years


@dataclass(frozen=True, slots=True)
class Segment:
    """A decided span: state (row of the decoder's state list), start, duration, confidence in [0, 1]."""

    state: int
    start: Instant
    duration: Duration
    confidence: float


@dataclass(slots=True, eq=False)
class _Fork:
    """An instant at which any state may begin: behind `best`, or behind `second` for the state of `best`."""

    start: Instant
    beliefs: NDArray[np.float64]  # (S,) running belief in each state at that time
    best: "_Node | None"
    second: "_Node | None"


@dataclass(frozen=True, slots=True, eq=False)
class _Node:
    """The beginning of a segment of one state on some path."""

    fork: _Fork
    state: int

    @property
    def start(self) -> Instant:
        return self.fork.start

    @property
    def parent(self) -> "_Node | None":
        best = self.fork.best
        return self.fork.second if best is not None and best.state == self.state else best

    def is_same(self, other: "_Node") -> bool:
        return self.fork is other.fork and self.state == other.state


class _Window:
    """Beginnings young enough to be penalised: a row per fork in time order, a column per state."""

    def __init__(self, states: int) -> None:
        self._gains = np.empty((64, states))
        self._starts = np.empty(64, dtype=np.int64)
        self._first, self._end = 0, 0
        self.forks: deque[_Fork] = deque()

    def __len__(self) -> int:
        return self._end - self._first

    @property
    def gains(self) -> NDArray[np.float64]:
        """(W, S), a view."""
        return self._gains[self._first : self._end]

    @property
    def starts(self) -> NDArray[np.int64]:
        """(W,), a view."""
        return self._starts[self._first : self._end]

    def append(self, fork: _Fork, gains: NDArray[np.float64]) -> None:
        if self._end == len(self._starts):
            self._make_room()
        self._gains[self._end], self._starts[self._end] = gains, fork.start
        self._end += 1
        self.forks.append(fork)

    def pop_oldest(self) -> tuple[_Fork, NDArray[np.float64]]:
        self._first += 1
        return self.forks.popleft(), self._gains[self._first - 1]

    def _make_room(self) -> None:
        """Move what is left to the front, of a larger array only if it fills more than half."""
        size = len(self._starts) * (2 if 2 * len(self) > len(self._starts) else 1)
        gains, starts = np.empty((size, self._gains.shape[1])), np.empty(size, dtype=np.int64)
        gains[: len(self)], starts[: len(self)] = self.gains, self.starts
        self._end -= self._first
        self._first = 0
        self._gains, self._starts = gains, starts


class Decoder:
    """Feed slots in time order; get segments as they become final; `finish` ends the stretch."""

    def __init__(self, shortest: Sequence[Duration], *, lag: Duration | None = None) -> None:
        if not shortest:
            raise ValueError("Decoder: expected at least one state, found none")
        self._shortest = np.asarray(shortest, dtype=np.float64)
        self._window_span = Duration(max(shortest))
        self._lag = max(lag or 0, self._window_span + EXTRA_LAG)
        self._reset()

    def _reset(self) -> None:
        count = len(self._shortest)
        self._now: Instant | None = None
        self._sums = np.zeros(count)  # running log-likelihood of each state
        self._beliefs = np.zeros(count)  # running belief in each state, in seconds
        self._window = _Window(count)
        self._old_gains = np.full(count, -np.inf)  # best beginning of each state that left the window
        self._old_nodes: list[_Node | None] = [None] * count
        self._root: _Node | None = None
        self._checked = Instant(0)
        self._slots = 0
        self._present: int | None = None

    @property
    def lag(self) -> Duration:
        """The longest time that a decision may wait."""
        return Duration(self._lag)

    @property
    def present(self) -> int | None:
        """The state that is most plausible now, looked up once per second; it may turn out otherwise."""
        return self._present

    @property
    def live_beginnings(self) -> int:
        """How many segment beginnings are held; bounded for any length of input."""
        return len(self._window) * len(self._shortest)

    def feed(
        self, start: Instant, duration: Duration, scores: NDArray[np.float64], beliefs: NDArray[np.float64]
    ) -> list[Segment]:
        """Add the slot [start, start + duration) and return the segments that became final.

        scores: (S,) log-likelihoods; beliefs: (S,) shares in [0, 1] for the confidence. Slots must touch.
        """
        if self._now is None:
            self._begin(start)
        elif start != self._now:
            raise ValueError(f"slot: expected to start at {self._now}, found {start}")
        else:
            self._branch(start)
        self._sums += scores
        self._beliefs += beliefs * (duration / SECOND)
        self._now = after(start, duration)
        self._slots += 1
        if self._slots % REBASE_EVERY == 0:
            self._rebase()
        if since(self._checked, self._now) >= SECOND:
            self._checked = self._now
            return self._commit(Instant(self._now - self._lag))
        return []

    def finish(self) -> list[Segment]:
        """Return what remains and forget everything; the next slot starts a new stretch."""
        if self._now is None:
            return []
        segments = self._segments(self._best_path(), end=self._now)
        self._reset()
        return segments

    def _begin(self, start: Instant) -> None:
        # The beginning was not seen, so these segments count as old from the first slot on: no penalty.
        origin = _Fork(start, self._beliefs.copy(), None, None)
        self._old_gains[:] = 0.0
        self._old_nodes = [_Node(origin, state) for state in range(len(self._shortest))]
        self._checked = start

    def _branch(self, now: Instant) -> None:
        """Open a new segment of every state at `now`, behind the best segment of another state."""
        exits, rows = self._exits(now)
        best = int(exits.argmax())
        others = exits.copy()
        others[best] = -np.inf
        second = int(others.argmax())
        before = np.full(len(exits), exits[best])
        before[best] = others[second]  # minus infinity for a lonely state: it has nothing to begin behind
        fork = _Fork(now, self._beliefs.copy(), self._node(best, rows), self._node(second, rows))
        self._window.append(fork, before - SWITCH_COST - self._sums)
        while self._window and now - self._window.starts[0] >= self._window_span:
            self._grow_old()

    def _grow_old(self) -> None:
        """Move the oldest beginnings out of the window; of each state only the best old one matters."""
        fork, gains = self._window.pop_oldest()
        for state in np.flatnonzero(gains > self._old_gains):
            self._old_gains[state] = gains[state]
            self._old_nodes[state] = _Node(fork, int(state))

    def _exits(
        self, now: Instant, *, penalised: bool = True
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return for each state the score of its best open segment, ended at `now`, and its row (-1: old)."""
        best, rows = self._old_gains.copy(), np.full(len(self._old_gains), -1)
        if self._window:
            gains = self._window.gains
            if penalised:
                ages = (now - self._window.starts)[:, None]
                gains = gains - SHORTNESS_COST * np.maximum(1.0 - ages / self._shortest, 0.0)
            row = gains.argmax(axis=0)
            young = gains[row, np.arange(len(best))]
            better = young > best
            best, rows = np.where(better, young, best), np.where(better, row, rows)
        return best + self._sums, rows

    def _node(self, state: int, rows: NDArray[np.int64]) -> _Node | None:
        row = rows[state]
        return self._old_nodes[state] if row < 0 else _Node(self._window.forks[row], state)

    def _best_path(self) -> list[_Node]:
        """Return the best path to the present, oldest segment first, back to what is final."""
        assert self._now is not None  # noqa: S101  # callers checked; tells the type checker
        scores, rows = self._exits(self._now, penalised=False)
        node = self._node(int(scores.argmax()), rows)
        path: list[_Node] = []
        while node is not None:
            path.append(node)
            node = None if self._root is not None and node.is_same(self._root) else node.parent
        return path[::-1]

    def _segments(self, path: list[_Node], end: Instant | None) -> list[Segment]:
        """Turn a path into segments; the last node only ends the one before unless `end` is given."""
        ends = [(node.start, node.fork.beliefs) for node in path[1:]]
        if end is not None:
            ends.append((end, self._beliefs))
        segments = []
        for node, (stop, beliefs) in zip(path, ends, strict=False):
            duration = since(node.start, stop)
            belief = float(beliefs[node.state] - node.fork.beliefs[node.state])
            confidence = min(1.0, max(0.0, belief / (duration / SECOND)))
            segments.append(Segment(node.state, node.start, duration, confidence))
        return segments

    def _commit(self, horizon: Instant) -> list[Segment]:
        """Make everything before `horizon` final."""
        path = self._best_path()
        self._present = path[-1].state
        settled = max((i for i, node in enumerate(path) if node.start <= horizon), default=None)
        if settled is None:
            return []
        final = self._segments(path[: settled + 1], end=None)
        self._root = path[settled]
        self._drop_contradicting(self._root, horizon)
        self._root.fork.best = self._root.fork.second = None  # lets the past be freed
        return final

    def _drop_contradicting(self, root: _Node, horizon: Instant) -> None:
        """Drop every beginning whose path does not pass the root."""

        def passes(node: _Node | None) -> bool:
            while node is not None and node.start > horizon:
                node = node.parent
            return node is not None and node.is_same(root)

        for gains, fork in zip(self._window.gains, self._window.forks, strict=True):
            if fork.start <= horizon:
                kept = gains[root.state] if fork is root.fork else -np.inf
                gains[:] = -np.inf
                gains[root.state] = kept
                continue
            state_of_best = fork.best.state if fork.best is not None else -1
            if not passes(fork.best):
                gains[np.arange(len(gains)) != state_of_best] = -np.inf
            if state_of_best >= 0 and not passes(fork.second):
                gains[state_of_best] = -np.inf
        for state, node in enumerate(self._old_nodes):
            if not passes(node):
                self._old_gains[state], self._old_nodes[state] = -np.inf, None

    def _rebase(self) -> None:
        """Move the running sums into the gains, and the gains close to zero; differences stay as they are."""
        gains = self._window.gains
        gains += self._sums
        self._old_gains += self._sums
        top = max(self._old_gains.max(), gains.max(initial=-np.inf))
        gains -= top
        self._old_gains -= top
        self._sums[:] = 0.0
