"""SHA256SUMS: one file that stands for a whole export, readable by `sha256sum -c`.

Its own SHA-256 is what the log says of the export (`MotionExported.content`).
"""

import hashlib
import re
from pathlib import Path

from productivity.errors import BadInput

FILE = "SHA256SUMS"

_LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*)", re.ASCII)


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_of(directory: Path) -> list[str]:
    """Return every file below a directory as a path relative to it, sorted; links are refused."""
    found = []
    for path in directory.rglob("*"):
        if path.is_symlink():
            raise BadInput("export holds a link", where=str(directory), expected="files alone")
        if path.is_file():
            found.append(path.relative_to(directory).as_posix())
    return sorted(found)


def write_sums(directory: Path) -> str:
    """Write the file for everything that lies there; return its own SHA-256."""
    lines = [f"{file_hash(directory / name)}  {name}\n" for name in files_of(directory)]
    content = "".join(lines).encode("ascii")
    (directory / FILE).write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def check_export(directory: Path) -> str:
    """Return the content hash of a whole export; `BadInput` if a file differs, lacks or is too many."""
    where = str(directory)
    try:
        content = (directory / FILE).read_bytes()
        lines = content.decode("ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BadInput("not an export", where=where, expected=f"a file {FILE}") from None
    named = {}
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None or ".." in match[2].split("/"):
            raise BadInput("line is no checksum", where=f"{where}/{FILE}", expected="a SHA-256 and a file")
        named[match[2]] = match[1]
    if sorted([*named, FILE]) != files_of(directory):
        raise BadInput("export has other files", where=where, expected=f"those of {FILE}")
    for name, expected in named.items():
        if file_hash(directory / name) != expected:
            raise BadInput("file differs", where=f"{where}/{name}", expected="the bytes that were exported")
    return hashlib.sha256(content).hexdigest()
