"""`fairtakt log`: verifies a transparency log, takes a proof out of it, checks such a proof offline."""

from pathlib import Path
from typing import Annotated

import typer

from cli.files import read_bytes, read_text, read_verifier, read_verifiers
from cli.operate import hand_in, init, operate, rotate
from cli.terminal import tell
from consent.log.checkpoint import open_checkpoint
from consent.log.directory import Directory
from consent.log.proof import LogProof, check_proof, parse_proof
from consent.log.reader import LogReader
from consent.log.tiles import CHECKPOINT
from consent.log.verify import verify_log
from productivity.errors import BadInput

log = typer.Typer(
    help="The transparency log: operate it, verify it, take proofs out of it.", no_args_is_help=True
)

LogDirectory = Annotated[Path, typer.Argument(metavar="LOG", help="The directory of the log.")]
LogKey = Annotated[
    Path, typer.Option("--log-key", metavar="FILE", help="Verifier key of the log, from its operator.")
]
Witnesses = Annotated[
    list[Path] | None,
    typer.Option("--witness", metavar="FILE", help="Verifier key that must have co-signed; repeatable."),
]

# The plant's side, in a file of its own.
log.command()(init)
log.command()(operate)
log.command()(rotate)
log.command(name="hand-in")(hand_in)


@log.command()
def verify(
    directory: LogDirectory,
    log_key: LogKey,
    witness: Witnesses = None,
    earlier: Annotated[
        list[Path] | None,
        typer.Option("--earlier", metavar="FILE", help="A checkpoint kept from before; repeatable."),
    ] = None,
) -> None:
    """Verify every entry and hash of a log against its checkpoint, and against checkpoints kept before."""
    key = read_verifier(log_key)
    kept = [open_checkpoint(read_text(file), key)[0] for file in earlier or ()]
    checkpoint = verify_log(Directory(directory), key, required=read_verifiers(witness), earlier=kept)
    tell(f"{checkpoint.origin}: {checkpoint.size} entries, all of them fit; root {checkpoint.root.hex()}")
    if not kept:
        tell("no earlier checkpoint was given: that nothing was exchanged before is not shown")


@log.command()
def prove(
    directory: LogDirectory,
    index: Annotated[int, typer.Argument(metavar="INDEX", help="Number of the entry, from 0.")],
    log_key: LogKey,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it, .tlog-proof.")],
) -> None:
    """Write a proof that an entry is in the log; it can be checked without the log."""
    files = Directory(directory)
    note = read_text(directory / CHECKPOINT)
    checkpoint, _ = open_checkpoint(note, read_verifier(log_key))
    proof = LogProof(index, tuple(LogReader(files, checkpoint).inclusion(index)), note)
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(str(proof))
    except FileExistsError:
        raise BadInput("file exists", where=str(out), expected="a new name") from None
    tell(f"entry {index} of {checkpoint.size}: {out}")


@log.command()
def check(
    proof: Annotated[Path, typer.Argument(metavar="PROOF", help="A .tlog-proof file.")],
    entry: Annotated[Path, typer.Argument(metavar="ENTRY", help="The entry, byte for byte.")],
    log_key: LogKey,
    witness: Witnesses = None,
) -> None:
    """Check offline that an entry is in a log, by a proof that was taken out of it."""
    parsed = parse_proof(read_text(proof))
    checkpoint = check_proof(
        parsed, read_bytes(entry), read_verifier(log_key), required=read_verifiers(witness)
    )
    tell(f"entry {parsed.index} of {checkpoint.size} in the log {checkpoint.origin}")
