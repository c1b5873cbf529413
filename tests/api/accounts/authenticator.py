"""An authenticator in software, written from the WebAuthn specification: makes passkeys, signs with them.

It does what it is told, honest or not: `origin`, `flags`, `rp_id` and the rest can be set for each answer.
"""

import base64
import hashlib
import json
import secrets

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(content):
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def unb64(text):
    return base64.urlsafe_b64decode(text + "===")


class Authenticator:
    """Holds one passkey for each account and address."""

    def __init__(self, origin, *, counts=True):
        self.origin = origin
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.credential = secrets.token_bytes(32)
        self.handle = None
        self.count = 0
        self.counts = counts

    def create(self, options, *, flags=PRESENT | VERIFIED, **changes):
        """Answer `navigator.credentials.create` as its `toJSON` would be."""
        self.handle = unb64(options["user"]["id"])
        client = self._client("webauthn.create", options["challenge"], changes)
        data = self._data(changes.pop("rp_id", options["rp"]["id"]), flags | ATTESTED) + self._attested()
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        response = {"clientDataJSON": b64(client), "attestationObject": b64(attestation)}
        return self._answer(response, changes)

    def get(self, options, *, flags=PRESENT | VERIFIED, **changes):
        """Answer `navigator.credentials.get` as its `toJSON` would be."""
        self.count += self.counts
        client = self._client("webauthn.get", options["challenge"], changes)
        data = self._data(changes.pop("rp_id", options["rpId"]), flags)
        signer = changes.pop("private", self.private)
        signature = signer.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": b64(client),
            "authenticatorData": b64(data),
            "signature": b64(signature),
            "userHandle": b64(changes.pop("handle", self.handle)),
        }
        return self._answer(response, changes)

    def _client(self, kind, challenge, changes):
        content = {
            "type": changes.pop("type", kind),
            "challenge": changes.pop("challenge", challenge),
            "origin": changes.pop("origin", self.origin),
            "crossOrigin": changes.pop("cross_origin", False),
        }
        return json.dumps(content).encode()

    def _data(self, rp_id, flags):
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _attested(self):
        numbers = self.private.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        return bytes(16) + len(self.credential).to_bytes(2) + self.credential + cbor2.dumps(key)

    def _answer(self, response, changes):
        credential = changes.pop("credential", self.credential)
        assert not changes, f"nobody asked for {changes}"
        return {
            "id": b64(credential),
            "rawId": b64(credential),
            "type": "public-key",
            "authenticatorAttachment": "cross-platform",
            "response": response,
            "clientExtensionResults": {},
        }
