"""The demonstration's accounts: one for each role, made as an administrator and its owner would make them."""

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyotp

from api.accounts.accounts import Accounts
from api.accounts.address import parse_address
from api.accounts.offices import add_account
from api.accounts.passwords import Passwords
from api.accounts.secret import Secret
from api.policy import TWO_FACTORS, Role
from api.viewer import Viewer
from consent import durable
from productivity.errors import BadInput, FairtaktError
from storage.sql.accounts.invitations import invite
from storage.sql.database import Database

_HOURS = 24


@dataclass(frozen=True, slots=True)
class Credential:
    """How somebody signs in. `totp` is the secret of an authenticator app, for roles that need one."""

    account_id: int
    name: str
    role: str
    password: str
    totp: str | None = None
    otpauth: str | None = None
    station: str | None = None

    def code(self, posix_s: int) -> str | None:
        """Return what an authenticator app would show at that time."""
        return None if self.totp is None else pyotp.TOTP(self.totp).at(posix_s)


def make_accounts(
    database: Database,
    secret: Path,
    *,
    site: str,
    terminals: Sequence[str],
    now_ms: Callable[[], int],
    passwords: Passwords | None = None,
) -> list[Credential]:
    """Make an account for each role, and a terminal at each of these stations."""
    accounts = Accounts(
        database,
        Secret.load_or_make(secret),
        parse_address("http://localhost"),
        now_ms=now_ms,
        passwords=passwords,
    )
    desk = _Desk(accounts, database, site, now_ms)
    offices = [_sign_in_once(desk, role.value, role) for role in Role if role is not Role.WORKER]
    return offices + [_sign_in_once(desk, f"terminal {name}", Role.WORKER, name) for name in terminals]


def write_credentials(file: Path, credentials: Sequence[Credential]) -> None:
    """Keep the credentials, readable by this account alone."""
    content = json.dumps([asdict(one) for one in credentials], indent=1, ensure_ascii=False)
    durable.write_new(file, f"{content}\n".encode(), mode=0o600)


def read_credentials(file: Path) -> list[Credential]:
    """Read them back; `BadInput` if there are none."""
    try:
        return [Credential(**one) for one in json.loads(file.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        raise BadInput(
            "no credentials of a demonstration", where=str(file), expected="what fairtakt serve --demo wrote"
        ) from None


@dataclass(frozen=True, slots=True)
class _Desk:
    """What making an account works with."""

    accounts: Accounts
    database: Database
    site: str
    now_ms: Callable[[], int]


def _sign_in_once(of: _Desk, name: str, role: Role, station: str | None = None) -> Credential:
    """Make an account, accept its invitation, set up a second factor where the role needs one, sign out."""
    accounts, database, now_ms = of.accounts, of.database, of.now_ms
    made = add_account(
        database,
        name,
        role,
        at_ms=now_ms(),
        station=station,
        site=None if station is None else of.site,
        identity=None,
    )
    code = invite(database, made.id, hours=_HOURS, at_ms=now_ms())
    password = _password()
    viewer = _viewer(accounts, accounts.entry.by_invitation(code, password).token)
    totp = otpauth = None
    if role in TWO_FACTORS:
        setup = accounts.own.begin_totp(viewer)
        shown = pyotp.TOTP(setup.secret).at(now_ms() // 1000)
        viewer = _viewer(accounts, accounts.own.confirm_totp(viewer, shown).token)
        totp, otpauth = setup.secret, setup.address
    accounts.sign_out(viewer)
    return Credential(
        account_id=made.id,
        name=name,
        role=role.value,
        password=password,
        totp=totp,
        otpauth=otpauth,
        station=station,
    )


def _viewer(accounts: Accounts, token: str) -> Viewer:
    viewer = accounts.viewer(token)
    if viewer is None:
        raise FairtaktError("demonstration: nobody is signed in after an invitation was accepted")
    return viewer


def _password() -> str:
    """Return sixteen letters and digits in groups that can be read out."""
    letters = secrets.token_hex(8)
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))
