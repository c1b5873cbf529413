"""`fairtakt log init | operate | rotate | hand-in`: the plant's side of the log."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from cli.files import read_bytes, read_verifier
from cli.handing_in import PlantDirectory, now_ms, open_signer, tell_handed_in
from cli.passphrase import PassphraseFile
from cli.serving import open_log_keys
from cli.terminal import tell
from consent.keys import Role
from consent.log.directory import locked_directory
from consent.site.cosigner import HttpWitness
from consent.site.founding import found
from consent.site.operator import Operator, Round
from consent.site.plant import Plant
from productivity.errors import BadInput

_POLL_S = 0.04
"""A recorder waits for its start to stand in the log; 50 ms are agreed, the rest is for the disk."""
_ONCE_WAIT_S = 15.0

WitnessUrl = Annotated[
    str | None, typer.Option("--witness-url", metavar="URL", help="Where the council's witness listens.")
]


def init(
    plant: PlantDirectory,
    key: Annotated[
        Path, typer.Option("--key", metavar="FILE", help="The log's .key file.", show_default=False)
    ],
    employer: Annotated[
        Path, typer.Option("--employer", metavar="FILE", help="The employer's .vkey.", show_default=False)
    ],
    council: Annotated[
        Path, typer.Option("--council", metavar="FILE", help="The works council's .vkey.", show_default=False)
    ],
    witness: Annotated[
        Path,
        typer.Option(
            "--witness", metavar="FILE", help="The .vkey of the council's witness.", show_default=False
        ),
    ],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Begin a site's log with the keys of employer, works council and witness."""
    keys = {
        Role.EMPLOYER: read_verifier(employer),
        Role.WORKS_COUNCIL: read_verifier(council),
        Role.WITNESS: read_verifier(witness),
    }
    for role, verifier in keys.items():
        if verifier.type is not role.key_type:
            raise BadInput(
                "key is of another type", where=f"--{role}", expected=f"one made with --role {role}"
            )
    signer = open_signer(key, passphrase_file, Role.PLANT_LOG)
    site = Plant(plant)
    site.create()
    with locked_directory(site.log) as files:
        begun = found(files, signer, keys, now_ms())
    tell(f"{signer.name}: begun with {begun.checkpoint.size} keys in {site.log}")
    tell(
        "next: fairtakt log operate; each party compares the keys: fairtakt log verify and the first entries"
    )


def operate(
    plant: PlantDirectory,
    key: Annotated[
        list[Path],
        typer.Option(
            "--key", metavar="FILE", help="The log's .key; two while it is changed.", show_default=False
        ),
    ],
    witness_url: WitnessUrl = None,
    once: Annotated[bool, typer.Option("--once", help="Take in what waits, and stop.")] = False,
    passphrase_file: Annotated[
        list[Path] | None,
        typer.Option("--passphrase-file", metavar="FILE", help="One per key, in the same order."),
    ] = None,
) -> None:
    """Take in what is handed in, and have the witness co-sign the log, until stopped."""
    signers = open_log_keys(key, passphrase_file or ())
    site = Plant(plant)
    witness = None if witness_url is None else HttpWitness(witness_url)
    with locked_directory(site.log) as files:
        operator = Operator(site, files, signers, witness)
        try:
            if once:
                _tell_round(operator.step(now_ms(), wait_s=_ONCE_WAIT_S), "")
            else:
                _operate(operator)
        finally:
            operator.close()


def rotate(
    plant: PlantDirectory,
    key: Annotated[
        Path, typer.Option("--key", metavar="FILE", help="The log's present .key.", show_default=False)
    ],
    new: Annotated[
        Path, typer.Option("--new", metavar="FILE", help="The log's next .key.", show_default=False)
    ],
    passphrase_file: PassphraseFile = None,
    new_passphrase_file: Annotated[
        Path | None, typer.Option("--new-passphrase-file", metavar="FILE", help="Of the next key.")
    ] = None,
) -> None:
    """Have the log's checkpoint signed by its next key too, which the employer has brought in (keys add)."""
    signers = [
        open_signer(key, passphrase_file, Role.PLANT_LOG),
        open_signer(new, new_passphrase_file, Role.PLANT_LOG),
    ]
    site = Plant(plant)
    with locked_directory(site.log) as files:
        operator = Operator(site, files, signers)
        operator.step(now_ms())
        operator.sign_anew()
    tell(f"{signers[1].name}: its checkpoint is signed by both keys")
    tell("next: operate with both keys, hand out the new .vkey, then fairtakt keys retire the old one")


def hand_in(
    plant: PlantDirectory,
    note: Annotated[
        Path,
        typer.Argument(metavar="NOTE", help="A signed act or a co-signed checkpoint.", show_default=False),
    ],
) -> None:
    """Hand in a note that was made elsewhere, such as a checkpoint that `witness once` co-signed."""
    Plant(plant).hand_in(read_bytes(note, expected="a signed note"))
    tell_handed_in(note.name)


def _operate(operator: Operator) -> None:
    said = ""
    with _stop() as stop:
        while not stop.is_set():
            done = operator.step(now_ms())
            said = _tell_round(done, said)
            # What cannot be written now will not be writable in the next moment either.
            stop.wait(_POLL_S if done.working else 1.0)


def _tell_round(done: Round, said: str) -> str:
    """Print what happened, and trouble when it changes; return the trouble."""
    for refused in done.refused:
        tell(f"refused: {refused.handed.name}: {refused.reason}")
    if done.appended:
        tell(f"{done.appended} entries taken in; the log holds {done.state.size}")
    if done.cosigned is not None:
        tell(f"co-signed at {done.cosigned.checkpoint.size} entries")
    trouble = "; ".join(done.problems)
    if trouble != said:
        tell(trouble or "in order again")
    return trouble


@contextmanager
def _stop() -> Iterator[threading.Event]:
    """Give an event that SIGTERM and Ctrl-C set; the round under way is finished first."""
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
