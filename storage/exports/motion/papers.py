"""What goes with every export: licence, terms, grants, proofs, and a page that says what it is."""

import json
from pathlib import Path

from storage.exports.motion.card import card_text
from storage.exports.motion.labels import episode_name
from storage.exports.motion.licensed import LicensedSet

LICENCE, TERMS, GRANTS, README, PROOFS = "LICENCE.txt", "TERMS.txt", "grants.json", "README.md", "proofs"
GRANTS_FORMAT = "fairtakt grants of an export 1"


def write_papers(licensed: LicensedSet, format_: str, directory: Path) -> None:
    """Write them into a directory. `TERMS.txt` is the terms to the byte: its SHA-256 stands in the log."""
    (directory / LICENCE).write_bytes(_licence(licensed).encode())
    (directory / TERMS).write_bytes(licensed.terms.encode())
    (directory / GRANTS).write_bytes(_grants(licensed))
    (directory / README).write_bytes(card_text(licensed, format_).encode())
    (directory / PROOFS).mkdir()
    for name, text in licensed.proofs.items():
        (directory / PROOFS / name).write_bytes(text.encode())  # as it was signed, to the byte


def _grants(licensed: LicensedSet) -> bytes:
    document = {
        "format": GRANTS_FORMAT,
        "use": licensed.use,
        "agreement": licensed.agreement,
        "segments": [
            {
                "name": episode_name(number),
                "segment": each.segment,
                "station": each.station,
                "worker": each.worker,
                "poses": len(each.motion.times),
                "span_ns": each.motion.span_ns,
                "picture": list(each.motion.picture),
                "grant_commitment": each.grant_commitment,
            }
            for number, each in enumerate(licensed.segments)
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _licence(licensed: LicensedSet) -> str:
    if licensed.licence == licensed.licence_name:  # a name alone helps nobody
        return f"SPDX-License-Identifier: {licensed.licence}\n\nWhat it permits stands in {TERMS}.\n"
    return licensed.licence if licensed.licence.endswith("\n") else licensed.licence + "\n"
