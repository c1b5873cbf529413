"""`fairtakt weights`: fetches the weights of the pose networks, and lists what is there."""

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from models.catalogue import blazepose, own_networks
from models.fetch import cached_weights, ensure_weights
from models.places import cache_directory, own_catalogue

weights = typer.Typer(help="The weights of the pose networks.", no_args_is_help=True)


@weights.command()
def fetch(
    wheel: Annotated[
        Path | None,
        typer.Option("--from", metavar="WHEEL", help="A wheel brought by hand, where there is no network."),
    ] = None,
) -> None:
    """Fetch, check and convert the published weights, once."""
    console = Console(highlight=False, soft_wrap=True)
    # A terminated command cleans up like an interrupted one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    if cached_weights():
        console.print(f"weights are there, and undamaged: {cache_directory()}", markup=False)
        return
    published = blazepose()
    origin = wheel or f"{published.wheel.requirement}, which pip downloads"
    console.print(f"{published.title}, {published.licence}, from {origin}", markup=False)
    ensure_weights(wheel)
    console.print(f"fetched, checked and converted: {cache_directory()}", markup=False)


@weights.command(name="list")
def list_() -> None:
    """List the weights that fairtakt knows, and whether they are on this machine."""
    published = blazepose()
    table = Table("name", "licence", "source", "on this machine")
    cached = "yes" if cached_weights() else "no: fairtakt weights fetch"
    table.add_row("blazepose, mediapipe", published.licence, f"wheel {published.wheel.requirement}", cached)
    for name, network in own_networks(own_catalogue()).items():
        table.add_row(name, network.licence, str(network.file), "yes" if network.file.is_file() else "no")
    Console().print(table)
