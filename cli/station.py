"""`fairtakt station`: station files in plain words."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from capture.station.explain import explain
from capture.station.file import read_station
from capture.station.in_words import Language

station = typer.Typer(
    help="Station files: what is recorded at a workplace, and by which rules.", no_args_is_help=True
)


@station.callback()
def _group() -> None:
    """Keep `check` a word of its own although it is the only command yet."""


@station.command()
def check(
    file: Annotated[Path, typer.Argument(help="the station file (YAML)", show_default=False)],
    language: Annotated[Language, typer.Option(help="language of the explanation: en or de")] = "en",
) -> None:
    """Validate a station file and explain it in plain words, for engineers and works councils."""
    Console(soft_wrap=True, highlight=False).print(explain(read_station(file), language), markup=False)
