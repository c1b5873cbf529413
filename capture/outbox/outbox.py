"""The durable outbox of a device: intervals go in, numbered batches come out, acknowledged ones are deleted.

Rules, each of them a test:

1. `put` is durable before it returns, whole or not at all.
2. A batch gets its number right before it is sent for the first time, and keeps number and bytes for ever.
   Only a purge replaces its content (rule 6).
3. A batch is deleted when the server has acknowledged exactly these bytes, and for no other reason.
4. Numbers count from 0 for each boot, and each opening of the outbox is a new boot. What an earlier boot left
   without a number gets one of the present boot; nothing is numbered twice.
5. The disk that it takes is bounded. When it is full, what comes is replaced by one *not recorded* entry per
   session and station with the reason "buffer full" that grows: time adds up, and nothing older is dropped.
6. A purge replaces matching entries, numbered or not, by *not recorded* entries of the same length in all
   (`capture.outbox.purge`), and leaves no byte of them in the files.
"""

import json
import secrets
import sqlite3
from collections.abc import Collection, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from capture.outbox import purge as purging
from capture.outbox.batch import MOST, Batch, read_body, write_body
from capture.outbox.database import Database
from capture.outbox.entry import Entry, not_recorded, parse_entry
from capture.outbox.purge import Purge
from productivity.errors import BadInput
from productivity.states import NOT_RECORDED

BUFFER_FULL = "buffer full"
"""The reason of time that the outbox had no room for."""

MOST_SETTLED = 500
"""Batches to be erased at the server whose names are kept, the newest; some 40 kB."""

DEFAULT_LIMIT = 256 * 1024 * 1024
"""Bytes; some two months of a station that changes its state every six seconds in two shifts."""


class Outbox:
    """See the module. May be used by several threads of one process; a context manager."""

    def __init__(self, path: Path, limit_bytes: int = DEFAULT_LIMIT) -> None:
        """Open or create, and finish interrupted purges; `BadInput` if another process has it."""
        self._database = Database(path, limit_bytes)
        self._boot = secrets.token_hex(16)
        self._next = 0
        try:
            purging.finish(self._database)
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def boot(self) -> str:
        """The name of this opening, 32 hexadecimal digits."""
        return self._boot

    def close(self) -> None:
        """Close; everything stays for the next opening."""
        self._database.close()

    def put(self, entries: Sequence[Entry]) -> None:
        """Keep entries, in time order per session and station; durable when this returns.

        Raises `OutboxUnwritable` if the disk refuses: nothing was kept then.
        """
        if len(entries) > MOST:
            raise BadInput("entries put at once", expected=f"at most {MOST}", found=str(len(entries)))
        with self._database.transaction() as connection:
            for entry in entries:
                if self._database.room():
                    _insert(connection, entry)
                else:
                    _say_full(connection, entry)

    def waiting(self) -> int:
        """Return how many entries wait, with and without a number."""
        with self._database.transaction() as connection:
            found: int = connection.execute(
                "SELECT (SELECT count(*) FROM entry) + (SELECT coalesce(sum(entries), 0) FROM batch)"
            ).fetchone()[0]
        return found

    def next_batch(
        self, device: str, *, skipping: Collection[tuple[str, int]] = frozenset(), most: int = MOST
    ) -> Batch | None:
        """Return the oldest batch that is not skipped, giving waiting entries a number if there is none.

        `device` is the name under which the server knows this device. None if nothing waits.
        """
        with self._database.transaction() as connection:
            keys = connection.execute("SELECT boot, sequence FROM batch ORDER BY id").fetchall()
            oldest = next((key for key in keys if key not in skipping), None)
            batch = self._number(connection, device, most) if oldest is None else _find(connection, oldest)
        if oldest is None and batch is not None:
            self._next = batch.sequence + 1  # only now: a number that was not committed must not be missing
        return batch

    def acknowledge(self, batch: Batch) -> bool:
        """Delete a batch that the server has committed; False if its content was purged meanwhile."""
        with self._database.transaction() as connection:
            kept = _find(connection, batch.key)
            if kept.digest != batch.digest:
                return False
            connection.execute("DELETE FROM batch WHERE boot = ? AND sequence = ?", batch.key)
            return True

    def settle(self, batch: Batch) -> None:
        """Delete a purged batch whose original the server already holds; it is counted, and told by name."""
        if not batch.purged:
            raise BadInput("batch was not purged", expected="a batch that the server can acknowledge")
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM batch WHERE boot = ? AND sequence = ?", batch.key)
            connection.execute(
                "INSERT INTO fact VALUES ('purged too late', '1')"
                " ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)"
            )
            row = connection.execute("SELECT value FROM fact WHERE name = 'settled'").fetchone()
            settled = [*json.loads(row[0] if row else "[]"), (read_body(batch.body)[0], *batch.key)]
            _keep_fact(connection, "settled", json.dumps(settled[-MOST_SETTLED:]))

    def refuse(self, batch: Batch, status: int) -> None:
        """Remember for the operator that the server refused a batch; the batch stays."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE batch SET refused = ? WHERE boot = ? AND sequence = ?", (status, *batch.key)
            )

    def tell(self, condition: str) -> None:
        """Keep in words how sending goes, for `fairtakt edge status`."""
        self._keep_fact("condition", condition)

    def tell_reporting(self, fault: str) -> None:
        """Keep in words what keeps reports from being made, or that nothing does: ""."""
        self._keep_fact("reporting", fault)

    def purge(self, what: Purge) -> int:
        """Replace everything that matches by *not recorded*; return how many entries were replaced.

        When it returns, no byte of them is left in the files. It survives a crash: the next opening goes on
        with it. Call it once nothing more of the matching time can be put.
        """
        return purging.purge(self._database, what)

    def _keep_fact(self, name: str, value: str) -> None:
        with self._database.transaction() as connection:
            _keep_fact(connection, name, value)

    def _number(self, connection: sqlite3.Connection, device: str, most: int) -> Batch | None:
        rows = connection.execute("SELECT id, body FROM entry ORDER BY id LIMIT ?", (most,)).fetchall()
        if not rows:
            return None
        entries = [parse_entry(body) for _, body in rows]
        batch = Batch(self._boot, self._next, write_body(device, self._boot, self._next, entries))
        connection.execute("DELETE FROM entry WHERE id <= ?", (rows[-1][0],))
        connection.execute(
            "INSERT INTO batch (boot, sequence, entries, body) VALUES (?, ?, ?, ?)",
            (*batch.key, len(entries), batch.body),
        )
        return batch


def _insert(connection: sqlite3.Connection, entry: Entry) -> None:
    connection.execute(
        "INSERT INTO entry (session, station, body) VALUES (?, ?, ?)",
        (entry.session, entry.station, entry.text()),
    )


def _keep_fact(connection: sqlite3.Connection, name: str, value: str) -> None:
    connection.execute(
        "INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def _say_full(connection: sqlite3.Connection, entry: Entry) -> None:
    """Let the entry's time be *not recorded*: one row for all of it, as long as that row has no number."""
    last = connection.execute(
        "SELECT id, body FROM entry WHERE session = ? AND station = ? ORDER BY id DESC LIMIT 1",
        (entry.session, entry.station),
    ).fetchone()
    gap = None if last is None else parse_entry(last[1])
    if gap is None or gap.state != NOT_RECORDED or gap.reason != BUFFER_FULL:
        _insert(connection, not_recorded(entry, entry.duration_ns, BUFFER_FULL))
        return
    grown = not_recorded(gap, gap.duration_ns + entry.duration_ns, BUFFER_FULL)
    connection.execute("UPDATE entry SET body = ? WHERE id = ?", (grown.text(), last[0]))


def _find(connection: sqlite3.Connection, key: tuple[str, int]) -> Batch:
    row = connection.execute("SELECT body, purged FROM batch WHERE boot = ? AND sequence = ?", key).fetchone()
    if row is None:
        raise BadInput("no such batch", expected="one that waits", found=f"number {key[1]}")
    return Batch(*key, body=row[0], purged=bool(row[1]))
