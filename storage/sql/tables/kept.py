"""What became of closed shifts, what was deleted, what was released, and what a restore lost."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.sql.tables.base import ID, NAME_CHARACTERS, metadata

seal = Table(  # a closed shift whose durations stand in the sealed data, without clock time
    "seal",
    metadata,
    Column("id", ID, primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("start_ms", BigInteger, nullable=False),  # of the shift
    Column("end_ms", BigInteger, nullable=False),
    Column("month", String(7), nullable=False),  # of the site's calendar, such as 2026-11
    Column("sealed_ms", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("path", String(400), nullable=False),  # below the directory of sealed data
    Column("digest", LargeBinary(32), nullable=False),  # SHA-256 of the file
    UniqueConstraint("path"),
)

deletion = Table(  # what was deleted at the end of its retention
    "deletion",
    metadata,
    Column("id", ID, primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("what", String(40), nullable=False),
    Column("before_ms", BigInteger, nullable=False),  # older than that
    Column("rows", BigInteger, nullable=False),
)

release = Table(
    "release",
    metadata,
    Column("id", ID, primary_key=True),
    Column("identifier", String(32), nullable=False, unique=True),  # as the log names it
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("agreement", String(64), nullable=False),
    Column("name", String(NAME_CHARACTERS), nullable=False),
    Column("content", Text, nullable=False),  # JSON: the table, its rules and what was hidden
    Column("digest", LargeBinary(32), nullable=False),
    Column("smallest_group", Integer, nullable=False),
    Column("cells", Integer, nullable=False),
    Column("suppressed", Integer, nullable=False),
)

restoration = Table(  # these tables came from a backup: what was received between the two times is lost
    "restoration",
    metadata,
    Column("id", ID, primary_key=True),
    Column("taken_ms", BigInteger, nullable=False),
    Column("restored_ms", BigInteger, nullable=False),
    Column("last_batch", BigInteger, nullable=False),  # batches with a greater number came afterwards
)
