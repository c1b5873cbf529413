"""The `fairtakt` command."""

import sys
from typing import NoReturn

import typer
from rich.console import Console

from cli.agreement import agreement
from cli.audit import audit
from cli.evaluate import evaluate
from cli.grant import grant
from cli.keys import keys
from cli.log import log
from cli.record import record
from cli.station import station
from cli.study.app import study
from cli.weights import weights
from cli.witness import witness
from productivity.errors import FairtaktError

app = typer.Typer(
    help="Records worker states at manual workstations: durations in, no video, no person.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # its panels show local variables, and those are pictures and poses
    add_completion=False,
)
app.command()(record)
app.command()(evaluate)
app.add_typer(agreement, name="agreement")
app.add_typer(audit, name="audit")
app.add_typer(grant, name="grant")
app.add_typer(keys, name="keys")
app.add_typer(log, name="log")
app.add_typer(station, name="station")
app.add_typer(study, name="study")
app.add_typer(weights, name="weights")
app.add_typer(witness, name="witness")


def main() -> None:
    """Run a command; an error that we know is one line on stderr and exit status 2."""
    try:
        app()
    except FairtaktError as error:
        _refuse(str(error))
    except OSError as error:  # a full disk, a directory without permission
        _refuse(f"{error.filename or 'file system'}: {error.strerror or type(error).__name__}")


def _refuse(text: str) -> NoReturn:
    Console(stderr=True, soft_wrap=True, highlight=False).print(f"fairtakt: {text}", markup=False)
    sys.exit(2)
