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

from collections.abc import Sequence
from dataclasses import dataclass, field

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
class _Node:
    """The beginning of a segment on some path; `belief` is the running belief in its state at that time."""

    state: int
    start: Instant
    belief: float
    parent: "_Node | None"
    parent_belief: float = 0.0  # running belief in the parent's state at the time the parent ended


@dataclass(slots=True)
class _Window:
    """Segment beginnings young enough to be penalised: one column per slot, one row per state."""

    starts: list[Instant] = field(default_factory=list)
    nodes: list[list[_Node | None]] = field(default_factory=list)
    gains: list[NDArray[np.float64]] = field(default_factory=list)


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
        self._window = _Window()
        self._old_gains = np.full(count, -np.inf)  # best beginning of each state that left the window
        self._old_nodes: list[_Node | None] = [None] * count
        self._root: _Node | None = None
        self._checked = Instant(0)
        self._slots = 0

    @property
    def lag(self) -> Duration:
        """The longest time that a decision may wait."""
        return Duration(self._lag)

    @property
    def live_beginnings(self) -> int:
        """How many segment beginnings are held; bounded for any length of input."""
        return len(self._window.starts) * len(self._shortest)

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
        path = self._path(self._best(penalised=False)[1])
        segments = self._segments(path, end=self._now)
        self._reset()
        return segments

    def _begin(self, start: Instant) -> None:
        # The beginning was not seen, so these segments count as old from the first slot on: no penalty.
        self._old_gains[:] = 0.0
        self._old_nodes = [_Node(s, start, 0.0, None) for s in range(len(self._shortest))]
        self._checked = start

    def _branch(self, now: Instant) -> None:
        """Open a new segment of every state at `now`, behind the best segment of another state."""
        exits, nodes = self._exits(now)
        order = np.argsort(exits)
        best = int(order[-1])
        second = int(order[-2]) if len(order) > 1 else best
        gains = np.empty(len(exits))
        beginnings: list[_Node | None] = []
        for state in range(len(exits)):
            source = second if state == best else best
            if source == state:
                gains[state] = -np.inf
                beginnings.append(None)
                continue
            gains[state] = exits[source] - SWITCH_COST - self._sums[state]
            beginnings.append(
                _Node(state, now, float(self._beliefs[state]), nodes[source], float(self._beliefs[source]))
            )
        window = self._window
        window.starts.append(now)
        window.gains.append(gains)
        window.nodes.append(beginnings)
        while since(window.starts[0], now) >= self._window_span:
            self._grow_old()

    def _grow_old(self) -> None:
        """Move the oldest beginnings out of the window; of each state only the best old one matters."""
        window = self._window
        window.starts.pop(0)
        gains, nodes = window.gains.pop(0), window.nodes.pop(0)
        for state in np.flatnonzero(gains > self._old_gains):
            self._old_gains[state] = gains[state]
            self._old_nodes[state] = nodes[state]

    def _exits(
        self, now: Instant, *, penalised: bool = True
    ) -> tuple[NDArray[np.float64], list[_Node | None]]:
        """Return for each state the score of its best open segment, ended at `now`, and that segment."""
        best, nodes = self._old_gains.copy(), list(self._old_nodes)
        window = self._window
        if window.starts:
            gains = np.stack(window.gains)  # (W, S)
            if penalised:
                ages = now - np.asarray(window.starts, dtype=np.int64)
                shortness = np.clip(1.0 - ages[:, None] / self._shortest, 0.0, None)
                gains = gains - SHORTNESS_COST * shortness
            column = gains.argmax(axis=0)
            young = gains[column, np.arange(len(best))]
            for state in np.flatnonzero(young > best):
                best[state] = young[state]
                nodes[state] = window.nodes[column[state]][state]
        return best + self._sums, nodes

    def _best(self, *, penalised: bool) -> tuple[float, _Node]:
        assert self._now is not None  # noqa: S101  # callers checked; tells the type checker
        scores, nodes = self._exits(self._now, penalised=penalised)
        state = int(scores.argmax())
        node = nodes[state]
        assert node is not None  # noqa: S101  # some path always survives
        return float(scores[state]), node

    def _path(self, node: _Node) -> list[_Node]:
        path = [node]
        while path[-1].parent is not None and path[-1] is not self._root:
            path.append(path[-1].parent)
        return path[::-1]

    def _segments(self, path: list[_Node], end: Instant | None) -> list[Segment]:
        """Turn a path into segments; the last node only ends the one before unless `end` is given."""
        ends = [(node.start, node.parent_belief) for node in path[1:]]
        if end is not None:
            ends.append((end, float(self._beliefs[path[-1].state])))
        segments = []
        for node, (stop, belief) in zip(path, ends, strict=False):
            duration = since(node.start, stop)
            confidence = (belief - node.belief) / (duration / SECOND)
            segments.append(Segment(node.state, node.start, duration, min(1.0, max(0.0, confidence))))
        return segments

    def _commit(self, horizon: Instant) -> list[Segment]:
        """Make everything before `horizon` final."""
        path = self._path(self._best(penalised=False)[1])
        settled = max((i for i, node in enumerate(path) if node.start <= horizon), default=None)
        if settled is None:
            return []
        anchor = path[settled]
        final = self._segments(path[: settled + 1], end=None)
        self._drop_contradicting(anchor, horizon)
        self._root = anchor
        anchor.parent = None  # lets the past be freed
        return final

    def _drop_contradicting(self, anchor: _Node, horizon: Instant) -> None:
        verdicts: dict[int, bool] = {}

        def agrees(node: _Node | None) -> bool:
            """Tell whether the segment that covers `horizon` on the node's path is the anchor."""
            if node is None or node.start <= horizon:
                return node is anchor
            known = verdicts.get(id(node.parent))
            if known is None:
                known = verdicts[id(node.parent)] = agrees(node.parent)
            return known

        for gains, nodes in zip(self._window.gains, self._window.nodes, strict=True):
            for state, node in enumerate(nodes):
                if not agrees(node):
                    gains[state], nodes[state] = -np.inf, None
        for state, node in enumerate(self._old_nodes):
            if not agrees(node):
                self._old_gains[state], self._old_nodes[state] = -np.inf, None

    def _rebase(self) -> None:
        for gains in self._window.gains:
            gains += self._sums
        self._old_gains += self._sums
        top = max(self._old_gains.max(), max((g.max() for g in self._window.gains), default=-np.inf))
        for gains in self._window.gains:
            gains -= top
        self._old_gains -= top
        self._sums[:] = 0.0
