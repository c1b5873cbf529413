"""Throw-away keys of the demonstration, with a passphrase that is drawn and kept beside them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from consent import durable
from consent.keys import Role, create_key, open_key, read_public
from consent.notes import Signer, Verifier

LOG = "demo.example/plant-log"
PASSPHRASE = "passphrase"  # noqa: S105  # the name of a file
_LOG2_COST = 12
"""A passphrase of 192 random bits cannot be guessed; half a second for each guess would only cost time."""
_NAMES = {
    Role.EMPLOYER: "demo.example/employer",
    Role.WORKS_COUNCIL: "demo.example/works-council",
    Role.WITNESS: "demo.example/witness",
    Role.PLANT_LOG: LOG,
}


@dataclass(frozen=True, slots=True)
class Keys:
    """Where the demonstration's keys lie. Everything in `directory` is readable by this account alone."""

    directory: Path

    @property
    def passphrase_file(self) -> Path:
        """The file whose first line opens them all."""
        return self.directory / PASSPHRASE

    def private(self, name: str | Role) -> Path:
        """Return the key file of a role, or of a device by its name."""
        return self.directory / f"{_stem(name)}.key"

    def public(self, name: str | Role) -> Path:
        """Return the verifier key's file."""
        return self.directory / f"{_stem(name)}.vkey"

    def verifier(self, name: str | Role) -> Verifier:
        """Return the public half."""
        return read_public(self.private(name))[1]

    def open(self, name: str | Role) -> Signer:
        """Return the private half."""
        passphrase = self.passphrase_file.read_text(encoding="utf-8").splitlines()[0]
        return open_key(self.private(name), passphrase)[1]


def make_keys(directory: Path, devices: Sequence[str]) -> Keys:
    """Draw keys for both parties, the witness, the log and these devices."""
    directory.mkdir(mode=0o700)
    keys = Keys(directory)
    passphrase = secrets.token_urlsafe(24)
    durable.write_new(keys.passphrase_file, f"{passphrase}\n".encode(), mode=0o600)
    wanted = [*((name, role) for role, name in _NAMES.items()), *((name, Role.DEVICE) for name in devices)]
    for name, role in wanted:
        create_key(directory, name, role, passphrase, log2_cost=_LOG2_COST)
    return keys


def _stem(name: str | Role) -> str:
    full = _NAMES[name] if isinstance(name, Role) else name
    return full.replace("/", "_")
