"""`fairtakt plant`: seals closed shifts, deletes at the end of the retention, and shows what was deleted."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.handing_in import now_ms
from cli.serve import DEFAULT_DATABASE, DatabaseAddress
from cli.terminal import tell
from productivity.errors import BadInput, MissingExtra

if TYPE_CHECKING:
    from storage.sealed.sealing import Seal
    from storage.sql.database import Database
    from storage.sql.retention import Deletion

HOUR_MS = 3_600_000

plant = typer.Typer(
    help="What the plant server keeps: seals, deletions. The server may be running.", no_args_is_help=True
)

DataDirectory = Annotated[
    Path, typer.Option("--data", metavar="DIR", help="The server's data directory, which holds sealed/.")
]
SiteName = Annotated[str | None, typer.Option("--site", metavar="NAME", help="This site only.")]
GraceHours = Annotated[
    int, typer.Option("--grace-hours", min=0, max=24 * 366, help="How long a shift stays open after its end.")
]


@plant.command()
def seal(
    data: DataDirectory,
    site: SiteName = None,
    grace_hours: GraceHours = 72,
    database: DatabaseAddress = DEFAULT_DATABASE,
) -> None:
    """Seal closed shifts: their durations go into Parquet files, without clock time."""
    with _opened(database) as opened:
        from storage.sealed.directory import sealed_directory
        from storage.sealed.sealing import seal_closed, strays

        root = data / "sealed"
        made = seal_closed(opened, root, now_ms=now_ms(), grace_ms=grace_hours * HOUR_MS, site_name=site)
        with sealed_directory(root, writes=False) as files:
            unknown = strays(opened, files)
    _tell_seals(made)
    for path in unknown:
        tell(f"no seal names {root / path}: nothing counts it")


@plant.command()
def retain(
    data: DataDirectory,
    site: Annotated[str, typer.Option("--site", metavar="NAME", help="The site that the days hold for.")],
    intervals_days: Annotated[
        int, typer.Option("--intervals-days", min=1, max=36_500, help="What the works agreement says.")
    ],
    aggregates_days: Annotated[
        int, typer.Option("--aggregates-days", min=1, max=36_500, help="What the works agreement says.")
    ],
    only_count: Annotated[
        bool, typer.Option("--only-count", help="Say how much is due, and delete nothing.")
    ] = False,
    database: DatabaseAddress = DEFAULT_DATABASE,
) -> None:
    """Seal closed shifts, then delete what is kept longer than the works agreement says."""
    with _opened(database) as opened:
        from storage.sealed.retention import due
        from storage.sealed.retention import retain as keep

        if only_count:
            counts = due(
                opened,
                site,
                intervals_days=intervals_days,
                aggregates_days=aggregates_days,
                now_ms=now_ms(),
            )
            for what, count in counts.items():
                tell(f"{count} {what}")
            return
        done = keep(
            opened,
            data / "sealed",
            site,
            intervals_days=intervals_days,
            aggregates_days=aggregates_days,
            now_ms=now_ms(),
        )
    _tell_seals(done.seals)
    for one in done.deletions:
        _tell_deletion(one)
    if not done.log_emptied:
        raise BadInput(
            "write-ahead log still holds deleted rows, for somebody reads an earlier state",
            where="database",
            expected="this command once more, later",
        )


@plant.command()
def deletions(site: SiteName = None, database: DatabaseAddress = DEFAULT_DATABASE) -> None:
    """Print what was deleted, newest first: when, at which site, how many of what, older than when."""
    with _opened(database) as opened:
        from storage.sql.retention import deletions as noted

        for one in noted(opened, site):
            _tell_deletion(one)


@contextmanager
def _opened(address: str) -> Iterator["Database"]:
    try:
        import storage.sealed.content  # noqa: F401  # pyarrow
        from storage.sql.database import Database
    except ImportError as error:
        raise MissingExtra("server", str(error.name)) from None
    with Database(address) as opened:
        yield opened


def _tell_seals(seals: "tuple[Seal, ...] | list[Seal]") -> None:
    for one in seals:
        tell(f"sealed {one.rows} of {one.site}, {_time(one.start_ms)} to {_time(one.end_ms)}: {one.path}")


def _tell_deletion(one: "Deletion") -> None:
    tell(f"{_time(one.at_ms)} {one.site}: deleted {one.rows} {one.what} of before {_time(one.before_ms)}")


def _time(utc: int) -> str:
    return datetime.fromtimestamp(utc / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
