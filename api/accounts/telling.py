"""What refusals are called towards browsers: RFC 9457 problems, none of which says who has an account."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

from api.accounts.outcomes import NothingToChange, Refused, SignInAgain, TicketGone, TooSoon
from api.accounts.passkeys import PasskeyRefused
from api.accounts.passwords import PasswordRefused
from api.problems import Kind, Problem
from productivity.errors import BadInput, FairtaktError
from storage.sql.accounts.records import AccountChanged, AccountExists, InvitationRefused, LastFactor

_KINDS: dict[type[FairtaktError], Kind] = {
    Refused: Kind.CREDENTIALS,
    TicketGone: Kind.CREDENTIALS,
    PasskeyRefused: Kind.CREDENTIALS,
    InvitationRefused: Kind.INVITATION,
    PasswordRefused: Kind.PASSWORD,
    SignInAgain: Kind.SIGN_IN_AGAIN,
    LastFactor: Kind.CONFLICT,
    NothingToChange: Kind.CONFLICT,
    BadInput: Kind.CONFLICT,
}
_DAY_MS = 86_400_000


@contextmanager
def told() -> Iterator[None]:
    """Turn what the accounts refuse into a `Problem`."""
    try:
        yield
    except TooSoon as error:
        raise _too_soon(error) from None
    except AccountChanged:
        raise Problem(Kind.SIGN_IN_AGAIN, "the account was changed meanwhile; nothing was done") from None
    except AccountExists:
        raise Problem(Kind.CONFLICT, "this passkey is in use already") from None
    except FairtaktError as error:
        kind = _KINDS.get(type(error))
        if kind is None:
            raise
        raise Problem(kind, str(error)) from None


def _too_soon(error: TooSoon) -> Problem:
    if error.wait_ms > _DAY_MS:
        detail = f"{error}: this name's password counts no more; sign in with a passkey or have it reset"
        return Problem(Kind.TOO_MANY, detail, headers={"Retry-After": str(_DAY_MS // 1000)})
    wait_s = max(1, math.ceil(error.wait_ms / 1000))
    return Problem(Kind.TOO_MANY, f"{error}: wait {wait_s} s", headers={"Retry-After": str(wait_s)})
