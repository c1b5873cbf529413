"""`fairtakt device`: lets devices into the plant server, and shows what they have not delivered."""

from typing import Annotated

import typer

from cli.handing_in import now_ms
from cli.serve import DEFAULT_DATABASE, DatabaseAddress
from cli.terminal import tell
from productivity.errors import MissingExtra

device = typer.Typer(help="Devices of the plant server.", no_args_is_help=True)


@device.command()
def code(
    site: Annotated[str, typer.Option("--site", metavar="NAME", help="Site of the device.")],
    time_zone: Annotated[
        str, typer.Option("--time-zone", metavar="ZONE", help="Of the site, such as Europe/Berlin.")
    ],
    hours: Annotated[int, typer.Option("--hours", help="How long the code is valid.")] = 24,
    database: DatabaseAddress = DEFAULT_DATABASE,
) -> None:
    """Print a one-time code for `fairtakt edge enroll`. A new site is made. The server may be running."""
    try:
        from storage.sql.database import Database
        from storage.sql.devices import add_code
    except ImportError as error:
        raise MissingExtra("server", str(error.name)) from None
    with Database(database) as opened:
        tell(add_code(opened, site, time_zone, hours=hours, at_ms=now_ms()))


@device.command()
def gaps(database: DatabaseAddress = DEFAULT_DATABASE) -> None:
    """Print the batches that are missing: device, boot, first and last number. Exit status 1 if any.

    After a restore the last number of a device's last boot may be unknown: "?".
    """
    try:
        from storage.sql.batches import gaps as missing
        from storage.sql.database import Database
        from storage.sql.restorations import open_ends
    except ImportError as error:
        raise MissingExtra("server", str(error.name)) from None
    with Database(database) as opened:
        found, ends = missing(opened), open_ends(opened)
    for gap in found:
        tell(f"{gap.device} {gap.boot.hex()} {gap.first} {gap.last}")
    for end in ends:
        tell(f"{end.device} {end.boot.hex()} {end.first} ?")
    if found or ends:
        raise typer.Exit(1)
