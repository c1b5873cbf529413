"""`fairtakt device`: lets devices into the plant server, and shows what they have not delivered."""

import re
from typing import Annotated

import typer

from cli.handing_in import now_ms
from cli.serve import DEFAULT_DATABASE, DatabaseAddress
from cli.terminal import tell
from productivity.errors import BadInput, FairtaktError, MissingExtra

_BOOT = re.compile(r"[0-9a-f]{32}")

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


@device.command()
def erase(
    name: Annotated[str, typer.Argument(metavar="DEVICE", help="The device's name.", show_default=False)],
    boot: Annotated[str, typer.Argument(metavar="BOOT", help="32 hexadecimal digits.", show_default=False)],
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=0, help="Of the batch.", show_default=False)],
    database: DatabaseAddress = DEFAULT_DATABASE,
) -> None:
    """Erase a batch that a device took back too late, as `fairtakt edge status` names it there.

    Its intervals become not recorded, and a note is kept. Sealed ones are refused. The server may be running.
    """
    try:
        from storage.sql.database import Database
        from storage.sql.erasure import erase_batch
    except ImportError as error:
        raise MissingExtra("server", str(error.name)) from None
    if not _BOOT.fullmatch(boot):
        raise BadInput("BOOT", expected="32 hexadecimal digits", found=repr(boot[:40]))
    with Database(database) as opened:
        erased = erase_batch(opened, name, bytes.fromhex(boot), number, at_ms=now_ms())
        emptied = opened.empty_log()  # also if all was erased before: that time may have ended here
    tell(f"{erased} intervals are erased" if erased else "the intervals were erased before")
    if not emptied:
        raise FairtaktError(
            "database: somebody reads an earlier state, so its write-ahead log still holds what was erased:"
            " give the command once more, later"
        )
