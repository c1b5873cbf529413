"""What the tables know of an account and of how it signs in. Secrets do not show in the text of a record."""

from dataclasses import dataclass, field

from productivity.errors import FairtaktError


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at an identity provider: `subject` is unique at its `issuer`."""

    issuer: str
    subject: str


@dataclass(frozen=True, slots=True)
class Account:
    """One office or terminal. `role` is a word that the tables do not interpret."""

    id: int
    name: str
    role: str
    station_id: int | None
    station: str | None
    """Of a terminal."""
    site: str | None
    """Of a terminal's station."""
    password: str | None = field(repr=False)
    totp: bytes | None = field(repr=False)
    """Sealed."""
    identity: Identity | None = field(repr=False)
    mapped: bool
    """Whether the identity provider says its role at each sign-in."""
    passkeys: int
    """How many it has."""
    created_ms: int
    disabled_ms: int | None

    @property
    def has_second_factor(self) -> bool:
        """Tell whether a password alone does not sign in."""
        return self.totp is not None or self.passkeys > 0


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody is signed in. `digest` is the SHA-256 of the token that the browser holds."""

    digest: bytes
    account: Account
    second_factor: bool
    created_ms: int
    seen_ms: int


@dataclass(frozen=True, slots=True)
class Passkey:
    """What verifies a passkey: `credential` names it, `public_key` is a COSE key, `sign_count` its uses."""

    id: int
    account_id: int
    credential: bytes
    public_key: bytes = field(repr=False)
    sign_count: int
    label: str
    added_ms: int
    used_ms: int | None


class AccountExists(FairtaktError):
    """Somebody has this name, or signs in with this identity, already."""

    def __init__(self) -> None:
        super().__init__("an account of this name or identity is there already")


class NoAccount(FairtaktError):
    """There is no such account."""

    def __init__(self) -> None:
        super().__init__("no such account")


class InvitationRefused(FairtaktError):
    """No such invitation, or it was used, or it is too old. Which of these is not told."""

    def __init__(self) -> None:
        super().__init__("invitation is wrong, used or expired")


class AccountChanged(FairtaktError):
    """The account was changed or disabled while somebody signed in."""

    def __init__(self) -> None:
        super().__init__("the account was changed meanwhile")


class LastFactor(FairtaktError):
    """The second factor that was to be removed is the last one, and the account needs one."""

    def __init__(self) -> None:
        super().__init__("this is the last second factor of an account that needs one")
