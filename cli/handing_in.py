"""What commands share that hand acts in at a site: whose log, which agreement, what happens next."""

import re
import time
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from cli.files import read_verifier
from cli.passphrase import read_passphrase
from cli.terminal import tell
from consent.agreement.lifecycle import State
from consent.agreement.schema import Strict
from consent.entries.form import Act, sign_act
from consent.keys import Role, open_key
from consent.log.directory import Directory
from consent.notes import Signer
from consent.site.plant import Plant
from consent.site.scan import Mentioned, log_name, scan
from productivity.errors import BadInput

PlantDirectory: TypeAlias = Annotated[
    Path,
    typer.Argument(metavar="PLANT", help="The site's directory, with log/ and acts/.", show_default=False),
]
OwnKey: TypeAlias = Annotated[
    Path, typer.Option("--key", metavar="FILE", help="Your .key file.", show_default=False)
]
LogKey: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--log-key", metavar="FILE", help="The log's .vkey; else the log's own word is taken for its name."
    ),
]
Which: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--agreement", metavar="ID", help="Id or SHA-256; not needed if only one fits.", show_default=False
    ),
]

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


def now_ms() -> int:
    """Return the time, UTC milliseconds."""
    return time.time_ns() // 1_000_000


def name_of_log(plant: Plant, log_key: Path | None) -> str:
    """Return the name of the site's log: that of the key, if one is given."""
    return read_verifier(log_key).name if log_key is not None else log_name(Directory(plant.log))


def which_agreement(plant: Plant, which: str | None, states: frozenset[State]) -> Mentioned:
    """Return the one agreement in these states that is meant; `BadInput` if none or several fit."""
    found = [one for one in scan(Directory(plant.log)).values() if one.state in states]
    if which is not None:
        found = [one for one in found if which in (one.hash, one.agreement.id)]
    if len(found) != 1:
        some = ", ".join(f"{one.agreement.id} version {one.agreement.version} ({one.state})" for one in found)
        expected = "one that is " + " or ".join(state for state in State if state in states)
        raise BadInput("agreement", where=str(plant.root), expected=expected, found=some or "none")
    return found[0]


def is_hash(which: str | None) -> bool:
    """Tell whether an agreement was named so that no log is needed to find it."""
    return which is not None and _HASH.fullmatch(which) is not None


def open_signer(file: Path, passphrase_file: Path | None, *roles: Role) -> Signer:
    """Open a key file; `BadInput` if the key has none of these roles."""
    role, signer = open_key(file, read_passphrase(passphrase_file))
    if role not in roles:
        raise BadInput("key has another role", where=str(file), expected=" or ".join(roles), found=role)
    return signer


def hand_in(plant: Plant, body: Strict, log: str, *signers: Signer, stops: bool = False) -> Act:
    """Sign an act of now, hand it in, and say what happens next."""
    act = sign_act(body, log, now_ms(), *signers)
    plant.hand_in(str(act.note))
    tell_handed_in(act.type, stops=stops)
    return act


def tell_handed_in(what: str, *, stops: bool = False) -> None:
    """Say what happens to something that was handed in."""
    when = "it counts for recorders at once" if stops else "it counts once it stands in the log"
    tell(f"handed in: {what}; {when}. The operator takes it into the log.")
