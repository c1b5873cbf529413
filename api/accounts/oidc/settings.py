"""Which identity provider, and what its words mean here: a YAML file, parsed once."""

import ssl
import stat
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator

from api.accounts.address import is_loopback
from api.policy import Role
from capture.yaml_document import Strict, read_document, refuse
from productivity.errors import BadInput

_WHAT = "identity provider"
_LARGEST_SECRET = 1000
_Text = Annotated[str, Field(min_length=1, max_length=200)]


def _address(value: str) -> str:
    parts = urlsplit(value)
    trusted = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if not (trusted and parts.hostname) or parts.query or parts.fragment or parts.username is not None:
        msg = "expected an https address without query and fragment"
        raise ValueError(msg)
    return value


class ProviderFile(Strict):
    """The configuration. Whoever has one of `roles` gets an account; other accounts are made beforehand."""

    format: Literal["fairtakt-identity-provider/v1"]
    issuer: Annotated[str, AfterValidator(_address)]
    """Exactly as the provider spells itself in its tokens."""
    client_id: _Text
    client_secret_file: Path | None = None
    """A file that only the server may read; none for a public client, which PKCE protects alone."""
    ca_file: Path | None = None
    """The plant's own certificate authority, if the provider's certificate is from it."""
    button: Annotated[str, Field(max_length=60)] = ""
    """What the plant calls the provider, for the sign-in page."""
    scopes: tuple[_Text, ...] = ("openid",)
    other_hosts: tuple[_Text, ...] = ()
    """Hosts beside the issuer's own to which its description may point. Nothing is sent anywhere else."""
    role_claim: tuple[_Text, ...] = ()
    """Where the claims name groups or roles, as a path: `[groups]`, or `[realm_access, roles]`."""
    roles: Annotated[dict[_Text, Role], Field(default_factory=dict)]
    second_factor: tuple[_Text, ...] = ("mfa",)
    """Values of `amr` (RFC 8176) or `acr` by which the provider says that it asked for two factors."""

    @model_validator(mode="after")
    def _fits_together(self) -> "ProviderFile":
        if "openid" not in self.scopes:
            refuse(("scopes",), "expected openid among them")
        if self.roles and not self.role_claim:
            refuse(("roles",), "expected role_claim, which says where roles are found")
        for name, role in self.roles.items():
            # Decision 0018: whoever runs the provider, the employer, could make itself the council. And a
            # terminal is a place, which no provider knows.
            if role in {Role.COUNCIL, Role.WORKER}:
                refuse(("roles", name), "expected any role but those of the works council and of terminals")
        return self


class Provider(Strict):
    """The configuration with what its files hold."""

    file: ProviderFile
    secret: SecretStr | None = None
    certificates: str | None = None

    def trust(self) -> ssl.SSLContext:
        """Return whose certificates are believed."""
        return ssl.create_default_context(cadata=self.certificates)

    @property
    def hosts(self) -> frozenset[str]:
        """Where requests may go: host, with its port if it is unusual."""
        return frozenset({urlsplit(self.file.issuer).netloc, *self.file.other_hosts})


def load_provider(path: Path) -> Provider:
    """Read the configuration and the files that it names. Raises `BadInput` that repeats no secret."""
    file = read_document(path, ProviderFile, _WHAT)
    secret = None if file.client_secret_file is None else _secret(path.parent / file.client_secret_file)
    certificates = None
    if file.ca_file is not None:
        place = path.parent / file.ca_file
        try:
            certificates = place.read_text(encoding="ascii")
            ssl.create_default_context(cadata=certificates)
        except (OSError, ValueError, ssl.SSLError):
            raise BadInput("not certificates", where=str(place), expected="a PEM file") from None
    return Provider(file=file, secret=secret, certificates=certificates)


def _secret(place: Path) -> SecretStr:
    try:
        mode = stat.S_IMODE(place.stat().st_mode)
        text = place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadInput("secret cannot be read", where=str(place), expected="one line of text") from None
    if mode & 0o077:
        raise BadInput("others may read it", where=str(place), expected="mode 0600", found=f"{mode:04o}")
    secret = text.strip()
    if not 0 < len(secret) <= _LARGEST_SECRET or not secret.isprintable():
        raise BadInput("not a secret", where=str(place), expected="one line of text")
    return SecretStr(secret)
