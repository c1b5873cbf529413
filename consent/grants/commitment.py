"""What the log knows of a consent record: a salted hash, SHA-256(salt ‖ canonical JSON of the record).

The salt is 32 random bytes, so the hash says nothing to anybody who does not hold it, not even to those who
can guess the record. Plant and worker hold it; once it is erased, the log's hash is noise (GDPR Art. 17).
"""

import hashlib

from consent.grants.record import ConsentRecord, node_text
from productivity.errors import BadInput

SALT_BYTES = 32


def commitment(record: ConsentRecord, salt: bytes) -> str:
    """Return the commitment to a record, in lower-case hexadecimal."""
    if len(salt) != SALT_BYTES:
        raise BadInput("salt has a wrong length", expected=f"{SALT_BYTES} bytes", found=str(len(salt)))
    return hashlib.sha256(salt + node_text(record).encode()).hexdigest()
