"""Each rule of `capture/outbox/outbox.py`, by its number."""

import sqlite3
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.outbox.batch import read_body
from capture.outbox.database import LEAST_BYTES, OutboxUnwritable
from capture.outbox.entry import Entry
from capture.outbox.outbox import BUFFER_FULL, Outbox
from capture.outbox.purge import Purge
from productivity.errors import BadInput


def entries_of(batch):
    return read_body(batch.body)[1]


def drain(outbox):
    """Take everything out as a server that acknowledges it would."""
    taken = []
    while (batch := outbox.next_batch("edge-1")) is not None:
        taken += entries_of(batch)
        assert outbox.acknowledge(batch)
    return taken


def disk_bytes(path):
    return sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*"))


def test_1_what_was_put_is_there_at_the_next_opening(tmp_path, entry):
    with Outbox(tmp_path / "box.db") as outbox:
        outbox.put([entry(0), entry(1)])
    with Outbox(tmp_path / "box.db") as outbox:
        assert drain(outbox) == [entry(0), entry(1)]


def test_1_the_file_is_safe_against_power_loss_and_nobody_else_reads_it(tmp_path):
    with Outbox(tmp_path / "box.db") as outbox:
        ask = outbox._database.connection.execute
        assert ask("PRAGMA journal_mode").fetchone() == ("wal",)
        assert ask("PRAGMA synchronous").fetchone() == (2,)  # FULL
        assert ask("PRAGMA secure_delete").fetchone() == (1,)
    assert (tmp_path / "box.db").stat().st_mode & 0o777 == 0o600


def test_1_more_than_fits_into_a_batch_is_put_in_parts(outbox, entry):
    with pytest.raises(BadInput, match="at most 200"):
        outbox.put([entry(number) for number in range(201)])


def test_2_a_batch_keeps_its_number_and_bytes(tmp_path, entry):
    with Outbox(tmp_path / "box.db") as outbox:
        outbox.put([entry(0)])
        first = outbox.next_batch("edge-1")
        outbox.put([entry(1)])
        assert outbox.next_batch("edge-1") == first
    with Outbox(tmp_path / "box.db") as outbox:
        assert outbox.next_batch("renamed") == first


def test_3_only_an_acknowledgement_of_these_bytes_deletes(outbox, entry):
    outbox.put([entry(0)])
    batch = outbox.next_batch("edge-1")
    outbox.refuse(batch, 422)
    assert outbox.next_batch("edge-1").body == batch.body
    with pytest.raises(BadInput, match="not purged"):
        outbox.settle(batch)
    assert outbox.acknowledge(batch)
    assert outbox.next_batch("edge-1") is None


def test_4_numbers_count_from_0_in_each_boot(tmp_path, entry):
    seen = []
    for start in range(3):
        with Outbox(tmp_path / "box.db") as outbox:
            outbox.put([entry(2 * start), entry(2 * start + 1)])
            while (batch := outbox.next_batch("edge-1", most=1)) is not None:
                seen.append((batch.boot == outbox.boot, batch.sequence))
                outbox.acknowledge(batch)
    assert seen == [(True, 0), (True, 1)] * 3


def test_4_what_an_earlier_boot_left_is_numbered_by_the_present_one(tmp_path, entry):
    with Outbox(tmp_path / "box.db") as outbox:
        outbox.put([entry(0)])
        numbered = outbox.next_batch("edge-1")
        outbox.put([entry(1)])
        before = outbox.boot
    with Outbox(tmp_path / "box.db") as outbox:
        assert outbox.boot != before
        left = outbox.next_batch("edge-1", skipping={numbered.key})
        assert left.key == (outbox.boot, 0)
        assert entries_of(left) == [entry(1)]


def test_4_a_number_that_was_not_committed_is_given_again(outbox, entry, monkeypatch):
    """Else the server would see a gap that nothing explains."""
    outbox.put([entry(0)])
    with monkeypatch.context() as patched:
        patched.setattr(
            "capture.outbox.outbox.Batch", lambda *_: (_ for _ in ()).throw(sqlite3.OperationalError("full"))
        )
        with pytest.raises(OutboxUnwritable):
            outbox.next_batch("edge-1")
    assert outbox.next_batch("edge-1").sequence == 0


def test_a_skipped_batch_holds_nothing_up(outbox, entry):
    outbox.put([entry(0)])
    first = outbox.next_batch("edge-1")
    outbox.put([entry(1)])
    assert entries_of(outbox.next_batch("edge-1", skipping={first.key})) == [entry(1)]


def test_5_a_full_outbox_says_so_and_loses_no_time(tmp_path, entry):
    path = tmp_path / "box.db"
    with Outbox(path, LEAST_BYTES) as outbox:
        number = 0
        while number < 12_000:
            outbox.put([entry(number + step, state="s" * 200, reason="r" * 200) for step in range(100)])
            number += 100
            assert disk_bytes(path) <= LEAST_BYTES + 64 * 1024  # the -shm file, which is an index
        kept = drain(outbox)
    assert sum(one.duration_ns for one in kept) == number * entry().duration_ns
    assert [one.reason for one in kept].count(BUFFER_FULL) == 1
    assert kept[-1].reason == BUFFER_FULL
    assert kept[:-1] == [entry(n, state="s" * 200, reason="r" * 200) for n in range(len(kept) - 1)]
    assert kept[-1].start_ms == entry(len(kept) - 1).start_ms
    assert len(kept) > 1000


def test_5_after_an_acknowledgement_there_is_room_again(tmp_path, entry):
    with Outbox(tmp_path / "box.db", LEAST_BYTES) as outbox:
        for number in range(0, 10_000, 100):
            outbox.put([entry(number + step, state="s" * 200, reason="r" * 200) for step in range(100)])
        for _ in range(5):
            outbox.acknowledge(outbox.next_batch("edge-1"))
        outbox.put([entry(10_000)])
        kept = drain(outbox)
    assert kept[-1] == entry(10_000)
    assert kept[-2].reason == BUFFER_FULL


def test_5_a_full_outbox_still_numbers_batches_and_speaks_for_new_sessions(tmp_path, entry):
    """That is what the reserve is for: a device that starts again and again while the server is away."""
    with Outbox(tmp_path / "box.db", LEAST_BYTES) as outbox:
        for number in range(0, 8000, 200):
            outbox.put([entry(number + step, state="s" * 200, reason="r" * 200) for step in range(200)])
        for number in range(300):
            outbox.put([entry(0, session=f"{number:032x}")])
        seen = set()
        for _ in range(3):
            seen.add(outbox.next_batch("edge-1", skipping=seen).key)
        kept = drain(outbox)
    assert sum(one.duration_ns for one in kept) == 8300 * entry().duration_ns
    assert [one.reason for one in kept].count(BUFFER_FULL) == 301


def test_5_each_session_and_station_has_a_gap_of_its_own(tmp_path, entry):
    places = [("a" * 32, "press"), ("b" * 32, "press"), ("a" * 32, "bench")]
    with Outbox(tmp_path / "box.db") as outbox:
        outbox._database._page_limit = 0
        for number in range(30):
            session, station = places[number % 3]
            outbox.put([entry(number, session=session, station=station)])
        kept = drain(outbox)
    assert [(one.session, one.station, one.duration_ns) for one in kept] == [
        (*place, 10 * entry().duration_ns) for place in places
    ]


def test_5_a_gap_that_has_a_number_does_not_grow(outbox, entry):
    outbox._database._page_limit = 0
    outbox.put([entry(0)])
    first = outbox.next_batch("edge-1")
    outbox.put([entry(1)])
    assert [one.ordinal for one in drain(outbox)] == [0, 1]
    assert first.sequence == 0


def test_a_limit_that_leaves_no_room_is_refused(tmp_path):
    with pytest.raises(BadInput, match="at least 4194304 bytes"):
        Outbox(tmp_path / "box.db", LEAST_BYTES - 1)
    assert list(tmp_path.iterdir()) == []


def test_a_second_process_is_kept_out(outbox, tmp_path):
    with pytest.raises(BadInput, match="in use by another process"):
        Outbox(tmp_path / "state" / "outbox.db")


def test_a_missing_directory_is_named(tmp_path):
    with pytest.raises(BadInput, match="no such directory"):
        Outbox(tmp_path / "nowhere" / "box.db")


@pytest.mark.parametrize("content", [b"no database" * 1000, b"SQLite format 3\0" + bytes(4096)])
def test_a_file_that_is_no_outbox_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "box.db"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="expected an outbox"):
        Outbox(path)
    assert path.read_bytes() == content
    path.unlink()
    Outbox(path).close()  # the lock was given back


def test_a_later_format_is_refused(tmp_path):
    with Outbox(tmp_path / "box.db") as outbox:
        outbox._database.connection.execute("PRAGMA user_version=3")
    with pytest.raises(BadInput, match="expected 1 or 2, found 3"):
        Outbox(tmp_path / "box.db")


def test_the_first_format_is_read_and_an_open_purge_in_it_is_completed(tmp_path, entry):
    path = tmp_path / "box.db"
    with Outbox(path) as outbox:
        outbox.put([entry(0), entry(1)])
        outbox._database.connection.executescript(
            "ALTER TABLE purge DROP COLUMN first_ordinal; PRAGMA user_version=1;"
            "INSERT INTO purge VALUES (1, NULL, 'press', NULL, 1, 'consent withdrawn');"
        )
    with Outbox(path) as outbox:
        (gap,) = drain(outbox)
    assert (gap.reason, gap.duration_ns) == ("consent withdrawn", 2 * entry().duration_ns)


def test_what_waits_is_counted_with_and_without_a_number(outbox, entry):
    outbox.put([entry(0), entry(1), entry(2)])
    outbox.next_batch("edge-1", most=2)
    assert outbox.waiting() == 3
    outbox.acknowledge(outbox.next_batch("edge-1"))
    assert outbox.waiting() == 1


def test_a_disk_that_refuses_leaves_what_was_there(outbox, entry):
    outbox.put([entry(0)])
    connection = outbox._database.connection
    used = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={used}")  # SQLite then fails as on a full disk: SQLITE_FULL
    with pytest.raises(OutboxUnwritable, match="full"):
        outbox.put([entry(1 + step, state="s" * 200) for step in range(200)])
    connection.execute("PRAGMA max_page_count=100000")
    assert drain(outbox) == [entry(0)]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["put", "full", "take", "ack", "reopen", "purge"]), max_size=30))
def test_no_time_is_lost_or_counted_twice_whatever_happens(tmp_path_factory, steps):
    """Promise 4 for one station: what was acknowledged and what waits is what was put, in order."""
    path = tmp_path_factory.mktemp("box") / "box.db"
    outbox, put, acknowledged, batch = Outbox(path), 0, [], None
    for step in steps:
        match step:
            case "put" | "full":
                limit, outbox._database._page_limit = (
                    outbox._database._page_limit,
                    (0 if step == "full" else 10**9),
                )
                outbox.put([make(put), make(put + 1)])
                outbox._database._page_limit = limit
                put += 2
            case "take":
                batch = outbox.next_batch("edge-1", most=3)
            case "ack" if batch is not None:
                if outbox.acknowledge(batch):
                    acknowledged += entries_of(batch)
                batch = None
            case "reopen":
                outbox.close()
                outbox = Outbox(path)
            case "purge":
                outbox.purge(Purge("consent withdrawn", session="a" * 32))
    kept = acknowledged + drain(outbox)
    outbox.close()
    assert sum(one.duration_ns for one in kept) == put * make(0).duration_ns
    ordinals = [one.ordinal for one in kept]
    assert ordinals == sorted(set(ordinals))
    for one, following in pairwise([*kept, make(put)]):
        assert one.start_ms * 10**6 + one.duration_ns == following.start_ms * 10**6


def make(ordinal):
    """An entry of ten milliseconds that begins where the one before ends."""
    return Entry("a" * 32, ordinal, "press", "assemble", None, 1_000_000 + 10 * ordinal, 10**7, 900)
