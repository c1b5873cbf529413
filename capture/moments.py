"""From looks to moments: a look now and then becomes an answer for every frame in between.

Poses are estimated a few times per second. Between two looks that both show the worker, positions are
interpolated, which places a state's boundary between two looks rather than on one of them. *Still for* and
*walking* need to look ahead, so a look is settled only when the looks after it have come.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from capture.evidence import Moments
from capture.observation import Observation, Sighting
from productivity.time import SECOND, Duration, Instant

_STILL_BELOW = (
    0.09  # torso lengths (about 4 cm), root mean square about the mean: the scatter of a resting hand
)
_STILL_EDGE = 0.015


@dataclass(slots=True)
class Look:
    """An observation and the frames (time, duration) that it stands for: its own and those until the next."""

    observation: Observation
    frames: list[tuple[Instant, Duration]] = field(default_factory=list)
    keeps_still: dict[Duration, float] = field(default_factory=dict)


class LookWindow:
    """Holds the latest looks until nothing that follows can change what they mean."""

    def __init__(self, stillness: Iterable[Duration], tools: Sequence[str]) -> None:
        self._stillness = sorted(set(stillness))
        self._tools = tuple(tools)
        self._ahead = Duration(max(self._stillness, default=0))
        self._looks: deque[Look] = deque()
        self._past: deque[Observation] = deque()  # for stillness: settled looks of the last `ahead`
        self._started: Instant | None = None

    def add(self, observation: Observation) -> None:
        """Begin a new look."""
        if self._started is None:
            self._started = observation.time
        self._past.append(observation)
        while observation.time - self._past[0].time > self._ahead:
            self._past.popleft()
        look = Look(observation)
        for span in self._stillness:
            look.keeps_still[span] = self._keeps_still(span, observation.time)
        self._looks.append(look)

    def extend(self, time: Instant, duration: Duration) -> None:
        """Add a frame to the latest look."""
        self._looks[-1].frames.append((time, duration))

    def settled(self, *, last: bool = False) -> list[tuple[list[tuple[Instant, Duration]], Moments]]:
        """Return frames and moments that are final; with `last`, all that remain, and forget them."""
        result = []
        while self._looks and (last or self._is_settled()):
            look = self._looks.popleft()
            following = self._looks[0].observation if self._looks else None
            result.append((look.frames, self._moments(look, following)))
        if last:
            self._past.clear()
            self._started = None
        return result

    def _is_settled(self) -> bool:
        ahead = self._looks[-1].observation.time - self._looks[0].observation.time
        return len(self._looks) > 1 and ahead >= self._ahead

    def _keeps_still(self, span: Duration, now: Instant) -> float:
        """Tell how true it is that the worker kept still over the `span` that ends now."""
        if self._started is None or now - self._started < span:
            return 0.0
        looks = [o for o in self._past if now - o.time <= span]
        if any(o.sighting is not Sighting.SEEN for o in looks):
            return 0.0
        points = np.array([[*o.hands, o.torso] for o in looks])  # (N, 3, 2)
        seen = ~np.isnan(points).any(axis=(0, 2))  # points seen throughout
        if not seen.any():
            return 0.0
        spread = np.sqrt(points[:, seen].var(axis=0).sum(axis=-1)).max() / looks[-1].scale
        return float(1.0 / (1.0 + np.exp(np.clip((spread - _STILL_BELOW) / _STILL_EDGE, -30.0, 30.0))))

    def _moments(self, look: Look, following: Observation | None) -> Moments:
        here = look.observation
        times = np.array([time for time, _ in look.frames], dtype=np.float64)
        share = np.zeros(len(times))
        if following is not None:
            share = (times - here.time) / max(following.time - here.time, 1)
        there = following if following is not None else here
        both_seen = here.sighting is Sighting.SEEN and there.sighting is Sighting.SEEN
        if not both_seen:
            share = np.round(share)  # no position in between: the nearer look counts
        speed = self._speed(here, there)
        return Moments(
            present=_blend(_presence(here), _presence(there), share),
            hands=_blend(here.hands, there.hands, share),
            torso=_blend(here.torso, there.torso, share),
            scale=_blend(here.scale, there.scale, share),
            speed=np.full(len(times), speed),
            still={span: np.full(len(times), self._still(look, span)) for span in self._stillness},
            tools_away={
                tool: _blend(here.tools_away[i], there.tools_away[i], np.round(share))
                for i, tool in enumerate(self._tools)
            },
        )

    def _still(self, look: Look, span: Duration) -> float:
        end = look.observation.time + span
        later = (other.keeps_still[span] for other in self._looks if other.observation.time <= end)
        return max([look.keeps_still[span], *later])

    def _speed(self, here: Observation, there: Observation) -> float:
        if here is there or here.sighting is not Sighting.SEEN or there.sighting is not Sighting.SEEN:
            return float("nan")
        distance = float(np.hypot(*(there.torso - here.torso)))
        return distance / here.scale / ((there.time - here.time) / SECOND)


def _presence(observation: Observation) -> float:
    return {Sighting.SEEN: 1.0, Sighting.NOBODY: 0.0, Sighting.LOST: float("nan")}[observation.sighting]


def _blend(
    here: NDArray[np.float64] | float, there: NDArray[np.float64] | float, share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Interpolate (...) values to (K, ...); a value that is NaN at one end holds to the other's half."""
    a, b = np.asarray(here, dtype=np.float64), np.asarray(there, dtype=np.float64)
    weight = share.reshape(-1, *([1] * a.ndim))
    mixed = a + weight * (b - a)
    nearer = np.where(weight < 0.5, a, b)
    result: NDArray[np.float64] = np.where(np.isnan(mixed), nearer, mixed)
    return result
