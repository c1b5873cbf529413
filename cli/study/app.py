"""The commands of `fairtakt study`."""

import typer

from cli.study.acquire import check, import_, init, plan
from cli.study.analyse import agree, compare, evaluate, export

study = typer.Typer(
    help="The productivity method on a folder of readable files: from durations to priorities; no camera.",
    no_args_is_help=True,
)
study.command()(init)
study.command(name="import")(import_)
study.command()(plan)
study.command()(check)
study.command()(evaluate)
study.command()(compare)
study.command()(agree)
study.command()(export)
