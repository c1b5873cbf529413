"""The `fairtakt` command."""

import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import NoReturn

import typer
from rich.console import Console

from productivity.errors import FairtaktError

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "account": "cli.account",
        "record": "cli.record",
        "evaluate": "cli.evaluate",
        "agreement": "cli.agreement",
        "audit": "cli.audit",
        "backup": "cli.backup",
        "demo": "cli.demo.command",
        "device": "cli.device",
        "edge": "cli.edge",
        "grant": "cli.grant",
        "keys": "cli.keys",
        "log": "cli.log",
        "motion": "cli.motion_uses",
        "restore": "cli.backup",
        "plant": "cli.plant",
        "royalties": "cli.royalties",
        "serve": "cli.serve",
        "station": "cli.station",
        "study": "cli.study.app",
        "weights": "cli.weights",
        "witness": "cli.witness",
    }
)
"""Each command or group of commands, and the module that holds it under its own name."""


def application(only: str | None = None) -> typer.Typer:
    """Return all commands, or just one: who suspends a recording must not wait for a study's libraries."""
    app = typer.Typer(
        help="Records worker states at manual workstations: durations in, no video, no person.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,  # its panels show local variables, and those are pictures and poses
        add_completion=False,
    )
    app.callback()(lambda: None)  # what makes it a group, even of one
    for name in (only,) if only is not None and only in COMMANDS else COMMANDS:
        command = getattr(import_module(COMMANDS[name]), name)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command()(command)
    return app


def main() -> None:
    """Run a command; an error that we know is one line on stderr and exit status 2."""
    try:
        application(sys.argv[1] if len(sys.argv) > 1 else None)()
    except FairtaktError as error:
        _refuse(str(error))
    except OSError as error:  # a full disk, a directory without permission
        _refuse(f"{error.filename or 'file system'}: {error.strerror or type(error).__name__}")


def _refuse(text: str) -> NoReturn:
    Console(stderr=True, soft_wrap=True, highlight=False).print(f"fairtakt: {text}", markup=False)
    sys.exit(2)
