"""What browsers send and receive to sign in and to change their own account, as validated data."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.accounts.passwords import LONGEST
from api.policy import Role

_LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$"
"""No control character: no name has one, and PostgreSQL cannot even be asked for one."""
_Name = Annotated[str, Field(min_length=1, max_length=200, pattern=_LINE)]
_Password = Annotated[str, Field(min_length=1, max_length=LONGEST)]
_Code = Annotated[str, Field(min_length=1, max_length=100)]
_Credential = Annotated[dict[str, Any], Field(description="PublicKeyCredential.toJSON() of WebAuthn level 3")]
_Label = Annotated[str, Field(min_length=1, max_length=100, pattern=_LINE)]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SignIn(_Wire):
    """Name and password."""

    name: _Name
    password: _Password


class SecondFactor(_Wire):
    """The code of an authenticator app, after the password."""

    ticket: Annotated[str, Field(min_length=1, max_length=100)]
    code: _Code


class PasskeySignIn(_Wire):
    """What a passkey signed."""

    credential: _Credential


class Acceptance(_Wire):
    """An invitation's code, and the password that the account shall have."""

    code: _Code
    password: _Password


class PasswordChange(_Wire):
    """The password, and the one that shall be."""

    current: _Password
    new: _Password


class TotpConfirmation(_Wire):
    """A code of the authenticator app that is being set up."""

    code: _Code


class NewPasskey(_Wire):
    """A passkey that the browser made, and what its owner calls it."""

    label: _Label
    credential: _Credential


class Entered(_Wire):
    """What came of signing in, or of a change that renewed the sign-in. The token is in the cookie alone."""

    outcome: Literal["signed-in", "second-factor"]
    next: Annotated[str | None, Field(description="the page that has to come next")] = None
    csrf: Annotated[str | None, Field(description="for X-CSRF-Token, until the sign-in is renewed")] = None
    ticket: Annotated[str | None, Field(description="for the second factor; five minutes")] = None
    totp: bool = False
    passkey: bool = False


class Options(_Wire):
    """What `navigator.credentials` is asked for: `publicKey` in the JSON of WebAuthn level 3."""

    model_config = ConfigDict(populate_by_name=True)

    public_key: Annotated[dict[str, Any], Field(alias="publicKey")]


class TotpSetup(_Wire):
    """An authenticator app takes the picture, the address, or the typed secret; a code confirms it."""

    secret: str
    address: str
    qr: Annotated[str, Field(description="a picture of the address, as a data URI")]


class PasskeyEntry(_Wire):
    """A passkey of the account. Times are UTC, in milliseconds."""

    id: int
    label: str
    added_ms: int
    used_ms: int | None


class SignInEntry(_Wire):
    """A sign-in of the account."""

    id: str
    created_ms: int
    seen_ms: int
    second_factor: bool
    current: bool


class AccountView(_Wire):
    """Whatever is known of the account."""

    name: str
    role: Role
    station: str | None
    password: bool
    totp: bool
    needs_second_factor: bool
    passkeys: list[PasskeyEntry]
    sign_ins: list[SignInEntry]


class Ended(_Wire):
    """How many sign-ins ended."""

    ended: int
