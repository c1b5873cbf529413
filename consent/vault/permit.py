"""The right to open one segment, as a value: whoever unwraps or decrypts asks for it.

`issue` is called by `consent.vault.release` and nowhere else, after it has verified a logged use; a test
reads the source of every room for that. It keeps a path past the log from being written by mistake. It does
not stop somebody who can change the program (`docs/vault.md`).
"""

from dataclasses import dataclass

from consent.vault.segment import SegmentLabel

_ISSUED = object()


@dataclass(frozen=True, slots=True)
class Permit:
    """That the segment of this label may be opened, now and once."""

    label: SegmentLabel
    _issued: object

    def __post_init__(self) -> None:
        if self._issued is not _ISSUED:
            raise TypeError("Permit: expected a logged use (consent.vault.release)")


def issue(label: SegmentLabel) -> Permit:
    """Give the right to open a segment. For `consent.vault.release` alone."""
    return Permit(label, _ISSUED)
