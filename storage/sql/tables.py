"""The tables, as the newest migration leaves them. No row names a person.

Times are UTC milliseconds, durations nanoseconds, both as 64-bit integers. Boot and session identifiers are
the 16 bytes that the wire spells as 32 hexadecimal digits.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

NAME_CHARACTERS = 200
"""Longest name of a site, station, device or state, and longest reason; what the wire allows."""

metadata = MetaData(
    naming_convention={  # a name for each constraint, so that later migrations can speak of it
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite numbers rows by itself only where the key's type is spelled INTEGER; there that has 64 bits too.
_ID = BigInteger().with_variant(Integer, "sqlite")

site = Table(
    "site",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", String(NAME_CHARACTERS), nullable=False, unique=True),
    Column("time_zone", String(64), nullable=False),
)

station = Table(
    "station",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("name", String(NAME_CHARACTERS), nullable=False),
    UniqueConstraint("site_id", "name"),
)

device = Table(
    "device",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("name", String(NAME_CHARACTERS), nullable=False, unique=True),
    Column("key", String(400), nullable=False),  # C2SP verifier key
    Column("enrolled_ms", BigInteger, nullable=False),
)

enrolment_code = Table(
    "enrolment_code",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("digest", LargeBinary(32), nullable=False, unique=True),  # SHA-256; the code itself is nowhere
    Column("expires_ms", BigInteger, nullable=False),
    Column("used_ms", BigInteger),
)

batch = Table(
    "batch",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("device_id", ForeignKey("device.id"), nullable=False),
    Column("boot", LargeBinary(16), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),  # SHA-256 of the body as it came
    Column("received_ms", BigInteger, nullable=False),
    UniqueConstraint("device_id", "boot", "sequence"),  # what makes a replay harmless
)

interval = Table(
    "interval",
    metadata,
    Column("batch_id", ForeignKey("batch.id"), primary_key=True),
    Column("position", SmallInteger, primary_key=True),  # place within the batch
    Column("station_id", ForeignKey("station.id"), nullable=False),
    Column("session", LargeBinary(16), nullable=False),
    Column("ordinal", BigInteger, nullable=False),
    Column("state", String(NAME_CHARACTERS), nullable=False),
    Column("category", String(20)),
    Column("start_ms", BigInteger, nullable=False),
    Column("duration_ns", BigInteger, nullable=False),
    Column("confidence", SmallInteger, nullable=False),  # thousandths
    Column("cycle", BigInteger),
    Column("reason", String(NAME_CHARACTERS)),
    Index(None, "station_id", "start_ms"),
)
