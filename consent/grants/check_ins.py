"""Check-ins as files in the site's directory: put there by a kiosk or a command, taken by a recorder.

    check-ins/ID.note      signed by the worker; removed as soon as a recorder has read it
    check-ins/ID.out       the worker checks out; empty
    check-ins/ID.state     one line: what became of it, for the screen at which the worker stands

ID is the check-in's own random number. Who may write here can end a session and can begin none: a check-in
counts by its signature, and once.
"""

import os
import re
import stat
from pathlib import Path

from consent.durable import replace
from consent.grants.check_in import SignedCheckIn, read_check_in
from productivity.errors import BadInput

MOST = 64
"""Files looked at in one go: nobody needs more within a minute."""

_LARGEST = 4096
_NOTE = re.compile(r"([0-9a-f]{32})\.note", re.ASCII)
_OURS = re.compile(r"[0-9a-f]{32}\.(note|out|state)", re.ASCII)
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_KEPT_S = 24 * 3600


class CheckIns:
    """The directory; any number of processes. Nothing here raises for what others have put there."""

    def __init__(self, root: Path) -> None:
        """`root`: the site's directory."""
        self._directory = root / "check-ins"

    def put(self, note: str) -> str:
        """Hand a signed check-in to the recorders; return its number. `BadInput` if it is none."""
        number = read_check_in(note).body.check_in
        self._write(number, "note", note.encode())
        return number

    def check_out(self, number: str) -> None:
        """End the session of a check-in, whether or not it has begun."""
        self._write(number, "out", b"")

    def say(self, number: str, line: str) -> None:
        """Write down what became of a check-in; not durable, it is for a screen."""
        self._write(number, "state", f"{line}\n".encode())

    def state(self, number: str) -> str | None:
        """Return what became of a check-in; None: no recorder has said anything yet."""
        content = _read(self._path(number, "state"))
        return None if content is None else content.decode("utf-8", "replace").strip()

    def is_out(self, number: str) -> bool:
        """Tell whether the worker has checked out; also where that cannot be known."""
        try:
            self._path(number, "out").lstat()
        except FileNotFoundError:
            return not self._directory.is_dir()
        except OSError:
            return True
        return True

    def waiting(self, stations: frozenset[str]) -> list[SignedCheckIn]:
        """Return the check-ins at these stations that nobody has taken yet; nothing of them is believed."""
        try:
            names = sorted(path.name for path in self._directory.iterdir())
        except OSError:
            return []
        found: list[SignedCheckIn] = []
        for name in [one for one in names if _NOTE.fullmatch(one)][:MOST]:
            content = _read(self._directory / name)
            try:
                signed = read_check_in(content or b"", name)
            except BadInput:
                continue
            if f"{signed.body.check_in}.note" == name and signed.body.station in stations:
                found.append(signed)
        return found

    def take(self, number: str) -> bool:
        """Take a check-in away, so that nobody else does; tell whether it was still there."""
        try:
            self._path(number, "note").unlink()
        except OSError:
            return False
        return True

    def tidy(self, now_s: float) -> None:
        """Remove what is older than a day."""
        try:
            for entry in os.scandir(self._directory):
                if (
                    _OURS.fullmatch(entry.name)
                    and now_s - entry.stat(follow_symlinks=False).st_mtime > _KEPT_S
                ):
                    Path(entry.path).unlink(missing_ok=True)
        except OSError:
            return

    def _path(self, number: str, ending: str) -> Path:
        if not _ID.fullmatch(number):
            raise BadInput("not a check-in's number", expected="32 hexadecimal digits")
        return self._directory / f"{number}.{ending}"

    def _write(self, number: str, ending: str, content: bytes) -> None:
        path = self._path(number, ending)
        try:
            self._directory.mkdir(mode=0o770, exist_ok=True)
            replace(path, content, mode=0o640, durable=False)
        except OSError as error:
            raise BadInput(f"check-in cannot be handed over: {error.strerror}", where=str(path)) from None


def _read(path: Path) -> bytes | None:
    """Return a small regular file's content; None for anything else. Links and pipes are not followed."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return None
        content = file.read(_LARGEST + 1)
    return content if len(content) <= _LARGEST else None
