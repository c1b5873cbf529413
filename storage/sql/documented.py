"""Documented times: what workers record themselves (SR), and operating and machine data (OMD).

Each row has a key that its sender drew at random, and counts once under it, however often it comes: also
after its deletion, for keys are remembered when rows are not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from productivity.errors import BadInput
from productivity.records import RecordingMode
from productivity.states import RESERVED_STATES, StateCategory
from storage.sql.database import Database
from storage.sql.dialects import insert_new
from storage.sql.lookup import Selection, find_site, find_stations, selected_stations
from storage.sql.plant import check_name
from storage.sql.records import Acceptance
from storage.sql.tables import documented, spent_key, station
from storage.sql.tables.base import day_of

KEY_BYTES = 16
MODES = frozenset({RecordingMode.SR, RecordingMode.OMD})
LONGEST_NS = 366 * 86_400 * 10**9
_LATEST_MS = 253_402_300_799_999  # the end of the year 9999
_MOST_OCCURRENCES = 2**31 - 1


class KeyTaken(BadInput):
    """Another row was stored under the key of `time`. Nothing of the call was stored."""

    def __init__(self, time: "DocumentedTime") -> None:
        super().__init__("another documented time has this key", expected="a key of its own")
        self.time = time


@dataclass(frozen=True, slots=True)
class DocumentedTime:
    """Time in one state at a station. No person.

    `key`: 16 bytes that its sender drew. `duration_ns` is the total of all `occurrences`; both may be 0.
    `start_ms` is rounded down to what the works agreement allows.
    """

    key: bytes
    station: str
    mode: RecordingMode
    state: str
    category: StateCategory
    start_ms: int
    duration_ns: int
    occurrences: int = 1

    def __post_init__(self) -> None:
        check_name("state", self.state)
        fits = (
            ("key", len(self.key) == KEY_BYTES, f"{KEY_BYTES} bytes"),
            ("mode", self.mode in MODES, "SR or OMD"),
            ("state", self.state not in RESERVED_STATES, "a name that is not reserved"),
            ("start_ms", 0 <= self.start_ms <= _LATEST_MS, f"0 to {_LATEST_MS}"),
            ("duration_ns", 0 <= self.duration_ns <= LONGEST_NS, f"0 to {LONGEST_NS}"),
            ("occurrences", 0 <= self.occurrences <= _MOST_OCCURRENCES, f"0 to {_MOST_OCCURRENCES}"),
        )
        for name, right, expected in fits:
            if not right:
                raise BadInput(f"{name} of a documented time", expected=expected)


def document(
    database: Database, site_name: str, times: Sequence[DocumentedTime], at_ms: int
) -> list[Acceptance]:
    """Store these rows, all or none; say of each whether it is stored now or was before.

    Raises `NoSuch` for an unknown site or station, `KeyTaken` where a key holds another row.
    """
    with database.writing() as connection:
        site_id = find_site(connection, site_name).id
        stations = find_stations(connection, site_id, {time.station for time in times})
        outcomes: dict[int, Acceptance] = {}
        # By key: two transactions with the same keys in another order do not wait for each other.
        for number, time in sorted(enumerate(times), key=lambda pair: pair[1].key):
            row = {
                "station_id": stations[time.station],
                "mode": time.mode.value,
                "state": time.state,
                "category": time.category.value,
                "start_ms": time.start_ms,
                "duration_ns": time.duration_ns,
                "occurrences": time.occurrences,
            }
            made = insert_new(connection, documented, {"key": time.key, "received_ms": day_of(at_ms), **row})
            if made is None:
                columns = [documented.c[name] for name in row]
                stored = connection.execute(
                    select(*columns).where(documented.c.key == time.key)
                ).one_or_none()
                # None where a deletion at the end of the retention came in between: the key is spent now.
                if stored is not None and tuple(stored) != tuple(row.values()):
                    raise KeyTaken(time)
            elif connection.execute(select(spent_key).where(spent_key.c.key == time.key)).first():
                # After the row, not before: a deletion between the two would let the key count again.
                connection.execute(delete(documented).where(documented.c.id == made))
                made = None
            outcomes[number] = Acceptance.DUPLICATE if made is None else Acceptance.STORED
    return [outcomes[number] for number in range(len(times))]


def documented_times(
    database: Database, selection: Selection, from_ms: int, to_ms: int
) -> list[DocumentedTime]:
    """Return what begins in [from_ms, to_ms) at the selected stations, by station and start.

    Raises `NoSuch`.
    """
    with database.snapshot() as connection:
        known = selected_stations(connection, find_site(connection, selection.site).id, selection)
        rows = connection.execute(
            select(documented, station.c.name)
            .join(station, station.c.id == documented.c.station_id)
            .where(
                documented.c.station_id.in_(known),
                documented.c.start_ms >= from_ms,
                documented.c.start_ms < to_ms,
            )
            .order_by(station.c.name, documented.c.start_ms, documented.c.id)
        ).all()
    return [
        DocumentedTime(
            bytes(row.key),
            row.name,
            RecordingMode(row.mode),
            row.state,
            StateCategory(row.category),
            row.start_ms,
            row.duration_ns,
            row.occurrences,
        )
        for row in rows
    ]
