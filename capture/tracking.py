"""Follows the worker of one station from look to look, and decides whether anybody is there at all.

The detector runs only while there is no region to look in. Pose networks answer for every region, a table
too; so a pose is believed only if the network is confident, the body has the proportions of a body, and the
hips are where a worker of this station can be (`place`): who passes behind the bench is not the worker.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.geometry import Polygon
from capture.observation import Sighting, torso_of
from models.pose import Picture, Pose, PoseEngine, Region
from productivity.time import Instant, seconds

_BELIEVED_FROM = 0.5  # pose presence; MediaPipe's own threshold
_FOUND_FROM = 0.65  # detector score; on the one-by-one clip a table gets up to 0.57, people at least 0.68
_LEAST_TORSO = 0.12  # of the region's side; there a table gets up to 0.10, people at least 0.16
_FARTHEST_STEP = 1.2  # torso lengths between two looks; beyond it, it is somebody else
_LARGEST_GROWTH = 1.5  # of the torso between two looks
_VANISH_PATIENCE = seconds(4.0)
_EDGE_MARGIN = 0.6  # torso lengths; who heads for a place this close to the edge of the picture leaves it
_LOOKS_AHEAD = 2.0  # a walker covers up to a torso length between two looks
_RECHECK = seconds(2.0)
_GATE_SIZE = (80, 45)
_GATE_CHANGE = 10.0  # grey values; an empty rendered bench stays below 6, somebody who comes in exceeds 40


@dataclass(slots=True, eq=False)
class _Quiet:
    """The picture in which nobody was found."""

    small: NDArray[np.int16]
    at: Instant


class WorkerTracker:
    """One per station. `crop` is (left, top, right, bottom) in picture pixels, `place` a polygon or None."""

    def __init__(self, engine: PoseEngine, crop: tuple[int, int, int, int], place: Polygon | None) -> None:
        self._engine = engine
        self._crop = crop
        self._place = place
        self._quiet: _Quiet | None = None
        self.forget()

    def forget(self) -> None:
        """Start anew, as after a gap."""
        self._pose: Pose | None = None
        self._track_since: Instant | None = None
        self._last_seen: Instant | None = None
        self._left_at_edge = True
        self._quiet = None

    @property
    def track_since(self) -> Instant | None:
        """Since when the worker has been followed from look to look without a search; None: nobody is."""
        return self._track_since

    def unchanged(self, luma: NDArray[np.uint8], at: Instant) -> bool:
        """Tell whether nobody was there lately and nothing has moved since, so that no look is needed."""
        if self._quiet is None:
            return False
        change = np.abs(self._small(luma) - self._quiet.small).max()
        return bool(change < _GATE_CHANGE) and at - self._quiet.at < _RECHECK

    def look(self, picture: Picture, luma: NDArray[np.uint8], at: Instant) -> tuple[Sighting, Pose | None]:
        """Look for the worker; a pose (in picture pixels) comes only with SEEN."""
        left, top, right, bottom = self._crop
        view = picture[top:bottom, left:right]
        followed = self._follow(view)
        pose = followed or self._search(view)
        if followed is None:
            self._track_since = None if pose is None else at
        if pose is not None:
            self._left_at_edge = self._is_leaving(self._pose, pose)
            self._pose, self._last_seen, self._quiet = pose, at, None
            return Sighting.SEEN, pose
        self._pose = None
        if self._last_seen is not None and not self._left_at_edge and at - self._last_seen < _VANISH_PATIENCE:
            return Sighting.LOST, None  # nobody vanishes from the middle of the picture
        self._quiet = _Quiet(self._small(luma), at)
        return Sighting.NOBODY, None

    def _follow(self, view: Picture) -> Pose | None:
        if self._pose is None:
            return None
        pose = self._estimate(view, _moved(self._pose.region, -self._crop[0], -self._crop[1]))
        return pose if self._is_worker(pose) and _continues(self._pose, pose) else None

    def _search(self, view: Picture) -> Pose | None:
        for region in self._engine.regions(view):
            if region.score < _FOUND_FROM:
                break
            pose = self._estimate(view, region)
            if self._is_worker(pose):
                # A second estimate in the region that the first one found: detector regions are coarse.
                return self._estimate(view, _moved(pose.region, -self._crop[0], -self._crop[1]))
        return None

    def _estimate(self, view: Picture, region: Region) -> Pose:
        pose = self._engine.pose(view, region)
        joints = pose.joints.copy()
        joints[:, 0] += self._crop[0]
        joints[:, 1] += self._crop[1]
        region = _moved(pose.region, self._crop[0], self._crop[1])
        return replace(pose, joints=joints, region=region)

    def _is_worker(self, pose: Pose) -> bool:
        if pose.presence < _BELIEVED_FROM:
            return False
        torso, scale = torso_of(pose)
        if not scale >= _LEAST_TORSO * pose.region.side:  # also refuses NaN
            return False
        return self._place is None or bool(self._place.depth(torso) >= 0.0)

    def _is_leaving(self, before: Pose | None, pose: Pose) -> bool:
        torso, scale = torso_of(pose)
        if before is not None:
            torso = torso + _LOOKS_AHEAD * (torso - torso_of(before)[0])
        left, top, right, bottom = self._crop
        to_border = min(torso[0] - left, right - torso[0], torso[1] - top, bottom - torso[1])
        to_place = np.inf if self._place is None else float(self._place.depth(torso))
        return bool(min(to_border, to_place) < _EDGE_MARGIN * scale)

    def _small(self, luma: NDArray[np.uint8]) -> NDArray[np.int16]:
        left, top, right, bottom = self._crop
        small = cv2.resize(luma[top:bottom, left:right], _GATE_SIZE, interpolation=cv2.INTER_AREA)
        # Light flicker changes the whole picture alike; what counts is what changes within it.
        return small.astype(np.int16) - np.int16(np.median(small))


def _moved(region: Region, right: float, down: float) -> Region:
    return replace(region, x=region.x + right, y=region.y + down)


def _continues(before: Pose, now: Pose) -> bool:
    (torso_before, scale_before), (torso_now, scale_now) = torso_of(before), torso_of(now)
    step = float(np.hypot(*(torso_now - torso_before)))
    larger, smaller = max(scale_before, scale_now), max(min(scale_before, scale_now), 1e-6)
    return step <= _FARTHEST_STEP * larger and larger / smaller <= _LARGEST_GROWTH
