"""Accounts: made, found, changed, disabled. They are never deleted, for the log's entries point to them."""

import unicodedata
from dataclasses import asdict

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from productivity.errors import BadInput
from storage.sql.accounts.records import Account, AccountExists, Identity, NoAccount
from storage.sql.database import Database
from storage.sql.dialects import insert_new
from storage.sql.tables import account, invitation, login, passkey, site, station

NAME_LIMIT = 100
"""Characters; folding may make two of one, as of ß, and the column takes 200."""

_PASSKEYS = (
    select(func.count())
    .select_from(passkey)
    .where(passkey.c.account_id == account.c.id)
    .scalar_subquery()
    .label("passkeys")
)
SELECTION = select(
    account.c.id,
    account.c.name,
    account.c.role,
    account.c.station_id,
    station.c.name.label("station"),
    site.c.name.label("site"),
    account.c.password,
    account.c.totp,
    account.c.issuer,
    account.c.subject,
    account.c.mapped,
    _PASSKEYS,
    account.c.created_ms,
    account.c.disabled_ms,
).select_from(
    account.outerjoin(station, account.c.station_id == station.c.id).outerjoin(
        site, station.c.site_id == site.c.id
    )
)
"""Every column that `account_of` reads."""


def fold(name: str) -> str:
    """Return a name as names are compared: case and width of letters say nothing (UAX 15, NFKC)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def account_of(values: RowMapping) -> Account:
    """Return the account that stands in a row of `SELECTION`."""
    identity = None if values["issuer"] is None else Identity(values["issuer"], values["subject"])
    fields = {name: values[name] for name in values if name in Account.__dataclass_fields__}
    return Account(**fields, identity=identity)


def create_account(
    database: Database,
    name: str,
    role: str,
    *,
    at_ms: int,
    station_id: int | None = None,
    identity: Identity | None = None,
    mapped: bool = False,
) -> Account:
    """Make an account that nobody can sign in to yet, unless at its identity provider.

    Raises `BadInput` for a name that is none, `AccountExists`.
    """
    name, folded = unicodedata.normalize("NFKC", name), fold(name)
    if not 0 < len(name) <= NAME_LIMIT or len(folded) > 2 * NAME_LIMIT or not name.isprintable():
        raise BadInput("account has no usable name", expected=f"1 to {NAME_LIMIT} printable characters")
    if name != name.strip():
        raise BadInput("account has no usable name", expected="no space at its ends")
    row = {
        "name": name,
        "folded": folded,
        "role": role,
        "station_id": station_id,
        "issuer": identity.issuer if identity else None,
        "subject": identity.subject if identity else None,
        "mapped": mapped,
        "created_ms": at_ms,
    }
    with database.writing() as connection:
        number = insert_new(connection, account, row)
        if number is None:
            raise AccountExists
        return get(connection, number)


def get(connection: Connection, account_id: int) -> Account:
    """Return an account as a transaction sees it. Raises `NoAccount`."""
    found = _one(connection, account.c.id == account_id)
    if found is None:
        raise NoAccount
    return found


def find_by_name(database: Database, name: str) -> Account | None:
    """Return the account of a name, however its letters' case was typed."""
    with database.reading() as connection:
        return _one(connection, account.c.folded == fold(name))


def find_by_id(database: Database, account_id: int) -> Account | None:
    """Return an account."""
    with database.reading() as connection:
        return _one(connection, account.c.id == account_id)


def find_by_identity(database: Database, identity: Identity) -> Account | None:
    """Return the account of somebody whom an identity provider vouches for."""
    wanted = and_(account.c.issuer == identity.issuer, account.c.subject == identity.subject)
    with database.reading() as connection:
        return _one(connection, wanted)


def list_accounts(database: Database) -> list[Account]:
    """Return all accounts by name."""
    with database.reading() as connection:
        rows = connection.execute(SELECTION.order_by(account.c.folded)).mappings()
        return [account_of(row) for row in rows]


def assign(database: Database, account_id: int, role: str, station_id: int | None) -> None:
    """Give an account another role or station, and end its sign-ins: they were for the old ones."""
    _change(database, account_id, role=role, station_id=station_id)


def disable(database: Database, account_id: int, at_ms: int) -> None:
    """Let nobody sign in to an account any more, and end its sign-ins."""
    _change(database, account_id, disabled_ms=at_ms)


def enable(database: Database, account_id: int) -> None:
    """Let an account sign in again, as it did before."""
    _change(database, account_id, disabled_ms=None)


def link(database: Database, account_id: int, identity: Identity) -> None:
    """Let an account sign in at an identity provider. Raises `AccountExists` if it is another one's."""
    try:
        _change(database, account_id, **asdict(identity))
    except IntegrityError:
        raise AccountExists from None


def set_password(database: Database, account_id: int, password: str, *, seen: str | None) -> bool:
    """Store a new hash if the one that is there is still the one that was `seen`; tell whether it was."""
    unchanged = account.c.password.is_(None) if seen is None else account.c.password == seen
    with database.writing() as connection:
        changed = connection.execute(
            update(account).where(account.c.id == account_id, unchanged).values(password=password)
        )
        return changed.rowcount == 1


def forget_credentials(connection: Connection, account_id: int) -> None:
    """Take away whatever an account signs in with here, and end its sign-ins. Raises `NoAccount`."""
    cleared = {"password": None, "totp": None, "totp_step": None}
    changed = connection.execute(update(account).where(account.c.id == account_id).values(cleared))
    if changed.rowcount != 1:
        raise NoAccount
    for table in (login, passkey, invitation):
        connection.execute(delete(table).where(table.c.account_id == account_id))


def _one(connection: Connection, wanted: ColumnElement[bool]) -> Account | None:
    row = connection.execute(SELECTION.where(wanted)).mappings().one_or_none()
    return None if row is None else account_of(row)


def _change(database: Database, account_id: int, **values: int | str | None) -> None:
    with database.writing() as connection:
        changed = connection.execute(update(account).where(account.c.id == account_id).values(values))
        if changed.rowcount != 1:
            raise NoAccount
        connection.execute(delete(login).where(login.c.account_id == account_id))
