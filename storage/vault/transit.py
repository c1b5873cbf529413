"""An external key store: the transit engine of OpenBao or HashiCorp Vault, over HTTPS.

Each consent record has a transit key of its own, which never leaves that store. The private key of the record
stands in our key file only encrypted under it (AEAD, the record is its associated data). Whoever copies the
key file, or its disk, has nothing without the store; and once the transit key is deleted there, nobody has.

    POST   MOUNT/keys/NAME            made: AES-256-GCM, not exportable, no plain backups; read back
    POST   MOUNT/encrypt/NAME         when a key is created
    POST   MOUNT/decrypt/NAME         when a data key is unwrapped
    POST   MOUNT/keys/NAME/config     deletion_allowed, right before
    DELETE MOUNT/keys/NAME            shredded; read back: it must be gone

Source: https://openbao.org/api-docs/secret/transit. The same calls serve HashiCorp Vault 1.13 and later.

The token is read from its file for each request: an agent renews it there. Certificates are verified, always;
no redirect is followed, no proxy of the environment used. Errors carry the address and the status, never an
answer's text.

Known hole: the store's own storage and backups hold a deleted key for as long as they are kept; that is for
whoever runs it to limit.
"""

import base64
import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from capture.outbox.address import check_address
from productivity.errors import BadInput

LARGEST_ANSWER = 1 << 20
"""Bytes; a key with thousands of versions has less."""

_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
"""Seconds. A store in the plant's network answers in milliseconds; a look waits for this."""
_TYPE = "aes256-gcm96"
_PREFIX = "fairtakt-"
_LONGEST_TOKEN = 8192
_CIPHERTEXT = re.compile(
    r"vault:v([1-9][0-9]{0,9}):((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)"
)


@dataclass(frozen=True, slots=True)
class TransitSettings:
    """Where the store is. `certificates` is a PEM file of authorities; None: those of the machine."""

    address: str
    token_file: Path
    mount: str = "transit"
    namespace: str = ""
    certificates: Path | None = None


class Transit:
    """Protects private keys by transit keys (`storage.vault.protection.Protection`); a context manager."""

    name = "transit"

    def __init__(self, settings: TransitSettings) -> None:
        """Nothing is asked yet; `BadInput` if the settings cannot be used."""
        # http is accepted for this very machine alone, where an agent of the store may listen.
        self._where = check_address(settings.address, insecure=False)
        mount = settings.mount.strip("/")
        if not mount or not all(
            step.replace("-", "").replace("_", "").isalnum() for step in mount.split("/")
        ):
            raise BadInput("mount of the key store", expected="letters, digits, dashes, such as transit")
        self._token_file = settings.token_file
        headers = {"X-Vault-Namespace": settings.namespace} if settings.namespace else {}
        self._client = httpx.Client(
            base_url=f"{self._where}/v1/{mount}/",
            verify=_context(settings.certificates),
            timeout=_TIMEOUT,
            follow_redirects=False,
            trust_env=False,
            headers={**headers, "X-Vault-Request": "true"},
        )

    def protect(self, record: str, private: bytes) -> bytes:
        """Make the record's transit key, unless there is one, and encrypt under it."""
        name = _PREFIX + record
        wanted = {"type": _TYPE, "exportable": False, "allow_plaintext_backup": False}
        self._ask("POST", f"keys/{name}", wanted)
        kept = self._key(name)
        if kept is None or any(kept.get(field) != value for field, value in wanted.items()):
            raise BadInput(
                "key store holds a key that we did not ask for",
                where=self._where,
                expected=f"{_TYPE}, not exportable, without plain backups",
            )
        answer = self._ask("POST", f"encrypt/{name}", {"plaintext": _encode(private), **_bound(record)})
        found = _CIPHERTEXT.fullmatch(str(answer.get("ciphertext")))
        if found is None:
            raise self._strange()
        # Without what all of them begin with: the key file is searched for every eight bytes of each.
        return found[1].encode() + b":" + base64.b64decode(found[2])

    def reveal(self, record: str, protected: bytes) -> bytes:
        """Have the store decrypt it; `BadInput` if its key is gone, or it was another record's."""
        version, _, sealed = protected.partition(b":")
        ciphertext = f"vault:v{version.decode('ascii', 'replace')}:{_encode(sealed)}"
        content = {"ciphertext": ciphertext, **_bound(record)}
        answer = self._ask("POST", f"decrypt/{_PREFIX}{record}", content)
        try:
            return base64.b64decode(str(answer.get("plaintext")), validate=True)
        except ValueError:
            raise self._strange() from None

    def destroy(self, record: str) -> None:
        """Delete the record's transit key; when this returns, the store has confirmed that it has none."""
        name = _PREFIX + record
        if self._key(name) is None:
            return
        self._ask("POST", f"keys/{name}/config", {"deletion_allowed": True})
        self._ask("DELETE", f"keys/{name}")
        if self._key(name) is not None:
            raise BadInput("key store has not deleted a key", where=self._where, expected="no such key")

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _key(self, name: str) -> dict[str, Any] | None:
        """Return what the store says of a key; None if it has none."""
        answer = self._send("GET", f"keys/{name}", None)
        # A proxy's 404 is not the store's: that one is JSON, and says nothing else.
        if answer.status_code == httpx.codes.NOT_FOUND and _json(answer) == {"errors": []}:
            return None
        return self._data(answer)

    def _ask(self, method: str, path: str, content: dict[str, Any] | None = None) -> dict[str, Any]:
        return self._data(self._send(method, path, content))

    def _data(self, answer: httpx.Response) -> dict[str, Any]:
        if answer.status_code == httpx.codes.NO_CONTENT:
            return {}
        if answer.status_code != httpx.codes.OK:
            raise BadInput(
                "key store refused", where=self._where, expected="an answer", found=f"{answer.status_code}"
            )
        value = _json(answer)
        data = value.get("data") if isinstance(value, dict) else None
        if not isinstance(data, dict):
            raise self._strange()
        return data

    def _send(self, method: str, path: str, content: dict[str, Any] | None) -> httpx.Response:
        headers = {"X-Vault-Token": self._token()}
        try:
            with self._client.stream(method, path, json=content, headers=headers) as answer:
                body = b""
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > LARGEST_ANSWER:
                        raise self._strange()
                return httpx.Response(answer.status_code, content=body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            fault = type(error).__name__  # its text may repeat what was sent
            raise BadInput(f"key store is out of reach ({fault})", where=self._where) from None

    def _token(self) -> str:
        try:
            with self._token_file.open("rb") as file:
                token = file.read(_LONGEST_TOKEN + 1).strip().decode("ascii")
        except OSError as error:
            raise BadInput(f"token cannot be read: {error.strerror}", where=str(self._token_file)) from None
        except UnicodeDecodeError:
            token = ""
        if not token or not token.isprintable() or " " in token or len(token) > _LONGEST_TOKEN:
            raise BadInput("not a token", where=str(self._token_file), expected="one line")
        return token

    def _strange(self) -> BadInput:
        return BadInput(
            "key store answers strangely", where=self._where, expected="an OpenBao transit engine"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _context(certificates: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=None if certificates is None else str(certificates))
    except (OSError, ssl.SSLError):
        raise BadInput(
            "certificates cannot be read", where=str(certificates), expected="a PEM file"
        ) from None


def _bound(record: str) -> dict[str, str]:
    return {"associated_data": _encode(record.encode())}


def _encode(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _json(answer: httpx.Response) -> object:
    try:
        value: object = answer.json()
    except ValueError:
        return None
    return value
