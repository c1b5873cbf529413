"""Sites, stations, devices, and what devices send."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.sql.tables.base import ID, LONG_NS, NAME_CHARACTERS, metadata, only_where

site = Table(
    "site",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", String(NAME_CHARACTERS), nullable=False, unique=True),
    Column("time_zone", String(64), nullable=False),
)

station = Table(
    "station",
    metadata,
    Column("id", ID, primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("name", String(NAME_CHARACTERS), nullable=False),
    UniqueConstraint("site_id", "name"),
)

device = Table(
    "device",
    metadata,
    Column("id", ID, primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("name", String(NAME_CHARACTERS), nullable=False, unique=True),
    Column("key", String(400), nullable=False),  # C2SP verifier key
    Column("enrolled_ms", BigInteger, nullable=False),
    Column("retired_ms", BigInteger),  # sends no more from then on
)

enrolment_code = Table(
    "enrolment_code",
    metadata,
    Column("id", ID, primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("digest", LargeBinary(32), nullable=False, unique=True),  # SHA-256; the code itself is nowhere
    Column("expires_ms", BigInteger, nullable=False),
    Column("used_ms", BigInteger),
)

batch = Table(
    "batch",
    metadata,
    Column("id", ID, primary_key=True),
    Column("device_id", ForeignKey("device.id"), nullable=False),
    Column("boot", LargeBinary(16), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),  # SHA-256 of the body as it came
    Column("received_ms", BigInteger, nullable=False),  # the day: the minute tells when an interval ended
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
    Column("seal_id", BigInteger),  # the seal that took it into the sealed data; null while it is open
    Index(None, "station_id", "start_ms"),
)
# Sealing finds what is open among what is not, a span finds the few that reach into it from long before.
Index(
    "ix_interval_open", interval.c.station_id, interval.c.start_ms, **only_where(interval.c.seal_id.is_(None))
)
Index(
    "ix_interval_long",
    interval.c.station_id,
    interval.c.start_ms,
    **only_where(interval.c.duration_ns > LONG_NS),
)

device_report = Table(
    "device_report",
    metadata,
    Column("device_id", ForeignKey("device.id"), primary_key=True),
    Column("received_ms", BigInteger, nullable=False),
    Column("created_s", BigInteger, nullable=False),  # of the signature: an older report changes nothing
    Column("waiting", BigInteger, nullable=False),  # intervals in its outbox
    Column("condition", String(NAME_CHARACTERS), nullable=False),
    Column("lights", Text, nullable=False),  # JSON: what each of its stations does now
)
