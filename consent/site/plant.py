"""A site's directory: the log, and the acts that wait to be taken into it.

    log/                   the transparency log; only the operator writes here
    acts/NAME.note         handed in, not yet in the log; who may write here may hand in
    acts/refused/          what may not stand in the log, each with its reason in NAME.reason
    grants/                consent records with their salts; erasable

Handing in proves nothing and permits nothing: authority comes from signatures alone. Files that somebody else
put there (links, pipes, large files) are never followed and never waited for.

An act that was handed in survives a power loss. It leaves `acts/` only after its entry is in the log.
"""

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from consent.durable import replace, sync_directory
from consent.entries.form import Act, parse_act
from consent.log.directory import Directory
from consent.log.tiles import MAX_ENTRY_BYTES
from consent.notes import Verifier, parse_note
from consent.site.follower import Follower
from consent.site.kinds import Kinds
from productivity.errors import BadInput

LARGEST = 2 * MAX_ENTRY_BYTES
"""Bytes of a note: an entry holds each line feed of it as two characters."""
MOST = 1024
"""Notes looked at in one go; the operator takes them in or puts them aside, and then looks at the next."""

_NAME = re.compile(r"[A-Za-z0-9._-]{1,120}\.note", re.ASCII)


@dataclass(frozen=True, slots=True)
class Handed:
    """A note that waits; nothing about it has been believed yet."""

    name: str
    content: bytes


class Plant:
    """The directory of a site."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.log = root / "log"
        self.acts = root / "acts"
        self.refused = root / "acts" / "refused"
        self.grants = root / "grants"

    def create(self) -> None:
        """Make what is missing of the directories; `BadInput` if something else is in their place."""
        for directory in (self.log, self.refused, self.grants):
            try:
                directory.mkdir(parents=True, exist_ok=True)
            except (FileExistsError, NotADirectoryError):
                raise BadInput(
                    "not a directory", where=str(directory), expected="a site's directory"
                ) from None
        for directory in (self.root, self.acts, self.root.parent):
            sync_directory(directory)

    def follow(self, log: Verifier, kinds: Kinds | None = None) -> Follower:
        """Return a follower of the site's log."""
        return Follower(Directory(self.log), log, kinds)

    def hand_in(self, content: str | bytes) -> Path:
        """Hand in an act or a signed agreement; it is on disk when this returns. Twice is once.

        `BadInput` if it is no signed note, or there is no such site.
        """
        content = content.encode() if isinstance(content, str) else content
        parse_note(content)
        if len(content) > LARGEST:
            raise BadInput("act is too long", expected=f"at most {LARGEST} bytes", found=str(len(content)))
        target = self.acts / f"{hashlib.sha256(content).hexdigest()}.note"
        try:
            replace(target, content)
        except (FileNotFoundError, NotADirectoryError):
            raise BadInput("no such site", where=str(self.root), expected="a directory with acts/") from None
        return target

    def waiting(self) -> list[Handed]:
        """Return the first `MOST` notes that wait, by name; `OSError` if `acts/` cannot be read."""
        read = ((name, _read(self.acts / name)) for name in self._names()[:MOST])
        return [Handed(name, content) for name, content in read if content is not None]

    def waiting_acts(self) -> list[Act]:
        """Return the acts that wait, for `consent.site.preview`; ask before the log is polled.

        An act that moves into the log in between is then seen in both places, and never in none. `OSError` if
        `acts/` cannot be read, `BadInput` if so many wait that a stop may be overlooked.
        """
        if len(self._names()) > MOST:
            raise BadInput("too many acts wait", where=str(self.acts), expected=f"at most {MOST}")
        acts: list[Act] = []
        for handed in self.waiting():
            try:
                acts.append(parse_act(handed.content, handed.name))
            except BadInput:  # an agreement, or nothing that means anything
                continue
        return acts

    def is_waiting(self) -> bool:
        """Tell whether anything waits, at the cost of one look into a directory."""
        return bool(self._names())

    def _names(self) -> list[str]:
        with os.scandir(self.acts) as found:
            return sorted(one.name for one in found if _NAME.fullmatch(one.name))

    def remove(self, handed: Handed) -> None:
        """Forget a note whose entry is in the log; a power loss may bring it back."""
        path = self.acts / handed.name
        if _read(path) == handed.content:  # a file copied in by hand may have been exchanged since
            path.unlink(missing_ok=True)

    def refuse(self, handed: Handed, reason: str) -> None:
        """Put a note aside, with one line that says why."""
        self.refused.mkdir(exist_ok=True)
        replace(self.refused / f"{handed.name.removesuffix('.note')}.reason", f"{reason}\n".encode())
        (self.acts / handed.name).replace(self.refused / handed.name)


def _read(path: Path) -> bytes | None:
    """Return a regular file's content; None if it is gone, larger than a note may be, or no file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(LARGEST + 1)
    return content if len(content) <= LARGEST else None
