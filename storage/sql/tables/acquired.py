"""What comes otherwise than from a camera, what an engineer corrected, and what a period is measured by.

Days are the site's calendar days. People are counted and never named.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

from storage.sql.tables.base import ID, NAME_CHARACTERS, metadata, only_where

documented = Table(  # self-recording (SR) and operating and machine data (OMD)
    "documented",
    metadata,
    Column("id", ID, primary_key=True),
    Column("key", LargeBinary(16), nullable=False, unique=True),  # drawn by the sender: a replay is harmless
    Column("station_id", ForeignKey("station.id"), nullable=False),
    Column("mode", String(3), nullable=False),
    Column("state", String(NAME_CHARACTERS), nullable=False),
    Column("category", String(20), nullable=False),
    Column("start_ms", BigInteger, nullable=False),  # at the resolution that the agreement allows
    Column("duration_ns", BigInteger, nullable=False),
    Column("occurrences", Integer, nullable=False),
    Column("received_ms", BigInteger, nullable=False),  # the day, as of a batch
    Column("seal_id", BigInteger),
    Index(None, "station_id", "start_ms"),
)
Index(
    "ix_documented_open",
    documented.c.station_id,
    documented.c.start_ms,
    **only_where(documented.c.seal_id.is_(None)),
)

spent_key = Table(  # keys of documented rows that were deleted: a replay after that is harmless too
    "spent_key",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
)

revision = Table(  # what an engineer says that an interval was; the interval itself stays as it is
    "revision",
    metadata,
    Column("id", ID, primary_key=True),
    Column("batch_id", ForeignKey("batch.id"), nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("number", Integer, nullable=False),  # from 1; the highest counts
    Column("state", String(NAME_CHARACTERS), nullable=False),
    Column("category", String(20)),
    Column("reason", String(NAME_CHARACTERS), nullable=False),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    UniqueConstraint("batch_id", "position", "number"),
)

headcount = Table(  # how many people worked at a station on a day: what disclosure control counts
    "headcount",
    metadata,
    Column("station_id", ForeignKey("station.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("people", Integer, nullable=False),
)

output = Table(
    "output",
    metadata,
    Column("station_id", ForeignKey("station.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("variant", String(NAME_CHARACTERS), primary_key=True),  # empty: every variant
    Column("pieces", BigInteger, nullable=False),
    Column("batches", BigInteger, nullable=False),
    Column("shifts", BigInteger, nullable=False),
)

paid = Table(
    "paid",
    metadata,
    Column("station_id", ForeignKey("station.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("duration_ns", BigInteger, nullable=False),
)
