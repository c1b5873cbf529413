"""Which files of a log's directory anybody may be handed, and what kind each is. Pure.

A path is compared with these patterns before any file is opened, so none leads out of the directory: what is
not a checkpoint, a tile, an entry bundle or a co-signed checkpoint by its very spelling is not there.

Source: C2SP tlog-tiles, "Merkle Tree" and "Log Entries"; `cosigned/` is our own (`consent.log.cosigned`).
"""

import re

from consent.log.tiles import CHECKPOINT, ENTRIES

TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
COSIGNED_INDEX = "cosigned/index"
"""Names of all co-signed checkpoints, one a line; a server makes it up, there is no such file."""

_NUMBER = r"(?:x[0-9]{3}/){0,6}[0-9]{3}"
_WIDTH = r"(?:[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])"
_TILE = re.compile(rf"tile/(?:{ENTRIES}|[0-9]|[1-5][0-9]|6[0-3])/{_NUMBER}(?:\.p/{_WIDTH})?", re.ASCII)
_POSITIVE = r"(?:0|[1-9][0-9]{0,18})"
_COSIGNED = re.compile(rf"cosigned/(?:latest|{_POSITIVE}\.{_POSITIVE})", re.ASCII)


def media_type(path: str) -> str | None:
    """Return the media type of a file that is handed out; None for every other path."""
    if path == CHECKPOINT or _COSIGNED.fullmatch(path):
        return TEXT
    return BYTES if _TILE.fullmatch(path) else None
