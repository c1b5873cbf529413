"""Second factors: the secret of an authenticator app, sealed, and passkeys.

Whoever changes them is signed in, and is looked for again within the transaction: a reset that comes in
between is not undone by a factor that is added a moment later.
"""

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from productivity.errors import BadInput
from storage.sql.accounts.accounts import get
from storage.sql.accounts.logins import lock_for
from storage.sql.accounts.records import AccountExists, LastFactor, Login, Passkey
from storage.sql.database import Database
from storage.sql.tables import account, passkey

MOST_PASSKEYS = 20


def set_totp(database: Database, by: Login, sealed: bytes, step: int) -> None:
    """Store the secret of an authenticator app and the step whose code was used to prove that it works."""
    with database.writing() as connection:
        lock_for(connection, by.account.id, by.digest)
        values = {"totp": sealed, "totp_step": step}
        connection.execute(update(account).where(account.c.id == by.account.id).values(values))


def use_step(database: Database, account_id: int, step: int) -> bool:
    """Use a step of the authenticator app up; False if it, or a later one, was used before."""
    unused = or_(account.c.totp_step.is_(None), account.c.totp_step < step)
    with database.writing() as connection:
        used = connection.execute(
            update(account).where(account.c.id == account_id, unused).values(totp_step=step)
        )
        return used.rowcount == 1


def remove_totp(database: Database, by: Login, *, keep_one: bool) -> None:
    """Forget the authenticator app. Raises `LastFactor` if one factor must be kept and this is the last."""
    with database.writing() as connection:
        lock_for(connection, by.account.id, by.digest)
        if keep_one and get(connection, by.account.id).passkeys == 0:
            raise LastFactor
        values = {"totp": None, "totp_step": None}
        connection.execute(update(account).where(account.c.id == by.account.id).values(values))


def add_passkey(
    database: Database,
    by: Login,
    *,
    credential: bytes,
    public_key: bytes,
    sign_count: int,
    label: str,
    at_ms: int,
) -> None:
    """Store a passkey. Raises `AccountExists` if it is somebody's already, `BadInput` for one too many."""
    row = {
        "account_id": by.account.id,
        "credential": credential,
        "public_key": public_key,
        "sign_count": sign_count,
        "label": label,
        "added_ms": at_ms,
    }
    try:
        with database.writing() as connection:
            lock_for(connection, by.account.id, by.digest)
            if get(connection, by.account.id).passkeys >= MOST_PASSKEYS:
                raise BadInput("account has too many passkeys", expected=f"at most {MOST_PASSKEYS}")
            connection.execute(insert(passkey).values(row))
    except IntegrityError:
        raise AccountExists from None


def passkeys_of(database: Database, account_id: int) -> list[Passkey]:
    """Return the passkeys of an account in the order in which they were added."""
    with database.reading() as connection:
        rows = connection.execute(
            select(passkey).where(passkey.c.account_id == account_id).order_by(passkey.c.id)
        )
        return [Passkey(*row) for row in rows]


def find_passkey(database: Database, credential: bytes) -> Passkey | None:
    """Return the passkey that a credential names."""
    with database.reading() as connection:
        row = connection.execute(select(passkey).where(passkey.c.credential == credential)).one_or_none()
    return None if row is None else Passkey(*row)


def use_passkey(database: Database, used: Passkey, sign_count: int, at_ms: int) -> bool:
    """Note a use; False if the passkey was removed, or used by somebody else at the same moment."""
    with database.writing() as connection:
        changed = connection.execute(
            update(passkey)
            .where(passkey.c.id == used.id, passkey.c.sign_count == used.sign_count)
            .values(sign_count=sign_count, used_ms=at_ms)
        )
        return changed.rowcount == 1


def remove_passkey(database: Database, by: Login, passkey_id: int, *, keep_one: bool) -> bool:
    """Remove a passkey of the own account; tell whether there was one. Raises `LastFactor`."""
    with database.writing() as connection:
        lock_for(connection, by.account.id, by.digest)
        theirs = (passkey.c.id == passkey_id, passkey.c.account_id == by.account.id)
        removed = connection.execute(delete(passkey).where(*theirs)).rowcount == 1
        if removed and keep_one and not get(connection, by.account.id).has_second_factor:
            raise LastFactor  # and the transaction takes the removal back
        return removed
