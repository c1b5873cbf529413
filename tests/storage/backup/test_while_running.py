"""A backup is made while devices send: one moment of all tables, and each batch whole."""

import threading
from itertools import count

from sqlalchemy import func, select

from storage.backup import take
from storage.backup.restore import restore_backup
from storage.backup.take import take_backup
from storage.sql.batches import accept, gaps
from storage.sql.database import Database
from storage.sql.records import Acceptance
from storage.sql.restorations import LostSpan, OpenEnd, lost_spans, open_ends
from storage.sql.tables import batch, interval
from tests.storage.backup import world


def stored(database):
    """Sequence numbers, and how many intervals each batch has."""
    with database.reading() as connection:
        counts = select(batch.c.sequence, func.count(interval.c.position)).outerjoin(interval)
        grouped = counts.group_by(batch.c.id).order_by(batch.c.sequence)
        return [tuple(row) for row in connection.execute(grouped)]


def test_what_comes_during_a_backup_is_not_in_it(new_address, kind, tmp_path, monkeypatch):
    """A batch is stored before each table is read: whoever read table by table would tear them apart."""
    address, numbers = new_address(kind, "source"), count(1)
    with Database(address) as server, Database(address, None) as database:
        world.enrolled(server, "edge-1")
        accept(server, world.batch(0), 5)
        read = take.parts

        def parts(*arguments):
            accept(server, world.batch(next(numbers)), 6)
            return read(*arguments)

        monkeypatch.setattr(take, "parts", parts)
        take_backup(database, None, tmp_path / "b", 10)
        assert len(stored(server)) > 10
    target = new_address(kind)
    restore_backup(tmp_path / "b", target, None, 20)
    with Database(target) as restored:
        assert stored(restored) == [(0, 4)]


def test_backups_beside_a_busy_server_hold_whole_batches_in_order(new_address, kind, tmp_path):
    address, stop = new_address(kind, "source"), threading.Event()
    with Database(address) as server:
        world.enrolled(server, "edge-1")

        def work():
            for number in count():
                if stop.is_set():
                    return
                accept(server, world.batch(number, size=50), 5)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            for number in range(3):
                with Database(address, None) as database:
                    take_backup(database, None, tmp_path / f"b{number}", 10 + number)
        finally:
            stop.set()
            thread.join()
        last = 0
        for number in range(3):
            target = new_address(kind, f"t{number}")
            restore_backup(tmp_path / f"b{number}", target, None, 20)
            with Database(target) as restored:
                found = stored(restored)
            assert found == [(sequence, 50) for sequence in range(len(found))]
            assert len(found) >= last
            last = len(found)
        assert len(stored(server)) >= last


def test_what_was_acknowledged_after_the_backup_shows_as_missing(new_address, kind, tmp_path):
    """Four devices: one sends on, one begins a new boot, one was retired before, one falls silent."""
    with Database(new_address(kind, "source")) as server:
        world.enrolled(server, "goes-on", "reboots", "retired", "silent")
        for device in ("goes-on", "reboots", "retired", "silent"):
            accept(server, world.batch(0, device=device, boot=b"0" * 16), 4)
            accept(server, world.batch(0, device=device), 5)
        with server.writing() as connection:
            connection.exec_driver_sql("UPDATE device SET retired_ms = 8 WHERE name = 'retired'")
        assert open_ends(server) == lost_spans(server) == []
        take_backup(server, None, tmp_path / "b", 10)
        for device in ("goes-on", "reboots", "silent"):  # acknowledged, so each device deletes them
            accept(server, world.batch(1, device=device), 15)
    target = new_address(kind)
    restore_backup(tmp_path / "b", target, None, 20)
    with Database(target) as server:
        assert lost_spans(server) == [LostSpan(10, 20)]
        assert gaps(server) == []
        boot = bytes(16)
        assert open_ends(server) == [OpenEnd(name, boot, 1) for name in ("goes-on", "reboots", "silent")]
        assert accept(server, world.batch(2, device="goes-on"), 25) is Acceptance.STORED
        accept(server, world.batch(0, device="reboots", boot=b"n" * 16), 25)
        assert [(gap.device, gap.first, gap.last) for gap in gaps(server)] == [("goes-on", 1, 1)]
        assert open_ends(server) == [OpenEnd(name, boot, 1) for name in ("reboots", "silent")]
        take_backup(server, None, tmp_path / "second", 30)
    again = new_address(kind, "again")
    restore_backup(tmp_path / "second", again, None, 40)
    with Database(again) as server:
        assert lost_spans(server) == [LostSpan(10, 20), LostSpan(30, 40)]
        assert set(open_ends(server)) == {
            OpenEnd("reboots", boot, 1),
            OpenEnd("silent", boot, 1),
            OpenEnd("goes-on", boot, 3),
            OpenEnd("reboots", b"n" * 16, 1),
        }
