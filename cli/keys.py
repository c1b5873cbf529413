"""`fairtakt keys`: makes keys with names and roles, and shows what of them is public."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.key_acts import add, retire
from cli.passphrase import PassphraseFile, read_passphrase
from consent.keys import Role, create_key, read_public

keys = typer.Typer(help="Keys that sign agreements, logs and co-signatures.", no_args_is_help=True)

# Which key speaks for whom at a site, in a file of its own.
keys.command()(add)
keys.command()(retire)


@keys.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose key, for example plant.example/log.")],
    role: Annotated[Role, typer.Option("--role", help="Whom the key speaks for.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where to write it.")] = Path(),
    passphrase_file: PassphraseFile = None,
) -> None:
    """Make a key, encrypted with a passphrase, and the verifier key to hand out. Overwrites nothing."""
    files = create_key(out, name, role, read_passphrase(passphrase_file, confirm=True))
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"private, keep it: {files.private}", markup=False)
    console.print(f"public, hand it out: {files.public}", markup=False)
    console.print(str(files.verifier), markup=False)


@keys.command()
def show(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .key file.")],
) -> None:
    """Print role and verifier key of a key file; needs no passphrase."""
    role, verifier = read_public(file)
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{role}\n{verifier}", markup=False)
