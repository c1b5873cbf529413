"""Accounts for offices and terminals: which role goes with which place."""

from api.policy import Role
from productivity.errors import BadInput
from storage.sql.accounts import accounts
from storage.sql.accounts.records import Account, Identity
from storage.sql.accounts.terminals import terminal_station
from storage.sql.database import Database


def parse_role(text: str) -> Role:
    """Return the role of this name; `works-council` is one too. Raises `BadInput`."""
    try:
        return Role(text.strip().lower().replace("-", " "))
    except ValueError:
        names = ", ".join(role.value.replace(" ", "-") for role in Role)
        raise BadInput("unknown role", expected=names) from None


def add_account(
    database: Database,
    name: str,
    role: Role,
    *,
    at_ms: int,
    station: str | None = None,
    site: str | None = None,
    identity: Identity | None = None,
) -> Account:
    """Make an account. Raises `BadInput`, `AccountExists`.

    A worker's account is a terminal and stands at a station; every other one belongs to an office. The
    council's is never one of the identity provider (decision 0018).
    """
    place = _place(database, role, station, site)
    if identity is not None and role in {Role.COUNCIL, Role.WORKER}:
        raise BadInput("this role has no account at the identity provider", expected="an invitation")
    return accounts.create_account(
        database, name, role.value, at_ms=at_ms, station_id=place, identity=identity
    )


def assign_role(
    database: Database, account: Account, role: Role, *, station: str | None = None, site: str | None = None
) -> None:
    """Give an account another role or station, and end its sign-ins. Raises `BadInput`."""
    if account.identity is not None and role in {Role.COUNCIL, Role.WORKER}:
        raise BadInput("this role has no account at the identity provider", expected="an account of its own")
    accounts.assign(database, account.id, role.value, _place(database, role, station, site))


def _place(database: Database, role: Role, station: str | None, site: str | None) -> int | None:
    if role is Role.WORKER and station is None:
        raise BadInput("a worker's account is a terminal", expected="the station where it stands")
    if role is not Role.WORKER and station is not None:
        raise BadInput("only a worker's account has a station", expected="none")
    return None if station is None else terminal_station(database, station, site)
