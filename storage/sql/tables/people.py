"""Accounts, how they sign in, and what the log's entries about them are opened with.

An account is an office or a terminal, and need not bear a name. Secrets stand here as hashes, or sealed with
the server's secret, which no backup holds.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
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

from storage.sql.tables.base import ID, NAME_CHARACTERS, metadata

account = Table(
    "account",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", String(NAME_CHARACTERS), nullable=False),
    Column("folded", String(NAME_CHARACTERS), nullable=False, unique=True),  # the name, as names are compared
    Column("role", String(20), nullable=False),
    Column("station_id", ForeignKey("station.id")),  # of a terminal
    Column("password", String(NAME_CHARACTERS)),  # argon2id; null for who signs in otherwise
    Column("totp", LargeBinary(200)),  # sealed
    Column("totp_step", BigInteger),  # the last that was used: no code counts twice
    Column("issuer", String(400)),  # OpenID Connect
    Column("subject", String(400)),
    Column("mapped", Boolean, nullable=False),  # its role is what the identity provider says at each sign-in
    Column("created_ms", BigInteger, nullable=False),
    Column("disabled_ms", BigInteger),
    UniqueConstraint("issuer", "subject"),
)

attempt = Table(  # failed sign-ins in a row, by the name that was typed, whether or not anybody has it
    "attempt",
    metadata,
    Column("id", ID, primary_key=True),
    Column("digest", LargeBinary(32), nullable=False, unique=True),  # keyed: people type passwords as names
    Column("failures", SmallInteger, nullable=False),
    Column("last_ms", BigInteger, nullable=False),
    Column("locked_until_ms", BigInteger),
    Index(None, "last_ms"),
)

invitation = Table(  # a one-time code with which an account gets its password
    "invitation",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),  # SHA-256; the code itself is nowhere
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
)

passkey = Table(
    "passkey",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("credential", LargeBinary(1024), nullable=False, unique=True),
    Column("public_key", LargeBinary(2048), nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("label", String(NAME_CHARACTERS), nullable=False),
    Column("added_ms", BigInteger, nullable=False),
    Column("used_ms", BigInteger),
)

login = Table(  # who is signed in; a session in these tables is a recording
    "login",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),  # SHA-256 of what the browser holds
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("second_factor", Boolean, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("seen_ms", BigInteger, nullable=False),
    Index(None, "account_id"),
)

access_view = Table(  # opens the commitments of access.viewed entries; without its salt one says nothing
    "access_view",
    metadata,
    Column("commitment", LargeBinary(32), primary_key=True),
    Column("salt", LargeBinary(32)),  # null once it is erased
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("view", String(40), nullable=False),
    Column("station_id", ForeignKey("station.id")),
)

stop_order = Table(  # suspensions that the council signed beforehand
    "stop_order",
    metadata,
    Column("id", ID, primary_key=True),
    Column("agreement", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("digest", LargeBinary(32), nullable=False, unique=True),
    Column("deposited_ms", BigInteger, nullable=False),
    Column("used_ms", BigInteger),
)
