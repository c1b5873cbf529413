"""Passkeys (WebAuthn level 2): how one is added, and how one signs in.

A passkey signs in alone, without name and password: the authenticator has verified its user (by finger, face
or PIN) and says so under its signature, so it is two factors in one. Each challenge is random, lives five
minutes, is used once, and is good only for what it was made for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, options_to_json_dict, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from api.accounts.address import Address
from api.accounts.pending import Pending
from productivity.errors import FairtaktError
from storage.sql.accounts.records import Passkey

NAME = "fairtakt"
_SECONDS = 300
_MOST_CHALLENGES = 10_000
"""The rate of requests allows some hundreds in five minutes: nobody pushes another one's challenge out."""
_LONGEST_CREDENTIAL = 1023
"""Bytes of an identifier (WebAuthn level 2 section 4, credential ID)."""
_LONGEST_KEY = 2048
"""Bytes of a COSE key; an RSA key of 8192 bits takes 1,100."""
_HANDLE_BYTES = 16


class PasskeyRefused(FairtaktError):
    """What an authenticator sent proves nothing here. Why is not told."""

    def __init__(self) -> None:
        super().__init__("passkey is refused")


@dataclass(frozen=True, slots=True)
class _Purpose:
    """What a challenge is good for: adding a passkey to this account, or signing in."""

    adds_to: int | None


_SIGN_IN = _Purpose(None)


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What is stored of a passkey."""

    credential: bytes
    public_key: bytes
    sign_count: int


class Passkeys:
    """The ceremonies at one address. Its only state is which challenges are open."""

    def __init__(self, address: Address, steady_s: Callable[[], float]) -> None:
        self._address = address
        self._open: Pending[_Purpose] = Pending(_SECONDS, _MOST_CHALLENGES, steady_s)
        """By challenge."""

    def options_to_add(self, account_id: int, name: str, present: Sequence[Passkey]) -> dict[str, Any]:
        """Return what `navigator.credentials.create` is asked for; who is `present` is not added again."""
        options = generate_registration_options(
            rp_id=self._address.host,
            rp_name=NAME,
            user_id=_handle(account_id),
            user_name=name,
            challenge=self._challenge(_Purpose(account_id)),
            timeout=_SECONDS * 1000,
            authenticator_selection=AuthenticatorSelectionCriteria(
                # Found without a name, so that nobody has to say a name before signing in.
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=each.credential) for each in present],
        )
        return options_to_json_dict(options)

    def add(self, account_id: int, credential: dict[str, Any]) -> NewPasskey:
        """Verify a new passkey. Raises `PasskeyRefused`."""
        try:
            challenge = self._take(credential, _Purpose(account_id))
            verified = verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._address.host,
                expected_origin=self._address.origin,
                require_user_verification=True,
            )
        except Exception:  # hostile bytes have many ways to be wrong, and its reader as many to say so
            raise PasskeyRefused from None
        new = NewPasskey(verified.credential_id, verified.credential_public_key, verified.sign_count)
        if len(new.credential) > _LONGEST_CREDENTIAL or len(new.public_key) > _LONGEST_KEY:
            raise PasskeyRefused
        return new

    def options_to_sign_in(self) -> dict[str, Any]:
        """Return what `navigator.credentials.get` is asked for: any passkey of this address."""
        options = generate_authentication_options(
            rp_id=self._address.host,
            challenge=self._challenge(_SIGN_IN),
            timeout=_SECONDS * 1000,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json_dict(options)

    def sign_in(
        self, credential: dict[str, Any], find: Callable[[bytes], Passkey | None]
    ) -> tuple[Passkey, int]:
        """Return whose passkey signed, and its new count. Raises `PasskeyRefused`.

        A passkey whose count does not rise was copied, and is refused (WebAuthn level 2 section 6.1.1).
        """
        # (0) The challenge is used up, whatever comes of the rest.
        try:
            challenge = self._take(credential, _SIGN_IN)
            name = base64url_to_bytes(credential["rawId"])
            handle = base64url_to_bytes(credential["response"]["userHandle"])
        except Exception:  # hostile bytes, as above
            raise PasskeyRefused from None
        # (1) It belongs to the account that it says it does: it was found without a name, so it must say so.
        found = find(name)
        if found is None or handle != _handle(found.account_id):
            raise PasskeyRefused
        # (2) It signed this challenge, for this address, its user present and verified.
        try:
            verified = verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._address.host,
                expected_origin=self._address.origin,
                credential_public_key=found.public_key,
                credential_current_sign_count=found.sign_count,
                require_user_verification=True,
            )
        except Exception:
            raise PasskeyRefused from None
        return found, verified.new_sign_count

    def _challenge(self, purpose: _Purpose) -> bytes:
        return base64url_to_bytes(self._open.put(purpose))

    def _take(self, credential: dict[str, Any], purpose: _Purpose) -> bytes:
        """Return the open challenge that somebody answered, and close it."""
        client = parse_client_data_json(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        opened = self._open.take(bytes_to_base64url(client.challenge))
        if opened != purpose or client.cross_origin:  # another site's page shows ours in a frame
            raise PasskeyRefused
        return client.challenge


def _handle(account_id: int) -> bytes:
    """Return whom a passkey says it belongs to: a number, nothing about anybody (WebAuthn 14.6.1)."""
    return account_id.to_bytes(_HANDLE_BYTES)
