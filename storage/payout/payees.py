"""The payout table: pseudonym, name, IBAN, in one encrypted file; its key lies in another directory.

The file is a line that says what it is, twelve random bytes, and canonical JSON under ChaCha20-Poly1305
(RFC 8439), with that line as associated data. It is written anew as a whole for each change, so a nonce is
drawn each time; 96 random bits do not repeat in fewer than billions of changes. The number of payees can be
guessed from the length; nothing else.

Who holds file and key knows who the pseudonyms are. So neither lies in the database, in its backups, or
beside the other. No value is ever part of an error, a log line or a `repr`.

Contract: after `add` or `remove` returns, the change survives a power loss; before, the old table is whole.
Changes wait for each other, also between processes.
"""

import csv
import fcntl
import io
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from pydantic import ValidationError

from consent.agreement.schema import Name, Strict
from consent.canonical import canonical_json, parse_canonical
from consent.durable import replace, write_new
from consent.entries.bodies import Pseudonym
from productivity.errors import BadInput
from storage.payout.iban import parse_iban

_MAGIC = b"fairtakt payees 1\n"
_KEY_BYTES, _NONCE_BYTES = 32, 12
_COLUMNS = ("pseudonym", "name", "iban")
LARGEST_CSV = 16 * 2**20
"""Bytes; a hundred thousand payees need less."""


@dataclass(frozen=True, slots=True, repr=False)  # no repr: it would print a name and an account
class Payee:
    """Whom to pay for a pseudonym."""

    name: str
    iban: str


class _Row(Strict):
    pseudonym: Pseudonym
    name: Name
    iban: str


def create_key(path: Path) -> None:
    """Make a new key file that only its owner may read. Raises `BadInput` if there is one."""
    write_new(path, f"{secrets.token_hex(_KEY_BYTES)}\n".encode(), mode=0o600, expected="a new key file")


class PayoutTable:
    """The table in a file. A missing file is an empty table."""

    def __init__(self, path: Path, key: Path) -> None:
        if path.resolve().parent == key.resolve().parent:
            raise BadInput("key lies beside the table", where=str(key), expected="another directory")
        self._path = path
        self._cipher = ChaCha20Poly1305(_read_key(key))

    def read(self) -> Mapping[str, Payee]:
        """Return all payees by pseudonym. Raises `BadInput` if the file cannot be opened with the key."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise BadInput(f"cannot be read: {error.strerror}", where=str(self._path)) from None
        if not content.startswith(_MAGIC):
            raise BadInput("not a payout table", where=str(self._path))
        nonce, sealed = content[len(_MAGIC) :][:_NONCE_BYTES], content[len(_MAGIC) + _NONCE_BYTES :]
        try:
            opened = self._cipher.decrypt(nonce, sealed, _MAGIC)
        except (InvalidTag, ValueError):
            raise BadInput(
                "payout table cannot be opened", where=str(self._path), expected="its key"
            ) from None
        return _parse(opened.decode(), str(self._path))

    def add(self, payees: Mapping[str, Payee]) -> int:
        """Add payees, or replace those of the same pseudonym; return how many were not known before."""
        with self._changing():
            known = dict(self.read())
            new = len(payees.keys() - known.keys())
            self._write(known | dict(payees))
        return new

    def remove(self, pseudonyms: Iterable[str]) -> int:
        """Forget payees; return how many were there. The file system may still hold the old file's blocks."""
        with self._changing():
            known = dict(self.read())
            gone = known.keys() & set(pseudonyms)
            self._write({key: payee for key, payee in known.items() if key not in gone})
        return len(gone)

    def _write(self, payees: Mapping[str, Payee]) -> None:
        rows = [
            {"pseudonym": key, "name": payee.name, "iban": payee.iban}
            for key, payee in sorted(payees.items())
        ]
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, canonical_json(rows).encode(), _MAGIC)
        try:
            replace(self._path, _MAGIC + nonce + sealed, mode=0o600)
        except OSError as error:
            raise BadInput(f"cannot be written: {error.strerror}", where=str(self._path)) from None

    @contextmanager
    def _changing(self) -> Iterator[None]:
        lock = self._path.with_name(f"{self._path.name}.lock")
        try:
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise BadInput(f"cannot be written: {error.strerror}", where=str(self._path)) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def read_csv(content: bytes, where: str) -> dict[str, Payee]:
    """Read payees from CSV with the columns pseudonym, name and iban, separated by commas or semicolons.

    All rows or none. Raises `BadInput`, which names the line and never what stands in it.
    """
    if len(content) > LARGEST_CSV:
        raise BadInput("file is too large", where=where, expected=f"at most {LARGEST_CSV} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput("not UTF-8", where=where, expected="a CSV file in UTF-8") from None
    header = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in header else ",", strict=True)
    found: dict[str, Payee] = {}
    try:
        if tuple(cell.strip().lower() for cell in next(rows, [])) != _COLUMNS:
            raise BadInput("columns do not fit", where=where, expected=", ".join(_COLUMNS))
        for row in rows:
            place = f"{where}, line {rows.line_num}"
            if not any(cell.strip() for cell in row):
                continue
            pseudonym, payee = _row(dict(zip(_COLUMNS, row, strict=False)), place)
            if pseudonym in found:
                raise BadInput("pseudonym for the second time", where=place)
            found[pseudonym] = payee
    except csv.Error:
        raise BadInput("not CSV", where=f"{where}, line {rows.line_num}") from None
    return found


def _row(values: object, where: str) -> tuple[str, Payee]:
    try:
        row = _Row.model_validate(values)
    except ValidationError as error:
        fields = sorted({str(one["loc"][0]) for one in error.errors(include_url=False, include_input=False)})
        raise BadInput(
            f"not a payee: {', '.join(fields)}", where=where, expected=", ".join(_COLUMNS)
        ) from None
    return row.pseudonym, Payee(row.name, parse_iban(row.iban, where))


def _parse(text: str, where: str) -> dict[str, Payee]:
    rows = parse_canonical(text, where)
    if not isinstance(rows, list):
        raise BadInput("not a payout table", where=where)
    return dict(_row(row, where) for row in rows)


def _read_key(path: Path) -> bytes:
    try:
        text = path.read_text(encoding="ascii").strip()
        key = bytes.fromhex(text)
    except (OSError, ValueError):
        raise BadInput(
            "key cannot be read", where=str(path), expected="the payout table's key file"
        ) from None
    if len(key) != _KEY_BYTES:
        raise BadInput("not a key of a payout table", where=str(path))
    return key
