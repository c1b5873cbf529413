"""Sites, one-time enrolment codes, and the devices that they let in."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, insert, select, update

from productivity.errors import BadInput
from storage.sql.database import Database
from storage.sql.dialects import insert_new
from storage.sql.records import CodeRefused, NameTaken, UnknownDevice
from storage.sql.tables import NAME_CHARACTERS, device, enrolment_code, site

_CODE_BYTES = 16
"""128 random bits: nobody guesses a code, so a plain hash of it may be stored."""
HOUR_MS = 3_600_000
_KEY = select(device.c.key).where(device.c.name == bindparam("name"), device.c.retired_ms.is_(None))
MAX_CODE_HOURS = 24 * 7


def add_code(database: Database, site_name: str, time_zone: str, *, hours: int, at_ms: int) -> str:
    """Return a new code that enrols one device at a site within some hours; only its hash is kept.

    A site that is not known yet is made. Raises `BadInput` for a name that is none, for an unknown time zone,
    and for a time zone other than the one that the site has.
    """
    if not 1 <= len(site_name) <= NAME_CHARACTERS or not site_name.isprintable():
        raise BadInput("site has no usable name", expected=f"1 to {NAME_CHARACTERS} printable characters")
    if not 1 <= hours <= MAX_CODE_HOURS:
        raise BadInput("code is valid too long or not at all", expected=f"1 to {MAX_CODE_HOURS} hours")
    try:
        ZoneInfo(time_zone)
    except (ValueError, OSError, KeyError):
        raise BadInput("unknown time zone", expected="a name such as Europe/Berlin") from None
    code = secrets.token_hex(_CODE_BYTES)
    with database.writing() as connection:
        insert_new(connection, site, {"name": site_name, "time_zone": time_zone})
        known = connection.execute(select(site).where(site.c.name == site_name)).one()
        if known.time_zone != time_zone:
            raise BadInput(
                "site has another time zone", where=site_name, expected=known.time_zone, found=time_zone
            )
        row = {"site_id": known.id, "digest": _digest(code), "expires_ms": at_ms + hours * HOUR_MS}
        connection.execute(insert(enrolment_code).values(row))
    return code


def enrol(database: Database, code: str, name: str, key: str, at_ms: int) -> None:
    """Take a device in and use the code up, both or neither; again for the same key, nothing is doubled.

    The answer to the first time may have been lost: the code that took a device in, or a new one of its site,
    lets the same name with the same key through again.
    Raises `CodeRefused`, and only to the holder of a good code `NameTaken`; then the code stays usable.
    """
    with database.writing() as connection:
        valid = connection.execute(select(enrolment_code).where(enrolment_code.c.expires_ms > at_ms)).all()
        # All are compared, each in constant time: how long it takes tells nothing about any of them.
        digest = _digest(code)
        fitting = [row for row in valid if hmac.compare_digest(row.digest, digest)]
        if not fitting:
            raise CodeRefused
        row = {"site_id": fitting[0].site_id, "name": name, "key": key, "enrolled_ms": at_ms}
        enrolled_ms = _enrolled_ms(connection, row)
        if enrolled_ms is not None and fitting[0].used_ms == enrolled_ms:
            return
        used = connection.execute(
            update(enrolment_code)
            .where(enrolment_code.c.id == fitting[0].id, enrolment_code.c.used_ms.is_(None))
            .values(used_ms=at_ms if enrolled_ms is None else enrolled_ms)  # by it a code knows its device
        )
        if used.rowcount != 1:  # used for another device, or by somebody else between the two statements
            raise CodeRefused
        if enrolled_ms is None and insert_new(connection, device, row) is None:
            raise NameTaken


def retire(database: Database, name: str, at_ms: int) -> None:
    """Take no more from a device; what it delivered stays, its name is not free. Raises `UnknownDevice`."""
    with database.writing() as connection:
        known = device.c.name == name
        done = connection.execute(
            update(device).where(known, device.c.retired_ms.is_(None)).values(retired_ms=at_ms)
        )
        if done.rowcount != 1 and connection.execute(select(device.c.id).where(known)).scalar() is None:
            raise UnknownDevice


def key_of(database: Database, name: str) -> str | None:
    """Return a device's verifier key, or None if it is not enrolled, or retired."""
    with database.reading() as connection:
        return connection.execute(_KEY, {"name": name}).scalar()


def _enrolled_ms(connection: Connection, row: Mapping[str, object]) -> int | None:
    """Return since when the site has this very device, name and key; None if not, or if it was retired."""
    same = [device.c[name] == row[name] for name in ("site_id", "name", "key")]
    return connection.execute(
        select(device.c.enrolled_ms).where(*same, device.c.retired_ms.is_(None))
    ).scalar()


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
