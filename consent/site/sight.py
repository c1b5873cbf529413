"""What is seen of a site at one look, by the process that writes its log and by one that only reads it.

A look reads what waits and what stands in the log; stops that wait count (`consent.site.preview`). The writer
takes in what waits and its own words in the same go.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from consent.agreement.schema import Strict
from consent.entries.form import Act
from consent.log.checkpoint import Checkpoint
from consent.log.http import Unreachable
from consent.site.follower import Follower
from consent.site.operator import Operator
from consent.site.own_words import Said
from consent.site.plant import Plant
from consent.site.preview import preview
from consent.site.state import SiteState
from productivity.errors import BadInput


@dataclass(frozen=True, slots=True)
class SiteView:
    """A site as it is now: a value, to be read by any number of threads."""

    state: SiteState
    """As it counts: with the stops that wait for the log."""
    logged: SiteState
    """As it stands in the log."""
    checkpoint: Checkpoint
    """Verified; every entry below its size is."""
    cosigned_ms: int | None
    """When the works council's witness last co-signed the log."""
    takes_in: bool
    """Whether this process can bring entries into the log now."""
    problems: tuple[str, ...] = ()
    """For whoever runs the site; one line each."""

    @property
    def size(self) -> int:
        """How many entries the log holds."""
        return self.checkpoint.size


@dataclass(frozen=True, slots=True)
class Look:
    """One look, and what came of the words that were said with it."""

    view: SiteView
    said: tuple[Said, ...] = ()
    """Empty if nothing could be taken in."""
    refused: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Reasons why notes may not stand in the log, by their names in `acts/`."""
    busy: bool = False
    """Whether the next look will probably see something new."""


class Looker(Protocol):
    """How a process looks. Not for several threads.

    `BadInput`: what was read cannot be believed. `OSError` or `Unreachable`: it could not be read now.
    """

    writes: bool

    def first(self) -> Look:
        """Look without changing anything."""
        ...

    def look(self, now_ms: int, words: Sequence[Strict]) -> Look:
        """Look; a writer takes in what waits, and these words."""
        ...

    def close(self) -> None:
        """Look no more."""
        ...


class WritersSight:
    """The operator's look."""

    writes = True

    def __init__(self, plant: Plant, operator: Operator) -> None:
        self._plant = plant
        self._operator = operator

    def first(self) -> Look:
        """Look at what the operator has read; it takes things in from the next look on."""
        return Look(self._view(self._operator.state, takes_in=False, problems=("starting",)), busy=True)

    def look(self, now_ms: int, words: Sequence[Strict]) -> Look:
        """Do a round."""
        done = self._operator.step(now_ms, own=words)
        refused = MappingProxyType({one.handed.name: one.reason for one in done.refused})
        busy = bool(done.appended) or done.asking or done.cosigned is not None
        view = self._view(done.state, takes_in=done.working, problems=done.problems)
        return Look(view, done.said, refused, busy)

    def close(self) -> None:
        """Ask the witness no more."""
        self._operator.close()

    def _view(self, logged: SiteState, *, takes_in: bool, problems: tuple[str, ...]) -> SiteView:
        # Nobody but this thread moves acts into the log, so what waits may be read after the log.
        state = preview(logged, _waiting(self._plant))
        operator = self._operator
        return SiteView(state, logged, operator.checkpoint, operator.cosigned_ms, takes_in, problems)


class ReadersSight:
    """A follower's look, where another process writes the log."""

    writes = False

    def __init__(self, plant: Plant, follower: Follower) -> None:
        self._plant = plant
        self._follower = follower

    def first(self) -> Look:
        """Look."""
        # First what waits: an act that moves into the log in between is seen in both places, never in none.
        waiting = _waiting(self._plant)
        logged = self._follower.poll()
        checkpoint = self._follower.checkpoint
        assert checkpoint is not None  # noqa: S101  # for the type checker; it was just polled
        view = SiteView(
            preview(logged, waiting), logged, checkpoint, self._follower.cosigned_ms, takes_in=False
        )
        return Look(view, busy=bool(waiting))

    def look(self, now_ms: int, words: Sequence[Strict]) -> Look:
        """Look; words are not for a reader."""
        del now_ms, words
        return self.first()

    def close(self) -> None:
        """There is nothing to end."""


def _waiting(plant: Plant) -> list[Act]:
    try:
        return plant.waiting_acts()
    except BadInput:
        # A stop may be among them unread; the log is as good as before. Every reader is told this: no path.
        raise Unreachable("too many acts wait") from None
