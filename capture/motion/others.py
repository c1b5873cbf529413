"""Is exactly one person at the station, and is it the one who is followed? In doubt there are two.

The search covers the station's crop and a margin around it, so that somebody who comes is found before they
are in the view from which poses are taken. Everything counts that the detector finds at a lower threshold
than usual: passers-by, visitors, people in the background. One detection may be the worker, and only if it
sits on the hips of the worker's pose.
"""

from collections.abc import Sequence
from enum import Enum

import numpy as np

from capture.observation import torso_of
from models.pose import ClosePoseEngine, Picture, Pose, PoseEngine, Region

Box = tuple[int, int, int, int]
"""left, top, right, bottom in picture pixels."""

_MARGIN = 0.1  # of the crop's width and height, on each side
_SURELY_FROM = 0.5  # detector score; MediaPipe's own threshold for a person
_OWN_HIPS = 0.7
"""Torso lengths between the detector's hips and the pose's; at 99 % of the looks at a single rendered
worker it is at most 0.6 (`benchmarks.motion_session`)."""
_DOUBTFUL_HIPS = 1.5
"""A single person as near as this is the worker with a pose that is wrong for the moment, or somebody who
hides the worker: nothing is confirmed by it."""


class Presence(Enum):
    """What one search says."""

    ALONE = "exactly the worker"
    UNSURE = "nobody was found, or somebody whose hips are not quite those of the pose"
    OTHERS = "somebody else may be there"


class OtherPeople:
    """Looks for anybody else at one station."""

    def __init__(self, engine: PoseEngine, crop: Box, picture: tuple[int, int]) -> None:
        """`picture`: its width and height."""
        self._engine = engine
        left, top, right, bottom = crop
        across, down = round(_MARGIN * (right - left)), round(_MARGIN * (bottom - top))
        width, height = picture
        self._area = (
            max(0, left - across),
            max(0, top - down),
            min(width, right + across),
            min(height, bottom + down),
        )

    def search(self, picture: Picture, worker: Pose) -> Presence:
        """Search the station for anybody but the worker, whose pose is in picture pixels."""
        left, top, right, bottom = self._area
        suspects = self._suspects(picture[top:bottom, left:right])
        if len(suspects) > 1:  # however near to each other: whose the pose is cannot be told
            return Presence.OTHERS
        if not suspects:
            return Presence.UNSURE
        (region,) = suspects
        hips, torso = torso_of(worker)
        distance = float(np.hypot(region.x + left - hips[0], region.y + top - hips[1])) / torso
        if distance <= _OWN_HIPS:
            return Presence.ALONE if region.score >= _SURELY_FROM else Presence.UNSURE
        return Presence.UNSURE if distance <= _DOUBTFUL_HIPS else Presence.OTHERS  # also what is no number

    def _suspects(self, view: Picture) -> Sequence[Region]:
        if isinstance(self._engine, ClosePoseEngine):
            return self._engine.suspects(view)
        return self._engine.regions(view)
