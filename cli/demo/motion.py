"""Motion of the workers who said yes: a figure that was computed moves at the bench; and one use of it.

Nobody was filmed. What a recorder would have estimated is computed here; all that comes after is real: keys,
sealing, the entries of the device, and the way of a use through log, witness, vault, export and ledger.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from api.services import Services
from api.uses.keeper import UseKeeper
from api.uses.requests import Wanted, decide, request
from api.uses.room import MotionRoom
from api.viewer import Viewer
from cli.demo.calendar import MINUTE_MS
from cli.demo.consents import Worker
from cli.demo.layout import SAMPLE
from cli.demo.ledger import Act
from cli.demo.sessions import Recording
from cli.demo.story import act
from cli.vault import EXPORTS, KEYS, MOTION
from consent.agreement.vocabulary import RoyaltyUnit
from consent.notes import Signer, Verifier
from consent.vault.sealing import seal
from consent.vault.segment import SegmentLabel
from consent.vault.trained import TrainedModel
from models.motion import Motion
from models.pose import JOINTS, Joint
from storage.exports.motion.export import Format
from storage.sql.trained_models import RegisteredModels
from storage.vault.key_file import KeyFile
from storage.vault.segments import Segments

PER_SESSION = 12
"""Segments of a minute that are kept of a worker in one recording."""
_RATE = 10
_SETTLING_MS = 2 * MINUTE_MS
"""From the first picture to the check-in."""
_NS = 1_000_000_000
_PICTURE = (1280, 720)
_STANDING = {
    Joint.NOSE: (640, 150),
    Joint.LEFT_SHOULDER: (720, 250),
    Joint.RIGHT_SHOULDER: (560, 250),
    Joint.LEFT_HIP: (690, 480),
    Joint.RIGHT_HIP: (590, 480),
    Joint.LEFT_KNEE: (690, 590),
    Joint.RIGHT_KNEE: (590, 590),
    Joint.LEFT_ANKLE: (690, 700),
    Joint.RIGHT_ANKLE: (590, 700),
}
"""x and y in picture pixels; hands go between the parts and the fixture."""
_PARTS, _FIXTURE = np.array([330.0, 400.0]), np.array([640.0, 430.0])
_CYCLE_S = 6.0


def figure(seconds: int, seed: int) -> Motion:
    """Return a figure that fetches parts and assembles them, ten poses a second."""
    drawn = np.random.default_rng(seed)
    at_s = np.arange(seconds * _RATE + 1) / _RATE
    joints = np.full((at_s.size, JOINTS, 4), np.nan, dtype=np.float32)
    sway = 6 * np.sin(2 * np.pi * at_s / 7.3)
    for joint, (x, y) in _STANDING.items():
        joints[:, joint, 0], joints[:, joint, 1] = x + sway, y + 0.3 * sway
    reach = 0.5 - 0.5 * np.cos(2 * np.pi * at_s / (_CYCLE_S * drawn.uniform(0.9, 1.1)))
    for shoulder, elbow, wrist, lag in (
        (Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST, 0.0),
        (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST, 0.6),
    ):
        part = (1 - lag) * reach[:, None]
        hand = _FIXTURE + part * (_PARTS - _FIXTURE) + drawn.normal(0, 1.5, (at_s.size, 2))
        joints[:, wrist, :2] = hand
        joints[:, elbow, :2] = (joints[:, shoulder, :2] + hand) / 2 + (0, 30)
    joints[:, :, 3] = np.where(np.isnan(joints[:, :, 0]), np.nan, 0.95)
    return Motion(np.arange(at_s.size, dtype=np.int64) * (_NS // _RATE), joints, _PICTURE)


def moved(
    data: Path, agreement: str, recordings: Sequence[Recording], workers: Sequence[Worker], device: Signer
) -> list[Act]:
    """Seal motion of each worker whose yes stands, in a recording of its own; return what the log is told."""
    willing = [one for one in workers if one.story == "yes"]
    windows = [one for one in recordings if one.plan.name == SAMPLE and _minutes(one) >= PER_SESSION]
    acts: list[Act] = []
    if not willing or len(windows) < len(willing):
        return acts
    store = Segments(data / MOTION)
    with KeyFile(data / KEYS) as keys:
        for number, (worker, recording) in enumerate(zip(willing, windows[-len(willing) :], strict=True)):
            public = keys.create(worker.record)
            for minute, at_ms in enumerate(_ends(recording)):
                motion = figure(60, 1000 * number + minute)
                label = SegmentLabel(
                    hashlib.sha256(f"{worker.record} {minute}".encode()).hexdigest()[:32],
                    worker.record,
                    agreement,
                    recording.id,
                    SAMPLE,
                    motion.span_ns // 1_000_000,
                )
                sealed = seal(motion, label, public, os.urandom)
                store.put(sealed)
                acts.append(act(at_ms, sealed.body, device))
    return acts


def use_some(services: Services, log: Verifier, data: Path, engineer: Viewer) -> str | None:
    """Have the engineer ask for the motion, the manager approve, and a model be reported; return the use."""
    assert services.site is not None  # noqa: S101  # for the type checker; the demonstration has a log
    store = Segments(data / MOTION)
    if not store.labels():
        return None
    with KeyFile(data / KEYS) as keys:
        room = MotionRoom(keys, store, data / EXPORTS, services.site, log, services.now_ms)
        asked = request(services, room, engineer, Wanted((SAMPLE,), Format.LEROBOT, RoyaltyUnit.MOTION_HOUR))
        decide(services, asked.use, approved=True)
        UseKeeper(services, room).finish(asked.use)
    file = hashlib.sha256(b"a model that nobody trained").hexdigest()
    model = TrainedModel("reach at the bench", file, (asked.use,), services.now_ms())
    RegisteredModels(services.database, engineer.account_id).register(model)
    return asked.use


def _minutes(recording: Recording) -> int:
    return (recording.stopped_ms - recording.first_ms - _SETTLING_MS) // MINUTE_MS


def _ends(recording: Recording) -> Iterator[int]:
    begin = recording.first_ms + _SETTLING_MS
    return (begin + (minute + 1) * MINUTE_MS for minute in range(PER_SESSION))
