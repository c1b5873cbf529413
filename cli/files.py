"""How commands read files that people name, and write new ones: one way, and errors that name the file."""

from pathlib import Path

from consent import durable
from consent.notes import Verifier, parse_verifier
from productivity.errors import BadInput

LARGEST = 1_000_000
"""Bytes; keys, notes, proofs and pages of one act are far smaller."""


def read_bytes(file: Path, *, expected: str = "", limit: int = LARGEST) -> bytes:
    """Return a file's content; `BadInput` if there is none or it is longer than `limit`."""
    try:
        with file.open("rb") as opened:
            content = opened.read(limit + 1)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise BadInput("no such file", where=str(file), expected=expected) from None
    if len(content) > limit:
        raise BadInput("file is too long", where=str(file), expected=f"at most {limit} bytes")
    return content


def read_text(file: Path, *, expected: str = "", limit: int = LARGEST) -> str:
    """Return a file's text; `BadInput` if it is not UTF-8 either."""
    try:
        return read_bytes(file, expected=expected, limit=limit).decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput("not a text file", where=str(file), expected=expected) from None


def read_verifier(file: Path) -> Verifier:
    """Read a .vkey file."""
    try:
        return parse_verifier(read_text(file, expected="a .vkey file"))
    except BadInput as error:
        text = str(error)
        raise BadInput(text, where="" if text.startswith(str(file)) else str(file)) from None


def read_verifiers(files: list[Path] | None) -> list[Verifier]:
    """Read several, or none."""
    return [read_verifier(file) for file in files or ()]


def write_new(file: Path, text: str) -> None:
    """Write a file that survives a power loss, or leave nothing; never overwrite one."""
    durable.write_new(file, text.encode())
