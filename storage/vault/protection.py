"""How a private key stands in the key file: as it is, or encrypted under a key that lies elsewhere."""

from typing import Protocol


class Protection(Protocol):
    """What stands between the key file and a private key. All errors are `BadInput` without secrets."""

    name: str
    """Stands in the key file: a file that was begun with one protection is not opened with another."""

    def protect(self, record: str, private: bytes) -> bytes:
        """Return what the key file may hold of a record's private key (32 bytes)."""
        ...

    def reveal(self, record: str, protected: bytes) -> bytes:
        """Return the private key again; `BadInput` if it is gone, or was another record's."""
        ...

    def destroy(self, record: str) -> None:
        """Destroy whatever lies elsewhere for this record; nothing there is no error.

        When this returns, `reveal` fails for ever. If it raises, that is not certain yet.
        """
        ...

    def close(self) -> None:
        """Let go of connections; again is no error."""
        ...


class InFile:
    """None: the key file holds private keys as they are, and erasing them there is all there is to do."""

    name = "in file"

    def protect(self, record: str, private: bytes) -> bytes:  # noqa: ARG002  # one protocol for all
        """Return it as it is."""
        return private

    def reveal(self, record: str, protected: bytes) -> bytes:  # noqa: ARG002
        """Return it as it is."""
        return protected

    def destroy(self, record: str) -> None:
        """Nothing lies elsewhere."""

    def close(self) -> None:
        """There is nothing to let go of."""
