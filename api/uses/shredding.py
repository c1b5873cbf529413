"""Destroys what must be destroyed: keys of consent that has ended, motion whose retention is over.

    (1) the worker's key is gone from every file of the key store
    (2) the exports that held any of its segments are erased, and then the sealed segments themselves
    (3) the log says `motion.shredded` of each segment

Each step can be taken again, and the last tells that all is done: a crash in between is made good at the next
turn. Only what stands in the log destroys: a withdrawal that still waits for it stops every use already
(`MotionRoom.present`). A key store that cannot be reached keeps nobody else's key alive, and no
damaged file does: what is to be erased stands in the log, and the disk is asked only for what never got
there.
"""

import structlog

from api.services import Services
from api.uses.course import erase_export
from api.uses.room import MotionRoom
from consent.entries.bodies import MotionShredded
from consent.entries.vocabulary import ShreddedBecause
from consent.vault.shredding import due_keys, due_segments
from productivity.errors import BadInput
from storage.sql.uses import uses_in
from storage.vault.segments import Segments

_MOST = 1024
"""Segments in one entry."""
_log = structlog.get_logger("fairtakt.api")


def shred_due(services: Services, room: MotionRoom) -> int:
    """Destroy what is due; return how many segments. Raises `LogUnusable`.

    `BadInput` or `OSError` at the end if something could not be destroyed; everything else is.
    """
    state, now_ms = room.site.state().logged, services.now_ms()
    kept = room.kept()  # by the log: whatever a crash left is found again by it
    gone: set[str] = set()
    failed: list[BadInput | OSError] = []
    for due in due_keys(state, room.keys.known() | {one.body.record for one in kept}, now_ms):
        logged = [one.body.segment for one in kept if one.body.record == due.record]
        try:
            room.keys.shred(due.record)
            here = _listed(room, due.record, failed).union(logged)
            _erase(services, room, here)
        except (BadInput, OSError) as error:
            failed.append(error)
            continue
        _say(room, due.record, logged, due.because)
        gone |= here
    for one in due_segments(state, kept, now_ms):
        if one.body.segment not in gone:
            try:
                _erase(services, room, {one.body.segment})
            except (BadInput, OSError) as error:
                failed.append(error)
                continue
            _say(room, one.body.record, [one.body.segment], ShreddedBecause.RETENTION)
            gone.add(one.body.segment)
    if failed:
        raise failed[0]
    return len(gone)


def _listed(room: MotionRoom, record: str, failed: list[BadInput | OSError]) -> set[str]:
    """Return what lies there of a record; nothing if that cannot be listed: its key is gone by now."""
    try:
        found = {label.segment for label in room.segments.labels(record=record)}
    except (BadInput, OSError) as error:
        failed.append(error)
        return set()
    if isinstance(room.segments, Segments) and room.segments.unreadable:
        _log.warning("segments unreadable", count=room.segments.unreadable)
    return found


def _erase(services: Services, room: MotionRoom, segments: set[str]) -> None:
    for use in uses_in(services.database) if segments else ():  # first what lies there in the clear
        if any(one.segment in segments for one in use.segments):
            erase_export(room, use)
    for segment in segments:
        room.segments.erase(segment)


def _say(room: MotionRoom, record: str, segments: list[str], because: ShreddedBecause) -> None:
    for first in range(0, len(segments), _MOST):
        some = tuple(segments[first : first + _MOST])
        room.site.say(MotionShredded(record=record, segments=some, because=because))
