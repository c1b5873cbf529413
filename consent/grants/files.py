"""Consent records with their salts at the plant: `grants/RECORD.json`, one file each, to be erased singly.

What is kept survives a power loss; what was erased does not come back after one. Known holes: a file system
that copies on writing, a backup or an SSD may hold erased bytes for longer; encrypt the disk, and keep this
folder out of backups that live longer than consent does.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from consent.durable import replace, sync_directory
from consent.grants.commitment import SALT_BYTES
from consent.grants.record import ConsentRecord, Node, node_text, read_node
from productivity.errors import BadInput

_FOLDER = "grants"


class _Kept(Node):
    """What stands in a file."""

    record: ConsentRecord
    salt: Annotated[str, Field(pattern=rf"^[0-9a-f]{{{2 * SALT_BYTES}}}$")]


@dataclass(frozen=True, slots=True)
class GrantFiles:
    """The folder of a plant's directory."""

    plant: Path

    def path(self, record: str) -> Path:
        """Return where a record is kept; `record` is 32 hexadecimal digits."""
        return self.plant / _FOLDER / f"{record}.json"

    def keep(self, record: ConsentRecord, salt: bytes) -> None:
        """Write a record and its salt, readable by this account alone; replaces one that came to nothing."""
        path = self.path(record.record_id)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        sync_directory(self.plant)
        text = node_text(_Kept(record=record, salt=salt.hex())) + "\n"
        replace(path, text.encode(), mode=0o600)

    def read(self, record: str) -> tuple[ConsentRecord, bytes]:
        """Return a record and its salt; `BadInput` if there is none, or no longer."""
        path = self.path(record)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise BadInput(
                "no such consent record here", where=str(path), expected="one not erased"
            ) from None
        except UnicodeDecodeError:
            raise BadInput("not a consent record", where=str(path)) from None
        kept = read_node(_Kept, text.removesuffix("\n"), str(path))
        if kept.record.record_id != record:
            raise BadInput("file holds another record than its name says", where=str(path))
        return kept.record, bytes.fromhex(kept.salt)

    def erase(self, record: str) -> None:
        """Remove a record and its salt for good; `BadInput` if there is none."""
        path = self.path(record)
        try:
            path.unlink()
        except FileNotFoundError:
            raise BadInput(
                "no such consent record here", where=str(path), expected="one not erased"
            ) from None
        sync_directory(path.parent)
