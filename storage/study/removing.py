"""Data out of a study: one directory below data/ less, at once."""

import secrets
import shutil
from pathlib import Path

from consent.durable import sync_directory
from productivity.errors import BadInput
from storage.study.folder import DATA, source_directory


def remove_source(study: Path, name: str) -> None:
    """Delete the data of a name; gone for good when this returns. Raises `BadInput` if there are none."""
    path = source_directory(study, name)
    if not path.is_dir():
        raise BadInput("no such data", where=DATA, expected="the name of a directory")
    gone = path.with_name(f".{name}.{secrets.token_hex(4)}.deleted")
    path.rename(gone)
    sync_directory(path.parent)
    shutil.rmtree(gone, ignore_errors=True)
