"""The end of retention: only what is sealed is deleted, what is deleted is gone, and a note says so."""

import re
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from productivity.errors import BadInput
from productivity.records import RecordingMode
from storage.sealed.aggregates import read_aggregates
from storage.sealed.retention import due, retain
from storage.sealed.sealing import seal_closed
from storage.sql.batches import accept, gaps
from storage.sql.corrections import IntervalId, correct
from storage.sql.documented import DocumentedTime, document, documented_times
from storage.sql.lookup import NoSuch, Selection
from storage.sql.plant import Site, add_site
from storage.sql.records import Acceptance, BatchRecord
from storage.sql.retention import Deletion, deletions, erase, overdue
from storage.sql.shifts import Shift, replace_shifts
from storage.sql.tables import access_view, interval, revision, seal
from storage.sql.tables import station as stations
from tests.storage.sealed.totals import (
    expected_totals,
    files_of,
    found_totals,
    notes_of,
    open_rows,
    recorded_paths,
)
from tests.storage.sql.plants import (
    DAY,
    HOUR,
    IRREGULAR,
    MONDAY,
    Deliveries,
    add_account,
    interval_record,
)

DAYS = {"intervals_days": 10, "aggregates_days": 100}


@pytest.fixture
def worked(plant, device):
    """A row at noon of each of five days."""
    for day in range(5):
        device.send(interval_record(MONDAY + day * DAY + 12 * HOUR, (day + 1) * 10**9))
    return plant


def starts(plant):
    with plant.reading() as connection:
        return [(at - MONDAY) / DAY for at in connection.execute(select(interval.c.start_ms)).scalars()]


def run(plant, root, day, **changes):
    return retain(plant, root, "north", now_ms=MONDAY + round(day * DAY), **(DAYS | changes))


def test_rows_go_when_they_are_too_old_and_totals_stay(worked, root):
    before = expected_totals(worked)
    done = run(worked, root, 12.5 - 1e-6)
    assert starts(worked) == [2.5, 3.5, 4.5]
    assert done.deletions == (
        Deletion(
            "north", MONDAY + round((12.5 - 1e-6) * DAY), "intervals", MONDAY + round((2.5 - 1e-6) * DAY), 2
        ),
    )
    assert len(run(worked, root, 12.5 + 1e-6).deletions) == 1
    assert starts(worked) == [3.5, 4.5]
    assert run(worked, root, 12.6).deletions == ()
    assert found_totals(worked, root) == before
    run(worked, root, 50)
    assert starts(worked) == []
    assert found_totals(worked, root) == before


def test_nothing_is_deleted_that_is_not_sealed(worked):
    assert erase(worked, "north", before_ms=MONDAY + 50 * DAY, at_ms=0) == []
    assert len(starts(worked)) == 5
    assert deletions(worked) == []


def test_what_is_open_and_too_old_is_sealed_first_closed_or_not(worked, root, device):
    """A device that was away for a month: its rows are sealed and deleted in one go."""
    run(worked, root, 50)
    device.send(interval_record(MONDAY + HOUR, 99))
    expected = found_totals(worked, root)
    done = run(worked, root, 50)
    assert [one.rows for one in done.seals] == [1]
    assert [one.rows for one in done.deletions] == [1]
    assert found_totals(worked, root) == expected


def test_a_replay_of_a_deleted_batch_counts_no_more(worked, root):
    device = Deliveries(worked)
    record = interval_record(MONDAY, 99)
    device.send(record)
    run(worked, root, 50)
    expected = found_totals(worked, root)
    again = BatchRecord("edge-1", device._boot, 0, (0).to_bytes(32), (record,))
    assert accept(worked, again, 5) is Acceptance.DUPLICATE
    assert gaps(worked) == []
    assert found_totals(worked, root) == expected


def test_revisions_documented_times_and_salts_go_too(worked, root):
    planner = add_account(worked)
    with worked.reading() as connection:
        which = IntervalId(connection.execute(select(interval.c.batch_id)).scalar(), 0)
        number = connection.execute(select(stations.c.id)).scalar()
    correct(
        worked, "north", which, state="rework", category=IRREGULAR, reason="seen", account_id=planner, at_ms=5
    )
    time = DocumentedTime(bytes(16), "bench", RecordingMode.SR, "rework", IRREGULAR, MONDAY, 60)
    document(worked, "north", [time], 5)
    add_site(worked, Site("east", "UTC"))
    with worked.writing() as connection:
        connection.execute(insert(stations).values(site_id=2, name="lathe"))
        elsewhere = connection.execute(select(stations.c.id).where(stations.c.name == "lathe")).scalar()
        for n, (at, where) in enumerate([(1, number), (1, None), (1, elsewhere), (40 * DAY, number)]):
            row = {"commitment": bytes([n]) * 32, "salt": b"s" * 32, "account_id": planner}
            connection.execute(
                insert(access_view).values(**row, at_ms=MONDAY + at, view="timelines", station_id=where)
            )
    times = {"now_ms": MONDAY + 40 * DAY, **DAYS}
    assert due(worked, "north", **times) == {
        "intervals": 5,
        "documented times": 1,
        "salts of accesses": 2,
        "sealed intervals": 0,
    }
    before = expected_totals(worked)
    done = run(worked, root, 40)
    assert {one.what: one.rows for one in done.deletions} == {
        "intervals": 5,
        "revisions": 1,
        "documented times": 1,
        "salts of accesses": 2,
    }
    with worked.reading() as connection:
        assert connection.execute(select(revision)).all() == []
        salts = (
            connection.execute(select(access_view.c.salt).order_by(access_view.c.commitment)).scalars().all()
        )
    assert salts == [None, None, b"s" * 32, b"s" * 32]
    assert documented_times(worked, Selection("north"), 0, MONDAY + DAY) == []
    assert set(due(worked, "north", **times).values()) == {0}
    assert document(worked, "north", [time], 6) == [Acceptance.DUPLICATE]
    assert found_totals(worked, root) == before


def test_sealed_data_go_at_the_end_of_theirs(worked, root):
    run(worked, root, 50)
    files = files_of(root)
    assert len(files) == 5
    assert run(worked, root, 100).deletions == ()
    assert due(worked, "north", now_ms=MONDAY + round(101.5 * DAY), **DAYS)["sealed intervals"] == 2
    (gone,) = run(worked, root, 101.5).deletions
    assert (gone.what, gone.rows) == ("sealed intervals", 2)
    assert files_of(root) < files
    assert files_of(root) == recorded_paths(worked)
    assert [one.rows.count for one in read_aggregates(worked, root)] == [3]
    run(worked, root, 200)
    assert (files_of(root), found_totals(worked, root)) == (set(), {})
    assert [path.name for path in root.iterdir() if not path.name.startswith(".")] == []
    assert notes_of(root) == []


def test_a_shorter_retention_of_sealed_data_holds_for_rows_too(worked, root):
    run(worked, root, 8, intervals_days=100, aggregates_days=5)
    assert starts(worked) == [3.5, 4.5]


def test_another_site_is_left_alone(worked, root):
    add_site(worked, Site("east", "UTC"))
    done = retain(worked, root, "east", now_ms=MONDAY + 50 * DAY, **DAYS)
    assert (done.deletions, len(starts(worked)), open_rows(worked)) == ((), 5, 5)


def test_notes_come_newest_first_and_by_site(worked, root):
    run(worked, root, 11.6)
    run(worked, root, 12.6)
    told = deletions(worked, "north")
    assert [one.at_ms for one in told] == [MONDAY + round(12.6 * DAY), MONDAY + round(11.6 * DAY)]
    assert deletions(worked) == told
    with pytest.raises(NoSuch):
        deletions(worked, "south")
    with pytest.raises(NoSuch):
        overdue(worked, "south", 0)


@pytest.mark.parametrize("days", [{"intervals_days": 0}, {"aggregates_days": -1}])
def test_no_retention_at_all_is_refused(worked, root, days):
    with pytest.raises(BadInput, match="expected 1 day or more"):
        run(worked, root, 50, **days)
    assert len(starts(worked)) == 5


def test_a_short_retention_seals_whole_shifts_nevertheless(plant, root, device):
    """Rows that are sealed hour by hour, as they become due, would tell the hour."""
    replace_shifts(
        plant, "north", MONDAY, MONDAY + DAY, [Shift("early", MONDAY + 6 * HOUR, MONDAY + 14 * HOUR)]
    )
    device.send(*(interval_record(MONDAY + hour * HOUR, hour) for hour in range(6, 14)))
    seals = []
    for hour in range(0, 72, 3):
        seals += run(plant, root, hour / 24, intervals_days=2, aggregates_days=30).seals
    assert [one.rows for one in seals] == [8]
    assert starts(plant) == []


def damage(file: Path):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def test_a_damaged_file_is_made_anew_while_its_rows_are_there(worked, root):
    before = expected_totals(worked)
    seals = seal_closed(worked, root, now_ms=MONDAY + 9 * DAY)
    damage(root / seals[0].path)
    (root / seals[1].path).unlink()
    done = run(worked, root, 50)
    assert sorted(one.rows for one in done.seals) == [1, 1]
    assert starts(worked) == []
    assert found_totals(worked, root) == before
    assert files_of(root) == recorded_paths(worked)
    assert not {seals[0].path, seals[1].path} & files_of(root)


def test_rows_of_a_damaged_file_stay_if_it_cannot_be_made_anew(plant, root, device):
    """Half of its rows were deleted before somebody damaged the file: a backup has to help."""
    device.send(interval_record(MONDAY + HOUR, 5), interval_record(MONDAY + 23 * HOUR, 6))
    device.send(interval_record(MONDAY + 3 * DAY, 7))
    expected = expected_totals(plant)
    run(plant, root, 10.5)
    assert len(starts(plant)) == 2
    with plant.reading() as connection:
        path = connection.execute(select(seal.c.path).where(seal.c.rows == 2)).scalar()
    whole = (root / path).read_bytes()
    damage(root / path)
    with pytest.raises(BadInput, match=f"{re.escape(path)}: sealed file is damaged, and some of its rows"):
        run(plant, root, 50)
    assert starts(plant) == [23 / 24], "everything else is done"
    assert [one.rows for one in deletions(plant)] == [1, 1]
    (root / path).write_bytes(whole)
    run(plant, root, 50)
    assert starts(plant) == []
    assert found_totals(plant, root) == expected


def test_sqlite_keeps_no_trace_of_what_was_deleted(plant, root, device, tmp_path):
    with plant.reading() as connection:
        if connection.dialect.name != "sqlite":
            return  # PostgreSQL frees the space when it vacuums
    word = "a state like no other"
    device.send(*(interval_record(MONDAY + n, state=word) for n in range(50)))
    database = [tmp_path / "plant.db", tmp_path / "plant.db-wal"]
    assert any(word.encode() in file.read_bytes() for file in database)
    done = run(plant, root, 50)
    assert done.log_emptied
    assert not any(word.encode() in file.read_bytes() for file in database)
    assert database[1].stat().st_size == 0


def test_a_log_that_somebody_reads_is_told_and_emptied_later(worked, root):
    with worked.snapshot() as connection:
        if connection.dialect.name != "sqlite":
            return
        connection.execute(text("SELECT count(*) FROM interval")).scalar()
        with worked.writing() as writer:
            writer.execute(text("DELETE FROM interval WHERE position > 99"))
        assert run(worked, root, 50).log_emptied is False
    assert run(worked, root, 50).log_emptied is True
