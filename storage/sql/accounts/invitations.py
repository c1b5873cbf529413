"""Invitations: a one-time code with which somebody gives an account its password."""

from sqlalchemy import Connection, delete, insert, select, update

from productivity.errors import BadInput
from storage.sql.accounts import attempts
from storage.sql.accounts.accounts import forget_credentials, get
from storage.sql.accounts.codes import code_digest, new_code
from storage.sql.accounts.records import Account, InvitationRefused
from storage.sql.database import Database
from storage.sql.tables import account, invitation

HOUR_MS = 3_600_000
MAX_HOURS = 24 * 7


def invite(database: Database, account_id: int, *, hours: int, at_ms: int) -> str:
    """Return a new code for an account without a password; earlier codes count no more.

    Raises `BadInput` for an account that is disabled or can sign in already, `NoAccount`.
    """
    with database.writing() as connection:
        invited = get(connection, account_id)
        if invited.password is not None or invited.has_second_factor:
            raise BadInput("account has its password", expected="a new account, or reset for another one")
        return _invite(connection, invited, hours, at_ms)


def reset(database: Database, account_id: int, *, hours: int, at_ms: int) -> str:
    """Take password, second factors and sign-ins of an account away; return a code for a new password.

    Raises `BadInput` if it is disabled, `NoAccount`.
    """
    with database.writing() as connection:
        forget_credentials(connection, account_id)
        return _invite(connection, get(connection, account_id), hours, at_ms)


def check_hours(hours: int) -> None:
    """Raise `BadInput` if a code may not be valid for so long."""
    if not 1 <= hours <= MAX_HOURS:
        raise BadInput("code is valid too long or not at all", expected=f"1 to {MAX_HOURS} hours")


def find_invited(database: Database, code: str, at_ms: int) -> Account:
    """Return whose code it is, and change nothing. Raises `InvitationRefused`."""
    with database.reading() as connection:
        return _invited(connection, code, at_ms)


def accept(database: Database, code: str, password: str, *, attempt: bytes, at_ms: int) -> Account:
    """Use a code up: store the password's hash, forgive the name's failures. Raises `InvitationRefused`."""
    with database.writing() as connection:
        invited = _invited(connection, code, at_ms)
        # The account first, as everybody else does: nobody waits for somebody who waits for them.
        connection.execute(select(account.c.id).where(account.c.id == invited.id).with_for_update())
        used = connection.execute(delete(invitation).where(invitation.c.digest == code_digest(code)))
        if used.rowcount != 1:  # somebody else used it between the two statements
            raise InvitationRefused
        connection.execute(update(account).where(account.c.id == invited.id).values(password=password))
        attempts.forgive(connection, attempt)
        return get(connection, invited.id)


def _invite(connection: Connection, invited: Account, hours: int, at_ms: int) -> str:
    check_hours(hours)
    if invited.disabled_ms is not None:
        raise BadInput("account is disabled", expected="one that is enabled")
    connection.execute(delete(invitation).where(invitation.c.account_id == invited.id))
    code = new_code()
    row = {
        "digest": code_digest(code),
        "account_id": invited.id,
        "expires_ms": at_ms + hours * HOUR_MS,
    }
    connection.execute(insert(invitation).values(row))
    return code


def _invited(connection: Connection, code: str, at_ms: int) -> Account:
    # Looked up by a hash that nobody can steer: how long it takes tells nothing about any code.
    found = connection.execute(
        select(invitation.c.account_id).where(
            invitation.c.digest == code_digest(code), invitation.c.expires_ms > at_ms
        )
    ).scalar()
    if found is None:
        raise InvitationRefused
    invited = get(connection, found)
    if invited.disabled_ms is not None:
        raise InvitationRefused
    return invited
