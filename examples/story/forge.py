"""Forges a copy of a log as its own operator could: without the suspension, sealed anew with the right key.

The demo shows that an auditor rejects it, because the works council's witness has not co-signed it.
"""

from pathlib import Path
from typing import Annotated

import typer

from consent.entries.bodies import AgreementResumed, AgreementSuspended
from consent.entries.form import parse_entry
from consent.keys import open_key
from consent.log.checkpoint import open_checkpoint
from consent.log.directory import Directory, locked_directory
from consent.log.reader import LogReader
from consent.log.tiles import CHECKPOINT
from consent.log.writer import LogWriter, create_log


def forge(
    log: Annotated[Path, typer.Argument(help="The log.")],
    out: Annotated[Path, typer.Argument(help="The forged copy, a new directory.")],
    key: Annotated[Path, typer.Option(help="The log's own key.")],
    passphrase_file: Annotated[Path, typer.Option()],
) -> None:
    """Copy a log without its suspensions and resumptions, and sign the copy as the log itself would."""
    _, signer = open_key(key, passphrase_file.read_text(encoding="utf-8").splitlines()[0])
    checkpoint, _ = open_checkpoint((log / CHECKPOINT).read_bytes(), signer.verifier)
    reader = LogReader(Directory(log), checkpoint)
    entries = [reader.entry(index) for index in range(checkpoint.size)]
    kept = [entry for entry in entries if not _tells(entry)]
    out.mkdir(parents=True)
    with locked_directory(out) as files:
        create_log(files, signer)
        LogWriter(files, signer).append(kept)
    print(f"{out}: {len(kept)} of {len(entries)} entries, signed with the log's own key")  # noqa: T201  # it is a script


def _tells(entry: bytes) -> bool:
    return isinstance(parse_entry(entry, "entry").body, AgreementSuspended | AgreementResumed)


if __name__ == "__main__":
    typer.run(forge)
