"""`fairtakt demo`: how to sign in at the demonstration that `fairtakt serve --demo` serves."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from cli.demo.plant import DemoPlant
from cli.terminal import tell
from productivity.errors import BadInput, MissingExtra

if TYPE_CHECKING:
    from cli.demo.people import Credential

DEFAULT_DIRECTORY = Path("out/plant-demo")
_STEP_S = 30
"""How long a code counts (RFC 6238)."""

demo = typer.Typer(help="The demonstration plant of fairtakt serve --demo.", no_args_is_help=True)

DemoDirectory: TypeAlias = Annotated[
    Path, typer.Option("--demo-dir", metavar="DIR", help="Where the demonstration is.")
]


@demo.command()
def codes(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Print this account's code, and nothing else.")
    ] = None,
    demo_dir: DemoDirectory = DEFAULT_DIRECTORY,
) -> None:
    """Print who can sign in, with which password, and the code of the authenticator app as of now."""
    people = _people(DemoPlant(demo_dir))
    if name is None:
        tell(credentials_text(DemoPlant(demo_dir)))
        return
    found = next((one for one in people if one.name == name), None)
    code = None if found is None else found.code(int(time.time()))
    if code is None:
        names = ", ".join(one.name for one in people if one.totp is not None)
        raise BadInput("account without codes", expected=names)
    tell(code)


def credentials_text(plant: DemoPlant) -> str:
    """Return who can sign in at a demonstration, as lines to print."""
    people, now_s = _people(plant), int(time.time())
    width = max(len(one.name) for one in people)
    lines = ["account".ljust(width) + "  password             code"]
    for one in people:
        code = one.code(now_s)
        left = "" if code is None else f"{code} for {_STEP_S - now_s % _STEP_S} s"
        lines.append(f"{one.name.ljust(width)}  {one.password}  {left}".rstrip())
    lines.append("workers who were asked for their consent, with their tokens:")
    lines += [f"  {one['token']}  {one['answer']}" for one in _tokens(plant)]
    return "\n".join(lines)


def _people(plant: DemoPlant) -> "list[Credential]":
    try:
        from cli.demo.people import read_credentials
    except ImportError as error:
        raise MissingExtra("server", str(error.name)) from None
    return read_credentials(plant.credentials)


def _tokens(plant: DemoPlant) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(plant.tokens.read_text(encoding="utf-8"))
    return found
