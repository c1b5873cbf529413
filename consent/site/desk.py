"""The plant server's desk at the site's log: for a program with threads, and failing closed.

One background thread looks at the site (`consent.site.sight`), some 25 times per second while something goes
on, four times otherwise. It alone touches operator and follower; all others read the value that it left, or
wait for it.

    say          a word in the log's own name; returns once its entry is on disk and its checkpoint is out
    hand_in      a note that somebody signed; if it stops something, that counts when this returns
    catch_up     wait until what others have handed in counts here
    state        what stands at the site, stops that wait included
    entries      what stands in the log, each entry held against the verified checkpoint

What a caller may rely on:

1. `say` never returns for an entry that is not in the log for good. Where it raises, nothing may be shown or
   done; the entry may stand in the log all the same. No word is tried a second time.
2. `state` and `entries` raise as soon as the log does not verify, and for ever: a log that was changed once
   is not believed again by this process. They also raise if nobody has managed to look for `STALE_S`.
3. `hand_in` works in every case, because whoever says stop must be heard: what it has written counts for
   recorders, whatever this process believes.
"""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass, field

from consent.agreement.schema import Strict
from consent.entries.bodies import NAMES
from consent.log.cosigned import cosigned_names
from consent.log.directory import Directory
from consent.log.http import Unreachable
from consent.log.store import LogFiles
from consent.site.kinds import Kinds
from consent.site.logged import Logged, read_logged, require_few
from consent.site.own_words import MOST_WORDS
from consent.site.plant import Plant
from consent.site.sight import Look, Looker, SiteView
from productivity.errors import BadInput, FairtaktError

PACE_S = 0.04
"""Between looks while something goes on: a recorder waits for its start to stand in the log."""
IDLE_S = 0.25
"""Between looks while nothing waits; whether something does is asked at the faster pace."""
GATHER_S = 0.003
"""How long a look waits for those who said something with the last one: a disk costs all of them more."""
TROUBLE_S = 1.0
"""What cannot be written now will not be writable in the next moment either."""
STALE_S = 15.0
"""How old a look may be and still be believed: more than the first round waits for the witness."""
SAY_WITHIN_S = 10.0
HAND_IN_WITHIN_S = 5.0


class LogUnusable(FairtaktError):
    """The log cannot be believed, or takes no entry in. Nothing that needs it may be shown or done."""


class Declined(BadInput):
    """A note that was handed in may not stand in the log; it was put aside."""


@dataclass(frozen=True, slots=True)
class Health:
    """How it stands with the log; for those who watch over it. Unlike the state itself it is always told."""

    believed: bool
    takes_in: bool
    problems: tuple[str, ...]
    size: int
    cosigned_ms: int | None


@dataclass(frozen=True, slots=True)
class _Word:
    body: Strict
    answer: "Future[int]" = field(default_factory=Future)


class Desk:
    """See above. Made by `consent.site.opening.open_desk`."""

    def __init__(
        self,
        plant: Plant,
        looker: Looker,
        kinds: Kinds,
        *,
        now_ms: Callable[[], int],
        steady_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Look once, and let nothing run yet. Raises what `Looker.first` does."""
        self._plant = plant
        self._looker = looker
        self._kinds = kinds
        self._now_ms = now_ms
        self._steady_s = steady_s
        self._lock = threading.Lock()
        self._work = threading.Condition(self._lock)  # something is to be done
        self._news = threading.Condition(self._lock)  # a look is over
        self._words: list[_Word] = []
        self._hurry = self._over = False
        self._together = 0  # words of the last look
        self._begun = self._ended = 0  # looks
        self._refused: dict[str, str] = {}
        self._listeners: list[Callable[[], None]] = []
        first = looker.first()
        self._view, self._busy = first.view, first.busy
        self._failed = self._missed = ""  # for ever; at the last look
        self._looked_s = steady_s()
        self._number = 1
        self._thread = threading.Thread(target=self._run, name="log desk", daemon=True)

    # --- What the plant server asks. ---

    @property
    def files(self) -> LogFiles:
        """The log's files, as anybody may copy and verify them."""
        return Directory(self._plant.log)

    def cosigned_names(self) -> list[str]:
        """Return the names of the co-signed checkpoints beside the log, oldest first."""
        return cosigned_names(self._plant.log)

    @property
    def number(self) -> int:
        """Counts what changed; see `wait_for_change`."""
        return self._number

    def state(self) -> SiteView:
        """Return the site as it is now; `LogUnusable` if nobody can believe its log, or read it lately."""
        with self._lock:
            if reason := self._unusable():
                raise LogUnusable(reason)
            return self._view

    def health(self) -> Health:
        """Tell how it stands with the log."""
        with self._lock:
            view, reason = self._view, self._unusable()
            problems = tuple(dict.fromkeys(filter(None, (reason, self._missed, *view.problems))))
            takes_in = view.takes_in and not (reason or self._missed or self._over)
            return Health(not reason, takes_in, problems, view.size, view.cosigned_ms)

    def say(self, body: Strict, *, timeout_s: float = SAY_WITHIN_S) -> int:
        """Have the log say something in its own name; return the number of the entry once it is in for good.

        `BadInput`: it may not stand in the log, or nobody agreed to what it tells of. `LogUnusable`: it could
        not be taken in.
        """
        (index,) = self.say_all([body], timeout_s=timeout_s)
        return index

    def say_all(self, bodies: Iterable[Strict], *, timeout_s: float = SAY_WITHIN_S) -> list[int]:
        """Have the log say several things, with one wait for the disk; return the numbers of the entries.

        Raises what `say` does for the first that was not taken in; the others may stand in the log.
        """
        words = [_Word(body) for body in bodies]
        with self._lock:
            if not self._looker.writes:
                raise LogUnusable("another process writes the log: nothing can be said here")
            if self._failed or self._over:
                raise LogUnusable(self._failed or _CLOSED)
            self._words += words
            self._work.notify_all()
        ends = time.monotonic() + timeout_s
        try:
            return [word.answer.result(max(0.0, ends - time.monotonic())) for word in words]
        except Late:
            raise LogUnusable(f"the log did not take it in within {timeout_s:g} s") from None
        finally:
            with self._lock:  # what was not taken up yet is not to be said any more
                self._words = [one for one in self._words if not any(one is mine for mine in words)]

    def hand_in(self, note: str | bytes, *, timeout_s: float = HAND_IN_WITHIN_S) -> bool:
        """Hand in a signed note; return whether it left `acts/` for the log, or still waits for the operator.

        Either way it is on disk, and if it stops something it counts. `Declined`: it may not stand in the log
        (told where this process writes it). `BadInput`, `OSError`: it was not written.
        """
        path = self._plant.hand_in(note)
        with self._lock:
            self._refused.pop(path.name, None)
            self._look_anew(timeout_s)
            refused = self._refused.pop(path.name, None)
        if refused is not None:
            raise Declined(refused)
        return not path.exists()

    def catch_up(self, *, timeout_s: float = HAND_IN_WITHIN_S) -> None:
        """Wait until `state` knows what others have handed in by now, or the time is over."""
        with self._lock:
            self._look_anew(timeout_s)

    def entries(self, first: int, last: int) -> list[Logged]:
        """Return entries [first, last), as far as there are any. Raises as `state` does."""
        view = self.state()
        return self._read(view, range(max(first, 0), min(last, view.size)))

    def recent(self, *kinds: type[Strict], most: int = 50, before: int | None = None) -> list[Logged]:
        """Return the newest entries of these types (of all, if none is named), newest first.

        `before` leaves out this number and all above it: the way to the next page. Raises as `state` does.
        """
        view = self.state()
        end = view.size if before is None else min(max(before, 0), view.size)
        if kinds:
            numbers: Sequence[int] = self._kinds.newest((NAMES[kind] for kind in kinds), most, end)[::-1]
        else:
            numbers = range(max(0, end - most), end)
        return self._read(view, numbers)[::-1]

    def count(self, *kinds: type[Strict]) -> int:
        """Return how many entries of these types there are. Raises as `state` does."""
        self.state()
        return self._kinds.count(NAMES[kind] for kind in kinds)

    def wait_for_change(self, number: int, timeout_s: float) -> int:
        """Wait until something is else than at `number`, or the time is over; return the number now."""
        with self._lock:
            self._news.wait_for(lambda: self._number != number or self._over, timeout=timeout_s)
            return self._number

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` at each change, from the desk's own thread; return how to end that.

        It must be quick: `loop.call_soon_threadsafe`, say. One that raises is not called again.
        """
        with self._lock:
            self._listeners.append(listener)
        return lambda: self._forget(listener)

    # --- Its life. ---

    def start(self) -> None:
        """Begin to look again and again."""
        self._thread.start()

    def close(self) -> None:
        """Finish the look under way, refuse whoever waits, and look no more."""
        with self._lock:
            self._over = True
            self._work.notify_all()
            self._news.notify_all()
        if self._thread.ident is not None:
            self._thread.join()  # without a limit: the right to write the log is given back after this
        with self._lock:
            words, self._words = self._words, []
        _refuse(words, _CLOSED)
        self._looker.close()

    def turn(self) -> None:
        """Look once, and answer whoever waits for it."""
        with self._lock:
            self._hurry = False
            if self._failed:
                return
            self._begun += 1
            words, self._words = self._words[:MOST_WORDS], self._words[MOST_WORDS:]
            self._together = len(words)
        try:
            look = self._looker.look(self._now_ms(), [word.body for word in words])
        except BadInput as error:
            self._fail(_damaged(error), words)
        except (OSError, Unreachable) as error:
            self._miss(_out_of_reach(error), words)
        except Exception as error:  # nobody foresaw it, so nothing is believed; its text may hold anything
            self._fail(f"the server has a fault ({type(error).__name__}) and believes nothing", words)
        else:
            self._publish(look, words)

    def _run(self) -> None:
        while True:
            self.turn()
            with self._lock:
                self._work.wait_for(self._is_wanted, timeout=self._pause_s())
                if self._words:
                    self._work.wait_for(self._is_everybody_here, timeout=GATHER_S)
                if self._over:
                    return
            self._doze()

    def _doze(self) -> None:
        """Ask no more than whether anything waits, until something does or it is time to look again."""
        ends = time.monotonic() + IDLE_S - PACE_S
        while not self._busy and time.monotonic() < ends:
            try:
                if self._plant.is_waiting():
                    return
            except OSError:
                return
            with self._lock:
                if self._work.wait_for(self._is_wanted, timeout=PACE_S):
                    return

    def _look_anew(self, timeout_s: float) -> None:
        wanted = self._begun + 1  # the look that is under way may have missed it
        self._hurry = True
        self._work.notify_all()
        self._news.wait_for(
            lambda: self._ended >= wanted or bool(self._failed) or self._over, timeout=timeout_s
        )

    def _is_wanted(self) -> bool:
        return self._over or self._hurry or (bool(self._words) and not self._in_trouble())

    def _is_everybody_here(self) -> bool:
        return self._over or len(self._words) >= self._together

    def _in_trouble(self) -> bool:
        return bool(self._missed) or (self._looker.writes and not self._view.takes_in)

    def _pause_s(self) -> float | None:
        if self._failed:
            return None
        return TROUBLE_S if self._in_trouble() else PACE_S

    # --- What came of a look. ---

    def _publish(self, look: Look, words: Sequence[_Word]) -> None:
        with self._lock:
            changed = bool(self._missed) or look.view != self._view
            self._view, self._busy, self._missed = look.view, look.busy, ""
            self._looked_s = self._steady_s()
            self._refused |= look.refused
            for name in list(self._refused)[:-MOST_WORDS]:
                del self._refused[name]
            self._end_look(changed=changed)
        if len(look.said) == len(words):
            for word, said in zip(words, look.said, strict=True):
                if said.index is None:
                    word.answer.set_exception(BadInput(said.refused))
                else:
                    word.answer.set_result(said.index)
        else:
            _refuse(words, "; ".join(look.view.problems) or "the log takes nothing in")
        self._tell(changed=changed)

    def _miss(self, reason: str, words: Sequence[_Word]) -> None:
        with self._lock:
            changed = self._missed != reason
            self._missed = reason
            self._end_look(changed=changed)
        _refuse(words, reason)
        self._tell(changed=changed)

    def _fail(self, reason: str, words: Sequence[_Word]) -> None:
        with self._lock:
            self._failed = self._failed or reason
            waiting, self._words = self._words, []
            self._end_look(changed=True)
        _refuse((*words, *waiting), self._failed)
        self._tell(changed=True)

    def _end_look(self, *, changed: bool) -> None:
        self._ended = self._begun
        self._number += changed
        self._news.notify_all()

    def _tell(self, *, changed: bool) -> None:
        for listener in tuple(self._listeners) if changed else ():
            try:
                listener()
            except Exception:  # its own fault, and nobody else's trouble
                self._forget(listener)

    def _forget(self, listener: Callable[[], None]) -> None:
        with self._lock:
            self._listeners = [one for one in self._listeners if one is not listener]

    def _unusable(self) -> str:
        """Say why nothing may be told of the site; empty if it may."""
        if self._failed:
            return self._failed
        if self._steady_s() - self._looked_s > STALE_S:
            return self._missed or "the log is out of reach: no look at it ends"
        return ""

    def _read(self, view: SiteView, numbers: Sequence[int]) -> list[Logged]:
        require_few(len(numbers))
        try:
            return read_logged(self.files, view.checkpoint, numbers)
        except BadInput as error:
            self._fail(_damaged(error), ())
            raise LogUnusable(self._failed) from None
        except OSError as error:
            raise LogUnusable(_out_of_reach(error)) from None


_CLOSED = "the log is being closed"


def _refuse(words: Iterable[_Word], reason: str) -> None:
    for word in words:
        word.answer.set_exception(LogUnusable(reason))


def _damaged(error: BadInput) -> str:
    return f"the log does not verify: {error}"


def _out_of_reach(error: OSError | Unreachable) -> str:
    """Say it in one line, without a path."""
    line = (error.strerror or type(error).__name__) if isinstance(error, OSError) else str(error)
    return f"the log is out of reach: {line}"
