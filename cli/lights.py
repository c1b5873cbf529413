"""What the lamp at each station would show while it is recorded."""

import time
from collections.abc import Callable, Sequence

from capture.outbox.report import Light, StationLight
from capture.outbox.reporter import EVERY_S
from cli.permission import Permission
from productivity.time import Duration, Instant

FINEST_MS = int(EVERY_S * 1000)
"""A station's present state is told where the agreement permits times as fine as reports are frequent."""
PATIENCE_S = 5.0
"""After so long without a picture, a station is not recorded, whatever is permitted."""
NO_PICTURE = "no picture comes"


class Lights:
    """Told by the recorder, asked by the reporter's thread."""

    def __init__(
        self, stations: Sequence[str], gate: Permission, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._stations = tuple(stations)
        self._gate = gate
        self._monotonic_s = monotonic_s
        self._seen: dict[str, tuple[float, Instant]] = {}
        self._states: dict[str, str | None] = {}

    def recorded(self, station: str, at: Instant, duration: Duration) -> None:
        """Take note that a picture is looked at."""
        del duration
        self._seen[station] = self._monotonic_s(), at

    def present(self, station: str, state: str | None) -> None:
        """Take note of the state that a station seems to be in."""
        self._states[station] = state

    def __call__(self) -> tuple[StationLight, ...]:
        """Return the light of each station now."""
        return tuple(self._light(station) for station in self._stations)

    def _light(self, station: str) -> StationLight:
        reason = self._gate.refusal(station)
        seen_s, at = self._seen.get(station, (None, Instant(0)))
        if reason is None and (seen_s is None or self._monotonic_s() - seen_s > PATIENCE_S):
            reason = NO_PICTURE
        if reason is not None:
            return StationLight(station, Light.NOT_RECORDING, reason)
        place = self._gate.place_of(station, at)
        may_tell = place is not None and place.resolution_ms <= FINEST_MS
        return StationLight(station, Light.RECORDING, state=self._states.get(station) if may_tell else None)
