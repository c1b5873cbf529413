"""Licensed sets with a real log behind them: an entry `motion.used`, and a co-signed proof of it."""

import hashlib

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consent.agreement.language import Language
from consent.agreement.vocabulary import MotionPurpose
from consent.entries.bodies import MotionUsed
from consent.entries.form import Entry
from consent.entries.times import utc_ms
from consent.log.directory import WritableDirectory
from consent.log.proof import LogProof
from consent.log.writer import LogWriter, create_log
from consent.notes import KeyType, Signer, cosign, parse_note
from models.motion import Motion
from models.pose import JOINTS
from storage.exports.motion.licensed import LicensedSegment, LicensedSet
from storage.exports.motion.terms import standard_terms

MS = 1_000_000
USE = "0123456789abcdef" * 2
CREATED_MS = utc_ms("2027-03-02T09:30:00.000Z")


def signer(name, type_=KeyType.ED25519):
    """Make a signer whose key depends on its name alone."""
    return Signer(name, type_, Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest()))


LOG, WITNESS = signer("plant.example/log"), signer("plant.example/witness", KeyType.COSIGNATURE)


def digits(word, count):
    """Return repeatable hexadecimal digits."""
    return hashlib.sha256(word.encode()).hexdigest()[:count]


def motion(times_ms, *, seed=0, depth=True, picture=(1280, 720)):
    """Make poses at these times; no value twice, and none a round number."""
    drawn = np.random.default_rng(seed)
    joints = drawn.uniform(0.01, 700, (len(times_ms), JOINTS, 4)).astype(np.float32)
    joints[..., 3] = drawn.uniform(0, 1, joints.shape[:2])
    if not depth:
        joints[..., 2] = np.nan
    return Motion(np.array(times_ms, np.int64) * MS, joints, picture)


def segment(word, moved, *, station="assembly bench", worker=1):
    """Make a segment whose identifiers follow from a word."""
    return LicensedSegment(digits(word, 32), station, worker, moved, digits(f"grant {worker}", 64))


def segments():
    """Return two workers at two stations: even looks, uneven looks with a gap, no depth, a single pose."""
    even = motion(range(0, 2000, 100), seed=1)
    uneven = motion([0, 90, 210, 300, 400, 490, 1700, 1800, 1910], seed=2)
    uneven.joints[3, 5] = np.nan  # one joint, once not given
    uneven.joints[6, 9, 2] = np.nan  # and one without its depth
    return (
        segment("a", even),
        segment("b", uneven, worker=2, station="Prüfplatz 2"),
        segment("c", motion([0, 100, 200, 300], seed=3, depth=False, picture=(640, 480))),
        segment("d", motion([0], seed=4)),
    )


def proofs(directory, used):
    """Log a use, have the witness co-sign, and return the proof with its entry as an export carries them."""
    files = WritableDirectory(directory)
    create_log(files, LOG)
    writer = LogWriter(files, LOG)
    entry = bytes(Entry(CREATED_MS - 1000, used))
    writer.append([entry])
    note = str(cosign(parse_note(files.read("checkpoint").decode()), WITNESS, CREATED_MS // 1000))
    return {"motion-used.json": entry.decode(), "motion-used.tlog-proof": str(LogProof(0, (), note))}


def licensed_set(directory, **keys):
    """Return a set of all `segments()`, licensed to somebody; `directory` is where its log may lie."""
    terms = keys.get("terms", standard_terms(Language.EN))
    terms_hash = hashlib.sha256(terms.encode("utf-8", "replace")).hexdigest()
    values = {
        "use": USE,
        "purpose": MotionPurpose.LICENSING,
        "licensee": "Robots & Sons",
        "site": "works north",
        "created_ms": CREATED_MS,
        "agreement": digits("agreement", 64),
        "terms": terms,
        "terms_hash": terms_hash,
        "licence": "LicenseRef-motion-1.0",
        "segments": segments(),
        "language": Language.EN,
    } | keys
    if "proofs" not in values:
        used = MotionUsed(
            use=USE,
            segments=[each.segment for each in values["segments"]],
            purpose=values["purpose"],
            licensee=values["licensee"],
            terms=values["terms_hash"],
        )
        values["proofs"] = proofs(directory, used)
    return LicensedSet(**values)
