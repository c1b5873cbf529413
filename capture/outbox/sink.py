"""From the recorder's intervals to entries of the outbox: what `capture.recorder` calls `on_interval`."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from capture.outbox.batch import MOST
from capture.outbox.database import OutboxUnwritable
from capture.outbox.entry import CERTAIN, MILLISECOND, Entry, check_word, not_recorded, round_down
from capture.outbox.outbox import BUFFER_FULL, Outbox
from capture.outbox.purge import Purge
from capture.taken_back import Place, without
from productivity.intervals import StateInterval
from productivity.states import NOT_RECORDED, StateCategory
from productivity.time import Instant, since

PlaceOf = Callable[[str, Instant], Place | None]
"""Station and instant of the recording -> the session that it belongs to; None as long as there is none."""


@dataclass(frozen=True, slots=True)
class Origin:
    """How a recording's own time and words become those of the wire.

    `started_ms`: UTC milliseconds of `Instant(0)`, read once when the recording began, so that a clock that
    jumps later moves nothing. `categories`: state -> category, by station.
    """

    started_ms: int
    categories: Mapping[str, Mapping[str, StateCategory]]
    place_of: PlaceOf


@dataclass(slots=True)
class _Session:
    """What was put of a session: the end of each entry by its ordinal, in the recording's own time."""

    id: str
    ends: list[Instant] = field(default_factory=list)
    purged: bool = False


class OutboxSink:
    """Puts each interval as soon as it is final; never raises because of the disk.

    `BadInput` at once if a station or state has a name that the wire does not carry. Sessions are those of
    one station each.

    What the disk would not take is remembered as time, and put as *not recorded: buffer full* before the next
    interval of its session and station that the disk takes, or by `close`. What comes before a station's
    first session (it can only be *not recorded*) waits in memory, and is put as a part of that session; if
    there never is one, it was no recording. A working cycle is known only when it is over, so `cycle` stays
    empty; the server counts cycles from the states.
    """

    def __init__(self, outbox: Outbox, origin: Origin) -> None:
        for station, categories in origin.categories.items():  # not in the middle of a recording
            for name, word in (("station", station), *(("state", state) for state in categories)):
                check_word(name, word)
        self._outbox = outbox
        self._origin = origin
        self._early: dict[str, list[StateInterval]] = {}
        self._sessions: dict[str, _Session] = {}  # the present one of each station
        self._purges: list[Purge] = []
        self._missed: dict[tuple[str, str], Entry] = {}
        self.put = 0
        """How many entries the disk has taken."""

    @property
    def missed(self) -> bool:
        """Whether some time is not on the disk yet, because the disk refused it."""
        return bool(self._missed)

    @property
    def unpurged(self) -> bool:
        """Whether something has to be purged that the disk did not let go yet."""
        return bool(self._purges)

    def on_interval(self, interval: StateInterval) -> None:
        """Keep an interval; durable when this returns, unless `missed` says otherwise."""
        self.take_back()
        place = self._origin.place_of(interval.station, interval.start)
        early = self._early.pop(interval.station, [])
        if place is None:
            self._early[interval.station] = _at_most([*early, interval])
            return
        for one in (*early, interval):
            for part in without(one, place):
                self._put(part, place)

    def take_back(self, *more: Purge) -> None:
        """Purge what was put and has to be taken back; what the disk does not let go is tried again.

        `more`: what an earlier recording has put.
        """
        self._purges += more
        for station, session in self._sessions.items():
            if not session.purged:
                self._note_purge(station, session)
        for purge in list(self._purges):
            try:
                self._outbox.purge(purge)
            except OutboxUnwritable:
                continue
            self._purges.remove(purge)

    def close(self) -> None:
        """Purge and put what is left; `OutboxUnwritable` if the disk still refuses."""
        self.take_back()
        for place, gap in list(self._missed.items()):
            self._outbox.put([gap])
            del self._missed[place]
        if self._purges:
            raise OutboxUnwritable("what was taken back could not be purged")

    def _note_purge(self, station: str, session: _Session) -> None:
        place = self._origin.place_of(station, Instant(session.ends[-1] - 1))
        if place is None or place.session != session.id or place.until is None:
            return
        session.purged = True
        first = bisect_right(session.ends, place.until)
        if first < len(session.ends):
            self._purges.append(Purge(place.why, session=session.id, first_ordinal=first))

    def _put(self, interval: StateInterval, place: Place) -> None:
        entry = self._entry(interval, place)
        here = entry.session, entry.station
        gap = self._missed.get(here)
        try:
            self._outbox.put([entry] if gap is None else [gap, entry])
        except OutboxUnwritable:
            first, before = (entry, 0) if gap is None else (gap, gap.duration_ns)
            self._missed[here] = not_recorded(first, before + entry.duration_ns, BUFFER_FULL)
        else:
            self._missed.pop(here, None)
            self.put += 1

    def _entry(self, interval: StateInterval, place: Place) -> Entry:
        session = self._sessions.get(interval.station)
        if session is None or session.id != place.session:
            session = self._sessions[interval.station] = _Session(place.session)
        session.ends.append(interval.end)
        start_ms = self._origin.started_ms + interval.start // MILLISECOND
        return Entry(
            session=place.session,
            ordinal=len(session.ends) - 1,
            station=interval.station,
            state=interval.state,
            category=self._origin.categories.get(interval.station, {}).get(interval.state),
            start_ms=round_down(start_ms, place.resolution_ms),
            duration_ns=interval.duration,
            confidence=round(interval.confidence * CERTAIN),
            reason=interval.reason or None,
        )


def _at_most(early: list[StateInterval]) -> list[StateInterval]:
    """Return what waits for a first session, joined at its beginning if it is too much to be put at once."""
    if len(early) < MOST:
        return early
    first, second, *others = early
    duration = since(first.start, second.end)
    return [StateInterval(first.station, NOT_RECORDED, first.start, duration, 1.0, first.reason), *others]
