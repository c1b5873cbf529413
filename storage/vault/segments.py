"""Sealed segments as files: `motion/AB/ABCD….sealed`, the first two digits of a segment as directory.

The directory is the index. A second one would have to be made to agree with it after each crash; the label
stands at the head of each file, where it costs one short read, and what was read once is remembered. It is
believed no further than for lists: whoever opens a segment verifies it (`consent.vault.release`).

Contract: what `put` returned for survives a power loss; before, its name shows nothing. `erase` overwrites a
file before it removes it, because the wrapped key stands in it, and the worker's key may live on. It takes
the name away first: no file that is half overwritten ever stands under the name of a segment.

Known holes: kill -9 while writing or erasing leaves a hidden `.NAME.*` beside the target, overwritten and
removed when the store is opened next, or that segment erased again; file systems that copy on write,
snapshots and flash keep what was overwritten.
"""

import fcntl
import os
import re
import secrets
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from consent.durable import replace, sync_directory
from consent.vault.sealing import HEAD_BYTES, LARGEST_SEALED, read_head, read_sealed, sealed_bytes
from consent.vault.segment import SealedSegment, SegmentLabel
from productivity.errors import BadInput

_ENDING = ".sealed"
_NAME = re.compile(r"([0-9a-f]{32})\.sealed", re.ASCII)
_LEFTOVER = re.compile(r"\.([0-9a-f]{32})\.sealed\.[0-9a-f]{16}", re.ASCII)
"""How `consent.durable.replace` names what it has not finished, and `erase` what it has not."""
_SEGMENT = re.compile(r"[0-9a-f]{32}", re.ASCII)


class Segments:
    """Sealed segments below a directory (`consent.vault.store.SegmentStore`)."""

    def __init__(self, root: Path) -> None:
        """Open, or make; remove what an interrupted write left. `BadInput` if it cannot be used."""
        self._root = root
        self._labels: dict[str, SegmentLabel] = {}
        self.unreadable = 0
        """How many files the last list left out, because their label cannot be read."""
        try:
            _make(root)
            with self._alone():
                self._sweep()
        except OSError as error:
            raise BadInput(f"motion cannot be kept: {error.strerror}", where=str(root)) from None

    def put(self, sealed: SealedSegment) -> None:
        """Keep a segment; it survives a power loss when this returns."""
        content = sealed_bytes(sealed)
        path = self._path(sealed.label.segment)
        with self._alone():
            if path.exists():
                if path.read_bytes() != content:
                    raise BadInput("another segment has this number", where=str(path), expected="a new one")
                return
            _make(path.parent)
            replace(path, content, mode=0o600)

    def get(self, segment: str) -> SealedSegment:
        """Return a segment; `BadInput` if there is none, or if its file is not what its name says."""
        path = self._path(segment)
        try:
            with path.open("rb") as file:
                content = file.read(LARGEST_SEALED + 1)
        except FileNotFoundError:
            raise BadInput("no such segment", where=str(path), expected="one that was not erased") from None
        except OSError as error:
            raise BadInput(f"segment cannot be read: {error.strerror}", where=str(path)) from None
        sealed = read_sealed(content, str(path))
        if sealed.label.segment != segment:
            raise BadInput("file is not what its name says", where=str(path), expected=segment)
        return sealed

    def labels(self, *, record: str | None = None, station: str | None = None) -> list[SegmentLabel]:
        """Return the labels of what is here, by segment; a damaged file is left out and counted.

        One bad file must not hide all others: what has to be destroyed is found by this list as well.
        """
        found, unreadable = {}, 0
        for segment in self._names():
            try:
                label = self._labels.get(segment) or self._head(segment)
            except (BadInput, OSError):
                unreadable += 1
                continue
            if label is not None:
                found[segment] = label
        self._labels, self.unreadable = found, unreadable
        return [
            label
            for _, label in sorted(found.items())
            if record in {None, label.record} and station in {None, label.station}
        ]

    def milliseconds_by_station(self) -> dict[str, int]:
        """Return how much motion is here of each station."""
        totals: dict[str, int] = defaultdict(int)
        for label in self.labels():
            totals[label.station] += label.span_ms
        return dict(sorted(totals.items()))

    def erase(self, segment: str) -> None:
        """Overwrite and remove a segment; durable on return. One that is not here is no error."""
        path = self._path(segment)
        with self._alone(), suppress(FileNotFoundError):
            with suppress(FileNotFoundError):
                path.rename(path.with_name(f".{path.name}.{secrets.token_hex(8)}"))
                sync_directory(path.parent)
            for leftover in _leftovers(path.parent, segment):  # those of an attempt that failed, too
                _scrub(leftover)
            sync_directory(path.parent)
        self._labels.pop(segment, None)

    def _path(self, segment: str) -> Path:
        if not _SEGMENT.fullmatch(segment):
            raise BadInput("not a segment", expected="32 hexadecimal digits")
        return self._root / segment[:2] / f"{segment}{_ENDING}"

    def _names(self) -> Iterator[str]:
        for directory in self._directories():
            for name in sorted(path.name for path in directory.iterdir()):
                found = _NAME.fullmatch(name)
                if found is not None and name.startswith(directory.name):
                    yield found[1]

    def _directories(self) -> list[Path]:
        return sorted(path for path in self._root.iterdir() if re.fullmatch("[0-9a-f]{2}", path.name))

    def _head(self, segment: str) -> SegmentLabel | None:
        path = self._path(segment)
        try:
            with path.open("rb") as file:
                label, _ = read_head(file.read(HEAD_BYTES), str(path))
        except FileNotFoundError:  # erased meanwhile
            return None
        if label.segment != segment:
            raise BadInput("file is not what its name says", where=str(path), expected=segment)
        return label

    def _sweep(self) -> None:
        for directory in self._directories():
            for path in _leftovers(directory):
                with suppress(OSError):  # the others are not kept for its sake; the next opening tries again
                    _scrub(path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep others from writing: who sweeps must not take what somebody is writing for a leftover."""
        lock = os.open(self._root / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _leftovers(directory: Path, segment: str | None = None) -> list[Path]:
    """Return what is half written or half erased, of one segment or of all; its name holds nothing now."""
    named = ((path, _LEFTOVER.fullmatch(path.name)) for path in sorted(directory.iterdir()))
    return [path for path, found in named if found is not None and segment in {None, found[1]}]


def _scrub(path: Path) -> None:
    _overwrite(path)
    path.unlink()


def _overwrite(path: Path) -> None:
    with os.fdopen(os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC), "r+b") as file:
        file.write(bytes(os.fstat(file.fileno()).st_size))
        file.flush()
        os.fsync(file.fileno())


def _make(directory: Path) -> None:
    if not directory.is_dir():
        _make(directory.parent)
        directory.mkdir(mode=0o700, exist_ok=True)
        sync_directory(directory.parent)
