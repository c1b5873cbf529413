"""Deletes anew, after a restore, what had been deleted since: what is kept too long by the deletions noted.

Each note says up to when something was deleted, and when; the difference is how long a site keeps it. A
backup without notes says nothing about it, and then only the works agreement does.
"""

from pathlib import Path

from sqlalchemy import func, select

from storage.sealed.retention import Retained, retain
from storage.sql.database import Database
from storage.sql.retention import AGGREGATES, INTERVALS
from storage.sql.tables import deletion, site
from storage.sql.tables.base import DAY_MS

_NEVER = 36_500
"""Days: a hundred years. What nobody has deleted yet."""


def kept_days(database: Database) -> dict[str, tuple[int, int] | None]:
    """Return how many days each site keeps intervals and sealed durations by its notes; None: it has none."""
    since = func.max(deletion.c.at_ms)
    newest = select(deletion.c.site_id, deletion.c.what, since.label("at_ms")).group_by(
        deletion.c.site_id, deletion.c.what
    )
    noted = newest.subquery()
    wanted = (
        select(site.c.name, deletion.c.what, (deletion.c.at_ms - deletion.c.before_ms).label("kept_ms"))
        .join(site, site.c.id == deletion.c.site_id)
        .join(
            noted,
            (noted.c.site_id == deletion.c.site_id)
            & (noted.c.what == deletion.c.what)
            & (noted.c.at_ms == deletion.c.at_ms),
        )
    )
    with database.snapshot() as connection:
        found: dict[str, dict[str, int]] = {
            name: {} for name in connection.execute(select(site.c.name)).scalars()
        }
        for name, what, kept_ms in connection.execute(wanted):
            found[name][what] = min(found[name].get(what, _NEVER), kept_ms // DAY_MS)
    return {
        name: (days.get(INTERVALS, _NEVER), days.get(AGGREGATES, _NEVER))
        if days.keys() & {INTERVALS, AGGREGATES}
        else None
        for name, days in found.items()
    }


def retain_again(
    database: Database, data: Path, days: tuple[int, int] | None, now_ms: int
) -> dict[str, Retained | None]:
    """Delete what each site keeps too long: by `days` (intervals, sealed durations), else by its notes.

    None for a site that has neither. Raises `BadInput`.
    """
    done: dict[str, Retained | None] = {}
    for name, noted in kept_days(database).items():
        kept = days or noted
        done[name] = kept and retain(
            database,
            data / "sealed",
            name,
            intervals_days=max(1, kept[0]),
            aggregates_days=max(1, kept[1]),
            now_ms=now_ms,
        )
    return done
