"""The signature of a batch: RFC 9421, Ed25519, over the digest of the body (RFC 9530)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519

from capture.outbox.batch import Batch

LABEL = "fairtakt"
COVERED = ("@method", "@path", "content-digest", "content-type")
JSON = "application/json"


@dataclass(slots=True)
class _Request:
    """What the library reads of a request; it writes the headers."""

    url: str
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": JSON})


def signed_headers(
    url: str, batch: Batch, device: str, key: Ed25519PrivateKey, *, posix_s: int
) -> dict[str, str]:
    """Return the headers of `POST url` with this batch as its body, signed by the device at that time."""
    request = _Request(url)
    signer = HTTPMessageSigner(
        signature_algorithm=ED25519,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={device: key}),
    )
    signer.sign(
        request,
        key_id=device,
        created=datetime.fromtimestamp(posix_s, UTC),
        nonce=f"{batch.boot}.{batch.sequence}",
        label=LABEL,
        include_alg=False,
        covered_component_ids=COVERED,
        body=batch.body,
    )
    return request.headers
