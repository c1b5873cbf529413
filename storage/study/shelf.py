"""Many studies in one directory, each a folder for `fairtakt study`; one writer at a time for each.

The lock is `flock` on the study's own directory: it leaves no file behind, ends with its process, and holds
between threads and processes of one machine. An editor that somebody opens on the server does not ask for it;
against that, every change of a file names the revision that it was made from (`storage.study.editing`).
"""

import fcntl
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from consent.durable import sync_directory
from productivity.errors import BadInput, FairtaktError
from storage.study.folder import StudyFolder, read_study
from storage.study.template import create_study

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
"""No dot and no slash: no name leads out of the shelf, and none is hidden."""

_STEP_S = 0.02


class NoStudy(BadInput):
    """There is no study of this name, or not any more."""


class StudyTaken(BadInput):
    """There is a study of this name already."""


class StudyBusy(FairtaktError):
    """Somebody else is changing the study, and did not finish in time. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The studies below a directory, which need not exist. A writer waits for another for `patience_s`."""

    root: Path
    patience_s: float = 5.0

    def names(self) -> list[str]:
        """Return the names of all studies."""
        try:
            entries = sorted(self.root.iterdir(), key=lambda entry: entry.name.casefold())
        except FileNotFoundError:
            return []
        return [entry.name for entry in entries if NAME.fullmatch(entry.name) and _is_study(entry)]

    def path(self, name: str) -> Path:
        """Return the folder of a study. Raises `NoStudy`."""
        path = self.root / name
        if not NAME.fullmatch(name) or not _is_study(path):
            raise NoStudy("no such study")
        return path

    def create(self, name: str, title: str, language: str) -> Path:
        """Make a new study from the template. Raises `StudyTaken`, and `BadInput` for a name that is none."""
        if not NAME.fullmatch(name):
            raise BadInput(
                "name of a study", expected="a letter or digit, then letters, digits, - and _, at most 60"
            )
        path = self.root / name
        taken = StudyTaken("name of a study", expected="one that is not taken")
        if path.exists() or path.is_symlink():
            raise taken
        try:
            create_study(path, title, language)
        except BadInput:
            if path.exists():  # by somebody who was quicker
                raise taken from None
            raise
        return path

    def delete(self, name: str) -> None:
        """Delete a study with everything in its folder. Raises `NoStudy`, `StudyBusy`."""
        with self.writing(name) as path:
            gone = path.with_name(f".{name}.{secrets.token_hex(4)}.deleted")
            path.rename(gone)
            sync_directory(self.root)
            # From here on the study is gone, whatever becomes of its files.
            shutil.rmtree(gone, ignore_errors=True)

    def read(self, name: str) -> StudyFolder:
        """Read a study while nobody changes it. Raises `NoStudy`, `StudyBusy`; `BadInput` as `read_study`."""
        with self._holding(name, fcntl.LOCK_SH) as path:
            return read_study(path)

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """Give the folder of a study that nobody else changes meanwhile. Raises `NoStudy`, `StudyBusy`."""
        with self._holding(name, fcntl.LOCK_EX) as path:
            yield path

    @contextmanager
    def _holding(self, name: str, lock: int) -> Iterator[Path]:
        path = self.path(name)
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            raise NoStudy("no such study") from None
        try:
            _lock(descriptor, lock, self.patience_s)
            if not _is_at(descriptor, path):  # deleted while we waited
                raise NoStudy("no such study")
            yield path
        finally:
            os.close(descriptor)  # which gives the lock back


def _is_study(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


def _lock(descriptor: int, lock: int, patience_s: float) -> None:
    deadline = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(descriptor, lock | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise StudyBusy("somebody else is changing this study") from None
            time.sleep(_STEP_S)
        else:
            return
