"""What a station's day is measured by: how many people worked there, what it put out, what time was paid.

Days are the site's calendar days. People are counted and never named. Writing a day again replaces it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Row, Table, select

from productivity.errors import BadInput
from storage.sql.database import Database
from storage.sql.dialects import put
from storage.sql.lookup import Selection, find_site, find_stations, selected_stations
from storage.sql.tables import NAME_CHARACTERS, headcount, output, paid, station

_MOST_PEOPLE = 1_000_000
_MOST = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Headcount:
    """How many people worked at a station on a day."""

    station: str
    day: date
    people: int


@dataclass(frozen=True, slots=True)
class DayOutput:
    """What a station put out on a day; `variant` is empty for every variant, and shifts belong to none."""

    station: str
    day: date
    variant: str = ""
    pieces: int = 0
    batches: int = 0
    shifts: int = 0


@dataclass(frozen=True, slots=True)
class DayPaid:
    """The time that was paid at a station on a day."""

    station: str
    day: date
    duration_ns: int


def put_headcounts(database: Database, site_name: str, rows: Sequence[Headcount]) -> None:
    """Write headcounts, all or none. Raises `NoSuch` for an unknown site or station, `BadInput`."""
    for row in rows:
        _check(row.station, row.day, _MOST_PEOPLE, people=row.people)
    _put(database, site_name, headcount, rows, lambda row: {"people": row.people})


def headcounts(database: Database, selection: Selection, first: date, last: date) -> list[Headcount]:
    """Return the selected stations' headcounts from the first day to the last, by station and day."""
    return _read(database, selection, headcount, first, last, lambda r: Headcount(r.name, r.day, r.people))


def put_outputs(database: Database, site_name: str, rows: Sequence[DayOutput]) -> None:
    """Write outputs, all or none. Raises `NoSuch` for an unknown site or station, `BadInput`."""
    for row in rows:
        _check(row.station, row.day, _MOST, pieces=row.pieces, batches=row.batches, shifts=row.shifts)
        if len(row.variant) > NAME_CHARACTERS or not row.variant.isprintable():
            raise BadInput("variant", where=row.station, expected=f"at most {NAME_CHARACTERS} characters")
        if row.shifts and row.variant:
            raise BadInput(
                "shifts are counted for one variant",
                where=row.station,
                expected="shifts on a row without a variant",
            )

    def values(row: DayOutput) -> dict[str, Any]:
        return {
            "variant": row.variant,
            "pieces": row.pieces,
            "batches": row.batches,
            "shifts": row.shifts,
        }

    _put(database, site_name, output, rows, values)


def outputs(database: Database, selection: Selection, first: date, last: date) -> list[DayOutput]:
    """Return the selected stations' output from the first day to the last, by station, day and variant."""
    return _read(
        database,
        selection,
        output,
        first,
        last,
        lambda r: DayOutput(r.name, r.day, r.variant, r.pieces, r.batches, r.shifts),
    )


def put_paid(database: Database, site_name: str, rows: Sequence[DayPaid]) -> None:
    """Write paid times, all or none. Raises `NoSuch` for an unknown site or station, `BadInput`."""
    for row in rows:
        _check(row.station, row.day, _MOST, duration_ns=row.duration_ns)
    _put(database, site_name, paid, rows, lambda row: {"duration_ns": row.duration_ns})


def paid_times(database: Database, selection: Selection, first: date, last: date) -> list[DayPaid]:
    """Return the selected stations' paid times from the first day to the last, by station and day."""
    return _read(database, selection, paid, first, last, lambda r: DayPaid(r.name, r.day, r.duration_ns))


_Measure = TypeVar("_Measure", Headcount, DayOutput, DayPaid)


def _put(
    database: Database,
    site_name: str,
    table: Table,
    rows: Sequence[_Measure],
    values: Callable[[_Measure], dict[str, Any]],
) -> None:
    with database.writing() as connection:
        site_id = find_site(connection, site_name).id
        known = find_stations(connection, site_id, {row.station for row in rows})
        written = [{"station_id": known[row.station], "day": row.day, **values(row)} for row in rows]
        keys = [tuple(one[column.name] for column in table.primary_key) for one in written]
        if len(set(keys)) < len(keys):
            raise BadInput("a station's day stands there twice", expected="one row for each")
        # In one order everywhere: two transactions that write the same days do not wait for each other.
        put(
            connection, table, [one for _, one in sorted(zip(keys, written, strict=True), key=lambda p: p[0])]
        )


def _read(
    database: Database,
    selection: Selection,
    table: Table,
    first: date,
    last: date,
    make: Callable[[Row[Any]], _Measure],
) -> list[_Measure]:
    keys = [column for column in table.primary_key if column.name != "station_id"]
    with database.snapshot() as connection:
        known = selected_stations(connection, find_site(connection, selection.site).id, selection)
        rows = connection.execute(
            select(table, station.c.name)
            .join(station, station.c.id == table.c.station_id)
            .where(table.c.station_id.in_(known), table.c.day >= first, table.c.day <= last)
            .order_by(station.c.name, *keys)
        ).all()
    return [make(row) for row in rows]


def _check(where: str, day: date, most: int, **numbers: int) -> None:
    for name, number in numbers.items():
        if not 0 <= number <= most:
            raise BadInput(f"{name} on {day}", where=where, expected=f"0 to {most}", found=str(number))
