"""How commands come by the passphrase of a key."""

from pathlib import Path
from typing import Annotated

import typer

from productivity.errors import BadInput

PassphraseFile = Annotated[
    Path | None,
    typer.Option("--passphrase-file", metavar="FILE", help="Its first line, instead of being asked."),
]


def read_passphrase(file: Path | None, *, confirm: bool = False) -> str:
    """Return the first line of `file`, or ask for a passphrase that is not shown."""
    if file is None:
        return str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm))
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise BadInput("no such file", where=str(file), expected="a passphrase in its first line") from None
    except UnicodeDecodeError:
        raise BadInput(
            "not a text file", where=str(file), expected="a passphrase in its first line"
        ) from None
    if not lines:
        raise BadInput("file is empty", where=str(file), expected="a passphrase in its first line")
    return lines[0]
