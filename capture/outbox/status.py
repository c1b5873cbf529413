"""What stands in an outbox, read beside the process that writes it: numbers only, nothing of the content."""

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from productivity.errors import BadInput


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """`waiting` entries have no number yet; `batches` have one and are not acknowledged.

    `refused`: batches that the server would not take, with a status; they stay. `purged_too_late`: purged
    batches whose original the server already had, and `settled` the newest of them: device, boot, number.
    `purges_open`: purges that a crash interrupted and the next
    opening completes. `bytes` on disk. `condition`: in words how sending goes, empty if it never ran.
    `reporting`: a fault that keeps reports from being made, empty if there is none.
    """

    waiting: int
    batches: int
    entries_in_batches: int
    refused: int
    purged_too_late: int
    settled: tuple[tuple[str, str, int], ...]
    purges_open: int
    bytes: int
    condition: str
    reporting: str


def read_status(path: Path) -> OutboxStatus:
    """Read it without writing and without waiting for anybody; `BadInput` if there is no outbox."""
    if not path.is_file():
        raise BadInput("no outbox", where=str(path), expected="what a recorder or sender has opened")
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)
        try:
            connection.execute("BEGIN")  # all numbers of one moment
            waiting = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
            batches, entries, refused = connection.execute(
                "SELECT count(*), coalesce(sum(entries), 0), count(refused) FROM batch"
            ).fetchone()
            purges = connection.execute("SELECT count(*) FROM purge").fetchone()[0]
            facts = dict(connection.execute("SELECT name, value FROM fact").fetchall())
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise BadInput(f"outbox cannot be read: {error}", where=str(path)) from None
    return OutboxStatus(
        waiting=waiting,
        batches=batches,
        entries_in_batches=entries,
        refused=refused,
        purged_too_late=int(facts.get("purged too late", 0)),
        settled=tuple(tuple(one) for one in json.loads(facts.get("settled", "[]"))),
        purges_open=purges,
        bytes=sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*")),
        condition=facts.get("condition", ""),
        reporting=facts.get("reporting", ""),
    )


NOTHING = OutboxStatus(0, 0, 0, 0, 0, (), 0, 0, "", "")
"""Of an outbox that nobody has opened yet."""
