"""Purging what a withdrawal or a suspension takes back, with nothing left of it in any file.

A purge is noted before it begins and struck out when it is complete, so a crash in between is made good at
the next opening. Entries are replaced by *not recorded* entries: one for each run in the same batch, or among
those without a number, of the same session and station, and as long as the run. So time adds up and no
number is missing at the server; what is left is that a session was there, and for how long.

A batch with a number may have reached the server already. Its replacement keeps the number and is marked:
if the server answers that it holds other content, that content came too early for this purge, and erasing
it is the server's part (`Outbox.settle`).
"""

from dataclasses import dataclass

from capture.outbox.batch import read_body, write_body
from capture.outbox.database import Database
from capture.outbox.entry import Entry, not_recorded, parse_entry
from productivity.errors import BadInput

_AT_ONCE = 500
"""Rows without a number that are looked at in one transaction: it bounds the write-ahead log."""


@dataclass(frozen=True, slots=True)
class Purge:
    """What to purge: a session, a station, or both; from `since_ms` (UTC) or an ordinal on, or all of it.

    `why` becomes the reason of the *not recorded* entries. `resolution_ms` is what starts were rounded to:
    an entry goes if it may reach beyond `since_ms`. Whoever has put the entries knows better, and names the
    first by its ordinal.
    """

    why: str
    session: str | None = None
    station: str | None = None
    since_ms: int | None = None
    resolution_ms: int = 1
    first_ordinal: int = 0

    def __post_init__(self) -> None:
        if self.session is None and self.station is None:
            raise BadInput("a purge of everything", expected="a session or a station")

    def covers(self, entry: Entry) -> bool:
        """Tell whether an entry has to go."""
        return (
            self.session in {None, entry.session}
            and self.station in {None, entry.station}
            and entry.ordinal >= self.first_ordinal
            and (self.since_ms is None or entry.latest_end_ms + self.resolution_ms > self.since_ms)
        )


def purge(database: Database, what: Purge) -> int:
    """Note, carry out and strike out one purge; return how many entries were replaced."""
    with database.transaction() as connection:
        cursor = connection.execute(
            "INSERT INTO purge (session, station, since_ms, resolution_ms, first_ordinal, why)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                what.session,
                what.station,
                what.since_ms,
                what.resolution_ms,
                what.first_ordinal,
                what.why,
            ),
        )
        number = cursor.lastrowid
    return _carry_out(database, number or 0, what)


def finish(database: Database) -> None:
    """Carry out what was noted and not struck out."""
    with database.transaction() as connection:
        rows = connection.execute(
            "SELECT id, why, session, station, since_ms, resolution_ms, first_ordinal FROM purge ORDER BY id"
        ).fetchall()
    for number, *fields in rows:
        _carry_out(database, number, Purge(*fields))


def _carry_out(database: Database, number: int, what: Purge) -> int:
    with database.alone():  # nothing gets a number between the two
        replaced = _purge_batches(database, what) + _purge_waiting(database, what)
        database.forget_log()  # before it is struck out: only then is it done
        with database.transaction() as connection:
            connection.execute("DELETE FROM purge WHERE id = ?", (number,))
    return replaced


def _purge_batches(database: Database, what: Purge) -> int:
    with database.transaction() as connection:
        numbers = [row[0] for row in connection.execute("SELECT id FROM batch")]
    return sum(_purge_batch(database, number, what) for number in numbers)


def _purge_batch(database: Database, number: int, what: Purge) -> int:
    with database.transaction() as connection:
        boot, sequence, body = connection.execute(
            "SELECT boot, sequence, body FROM batch WHERE id = ?", (number,)
        ).fetchone()
        device, entries = read_body(body)
        run = _Run(what)
        left = [entry for entry in entries if not run.takes(entry)]
        if not run.replaced:
            return 0
        left = sorted([*left, *run.gaps.values()], key=lambda entry: (entry.session, entry.ordinal))
        connection.execute(
            "UPDATE batch SET body = ?, entries = ?, purged = 1, refused = NULL WHERE id = ?",
            (write_body(device, boot, sequence, left), len(left), number),
        )
        return run.replaced


def _purge_waiting(database: Database, what: Purge) -> int:
    """Purge what has no number yet, a few rows at a time."""
    with database.transaction() as connection:
        places = connection.execute(
            "SELECT DISTINCT session, station FROM entry"
            " WHERE session = coalesce(?, session) AND station = coalesce(?, station)",
            (what.session, what.station),
        ).fetchall()
    return sum(_purge_place(database, place, what) for place in places)


def _purge_place(database: Database, place: tuple[str, str], what: Purge) -> int:
    run, after, row_of_gap = _Run(what), 0, 0
    while True:
        with database.transaction() as connection:
            rows = connection.execute(
                "SELECT id, body FROM entry WHERE session = ? AND station = ? AND id > ? ORDER BY id LIMIT ?",
                (*place, after, _AT_ONCE),
            ).fetchall()
            if not rows:
                return run.replaced
            after = rows[-1][0]
            taken = [number for number, body in rows if run.takes(parse_entry(body))]
            if taken:
                row_of_gap = row_of_gap or taken[0]
                gap = run.gaps[place].text()
                connection.executemany(
                    "DELETE FROM entry WHERE id = ?", [(number,) for number in taken if number != row_of_gap]
                )
                connection.execute("UPDATE entry SET body = ? WHERE id = ?", (gap, row_of_gap))


class _Run:
    """Turns entries that have to go into one gap for each session and station.

    From the first that is covered on, everything of that session and station is taken, so that what becomes
    one gap was one stretch of time.
    """

    def __init__(self, what: Purge) -> None:
        self._what = what
        self.gaps: dict[tuple[str, str], Entry] = {}
        self.replaced = 0

    def takes(self, entry: Entry) -> bool:
        """Tell whether the entry has to go; if so, its gap has grown by its time."""
        place = entry.session, entry.station
        gap = self.gaps.get(place)
        if gap is None and not self._what.covers(entry):
            return False
        first, before = (entry, 0) if gap is None else (gap, gap.duration_ns)
        self.gaps[place] = not_recorded(first, before + entry.duration_ns, self._what.why)
        self.replaced += self.gaps[place] != entry  # what an interrupted purge has replaced counts once
        return True
