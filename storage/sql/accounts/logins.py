"""Who is signed in. The browser holds a random token, the table its SHA-256.

A sign-in ends when nobody used it for half an hour, and after twelve hours in any case (NIST SP 800-63B-4
section 2.2.3 asks for no more than an hour and a day). A terminal, which is an account with a station, stays
signed in for thirty days without use and a year in all: nobody sits down at it, it stands there.
"""

import hashlib
import secrets

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, delete, insert, or_, select, update

from storage.sql.accounts import attempts
from storage.sql.accounts.accounts import SELECTION, account_of
from storage.sql.accounts.records import Account, AccountChanged, Login
from storage.sql.database import Database
from storage.sql.tables import account, login

_TOKEN_BYTES = 32
MINUTE_MS = 60_000
IDLE_MS, LONGEST_MS = 30 * MINUTE_MS, 720 * MINUTE_MS
TERMINAL_IDLE_MS, TERMINAL_LONGEST_MS = 30 * 1440 * MINUTE_MS, 365 * 1440 * MINUTE_MS
MOST = 20
"""Sign-ins of one account at a time; one more ends the one that was unused longest."""

_TIDIED = 1000

_FIND = SELECTION.add_columns(
    login.c.digest, login.c.second_factor, login.c.created_ms.label("opened_ms"), login.c.seen_ms
).join(login, login.c.account_id == account.c.id)


def token_digest(token: str) -> bytes:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).digest()


def open_login(
    database: Database,
    known: Account,
    *,
    second_factor: bool,
    at_ms: int,
    attempt: bytes | None = None,
    replaces: bytes | None = None,
) -> str:
    """Sign an account in; return the token. Forgives the failures of `attempt`, ends the sign-in `replaces`.

    Raises `AccountChanged` if the account is not, or no longer, what it was when somebody proved to be it.
    """
    with database.writing() as connection:
        _check_unchanged(connection, known)
        # Rows that another transaction is busy with are left to the next sign-in: nobody waits to tidy up.
        over = select(login.c.digest).where(_over(at_ms)).limit(_TIDIED).with_for_update(skip_locked=True)
        connection.execute(delete(login).where(login.c.digest.in_(over)))
        if replaces is not None:
            connection.execute(delete(login).where(login.c.digest == replaces))
        _make_room(connection, known.id)
        if attempt is not None:
            attempts.forgive(connection, attempt)
        return _insert(connection, known.id, second_factor, created_ms=at_ms, seen_ms=at_ms)


def renew_login(
    database: Database, old: Login, *, second_factor: bool, at_ms: int, afresh: bool = False
) -> str:
    """Replace a sign-in, and all others of its account, by one with a new token; return the token.

    It is as old as the one before, unless somebody just proved `afresh` who is there. Raises `AccountChanged`
    if the old one was ended meanwhile, and then changes nothing.
    """
    with database.writing() as connection:
        lock_for(connection, old.account.id, old.digest)
        connection.execute(delete(login).where(login.c.account_id == old.account.id))
        created_ms = at_ms if afresh else old.created_ms
        return _insert(connection, old.account.id, second_factor, created_ms=created_ms, seen_ms=at_ms)


def lock_for(connection: Connection, account_id: int, digest: bytes) -> None:
    """Have others who change the account wait, and see that whoever asks is still signed in.

    Raises `AccountChanged`: somebody reset or disabled the account, or ended the sign-in, a moment ago.
    """
    enabled = select(account.c.id).where(account.c.id == account_id, account.c.disabled_ms.is_(None))
    if connection.execute(enabled.with_for_update()).one_or_none() is None:
        raise AccountChanged
    theirs = select(login.c.digest).where(login.c.digest == digest, login.c.account_id == account_id)
    if connection.execute(theirs).one_or_none() is None:
        raise AccountChanged


def find_login(database: Database, digest: bytes, at_ms: int) -> Login | None:
    """Return a sign-in that has not ended, and note that it was used, once a minute."""
    found = see_login(database, digest, at_ms)
    if found is None:
        return None
    if at_ms - found.seen_ms >= MINUTE_MS:
        with database.writing() as connection:
            connection.execute(
                update(login).where(login.c.digest == digest, login.c.seen_ms < at_ms).values(seen_ms=at_ms)
            )
    return found


def see_login(database: Database, digest: bytes, at_ms: int) -> Login | None:
    """Return a sign-in that has not ended. This is no use of it: whoever does nothing is signed out."""
    with database.reading() as connection:
        row = connection.execute(_FIND.where(login.c.digest == digest)).mappings().one_or_none()
    if row is None:
        return None
    found = _login(row)
    return None if found.account.disabled_ms is not None or has_ended(found, at_ms) else found


def has_ended(found: Login, at_ms: int) -> bool:
    """Tell whether a sign-in is over. One from the future is: the clock is in doubt."""
    terminal = found.account.station_id is not None
    idle_ms = TERMINAL_IDLE_MS if terminal else IDLE_MS
    longest_ms = TERMINAL_LONGEST_MS if terminal else LONGEST_MS
    return (
        at_ms - found.seen_ms >= idle_ms
        or at_ms - found.created_ms >= longest_ms
        or found.created_ms - at_ms > MINUTE_MS
    )


def logins_of(database: Database, account_id: int, at_ms: int) -> list[Login]:
    """Return the sign-ins of an account that have not ended, the newest first."""
    with database.reading() as connection:
        rows = connection.execute(
            _FIND.where(account.c.id == account_id).order_by(login.c.created_ms.desc(), login.c.digest)
        ).mappings()
        found = [_login(row) for row in rows]
    return [each for each in found if not has_ended(each, at_ms)]


def close_login(database: Database, digest: bytes, *, of: int | None = None) -> bool:
    """End a sign-in, if given only that `of` an account; tell whether there was one."""
    wanted = [login.c.digest == digest] + ([] if of is None else [login.c.account_id == of])
    with database.writing() as connection:
        return connection.execute(delete(login).where(*wanted)).rowcount == 1


def close_all(database: Database, account_id: int, *, but: bytes | None = None) -> int:
    """End all sign-ins of an account, or all but one; return how many."""
    wanted = [login.c.account_id == account_id] + ([] if but is None else [login.c.digest != but])
    with database.writing() as connection:
        return connection.execute(delete(login).where(*wanted)).rowcount


def _check_unchanged(connection: Connection, known: Account) -> None:
    locked = SELECTION.where(account.c.id == known.id).with_for_update(of=account)
    row = connection.execute(locked).mappings().one_or_none()
    if row is None:
        raise AccountChanged
    current = account_of(row)
    if current.disabled_ms is not None or _proof(current) != _proof(known):
        raise AccountChanged


def _proof(known: Account) -> tuple[object, ...]:
    """Return whatever a proof of identity rested on."""
    return known.role, known.station_id, known.password, known.totp, known.passkeys, known.identity


def _over(at_ms: int) -> ColumnElement[bool]:
    """Return the condition for sign-ins that have ended, as `has_ended` has it."""
    of_terminal = login.c.account_id.in_(select(account.c.id).where(account.c.station_id.is_not(None)))
    ended = or_(login.c.seen_ms <= at_ms - IDLE_MS, login.c.created_ms <= at_ms - LONGEST_MS)
    ended_terminal = or_(
        login.c.seen_ms <= at_ms - TERMINAL_IDLE_MS, login.c.created_ms <= at_ms - TERMINAL_LONGEST_MS
    )
    return or_(and_(~of_terminal, ended), and_(of_terminal, ended_terminal))


def _make_room(connection: Connection, account_id: int) -> None:
    oldest = (
        select(login.c.digest)
        .where(login.c.account_id == account_id)
        .order_by(login.c.seen_ms.desc(), login.c.digest)
        .offset(MOST - 1)
    )
    surplus = [row.digest for row in connection.execute(oldest)]
    if surplus:
        connection.execute(delete(login).where(login.c.digest.in_(surplus)))


def _insert(
    connection: Connection, account_id: int, second_factor: bool, *, created_ms: int, seen_ms: int
) -> str:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = {
        "digest": token_digest(token),
        "account_id": account_id,
        "second_factor": second_factor,
        "created_ms": created_ms,
        "seen_ms": seen_ms,
    }
    connection.execute(insert(login).values(row))
    return token


def _login(row: RowMapping) -> Login:
    return Login(row["digest"], account_of(row), row["second_factor"], row["opened_ms"], row["seen_ms"])
