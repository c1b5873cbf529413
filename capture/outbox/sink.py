"""From the recorder's intervals to entries of the outbox: what `capture.recorder` calls `on_interval`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from capture.outbox.database import OutboxUnwritable
from capture.outbox.entry import CERTAIN, MILLISECOND, Entry, check_word, not_recorded, round_down
from capture.outbox.outbox import BUFFER_FULL, Outbox
from productivity.intervals import StateInterval
from productivity.states import StateCategory
from productivity.time import Instant

SessionOf = Callable[[str, Instant], str]
"""Station and instant of the recording -> the session (32 hexadecimal digits) that the instant belongs to."""


@dataclass(frozen=True, slots=True)
class Origin:
    """How a recording's own time and words become those of the wire.

    `started_ms`: UTC milliseconds of `Instant(0)`, read once when the recording began, so that a clock that
    jumps later moves nothing. `resolution_ms`: of the agreement. `categories`: state -> category, by station.
    """

    started_ms: int
    resolution_ms: int
    categories: Mapping[str, Mapping[str, StateCategory]]
    session_of: SessionOf


class OutboxSink:
    """Puts each interval as soon as it is final; never raises because of the disk.

    `BadInput` at once if a station or state has a name that the wire does not carry.

    What the disk would not take is remembered as time, and put as *not recorded: buffer full* before the next
    interval of its session and station that the disk takes, or by `close`. A working cycle is known only when
    it is over, so `cycle` stays empty; the server counts cycles from the states.
    """

    def __init__(self, outbox: Outbox, origin: Origin) -> None:
        for station, categories in origin.categories.items():  # not in the middle of a recording
            for name, word in (("station", station), *(("state", state) for state in categories)):
                check_word(name, word)
        self._outbox = outbox
        self._origin = origin
        self._ordinals: dict[str, int] = {}
        self._missed: dict[tuple[str, str], Entry] = {}

    @property
    def missed(self) -> bool:
        """Whether some time is not on the disk yet, because the disk refused it."""
        return bool(self._missed)

    def on_interval(self, interval: StateInterval) -> None:
        """Keep an interval; durable when this returns, unless `missed` says otherwise."""
        entry = self._entry(interval)
        place = entry.session, entry.station
        gap = self._missed.get(place)
        try:
            self._outbox.put([entry] if gap is None else [gap, entry])
        except OutboxUnwritable:
            first, before = (entry, 0) if gap is None else (gap, gap.duration_ns)
            self._missed[place] = not_recorded(first, before + entry.duration_ns, BUFFER_FULL)
        else:
            self._missed.pop(place, None)

    def close(self) -> None:
        """Put what was missed; `OutboxUnwritable` if the disk still refuses."""
        for place, gap in list(self._missed.items()):
            self._outbox.put([gap])
            del self._missed[place]

    def _entry(self, interval: StateInterval) -> Entry:
        session = self._origin.session_of(interval.station, interval.start)
        ordinal = self._ordinals.get(session, 0)
        self._ordinals[session] = ordinal + 1
        start_ms = self._origin.started_ms + interval.start // MILLISECOND
        return Entry(
            session=session,
            ordinal=ordinal,
            station=interval.station,
            state=interval.state,
            category=self._origin.categories.get(interval.station, {}).get(interval.state),
            start_ms=round_down(start_ms, self._origin.resolution_ms),
            duration_ns=interval.duration,
            confidence=round(interval.confidence * CERTAIN),
            reason=interval.reason or None,
        )
