"""A backup as one file: a tar of regular files, the manifest last.

Contract: after `new_archive`, the file is whole and survives a power loss. Before that, its name shows
nothing; an exception leaves nothing behind, and kill -9 a hidden `.NAME.*.partial`, which may be deleted.
"""

import hashlib
import io
import os
import re
import secrets
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from consent.durable import sync_directory
from productivity.errors import BadInput
from storage.backup.manifest import FILE_NAME, LARGEST, LARGEST_PART, NAME, Manifest, Stored, read_manifest

_CHUNK = 1 << 20


class _Hashing:
    """Passes bytes on, and knows the SHA-256 and number of those that passed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()
        self.bytes = 0

    def write(self, content: bytes) -> int:
        """Write all of it."""
        self._note(content)
        return self._file.write(content)

    def tell(self) -> int:
        """Return how many bytes passed."""
        return self.bytes

    def read(self, size: int = -1) -> bytes:
        """Read some."""
        content = self._file.read(size)
        self._note(content)
        return content

    def _note(self, content: bytes) -> None:
        self.sha256.update(content)
        self.bytes += len(content)


class Writer:
    """Writes the files of a backup, one after the other."""

    def __init__(self, file: IO[bytes]) -> None:
        self._out = _Hashing(file)
        # Written from front to back, so that the digest of the whole is known at the end.
        self._tar = tarfile.open(fileobj=self._out, mode="w")  # type: ignore[call-overload]  # noqa: SIM115
        self.files: dict[str, Stored] = {}

    def add(self, name: str, content: IO[bytes], size: int, rows: int | None = None) -> Stored:
        """Write a file of `size` bytes."""
        if re.fullmatch(FILE_NAME, name) is None:
            raise BadInput("file has a name that a backup cannot keep", where=ascii(name))
        read = _Hashing(content)
        self._write(name, read, size)
        self.files[name] = Stored(bytes=size, sha256=read.sha256.hexdigest(), rows=rows)
        return self.files[name]

    def finish(self, manifest: Manifest) -> str:
        """Write the manifest; return the SHA-256 of the whole file."""
        content = manifest.model_dump_json(indent=1).encode()
        self._write(NAME, _Hashing(io.BytesIO(content)), len(content))
        self._tar.close()
        return self._out.sha256.hexdigest()

    @property
    def bytes(self) -> int:
        """How much was written."""
        return self._out.bytes

    def _write(self, name: str, content: _Hashing, size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        try:
            self._tar.addfile(member, content)
        except OSError as error:
            if error.errno is not None:
                raise
            raise BadInput("file became shorter while it was read", where=name) from None


@contextmanager
def new_archive(target: Path) -> Iterator[Writer]:
    """Give a writer; on success the file takes the name `target`, which must be free. `BadInput` if not."""
    _refuse_to_overwrite(target)
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except (FileNotFoundError, NotADirectoryError):
        raise BadInput("no such directory", where=str(target.parent)) from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield Writer(file)
            file.flush()
            os.fsync(file.fileno())
        _refuse_to_overwrite(target)  # somebody may have written there in the meantime
        partial.rename(target)
    except BaseException as error:
        partial.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is None:  # of a full disk: name the file
            raise OSError(error.errno, error.strerror, str(target)) from None
        raise
    sync_directory(target.parent)


def _refuse_to_overwrite(target: Path) -> None:
    if target.exists():
        raise BadInput("file exists", where=str(target), expected="a new name")


class Archive:
    """An opened backup; a context manager. Every file is compared with the manifest whenever it is read."""

    def __init__(self, source: Path) -> None:
        self._where = str(source)
        try:
            self._file = source.open("rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise BadInput("no such file", where=self._where, expected="a backup") from None
        try:
            self._members = self._index()
            self.manifest = self._manifest()
        except BaseException:
            self._file.close()
            raise

    def verify(self, sha256: str | None = None) -> None:
        """Read everything once. Raises `BadInput` for the first file that is not as it was written."""
        if sha256 is not None:
            self._file.seek(0)
            found = hashlib.file_digest(self._file, "sha256").hexdigest()
            if found != sha256.strip().lower():
                raise BadInput("another file than expected", where=self._where, expected=sha256, found=found)
        for name in self.manifest.files:
            for _ in self.chunks(name):
                pass

    def read(self, name: str) -> bytes:
        """Return a part of a table."""
        if self.manifest.files[name].bytes > LARGEST_PART:
            raise BadInput("part is too large", where=self._place(name), expected=f"{LARGEST_PART} bytes")
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a file's content; raises `BadInput` at its end if it is not what was written."""
        expected, read = self.manifest.files[name], hashlib.sha256()
        file = self._extract(name)
        while chunk := file.read(_CHUNK):
            read.update(chunk)
            yield chunk
        if read.hexdigest() != expected.sha256:
            raise BadInput("file is damaged", where=self._place(name), expected=expected.sha256)

    def close(self) -> None:
        """Close the file."""
        self._tar.close()
        self._file.close()

    def _index(self) -> dict[str, tarfile.TarInfo]:
        try:
            self._tar = tarfile.open(fileobj=self._file, mode="r:")  # noqa: SIM115  # closed with the file
            found = self._tar.getmembers()
        except (tarfile.TarError, OverflowError, ValueError):
            raise BadInput("not a backup, or not all of it", where=self._where) from None
        members: dict[str, tarfile.TarInfo] = {}
        for member in found:
            if member.type != tarfile.REGTYPE or member.issparse() or member.name in members:
                raise BadInput(
                    "not a backup",
                    where=self._where,
                    expected="files, each once",
                    found=ascii(member.name)[:80],
                )
            members[member.name] = member
        if NAME not in members:
            raise BadInput("backup is not whole", where=self._where, expected=f"{NAME} at its end")
        return members

    def _manifest(self) -> Manifest:
        if self._members[NAME].size > LARGEST:
            raise BadInput("manifest is too large", where=self._where, expected=f"at most {LARGEST} bytes")
        manifest = read_manifest(self._extract(NAME).read(), self._where)
        if strange := manifest.files.keys() ^ (self._members.keys() - {NAME}):
            raise BadInput(
                "files are not those of the manifest", where=self._where, found=ascii(min(strange))[:80]
            )
        for name, stored in manifest.files.items():
            if self._members[name].size != stored.bytes:
                raise BadInput("file has another length", where=self._place(name))
        return manifest

    def _extract(self, name: str) -> IO[bytes]:
        file = self._tar.extractfile(self._members[name])
        assert file is not None, "only regular files are indexed"  # noqa: S101
        return file

    def _place(self, name: str) -> str:
        return f"{self._where}: {name}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
