"""What all totals of a plant must be: from the tables, by plain Python, before anything is sealed."""

from collections import Counter
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
from sqlalchemy import select

from productivity.records import RecordingMode
from productivity.states import StateCategory
from storage.sealed.aggregates import read_aggregates
from storage.sealed.periods import Calendar
from storage.sql.tables import documented, interval, revision, seal, shift, site, station


@dataclass(frozen=True)
class Key:
    """What totals are grouped by."""

    site: str
    station: str
    mode: RecordingMode
    state: str
    category: StateCategory | None
    month: str


def expected_totals(plant):
    """Rows, nanoseconds, occurrences and squares of whole milliseconds of what is in the tables, by key."""
    rows, exact, occurrences, squares = Counter(), Counter(), Counter(), Counter()
    with plant.reading() as connection:
        sites = {row.id: row for row in connection.execute(select(site))}
        stations = {row.id: row for row in connection.execute(select(station))}
        calendars = {
            number: Calendar(
                [
                    (row.start_ms, row.end_ms)
                    for row in connection.execute(select(shift).where(shift.c.site_id == number))
                ],
                ZoneInfo(one.time_zone),
            )
            for number, one in sites.items()
        }
        newest = {
            (row.batch_id, row.position): (row.state, row.category)
            for row in connection.execute(select(revision).order_by(revision.c.number))
        }
        recorded = [
            (row, "CV", *newest.get((row.batch_id, row.position), (row.state, row.category)), 1)
            for row in connection.execute(select(interval))
        ]
        recorded += [
            (row, row.mode, row.state, row.category, row.occurrences)
            for row in connection.execute(select(documented))
        ]
    for row, mode, state, category, times in recorded:
        at = stations[row.station_id]
        key = Key(
            sites[at.site_id].name,
            at.name,
            RecordingMode(mode),
            state,
            StateCategory(category) if category else None,
            calendars[at.site_id].period(row.start_ms).month,
        )
        rows[key] += 1
        exact[key] += row.duration_ns
        occurrences[key] += times
        squares[key] += ((row.duration_ns + 500_000) // 1_000_000) ** 2
    return {key: (rows[key], exact[key], occurrences[key], squares[key]) for key in rows}


def found_totals(plant, root, **options):
    """The same, as `read_aggregates` gives it."""
    return {
        Key(one.site, one.station, one.mode, one.state, one.category, one.month): (
            one.rows.count,
            one.duration_ns,
            one.occurrences,
            one.rows.squares_ms2,
        )
        for one in read_aggregates(plant, root, **options)
    }


def open_rows(plant):
    """How many rows are open."""
    with plant.reading() as connection:
        return sum(
            len(connection.execute(select(table.c.station_id).where(table.c.seal_id.is_(None))).all())
            for table in (interval, documented)
        )


def recorded_paths(plant):
    """The files that seals name."""
    with plant.reading() as connection:
        return set(connection.execute(select(seal.c.path)).scalars())


def files_of(root):
    """The files that are there."""
    return {file.relative_to(root).as_posix() for file in root.rglob("*.parquet")}


def notes_of(root):
    """The notes of files on their way."""
    pending = root / ".pending"
    return sorted(pending.iterdir()) if pending.is_dir() else []


def counted(plant, root):
    """How often each duration counts: open, or in a file that a seal names. All durations differ."""
    found = Counter()
    with plant.reading() as connection:
        for table in (interval, documented):
            found.update(
                connection.execute(select(table.c.duration_ns).where(table.c.seal_id.is_(None))).scalars()
            )
    for path in recorded_paths(plant):
        found.update(pq.read_table(root / path, columns=["duration_ns"])["duration_ns"].to_pylist())
    return found
