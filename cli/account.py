"""`fairtakt account`: who may sign in at the plant server. The server may be running.

The first administrator is made here, by whoever runs the server's machine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from cli.handing_in import now_ms
from cli.serve import DEFAULT_DATABASE, DatabaseAddress
from cli.terminal import tell
from productivity.errors import BadInput, MissingExtra

if TYPE_CHECKING:
    from storage.sql.accounts.records import Account
    from storage.sql.database import Database

account = typer.Typer(help="Accounts of the plant server.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the account.", show_default=False)]
Hours = Annotated[int, typer.Option("--hours", help="How long the code is valid.")]
RoleName = Annotated[
    str,
    typer.Option(
        "--role",
        metavar="ROLE",
        help="engineer, works-council, worker, manager, administrator or licensee.",
        show_default=False,
    ),
]
Station = Annotated[
    str | None, typer.Option("--station", metavar="NAME", help="Where a worker's terminal stands.")
]
Site = Annotated[
    str | None, typer.Option("--site", metavar="NAME", help="Of the station; needed if there are several.")
]


@account.command()
def add(
    name: Name,
    role: RoleName,
    station: Station = None,
    site: Site = None,
    issuer: Annotated[
        str | None, typer.Option("--issuer", metavar="URL", help="Identity provider, with --subject.")
    ] = None,
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="ID", help="Who it is there; instead of a password.")
    ] = None,
    hours: Hours = 24,
    database: DatabaseAddress = DEFAULT_DATABASE,
) -> None:
    """Make an account and print a one-time code, with which its owner sets the password."""
    if (issuer is None) != (subject is None):
        raise BadInput("an identity has two halves", expected="--issuer with --subject, or neither")
    with _opened(database) as opened:
        from api.accounts.offices import add_account, parse_role
        from storage.sql.accounts.invitations import check_hours, invite
        from storage.sql.accounts.records import Identity

        check_hours(hours)
        identity = None if issuer is None or subject is None else Identity(issuer, subject)
        made = add_account(
            opened,
            name,
            parse_role(role),
            at_ms=now_ms(),
            station=station,
            site=site,
            identity=identity,
        )
        if identity is None:
            tell(invite(opened, made.id, hours=hours, at_ms=now_ms()))


@account.command()
def invite(name: Name, hours: Hours = 24, database: DatabaseAddress = DEFAULT_DATABASE) -> None:
    """Print another code for an account that has no password yet; the one before counts no more."""
    with _opened(database) as opened:
        from storage.sql.accounts import invitations

        tell(invitations.invite(opened, _found(opened, name).id, hours=hours, at_ms=now_ms()))


@account.command()
def reset(name: Name, hours: Hours = 24, database: DatabaseAddress = DEFAULT_DATABASE) -> None:
    """Take password, second factors and sign-ins of an account away, and print a code for a new password."""
    with _opened(database) as opened:
        from storage.sql.accounts import invitations

        tell(invitations.reset(opened, _found(opened, name).id, hours=hours, at_ms=now_ms()))


@account.command(name="list")
def list_(database: DatabaseAddress = DEFAULT_DATABASE) -> None:
    """Print all accounts: name, role, station, and how they sign in."""
    with _opened(database) as opened:
        from storage.sql.accounts.accounts import list_accounts

        known = list_accounts(opened)
    rows = [(each.name, each.role, each.station or "-", _how(each)) for each in known]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        tell("  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip())


@account.command()
def disable(name: Name, database: DatabaseAddress = DEFAULT_DATABASE) -> None:
    """Let nobody sign in to an account any more, and end its sign-ins at once."""
    with _opened(database) as opened:
        from storage.sql.accounts import accounts

        accounts.disable(opened, _found(opened, name).id, now_ms())


@account.command()
def enable(name: Name, database: DatabaseAddress = DEFAULT_DATABASE) -> None:
    """Let an account sign in again, as it did before."""
    with _opened(database) as opened:
        from storage.sql.accounts import accounts

        accounts.enable(opened, _found(opened, name).id)


@account.command()
def assign(
    name: Name,
    role: RoleName,
    station: Station = None,
    site: Site = None,
    database: DatabaseAddress = DEFAULT_DATABASE,
) -> None:
    """Give an account another role or station, and end its sign-ins."""
    with _opened(database) as opened:
        from api.accounts.offices import assign_role, parse_role

        assign_role(opened, _found(opened, name), parse_role(role), station=station, site=site)


@contextmanager
def _opened(address: str) -> Iterator["Database"]:
    try:
        from storage.sql.database import Database
    except ImportError as error:
        raise MissingExtra("server", str(error.name)) from None
    with Database(address) as opened:
        yield opened


def _found(opened: "Database", name: str) -> "Account":
    from storage.sql.accounts.accounts import find_by_name
    from storage.sql.accounts.records import NoAccount

    known = find_by_name(opened, name)
    if known is None:
        raise NoAccount
    return known


def _how(known: "Account") -> str:
    if known.disabled_ms is not None:
        return "disabled"
    ways = [
        word
        for word, there in (
            ("password", known.password is not None),
            ("authenticator app", known.totp is not None),
            (f"{known.passkeys} passkeys", known.passkeys > 0),
            ("identity provider", known.identity is not None),
        )
        if there
    ]
    return ", ".join(ways) or "invited"
