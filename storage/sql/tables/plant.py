"""How a plant is divided, when it works, and what its stations record."""

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

place = Table(  # an area, or a cell within an area
    "place",
    metadata,
    Column("id", ID, primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("parent_id", ForeignKey("place.id")),  # null for an area
    Column("name", String(NAME_CHARACTERS), nullable=False),
    UniqueConstraint("site_id", "name"),
)

placement = Table(  # in which cell a station is
    "placement",
    metadata,
    Column("station_id", ForeignKey("station.id"), primary_key=True),
    Column("place_id", ForeignKey("place.id"), nullable=False),
)

shift = Table(
    "shift",
    metadata,
    Column("id", ID, primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("name", String(NAME_CHARACTERS), nullable=False),
    Column("start_ms", BigInteger, nullable=False),
    Column("end_ms", BigInteger, nullable=False),
    UniqueConstraint("site_id", "start_ms"),
)

station_file = Table(  # each writing is a revision; the newest published one is what devices fetch
    "station_file",
    metadata,
    Column("id", ID, primary_key=True),
    Column("station_id", ForeignKey("station.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("account_id", ForeignKey("account.id")),
    Column("written_ms", BigInteger, nullable=False),
    Column("published_ms", BigInteger),
    UniqueConstraint("station_id", "revision"),
)
