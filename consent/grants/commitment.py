"""What the log says of a consent record: who, where, what for, until when, and a salted hash of the rest.

The commitment is SHA-256(salt ‖ canonical JSON of the record). The salt is 32 random bytes, so the hash says
nothing to anybody who does not hold it, not even to those who can guess the record. Plant and worker hold it;
once it is erased, the hash is noise (GDPR Art. 17).
"""

import hashlib

from consent.entries.bodies import ConsentGiven, ConsentRenewed
from consent.grants.record import ConsentRecord, node_text
from consent.notes import Verifier
from productivity.errors import BadInput

SALT_BYTES = 32


def commitment(record: ConsentRecord, salt: bytes) -> str:
    """Return the commitment to a record, in lower-case hexadecimal."""
    if len(salt) != SALT_BYTES:
        raise BadInput("salt has a wrong length", expected=f"{SALT_BYTES} bytes", found=str(len(salt)))
    return hashlib.sha256(salt + node_text(record).encode()).hexdigest()


def given(record: ConsentRecord, salt: bytes, key: Verifier) -> ConsentGiven:
    """Return the entry's body for a worker's yes; it is to be signed with the same key."""
    return ConsentGiven.model_validate(_said(record, salt, key))


def renewed(record: ConsentRecord, salt: bytes, key: Verifier, renews: str) -> ConsentRenewed:
    """Return the entry's body for a yes that replaces the record `renews`."""
    return ConsentRenewed.model_validate(_said(record, salt, key) | {"renews": renews})


def _said(record: ConsentRecord, salt: bytes, key: Verifier) -> dict[str, object]:
    return {
        "pseudonym": record.pii_principal_id.identifier,
        "key": str(key),
        "record": record.record_id,
        "agreement": record.works_agreement.content,
        "stations": record.stations,
        "purposes": tuple(purpose.identifier for purpose in record.purposes),
        "until": record.until,
        "commitment": commitment(record, salt),
    }
