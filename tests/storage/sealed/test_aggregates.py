"""Sealing any subset of shifts changes no total: each interval counts once, sealed or open."""

import itertools
import shutil
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from productivity.errors import BadInput
from productivity.records import RecordingMode
from storage.sealed import aggregates
from storage.sealed.aggregates import read_aggregates
from storage.sealed.sealing import seal_closed
from storage.sql.corrections import IntervalId, Sealed, correct
from storage.sql.documented import DocumentedTime, document
from storage.sql.lookup import NoSuch
from storage.sql.plant import Site, StationPlace, add_site, put_station
from storage.sql.shifts import Shift, replace_shifts
from storage.sql.tables import device as devices
from storage.sql.tables import interval, site, station
from tests.storage.sealed.totals import expected_totals, found_totals, open_rows
from tests.storage.sql.plants import (
    CYCLE_BOUND,
    DAY,
    HOUR,
    IRREGULAR,
    MONDAY,
    Deliveries,
    add_account,
    interval_record,
)

NUMBERS = itertools.count()
YEAR_NS = 366 * 86_400 * 10**9
KINDS = [("screwing", CYCLE_BOUND), ("waiting", IRREGULAR), ("unknown", None), ("not recorded", None)]
FIRST = MONDAY + 6 * DAY
"""A Sunday; the month ends on the Monday after it, so that shifts and days of two months are sealed."""

records = st.lists(
    st.builds(
        lambda at, length, station, kind, session: interval_record(
            FIRST + at,
            length,
            station=station,
            state=kind[0],
            category=kind[1],
            session=session.to_bytes(16),
        ),
        st.integers(0, 4 * DAY),
        st.one_of(st.integers(1, 10**10), st.integers(1, YEAR_NS)),
        st.sampled_from(["bench", "press"]),
        st.sampled_from(KINDS),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=12,
)
times = st.lists(
    st.tuples(
        st.integers(0, 4 * DAY), st.integers(0, YEAR_NS), st.integers(0, 5), st.sampled_from(["SR", "OMD"])
    ),
    max_size=4,
)
shifts = st.lists(
    st.tuples(st.integers(0, 4 * DAY - 1), st.integers(1, DAY)), max_size=6, unique_by=lambda s: s[0]
)


class NewSite:
    """A site of its own for each example, in one database."""

    def __init__(self, plant):
        self.plant = plant
        self.name = f"site {next(NUMBERS)}"
        add_site(plant, Site(self.name, "Europe/Berlin"))
        with plant.writing() as connection:
            number = connection.execute(select(site.c.id).where(site.c.name == self.name)).scalar()
            row = {"site_id": number, "name": f"device of {self.name}", "key": "k", "enrolled_ms": 0}
            connection.execute(insert(devices).values(row))
        for one in ("bench", "press"):
            put_station(plant, self.name, StationPlace(one))
        self.device = Deliveries(plant, f"device of {self.name}")

    def expected(self):
        return {key: value for key, value in expected_totals(self.plant).items() if key.site == self.name}

    def intervals(self):
        with self.plant.reading() as connection:
            rows = connection.execute(
                select(interval.c.batch_id, interval.c.position)
                .join(station, station.c.id == interval.c.station_id)
                .join(site, site.c.id == station.c.site_id)
                .where(site.c.name == self.name)
            )
            return [IntervalId(row.batch_id, row.position) for row in rows]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(records, min_size=1, max_size=4),
    documented=times,
    calendar=shifts,
    moments=st.lists(st.tuples(st.integers(0, 6 * DAY), st.integers(0, DAY)), max_size=3),
    late=records,
    data=st.data(),
)
def test_sealing_any_subset_of_shifts_changes_no_total(
    plant, root, batches, documented, calendar, moments, late, data
):
    one = NewSite(plant)
    replace_shifts(
        plant,
        one.name,
        FIRST,
        FIRST + 4 * DAY,
        [Shift("shift", FIRST + at, FIRST + at + length) for at, length in calendar],
    )
    for batch in batches:
        one.device.send(*batch)
    planner = add_account(plant, f"planning of {one.name}")
    rows = [
        DocumentedTime(
            (next(NUMBERS) + 1).to_bytes(16),
            "press",
            RecordingMode(mode),
            "waiting",
            IRREGULAR,
            FIRST + at,
            length,
            n,
        )
        for at, length, n, mode in documented
    ]
    document(plant, one.name, rows, 5)

    def put_right():
        for which in data.draw(st.lists(st.sampled_from(one.intervals()), max_size=3), label="corrected"):
            with suppress(Sealed):  # it stays as it was sealed, in the tables too
                correct(
                    plant,
                    one.name,
                    which,
                    state="rework",
                    category=IRREGULAR,
                    reason="seen",
                    account_id=planner,
                    at_ms=5,
                )

    put_right()
    assert found_totals(plant, root, site_name=one.name) == one.expected()
    for now, grace in moments:
        seal_closed(plant, root, now_ms=FIRST + now, grace_ms=grace, site_name=one.name)
        assert found_totals(plant, root, site_name=one.name) == one.expected()
        put_right()
    one.device.send(*late)
    seal_closed(plant, root, now_ms=FIRST + 9 * DAY, grace_ms=0, site_name=one.name)
    assert found_totals(plant, root, site_name=one.name) == one.expected()
    months = {key.month for key in one.expected()}
    for month in months:
        assert found_totals(plant, root, site_name=one.name, months=[month]) == {
            key: value for key, value in one.expected().items() if key.month == month
        }


def test_totals_name_modes_and_months(plant, root, device):
    device.send(interval_record(MONDAY, 1_500_000), interval_record(MONDAY + 1, 2_499_999))
    time = DocumentedTime(
        bytes(16), "bench", RecordingMode.OMD, "breakdown", IRREGULAR, MONDAY, 60 * 10**9, 3
    )
    document(plant, "north", [time], 5)
    cv, omd = read_aggregates(plant, root)
    assert (cv.site, cv.station, cv.mode, cv.state, cv.category, cv.month) == (
        *("north", "bench", RecordingMode.CV, "screwing", CYCLE_BOUND, "2026-11"),
    )
    assert (cv.duration_ns, cv.occurrences, cv.rows.count, cv.rows.total_ms) == (3_999_999, 2, 2, 4)
    assert (cv.rows.shortest_ms, cv.rows.longest_ms, cv.rows.squares_ms2) == (2, 2, 8)
    assert (omd.mode, omd.duration_ns, omd.occurrences, omd.rows.count) == (
        RecordingMode.OMD,
        60 * 10**9,
        3,
        1,
    )


def test_an_interval_of_a_year_is_squared_exactly(plant, root, device):
    """Its square has 70 bits; one device must not be able to stop the evaluation of a plant."""
    device.send(interval_record(MONDAY, YEAR_NS), interval_record(MONDAY + 1, YEAR_NS))
    squares = 2 * (YEAR_NS // 1_000_000) ** 2
    for sealed in (False, True):
        if sealed:
            seal_closed(plant, root, now_ms=MONDAY + 9 * DAY)
        (one,) = read_aggregates(plant, root)
        assert (one.rows.squares_ms2, one.duration_ns) == (squares, 2 * YEAR_NS)


def test_open_rows_are_read_in_portions(plant, root, device, monkeypatch):
    monkeypatch.setattr(aggregates, "_ROWS", 7)
    for n in range(10):
        device.send(*(interval_record(MONDAY + n * HOUR + m, 1 + n * m) for m in range(5)))
    assert open_rows(plant) == 50
    assert found_totals(plant, root) == expected_totals(plant)


def test_a_month_reads_the_open_rows_of_its_shifts_and_no_others(plant, root, device, monkeypatch):
    """A night shift goes on into the next month, and counts for the one in which it began."""
    december = MONDAY + 8 * DAY
    night = Shift("night", december - 2 * HOUR, december + 6 * HOUR)
    replace_shifts(plant, "north", night.start_ms, night.end_ms, [night])
    hours = (-24, -1, 5, 7, 40 * 24)
    device.send(*(interval_record(december + hour * HOUR, n + 1) for n, hour in enumerate(hours)))
    read = []
    arrow_totals = aggregates.arrow_totals

    def watched(tables, *arguments, **named):
        tables = list(tables)
        read.extend(duration for table in tables for duration in table["duration_ns"].to_pylist())
        return arrow_totals(tables, *arguments, **named)

    monkeypatch.setattr(aggregates, "arrow_totals", watched)
    (november,) = read_aggregates(plant, root, months=["2026-11"])
    assert (november.rows.count, november.duration_ns) == (3, 1 + 2 + 3)
    assert 5 not in read
    (found,) = read_aggregates(plant, root, months=["2026-12"])
    assert (found.rows.count, found.duration_ns) == (1, 4)
    for month in ("2026-13", "November", "2026-1-1"):
        with pytest.raises(BadInput, match="month: expected one such as 2026-11"):
            read_aggregates(plant, root, months=[month])


def test_an_empty_plant_has_no_totals(plant, root):
    assert read_aggregates(plant, root) == []
    assert read_aggregates(plant, root, months=[]) == []
    with pytest.raises(NoSuch, match="no such site"):
        read_aggregates(plant, root, site_name="south")


def test_a_directory_that_was_lost_is_not_taken_for_an_empty_one(plant, root, device):
    device.send(interval_record())
    seal_closed(plant, root, now_ms=MONDAY + 9 * DAY)
    shutil.rmtree(root)
    with pytest.raises(Exception, match="cannot be read"):
        read_aggregates(plant, root)
