"""Writes a licensed set as a directory that appears whole or not at all; says what the log holds of it.

It goes in the same way: `erase` takes its name away first, so half an export never stands under it.
"""

import re
import shutil
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from consent.durable import sync_directory
from storage.durable import whole_directory
from storage.exports.motion.c3d import write_c3d
from storage.exports.motion.croissant import write_croissant
from storage.exports.motion.lerobot import write_lerobot
from storage.exports.motion.licensed import LicensedSet
from storage.exports.motion.mcap import write_mcap
from storage.exports.motion.papers import write_papers
from storage.exports.motion.sums import write_sums

_LEFTOVER = re.compile(r"\..+\.(?:[0-9a-f]{8}\.partial|erased)", re.DOTALL)
"""How `whole_directory` names what it has not finished, and `erase` what it has not."""

ONLY_OWNER = 0o700
"""How somebody moved is nobody else's business on a shared machine."""


class Format(StrEnum):
    """What an export can be."""

    LEROBOT = "lerobot"
    MCAP = "mcap"
    C3D = "c3d"


_WRITERS: Mapping[Format, Callable[[LicensedSet, Path], None]] = MappingProxyType(
    {Format.LEROBOT: write_lerobot, Format.MCAP: write_mcap, Format.C3D: write_c3d}
)


def export(licensed: LicensedSet, format_: Format, directory: Path) -> str:
    """Write the export; return its content hash, 64 hexadecimal digits, for `MotionExported.content`.

    The same set makes the same bytes and so the same hash, wherever it is written, with the same versions of
    the libraries. `directory` must be new or empty; when this returns, all of it survives a power loss, and
    whatever fails leaves nothing behind (`storage.durable`).
    """
    with whole_directory(directory) as partial:
        partial.chmod(ONLY_OWNER)
        _WRITERS[format_](licensed, partial)
        write_papers(licensed, format_.value, partial)
        write_croissant(licensed, format_.value, partial)
        return write_sums(partial)


def erase(directory: Path) -> None:
    """Remove an export, if it is there. After an `OSError`, another call goes on where this one failed.

    No power loss brings any of it back under its name once something of it is gone.
    """
    erased = directory.with_name(f".{directory.name}.erased")
    if erased.exists():  # somebody was interrupted
        shutil.rmtree(erased)
    if directory.exists():
        directory.rename(erased)
        sync_directory(directory.parent)
        shutil.rmtree(erased)


def remove_leftovers(parent: Path) -> int:
    """Remove what was left half written or half erased in a directory of exports; return how many there were.

    An exception leaves nothing, but nobody cleans up after kill -9 or a power loss, and half an export holds
    motion in the clear. For the start of whoever exports, while nobody else does.
    """
    left = [path for path in parent.iterdir() if _LEFTOVER.fullmatch(path.name)] if parent.is_dir() else []
    for path in left:
        shutil.rmtree(path)
    return len(left)
