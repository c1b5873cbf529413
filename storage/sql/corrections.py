"""What an engineer says that an interval was. Each correction is a revision; the original stays as it came.

A sealed interval cannot be corrected any more: its duration stands in the sealed data, which is never
rewritten, and a timeline that says something else than the totals would be wrong in one of the two.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, insert, select

from productivity.errors import BadInput
from productivity.states import RESERVED_STATES, StateCategory
from storage.sql.database import Database
from storage.sql.lookup import NoSuch
from storage.sql.tables import NAME_CHARACTERS, account, interval, revision, site, station


class Sealed(BadInput):
    """The interval has been sealed; it stays as it is."""


@dataclass(frozen=True, slots=True)
class IntervalId:
    """Which interval: `columns.batch` and `columns.position` of a timeline."""

    batch: int
    position: int


@dataclass(frozen=True, slots=True)
class Revision:
    """One correction. `account` is the name of the account that made it."""

    number: int
    state: str
    category: StateCategory | None
    reason: str
    account: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class History:
    """An interval as the device sent it, and its revisions, oldest first."""

    station: str
    state: str
    category: StateCategory | None
    start_ms: int
    duration_ns: int
    confidence: int
    reason: str | None
    sealed: bool
    revisions: tuple[Revision, ...]


def correct(
    database: Database,
    site_name: str,
    which: IntervalId,
    *,
    state: str,
    category: StateCategory | None,
    reason: str,
    account_id: int,
    at_ms: int,
) -> Revision:
    """Add a revision to an interval of a site and return it.

    `category` is None for *unknown* and *not recorded*, and for them only. Raises `NoSuch` for an interval
    that does not exist there (any more), `Sealed` for one that is sealed, and `BadInput` for other values.
    """
    _check(state, category, reason)
    with database.writing() as connection:
        # The row is held until commit: neither another revision nor a seal comes in between.
        row = connection.execute(
            select(interval.c.seal_id).where(*_is(site_name, which)).with_for_update()
        ).one_or_none()
        if row is None:
            raise NoSuch("interval does not exist any more")
        if row.seal_id is not None:
            raise Sealed("interval is sealed", expected="one of a shift that is not sealed yet")
        name = connection.execute(select(account.c.name).where(account.c.id == account_id)).scalar()
        if name is None:
            raise NoSuch("no such account")
        last = connection.execute(
            select(func.max(revision.c.number)).where(
                revision.c.batch_id == which.batch, revision.c.position == which.position
            )
        ).scalar()
        made = Revision((last or 0) + 1, state, category, reason, name, at_ms)
        values = {
            "batch_id": which.batch,
            "position": which.position,
            "number": made.number,
            "state": state,
            "category": category.value if category else None,
            "reason": reason,
            "account_id": account_id,
            "at_ms": at_ms,
        }
        connection.execute(insert(revision).values(values))
    return made


def history(database: Database, site_name: str, which: IntervalId) -> History:
    """Return what came from a station of a site and what was made of it. Raises `NoSuch`."""
    with database.snapshot() as connection:
        row = connection.execute(
            select(interval, station.c.name)
            .join(station, station.c.id == interval.c.station_id)
            .where(*_is(site_name, which))
        ).one_or_none()
        if row is None:
            raise NoSuch("interval does not exist any more")
        revisions = connection.execute(
            select(revision, account.c.name)
            .join(account, account.c.id == revision.c.account_id)
            .where(revision.c.batch_id == which.batch, revision.c.position == which.position)
            .order_by(revision.c.number)
        ).all()
    return History(
        station=row.name,
        state=row.state,
        category=StateCategory(row.category) if row.category else None,
        start_ms=row.start_ms,
        duration_ns=row.duration_ns,
        confidence=row.confidence,
        reason=row.reason,
        sealed=row.seal_id is not None,
        revisions=tuple(
            Revision(
                made.number,
                made.state,
                StateCategory(made.category) if made.category else None,
                made.reason,
                made.name,
                made.at_ms,
            )
            for made in revisions
        ),
    )


def _is(site_name: str, which: IntervalId) -> tuple[ColumnElement[bool], ...]:
    """Return the condition for an interval of a site: batches are numbered across all sites."""
    ours = select(station.c.id).join(site, site.c.id == station.c.site_id).where(site.c.name == site_name)
    return (
        interval.c.batch_id == which.batch,
        interval.c.position == which.position,
        interval.c.station_id.in_(ours),
    )


def _check(state: str, category: StateCategory | None, reason: str) -> None:
    for what, text in (("state", state), ("reason", reason)):
        if not 1 <= len(text) <= NAME_CHARACTERS or not text.isprintable() or not text.strip():
            raise BadInput(f"{what} of a correction", expected=f"1 to {NAME_CHARACTERS} printable characters")
    if (state in RESERVED_STATES) is not (category is None):
        raise BadInput(
            "category of a correction", expected="one, unless the state is unknown or not recorded"
        )
