"""The signature of a request: RFC 9421, Ed25519; over the digest of the content (RFC 9530) if it has one."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519

from capture.outbox.batch import Batch

LABEL = "fairtakt"
COVERED = ("@method", "@path", "content-digest", "content-type")
COVERED_BARE = ("@method", "@path")
"""Of a request without content."""
JSON = "application/json"


@dataclass(slots=True)
class _Request:
    """What the library reads of a request; it writes the headers."""

    url: str
    method: str
    headers: dict[str, str] = field(default_factory=dict)


def signed_headers(
    url: str, batch: Batch, device: str, key: Ed25519PrivateKey, *, posix_s: int
) -> dict[str, str]:
    """Return the headers of `POST url` with this batch as its body, signed by the device at that time."""
    return sign_post(url, batch.body, f"{batch.boot}.{batch.sequence}", device, key, posix_s=posix_s)


def sign_post(
    url: str, body: bytes, nonce: str, device: str, key: Ed25519PrivateKey, *, posix_s: int
) -> dict[str, str]:
    """Return the headers of `POST url` with this JSON as its body."""
    request = _Request(url, "POST", {"Content-Type": JSON})
    return _sign(request, body, COVERED, nonce, device, key, posix_s)


def sign_get(url: str, nonce: str, device: str, key: Ed25519PrivateKey, *, posix_s: int) -> dict[str, str]:
    """Return the headers of `GET url`, which has no content: method and path are what is signed."""
    return _sign(_Request(url, "GET"), None, COVERED_BARE, nonce, device, key, posix_s)


def _sign(
    request: _Request,
    body: bytes | None,
    covered: tuple[str, ...],
    nonce: str,
    device: str,
    key: Ed25519PrivateKey,
    posix_s: int,
) -> dict[str, str]:
    signer = HTTPMessageSigner(
        signature_algorithm=ED25519,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={device: key}),
    )
    signer.sign(
        request,
        key_id=device,
        created=datetime.fromtimestamp(posix_s, UTC),
        nonce=nonce,
        label=LABEL,
        include_alg=False,
        covered_component_ids=covered,
        body=body,
    )
    return request.headers
