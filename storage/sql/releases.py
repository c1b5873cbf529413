"""Released tables as they are kept: text that this room does not read, and what the log says of it.

A row is written before the log's entry and never changed. Whether it is a release is for the log to say.
"""

import hashlib
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from productivity.errors import BadInput
from storage.sql.database import Database
from storage.sql.lookup import find_site
from storage.sql.plant import hold_site
from storage.sql.tables import release


@dataclass(frozen=True, slots=True)
class KeptRelease:
    """A row. `digest` is the SHA-256 that was written with the content; `at_ms` when it was prepared."""

    identifier: str
    account_id: int
    at_ms: int
    agreement: str
    name: str
    content: str
    digest: bytes
    smallest_group: int
    cells: int
    suppressed: int

    @property
    def intact(self) -> bool:
        """Whether the content is the one that was written."""
        return digest_of(self.content) == self.digest


class Overtaken(BadInput):
    """Another release was kept since the earlier ones were read: this one was not checked against it."""


def digest_of(content: str) -> bytes:
    """Return the SHA-256 of a content."""
    return hashlib.sha256(content.encode()).digest()


def keep_release(database: Database, site_name: str, row: KeptRelease, *, after: int) -> None:
    """Keep a release that was checked against the `after` that the site had before; durable on return.

    Raises `Overtaken` if there are others by now, and `NoSuch` for an unknown site.
    """
    with database.writing() as connection:
        site_id = hold_site(connection, site_name)
        known = connection.execute(
            select(func.count()).select_from(release).where(release.c.site_id == site_id)
        ).scalar_one()
        if known != after:
            raise Overtaken("another table was released meanwhile", expected="a new check against all")
        connection.execute(
            insert(release).values(
                site_id=site_id,
                identifier=row.identifier,
                account_id=row.account_id,
                at_ms=row.at_ms,
                agreement=row.agreement,
                name=row.name,
                content=row.content,
                digest=row.digest,
                smallest_group=row.smallest_group,
                cells=row.cells,
                suppressed=row.suppressed,
            )
        )


def drop_release(database: Database, identifier: str) -> None:
    """Forget what the log has refused for good; requires that no entry names it."""
    with database.writing() as connection:
        connection.execute(delete(release).where(release.c.identifier == identifier))


def kept_releases(database: Database, site_name: str) -> list[KeptRelease]:
    """Return all of a site, oldest first. Raises `NoSuch`."""
    with database.snapshot() as connection:
        site_id = find_site(connection, site_name).id
        rows = connection.execute(
            select(release).where(release.c.site_id == site_id).order_by(release.c.id)
        ).all()
    return [
        KeptRelease(
            row.identifier,
            row.account_id,
            row.at_ms,
            row.agreement,
            row.name,
            row.content,
            bytes(row.digest),
            row.smallest_group,
            row.cells,
            row.suppressed,
        )
        for row in rows
    ]
