"""Closed shifts are sealed once; what comes late gets a file of its own; nothing is lost or doubled."""

import io
from concurrent.futures import ThreadPoolExecutor

import pyarrow.parquet as pq
import pytest
from sqlalchemy import insert, select

from productivity.errors import BadInput
from productivity.records import RecordingMode
from storage.sealed import sealing
from storage.sealed.directory import SealedDirectory, new_path, sealed_directory
from storage.sealed.sealing import due, seal_closed, strays
from storage.sql.corrections import IntervalId, Sealed, correct
from storage.sql.documented import DocumentedTime, document
from storage.sql.lookup import NoSuch
from storage.sql.plant import Site, add_site
from storage.sql.shifts import Shift, replace_shifts
from storage.sql.tables import device as devices
from storage.sql.tables import interval, seal
from tests.storage.sealed.totals import (
    expected_totals,
    files_of,
    found_totals,
    notes_of,
    open_rows,
    recorded_paths,
)
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

EARLY = Shift("early", MONDAY + 6 * HOUR, MONDAY + 14 * HOUR)
LATE = Shift("late", MONDAY + 14 * HOUR, MONDAY + 22 * HOUR)
GRACE = 2 * HOUR


@pytest.fixture
def worked(plant, device):
    """Four intervals in the early shift, two in the late one, one in the night."""
    replace_shifts(plant, "north", MONDAY, MONDAY + DAY, [EARLY, LATE])
    tenths = (60, 90, 100, 139, 140, 210, 230)
    device.send(*(interval_record(MONDAY + tenth * HOUR // 10, tenth * 10**8) for tenth in tenths))
    return plant


def run(plant, root, now_ms, grace_ms=GRACE, **options):
    return seal_closed(plant, root, now_ms=now_ms, grace_ms=grace_ms, **options)


def spans(seals):
    return [((one.start_ms - MONDAY) / HOUR, (one.end_ms - MONDAY) / HOUR, one.rows) for one in seals]


def durations(root, seals):
    return [sorted(pq.read_table(root / one.path)["duration_ns"].to_pylist()) for one in seals]


def test_a_shift_is_sealed_when_its_grace_is_over(worked, root):
    assert run(worked, root, EARLY.end_ms + GRACE - 1) == []
    assert spans(run(worked, root, EARLY.end_ms + GRACE)) == [(6, 14, 4)]
    assert run(worked, root, EARLY.end_ms + GRACE) == []
    assert spans(run(worked, root, MONDAY + 5 * DAY)) == [(14, 22, 2), (0, 24, 1)]
    assert run(worked, root, MONDAY + 9 * DAY) == []
    assert open_rows(worked) == 0


def test_what_is_due_is_told_beforehand(worked, root):
    times = {"now_ms": MONDAY + 5 * DAY, "grace_ms": GRACE}
    told = [(one.site, one.start_ms, one.end_ms) for one in due(worked, **times)]
    made = run(worked, root, MONDAY + 5 * DAY)
    assert told == [(one.site, one.start_ms, one.end_ms) for one in made]
    assert due(worked, **times) == []
    with pytest.raises(NoSuch):
        due(worked, **times, site_name="south")


def test_a_seal_says_what_its_file_holds(worked, root):
    (made,) = run(worked, root, EARLY.end_ms + GRACE)
    assert made.path.startswith("site=north/month=2026-11/")
    with worked.reading() as connection:
        row = connection.execute(select(seal)).one()
    assert (row.path, row.month, row.rows, row.sealed_ms) == (made.path, "2026-11", 4, EARLY.end_ms + GRACE)
    assert files_of(root) == {made.path}
    assert notes_of(root) == []
    assert durations(root, [made]) == [[6 * 10**9, 9 * 10**9, 10 * 10**9, 139 * 10**8]]


def test_late_intervals_get_a_further_file_and_no_file_is_written_anew(worked, root, device):
    (first,) = run(worked, root, EARLY.end_ms + GRACE)
    before = (root / first.path).read_bytes()
    device.send(interval_record(MONDAY + 7 * HOUR, 77))
    (second,) = run(worked, root, EARLY.end_ms + GRACE)
    assert spans([second]) == [(6, 14, 1)]
    assert (root / first.path).read_bytes() == before
    assert durations(root, [second]) == [[77]]


def test_documented_times_are_sealed_with_the_shift(worked, root):
    time = DocumentedTime(
        bytes(16), "bench", RecordingMode.SR, "rework", IRREGULAR, MONDAY + 8 * HOUR, 60 * 10**9, 2
    )
    document(worked, "north", [time], 5)
    (made,) = run(worked, root, EARLY.end_ms + GRACE)
    table = pq.read_table(root / made.path)
    assert table["mode"].to_pylist() == ["CV"] * 4 + ["SR"]
    assert made.rows == 5


def test_another_site_is_another_partition(worked, root):
    add_site(worked, Site("a/b ü", "UTC"))
    with worked.writing() as connection:
        connection.execute(insert(devices).values(site_id=2, name="edge-2", key="k", enrolled_ms=0))
    Deliveries(worked, "edge-2").send(interval_record(MONDAY + 8 * HOUR))
    made = run(worked, root, MONDAY + 9 * DAY, site_name="a/b ü")
    assert [one.path.split("/")[0] for one in made] == ["site=a%2Fb%20%C3%BC"]
    assert pq.read_table(root / made[0].path)["site"].to_pylist() == ["a/b ü"]
    assert open_rows(worked) == 7
    assert found_totals(worked, root) == expected_totals(worked)


@pytest.mark.parametrize("name", ["n" * 200, "ü" * 200, "..", "a\\b", "%2F"])
def test_every_name_of_a_site_makes_a_path(name, tmp_path):
    path = new_path(name, "2026-11")
    assert max(map(len, path.split("/"))) < 255
    assert (tmp_path / path).resolve() == tmp_path / path
    assert SealedDirectory(tmp_path).file(path) == tmp_path / path
    assert new_path(name, "2026-11") != path


def test_corrections_are_in_the_file_and_impossible_afterwards(worked, root):
    planner = add_account(worked)
    with worked.reading() as connection:
        batch = connection.execute(select(interval.c.batch_id)).scalar()
    which = IntervalId(batch, 1)

    def put_right(state):
        correct(
            worked,
            "north",
            which,
            state=state,
            category=IRREGULAR,
            reason="seen",
            account_id=planner,
            at_ms=5,
        )

    put_right("waiting")
    put_right("rework")
    (made,) = run(worked, root, EARLY.end_ms + GRACE)
    rows = pq.read_table(root / made.path).to_pylist()
    assert {row["duration_ns"]: row["state"] for row in rows}[9 * 10**9] == "rework"
    assert [row["state"] for row in rows].count("screwing") == 3
    with pytest.raises(Sealed):
        put_right("searching")


def test_a_correction_between_reading_and_recording_is_not_lost(worked, root, monkeypatch):
    planner = add_account(worked)
    with worked.reading() as connection:
        which = IntervalId(connection.execute(select(interval.c.batch_id)).scalar(), 0)
    write, made = SealedDirectory.write, []

    def correct_then_write(files, path, content):
        if not made:
            made.append(
                correct(
                    worked,
                    "north",
                    which,
                    state="rework",
                    category=IRREGULAR,
                    reason="seen",
                    account_id=planner,
                    at_ms=5,
                )
            )
        write(files, path, content)

    monkeypatch.setattr(SealedDirectory, "write", correct_then_write)
    (one,) = run(worked, root, EARLY.end_ms + GRACE)
    assert "rework" in pq.read_table(root / one.path)["state"].to_pylist()
    assert files_of(root) == {one.path}, "the first attempt's file is gone"
    assert notes_of(root) == []


def test_a_batch_between_reading_and_recording_stays_open(worked, root, device, monkeypatch):
    write = SealedDirectory.write

    def send_then_write(files, path, content):
        device.send(interval_record(MONDAY + 7 * HOUR, 77), interval_record(MONDAY + 23 * HOUR, 78))
        write(files, path, content)

    with monkeypatch.context() as patched:
        patched.setattr(SealedDirectory, "write", send_then_write)
        (one,) = run(worked, root, EARLY.end_ms + GRACE)
    assert one.rows == 4
    (late,) = run(worked, root, EARLY.end_ms + GRACE)
    assert durations(root, [late]) == [[77]]
    assert found_totals(worked, root) == expected_totals(worked)


def test_a_crash_after_the_commit_costs_no_file(worked, root, monkeypatch):
    """The note of the file is still there, and so is the file after the next run."""

    def crash(_, path):
        raise KeyboardInterrupt(path)

    with monkeypatch.context() as patched:
        patched.setattr(SealedDirectory, "agreed", crash)
        with pytest.raises(KeyboardInterrupt):
            run(worked, root, EARLY.end_ms + GRACE)
    assert len(notes_of(root)) == 1
    assert run(worked, root, EARLY.end_ms + GRACE) == []
    assert (len(files_of(root)), notes_of(root)) == (1, [])
    assert found_totals(worked, root) == expected_totals(worked)


def test_a_crash_before_the_commit_leaves_no_file_for_long(worked, root, monkeypatch):
    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(sealing, "_mark", crash)
        with pytest.raises(KeyboardInterrupt):
            run(worked, root, EARLY.end_ms + GRACE)
    (orphan,) = files_of(root)
    assert open_rows(worked) == 7
    (made,) = run(worked, root, EARLY.end_ms + GRACE)
    assert files_of(root) == {made.path} != {orphan}
    assert notes_of(root) == []


def test_who_corrects_without_end_does_not_stop_the_others(worked, root, monkeypatch):
    """A shift whose rows change at each attempt stays open; the next one is sealed nevertheless."""
    planner = add_account(worked)
    with worked.reading() as connection:
        which = IntervalId(connection.execute(select(interval.c.batch_id)).scalar(), 0)
    write = SealedDirectory.write

    def correct_then_write(files, path, content):
        try:
            correct(
                worked,
                "north",
                which,
                state="rework",
                category=IRREGULAR,
                reason="seen",
                account_id=planner,
                at_ms=5,
            )
        finally:
            write(files, path, content)

    monkeypatch.setattr(SealedDirectory, "write", correct_then_write)
    assert spans(run(worked, root, MONDAY + 5 * DAY)) == [(14, 22, 2), (0, 24, 1)]
    assert files_of(root) == recorded_paths(worked)
    assert open_rows(worked) == 4


def test_a_large_shift_is_divided_by_stations(worked, root, device, monkeypatch):
    monkeypatch.setattr(sealing, "MOST_ROWS", 5)
    for name in ("A", "B", "C"):
        device.send(*(interval_record(MONDAY + 8 * HOUR + n, station=name) for n in range(3)))
    made = run(worked, root, EARLY.end_ms + GRACE)
    held = [set(pq.read_table(root / one.path)["station"].to_pylist()) for one in made]
    assert sorted(sorted(stations) for stations in held) == [["A"], ["B"], ["C"], ["bench"]]
    assert found_totals(worked, root) == expected_totals(worked)


def test_a_batch_of_thousands_of_numbers_is_marked_in_portions(plant, root, device, monkeypatch):
    monkeypatch.setattr(sealing, "_CHUNK", 3)
    for n in range(20):
        device.send(interval_record(MONDAY + n), interval_record(MONDAY + DAY + n))
    assert [one.rows for one in run(plant, root, MONDAY + 9 * DAY)] == [20, 20]


def test_two_that_seal_at_once_seal_each_row_once(worked, root, device):
    for n in range(30):
        device.send(*(interval_record(MONDAY + hour * HOUR + n) for hour in range(24)))
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: run(worked, root, MONDAY + 9 * DAY), range(4)))
    assert sum(one.rows for seals in made for one in seals) == 7 + 30 * 24
    assert files_of(root) == recorded_paths(worked)
    assert found_totals(worked, root) == expected_totals(worked)


def test_a_damaged_or_missing_file_is_named(worked, root):
    (made,) = run(worked, root, EARLY.end_ms + GRACE)
    file = root / made.path
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(BadInput, match=f"{made.path}: sealed file is damaged: expected SHA-256"):
        found_totals(worked, root)
    file.unlink()
    with pytest.raises(BadInput, match=f"{made.path}.*cannot be read: No such file"):
        found_totals(worked, root)


def test_files_that_no_seal_names_are_told_and_left_alone(worked, root):
    run(worked, root, EARLY.end_ms + GRACE)
    strange = root / new_path("north", "2026-10")
    strange.parent.mkdir(parents=True)
    strange.write_bytes(b"from an older database")
    run(worked, root, MONDAY + 9 * DAY)
    with sealed_directory(root, writes=False) as files:
        assert strays(worked, files) == [strange.relative_to(root).as_posix()]
    assert strange.read_bytes() == b"from an older database"
    assert found_totals(worked, root) == expected_totals(worked), "and not counted"


def test_states_without_a_category_are_sealed_without(plant, root, device):
    device.send(
        interval_record(MONDAY, 5, state="not recorded", category=None, reason="nobody present"),
        interval_record(MONDAY + 1, 6, state="unknown", category=None),
        interval_record(MONDAY + 2, 7, category=CYCLE_BOUND),
    )
    (made,) = run(plant, root, MONDAY + 9 * DAY)
    table = pq.read_table(io.BytesIO((root / made.path).read_bytes()))
    assert [(row["state"], row["category"], row["reason"]) for row in table.to_pylist()] == [
        ("not recorded", "", "nobody present"),
        ("screwing", "cycle-bound", ""),
        ("unknown", "", ""),
    ]
