"""`fairtakt backup` and `fairtakt restore`: copies of a plant server, and servers made from them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.handing_in import now_ms
from cli.serve import DEFAULT_DATABASE, DatabaseAddress
from cli.terminal import tell
from productivity.errors import BadInput, MissingExtra

DataDirectory = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="The server's data directory: sealed data and studies."),
]


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.", show_default=False)],
    database: DatabaseAddress = DEFAULT_DATABASE,
    data: DataDirectory = None,
) -> None:
    """Copy the plant server into one new file, also while it runs. No key and no password is in it."""
    try:
        from storage.backup.take import take_backup
        from storage.sql.database import Database
    except ImportError as error:
        raise MissingExtra("server", str(error.name)) from None
    at_ms = now_ms()
    with Database(database, None) as opened:
        taken = take_backup(opened, data, file, at_ms)
    tell(f"{taken.rows} rows and {taken.files} files as at {_time(taken.taken_ms)}, {taken.bytes} bytes")
    tell(f"sha256 {taken.sha256}: keep it elsewhere, restore --sha256 asks for it")
    if data is None:
        tell("no --data was named: no study is in it")
    tell("not in it: keys, the server's secret, passwords, second factors, sign-ins, codes, and the log")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.", show_default=False)],
    data: Annotated[
        Path,
        typer.Option("--data", metavar="DIR", help="The server's data directory.", show_default=False),
    ],
    database: DatabaseAddress = DEFAULT_DATABASE,
    sha256: Annotated[
        str | None, typer.Option("--sha256", metavar="HEX", help="Refuse any other file than this one.")
    ] = None,
    intervals_days: Annotated[
        int | None,
        typer.Option("--intervals-days", min=1, max=36_500, help="What the works agreement says."),
    ] = None,
    aggregates_days: Annotated[
        int | None,
        typer.Option("--aggregates-days", min=1, max=36_500, help="What the works agreement says."),
    ] = None,
) -> None:
    """Make a plant server from a backup: into an empty database and directory, complete or not at all.

    What was deleted since at the end of its retention is deleted again: by the days named, else by the
    deletions that the backup has a note of.
    """
    try:
        from storage.backup.again import retain_again
        from storage.backup.restore import restore_backup
        from storage.sql.database import Database
    except ImportError as error:
        raise MissingExtra("server", str(error.name)) from None
    if (intervals_days is None) != (aggregates_days is None):
        raise BadInput("retention", expected="--intervals-days and --aggregates-days, or neither")
    done = restore_backup(file, database, data, now_ms(), sha256=sha256)
    taken, restored = _time(done.taken_ms), _time(done.restored_ms)
    tell(f"{done.rows} rows and {done.files} files as at {taken}")
    days = None if intervals_days is None or aggregates_days is None else (intervals_days, aggregates_days)
    with Database(database) as opened:
        for site, retained in retain_again(opened, data, days, now_ms()).items():
            if retained is None:
                tell(f"{site}: no deletion is noted; fairtakt plant retain before the server starts")
            for one in () if retained is None else retained.deletions:
                tell(f"{site}: deleted {one.rows} {one.what} of before {_time(one.before_ms)}")
    tell(f"lost: what devices, pages and imports brought from {taken} to {restored}; fairtakt device gaps")
    tell("payments since then are in the log alone: fairtakt royalties pay wants --plant and --log-key now")
    tell(f"{done.devices} devices may send; retire again those that were retired since {taken}")
    tell(f"nobody can sign in: {done.accounts} accounts have neither password nor second factor")
    tell("next: look at each account's role, and invite it anew (fairtakt account)")


def _time(utc: int) -> str:
    return datetime.fromtimestamp(utc / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
