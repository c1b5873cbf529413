"""`fairtakt witness`: the works council's side of the log, on its own machine with its own key."""

import time
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from cli.files import read_verifier
from cli.passphrase import PassphraseFile, read_passphrase
from cli.terminal import tell
from consent import durable
from consent.keys import Role, open_key
from consent.log.cosigned import open_cosigned
from consent.log.directory import Directory
from consent.log.http import HttpFiles
from consent.log.store import LogFiles
from consent.notes import Signer, Verifier
from consent.witness.copy import LogCopy
from consent.witness.folder import MemoryFolder
from consent.witness.server import WitnessServer, stop_on_signals
from consent.witness.witness import Witness
from productivity.errors import BadInput

_LARGEST_NOTE = 1_000_000

witness = typer.Typer(
    help="The works council's witness: co-signs the log, and never two histories of it.",
    no_args_is_help=True,
)

Key: TypeAlias = Annotated[Path, typer.Option("--key", metavar="FILE", help="The witness's .key file.")]
State: TypeAlias = Annotated[
    Path, typer.Option("--state", metavar="DIR", help="What the witness remembers; make it once, keep it.")
]
Copy: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--copy", metavar="DIR", help="Keep an own copy of all entries there; nothing is signed without."
    ),
]


@witness.command()
def serve(
    key: Key,
    log_key: Annotated[
        list[Path], typer.Option("--log-key", metavar="FILE", help="A log's verifier key; repeatable.")
    ],
    state: State,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65_535, help="0 takes a free one and prints it.")
    ] = 0,
    copy: Copy = None,
    log: Annotated[
        str | None,
        typer.Option("--log", metavar="LOG", help="With --copy: the log's directory or http(s) address."),
    ] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Answer the plant's requests to co-sign its checkpoints, until stopped (C2SP tlog-witness)."""
    logs = [read_verifier(file) for file in log_key]
    if (copy is None) != (log is None):
        raise BadInput("--copy and --log belong together", expected="both or neither")
    if copy is not None and len(logs) != 1:
        raise BadInput("a copy is of one log", where="--copy", expected="one --log-key", found=str(len(logs)))
    kept = LogCopy(_open_log(log), copy, logs[0]) if copy is not None and log is not None else None
    memory = MemoryFolder(state)
    server_of = Witness(_open_witness_key(key, passphrase_file), logs, memory, _now_s, kept)
    server_of.remembered()  # a memory that cannot be believed is better known now
    try:
        server = WitnessServer(server_of, host, port)
    except OSError as error:
        raise BadInput(f"cannot listen: {error.strerror}", where=f"{host} port {port}") from None
    with server:
        stop_on_signals(server)
        place = f"[{host}]" if ":" in host else host
        tell(f"listening on http://{place}:{server.server_port}")
        server.serve_forever()


@witness.command()
def once(
    log: Annotated[str, typer.Argument(metavar="LOG", help="The log's directory or http(s) address.")],
    key: Key,
    log_key: Annotated[Path, typer.Option("--log-key", metavar="FILE", help="The log's verifier key.")],
    state: State,
    copy: Copy = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="Where the co-signed checkpoint goes; else it is printed."
        ),
    ] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Read a log, check that it continues what was co-signed before, and co-sign its checkpoint."""
    files, verifier, memory = _open_log(log), read_verifier(log_key), MemoryFolder(state)
    kept = LogCopy(files, copy, verifier) if copy is not None else None
    signer = _open_witness_key(key, passphrase_file)
    if out is not None:
        _refuse_to_destroy(out, verifier, signer.verifier)
    note = Witness(signer, [verifier], memory, _now_s, kept).visit(files, verifier)
    cosigned = open_cosigned(str(note), verifier, signer.verifier)
    if out is None:
        typer.echo(cosigned.note, nl=False)
        return
    durable.replace(out, cosigned.note.encode())
    tell(f"{verifier.name}: {cosigned.checkpoint.size} entries, co-signed: {out}")


def _now_s() -> int:
    return int(time.time())


def _open_log(place: str) -> LogFiles:
    if place.startswith(("http://", "https://")):
        return HttpFiles(place)
    return Directory(Path(place))


def _open_witness_key(file: Path, passphrase_file: Path | None) -> Signer:
    role, signer = open_key(file, read_passphrase(passphrase_file))
    if role is not Role.WITNESS:
        raise BadInput("key has another role", where=str(file), expected=Role.WITNESS, found=role)
    return signer


def _refuse_to_destroy(out: Path, log: Verifier, own: Verifier) -> None:
    """Let `out` be new, or what this command wrote earlier: it is made for a daily call."""
    try:
        with out.open("rb") as file:
            open_cosigned(file.read(_LARGEST_NOTE), log, own)
    except FileNotFoundError:
        if not out.parent.is_dir():
            raise BadInput("no such directory", where=str(out.parent)) from None
    except BadInput:
        raise BadInput("file exists", where=str(out), expected="a new name, or an earlier result") from None
