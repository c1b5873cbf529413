"""The motion sessions of one station: when one begins, what it keeps, and what ends it at once and for good.

    none --permitted, followed since the check-in, nobody else there--> running --anything else--> over

At each look of the station, in this order:

(0) The port is asked. No permission, another session's, or its time over: ended.
(1) The picture is old, or pictures were missing since the last look: ended.
(2) Nobody is seen; the worker is lost, had to be searched for, or moved farther than people do: ended. Nor
    does one begin late, or on a track on which somebody else has checked in.
(3) The whole station is searched for anybody else. Somebody may be there: ended.
(4) The pose is held back, and a search that found exactly the worker confirms older ones (`held.py`).

Whoever wants more motion kept checks in again. What has no session leaves no trace here.
"""

import time

import numpy as np

from capture.motion.channel import KEEPS_WHAT_WAS_CONFIRMED, Ending, MotionPermission, MotionPort
from capture.motion.held import HeldPoses
from capture.motion.others import Box, OtherPeople, Presence
from capture.observation import Sighting, torso_of
from models.motion import Motion
from models.pose import Picture, Pose, PoseEngine
from productivity.time import SECOND, Instant, seconds

LONGEST_BLIND = seconds(0.5)
"""Between two looks of a session. Within it nobody takes another's place unseen: who walks at 1.5 m/s comes
0.75 m far, and the search reaches beyond the view. A station that looks less often keeps no motion."""

LATEST_BEGIN = seconds(1.0)
"""After the check-in. Nobody is searched for before, so a worker who leaves hidden behind somebody else must
still be in view then: in the tests' worlds, whoever is slower than 2.5 m/s. Check-ins arrive within 0.3 s."""

OLDEST = seconds(1.0)
"""A picture in hand; what was filmed longer ago says nothing about who is there now. Cameras deliver within
tenths of a second."""

LONGEST_UNSURE = seconds(1.0)
"""How long the detector may find nobody where a worker is followed."""

_JITTER, _SPEED = 0.35, 2.0
"""Torso lengths, and torso lengths per second: how far the middle of the hips moves between two looks. Steps
of single workers on the rendered samples reach 0.9 in a third of a second; beyond it is somebody else."""


class StationMotion:
    """One station's sessions; its watcher tells what it sees. Never raises."""

    def __init__(
        self, station: str, engine: PoseEngine, crop: Box, picture: tuple[int, int], port: MotionPort
    ) -> None:
        """`picture`: its width and height."""
        self._station = station
        self._others = OtherPeople(engine, crop, picture)
        self._picture = picture
        self._port = port
        self._running: MotionPermission | None = None
        self._held: HeldPoses | None = None
        self._track: Instant | None = None
        self._claim: tuple[Instant, str] | None = None
        """The latest track on which somebody has checked in, and who did first."""
        self._before: tuple[Instant, Pose] | None = None
        self._alone_at = Instant(0)

    @property
    def is_running(self) -> bool:
        """Whether motion is being kept."""
        return self._running is not None

    def pass_frame(self, at: Instant, arrived: int | None = None) -> None:
        """Hear of a picture that is not looked at: a permission ends between two looks too."""
        try:
            if self._running is not None:
                self._ask(_now(at, arrived))
        except Exception:  # as below
            self.end(Ending.FAILED)

    def look(
        self,
        picture: Picture | None,
        sighting: Sighting,
        pose: Pose | None,
        track: Instant | None,
        at: Instant,
        arrived: int | None = None,
    ) -> None:
        """Take in what a look has found; `track`: since when this worker has been followed without a search.

        A picture is needed only with a pose. `arrived`: as in `Frame`.
        """
        permission = None
        try:
            now = _now(at, arrived)
            permission = self._ask(now)
            if permission is not None and at >= permission.since:  # else it was filmed before the check-in
                ending = self._take(picture, sighting, pose, track, at, now, permission)
                if ending is not None:
                    self._end(permission, ending)
        except Exception:  # whatever it is: nothing more is kept, and the recording of durations goes on
            failed = self._running or permission
            if failed is not None:
                self._end(failed, Ending.FAILED)

    def end(self, ending: Ending) -> None:
        """End the session, if one runs."""
        if self._running is not None:
            self._end(self._running, ending)

    def _ask(self, now: Instant) -> MotionPermission | None:
        """Return the permission that holds now; end what it does not cover."""
        asked = self._port.keeps(self._station, now)
        running = self._running
        if running is not None and (asked is None or asked.session != running.session):
            self._end(running, Ending.NOT_PERMITTED)
        if asked is not None and now >= asked.until:
            self._end(asked, Ending.TIME)
            return None
        return asked

    def _take(
        self,
        picture: Picture | None,
        sighting: Sighting,
        pose: Pose | None,
        track: Instant | None,
        at: Instant,
        now: Instant,
        permission: MotionPermission,
    ) -> Ending | None:
        """Go through (1) to (4); return what ends the session."""
        if now - at > OLDEST or (self._before is not None and at - self._before[0] > LONGEST_BLIND):
            return Ending.GAP
        if sighting is Sighting.NOBODY:
            return Ending.NOBODY
        if pose is None or picture is None or track is None:
            return Ending.LOST
        if self._running is None:
            if not self._may_begin(track, now, permission):
                return Ending.NOT_THERE
        elif track != self._track or self._before is None or not _is_same(self._before, at, pose):
            return Ending.LOST
        presence = self._others.search(picture, pose)
        if presence is Presence.OTHERS:
            return Ending.SECOND_PERSON
        if self._running is None:
            self._begin(permission, track, at)
        if presence is Presence.ALONE:
            self._alone_at = at
        elif at - self._alone_at > LONGEST_UNSURE:
            return Ending.UNSURE
        self._before = (at, pose)
        if self._held is not None:
            self._held.add(at, pose)
            if presence is Presence.ALONE:
                self._held.confirm(at)
        return None

    def _may_begin(self, track: Instant, now: Instant, permission: MotionPermission) -> bool:
        """Tell whether who is followed on this track is the worker, who checked in just now."""
        worker = permission.worker or permission.session
        if self._claim is None or self._claim[0] != track:
            self._claim = (track, worker)
        if self._claim[1] != worker:
            return False
        return track <= permission.since and now - permission.since <= LATEST_BEGIN

    def _begin(self, permission: MotionPermission, track: Instant, at: Instant) -> None:
        session, station = permission.session, self._station

        def hand_over(begin: Instant, motion: Motion) -> None:
            self._port.keep(session, station, begin, motion)

        self._port.open(station, permission, at)
        self._running, self._track, self._alone_at = permission, track, at
        self._held = HeldPoses(self._picture, hand_over)

    def _end(self, permission: MotionPermission, ending: Ending) -> None:
        held, self._held = self._held, None
        self._running = self._track = self._before = None
        try:
            if held is not None:
                held.finish(keep=ending in KEEPS_WHAT_WAS_CONFIRMED)
        except Exception:  # what could not be handed over is forgotten
            ending = Ending.FAILED
        finally:
            self._port.close(permission.session, self._station, ending)


def _now(at: Instant, arrived: int | None) -> Instant:
    """Return what time it is on the recording's axis while a picture of `at` is in hand."""
    return at if arrived is None else Instant(at + max(0, time.monotonic_ns() - arrived))


def _is_same(before: tuple[Instant, Pose], at: Instant, pose: Pose) -> bool:
    """Tell whether a body can have come from there to here."""
    (hips_before, torso_before), (hips, torso) = torso_of(before[1]), torso_of(pose)
    farthest = (_JITTER + _SPEED * (at - before[0]) / SECOND) * max(torso_before, torso)
    return bool(np.hypot(*(hips - hips_before)) <= farthest)  # False for NaN
