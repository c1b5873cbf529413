"""Follows a log as it grows, and believes nothing that it has not checked.

Whoever asks what is permitted asks a follower. At each look:

1. The checkpoint is signed by a key that spoke for the log before, and by one that does afterwards.
2. The log has only grown: the entries seen before and the new ones make the checkpoint's root.
3. Every new entry may stand where it stands (`consent.site.admission`).
4. Co-signatures by a key that speaks for the witness now tell how fresh the log is.

If anything does not fit, the follower stays failed: a log that was rewritten once is not believed again
because it was written back.
"""

from threading import Lock

from consent.entries.form import parse_entry
from consent.keys import Role
from consent.log.checkpoint import Checkpoint, parse_checkpoint
from consent.log.frontier import Frontier
from consent.log.http import Unreachable
from consent.log.merkle import leaf_hash
from consent.log.reader import LogReader
from consent.log.store import LogFiles
from consent.log.tail import entries_from
from consent.log.tiles import CHECKPOINT
from consent.notes import Note, Verifier, open_note, parse_note
from consent.site.admission import admit
from consent.site.kinds import Kinds
from consent.site.state import SiteState
from productivity.errors import BadInput

LATEST_COSIGNED = "cosigned/latest"
"""Copy of the newest co-signed checkpoint; the log's own is often newer and not co-signed yet."""


def speaking_for(state: SiteState, log: Verifier) -> tuple[Verifier, ...]:
    """Return the keys that speak for the log now; `log` is one that the caller knows from its operator."""
    keys = dict.fromkeys((log, *state.keys.get(Role.PLANT_LOG, ())))
    return tuple(key for key in keys if key not in state.former)


class Follower:
    """A log's state as of its last verified checkpoint; several threads may poll."""

    def __init__(self, files: LogFiles, log: Verifier, kinds: Kinds | None = None) -> None:
        """`log` is a key of the log that the caller knows from its operator; later ones stand in the log.

        `kinds` is told the type of each entry, once it is verified.
        """
        self._files = files
        self._log = log
        self._kinds = kinds
        self._lock = Lock()
        self._frontier = Frontier()
        self._content: bytes | None = None
        self._latest: bytes | None = None
        self._failed: str | None = None
        self.state = SiteState(log.name)
        self.checkpoint: Checkpoint | None = None
        """The newest that was verified; None before the first poll."""
        self._cosigned: dict[Verifier, int] = {}

    @property
    def cosigned_ms(self) -> int | None:
        """When a key that speaks for the witness now last co-signed any checkpoint that was read."""
        times = [
            self._cosigned[key] for key in self.state.keys.get(Role.WITNESS, ()) if key in self._cosigned
        ]
        return max(times, default=None)

    @property
    def log_keys(self) -> tuple[Verifier, ...]:
        """Keys that speak for the log now."""
        return speaking_for(self.state, self._log)

    def poll(self) -> SiteState:
        """Look for new entries; return what stands at the site now. Costs two small files if nothing is new.

        `BadInput` if the log does not fit what was seen before, now and for ever after. `OSError` or
        `Unreachable` if it cannot be read; then a later poll may succeed.
        """
        with self._lock:
            return self._look()

    def _look(self) -> SiteState:
        if self._failed is not None:
            raise BadInput(self._failed)
        # Read first what was written last: what it tells of is then in the log already.
        latest = self._files.read(LATEST_COSIGNED)
        content = self._files.read(CHECKPOINT)
        if content is None:
            raise Unreachable(f"log: no file {CHECKPOINT!r}, expected a log here")
        try:
            if content != self._content:
                self._follow(content)
            if latest is not None and latest != self._latest:
                self._remember_latest(latest)
        except BadInput as error:
            self._failed = str(error)
            raise
        return self.state

    def _follow(self, content: bytes) -> None:
        note = parse_note(content)
        checkpoint = self._opened(note)
        frontier, state = self._frontier.copy(), self.state
        types: list[str] = []
        for first, entries in entries_from(self._files, frontier.size, checkpoint):
            frontier.push([leaf_hash(entry) for entry in entries])
            for index, content in enumerate(entries, first):
                entry = parse_entry(content, f"entry {index}")
                state = admit(state, index, entry)
                types.append(entry.type)
        if (frontier.size, frontier.root()) != (checkpoint.size, checkpoint.root):
            raise BadInput("log does not continue what was seen before", where="log", expected="its entries")
        open_note(note, speaking_for(state, self._log))
        if self._kinds is not None:
            self._kinds.add(self._frontier.size, types)
        self._frontier, self.state, self.checkpoint, self._content = frontier, state, checkpoint, content
        self._remember_cosignatures(note)

    def _opened(self, note: Note) -> Checkpoint:
        open_note(note, self.log_keys)
        checkpoint = parse_checkpoint(note.text)
        if checkpoint.origin != self._log.name:
            raise BadInput("checkpoint is of another log", expected=repr(self._log.name))
        if checkpoint.size < self._frontier.size:
            raise BadInput(
                "log was cut off",
                where="log",
                expected=f"{self._frontier.size} entries or more",
                found=str(checkpoint.size),
            )
        return checkpoint

    def _remember_cosignatures(self, note: Note) -> None:
        keys = self.state.keys.get(Role.WITNESS, ())
        known = {(key.name, key.key_id) for key in keys}
        if any((line.name, line.key_id) in known for line in note.signatures):
            for signature in open_note(note, keys).signatures:
                at_ms = (signature.posix_s or 0) * 1000
                self._cosigned[signature.verifier] = max(self._cosigned.get(signature.verifier, 0), at_ms)

    def _remember_latest(self, content: bytes) -> None:
        """Believe a co-signature of an earlier size, if that is where this log has been."""
        note = parse_note(content)
        former = [key for key in self.state.former if key.name == self._log.name]
        open_note(note, (*self.log_keys, *former))
        cosigned = parse_checkpoint(note.text)
        assert self.checkpoint is not None  # noqa: S101  # for the type checker; the log was just followed
        if cosigned.size <= self.checkpoint.size:
            if LogReader(self._files, self.checkpoint).at(cosigned.size) != cosigned:
                raise BadInput("co-signed checkpoint is not of this log's history", where=LATEST_COSIGNED)
            self._remember_cosignatures(note)
            self._latest = content
