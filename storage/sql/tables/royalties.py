"""Uses of motion, models, and the royalty ledger. Workers are pseudonyms; names lie in a file of its own.

A use changes its state; all that follows it is appended and never changed: the database itself refuses
updates, deletions and replacements in those tables (`storage.sql.migrations`, 0003). Amounts are minor units.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.sql.tables.base import ID, NAME_CHARACTERS, metadata

_IDENTIFIER = String(32)
"""Sixteen bytes in hexadecimal digits, as the log spells them."""

motion_use = Table(  # the way of a use, from its request to its bookings
    "motion_use",
    metadata,
    Column("id", ID, primary_key=True),
    Column("use", _IDENTIFIER, nullable=False, unique=True),
    Column("state", String(20), nullable=False),
    Column("purpose", String(80), nullable=False),
    Column("licensee", String(NAME_CHARACTERS)),  # null: the plant itself
    Column("account_id", ForeignKey("account.id")),  # who asked for it
    Column("agreement", String(64), nullable=False),  # its hash: the version of the rate card
    Column("terms", String(64), nullable=False),  # SHA-256 of the text; what the log names
    Column("terms_text", Text, nullable=False),
    Column("unit", String(40), nullable=False),
    Column("quantity", BigInteger, nullable=False),  # milliseconds, models or minor units, by the unit
    Column("segments", Text, nullable=False),  # JSON: segment, pseudonym, milliseconds, weight
    Column("format", String(20), nullable=False),  # of its export
    Column("model", String(64)),  # hash of the model that it trains
    Column("log_index", BigInteger),  # of motion.used
    Column("export_hash", String(64)),
    Column("export_path", String(400)),  # below the directory of exports
    Column("created_ms", BigInteger, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),  # when it came into this state
    Column("expires_ms", BigInteger),  # of its downloads
    Index(None, "state"),
)

trained_model = Table(  # models that were trained on uses; what was registered stays
    "trained_model",
    metadata,
    Column("id", ID, primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("uses", Text, nullable=False),  # JSON
    Column("account_id", ForeignKey("account.id")),  # who registered it
    Column("registered_ms", BigInteger, nullable=False),
)

royalty_price = Table(  # how a use was priced: what statements show of it
    "royalty_price",
    metadata,
    Column("id", ID, primary_key=True),
    Column("use", _IDENTIFIER, nullable=False),
    Column("number", Integer, nullable=False),  # 0; further prices of a use: later revenue, corrections
    Column("content", Text, nullable=False),  # canonical JSON
    UniqueConstraint("use", "number"),
)

royalty_entry = Table(
    "royalty_entry",
    metadata,
    Column("id", ID, primary_key=True),  # the order of the journal
    Column("entry", _IDENTIFIER, nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("booking", _IDENTIFIER, nullable=False),  # which it is about; an accrual is its own
    Column("use", _IDENTIFIER, nullable=False),
    Column("number", Integer, nullable=False),  # of the price
    Column("log_index", BigInteger, nullable=False),  # of the use
    Column("currency", String(3), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("payout", _IDENTIFIER),
    Index(None, "use"),
    Index(None, "booking"),
    Index(  # a booking is accrued, corrected, paid and settled once at most
        "uq_royalty_entry_booking_kind",
        "booking",
        "kind",
        unique=True,
        sqlite_where=text("kind <> 'carried over'"),
        postgresql_where=text("kind <> 'carried over'"),
    ),
)

royalty_post = Table(
    "royalty_post",
    metadata,
    Column("entry_id", ForeignKey("royalty_entry.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("account", String(NAME_CHARACTERS), nullable=False),
    Column("amount", BigInteger, nullable=False),  # debit above zero, credit below
    Index(None, "account"),
)

royalty_payout = Table(  # opens the commitments of royalty.paid entries
    "royalty_payout",
    metadata,
    Column("id", ID, primary_key=True),
    Column("payout", _IDENTIFIER, nullable=False, unique=True),
    Column("run", _IDENTIFIER, nullable=False),
    Column("pseudonym", String(34), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("content", Text, nullable=False),  # canonical JSON: what the commitment is to
    Column("salt", LargeBinary(32), nullable=False),
    Index(None, "run"),
)

royalty_logged = Table(  # which bookings, corrections and payouts stand in the log, and where
    "royalty_logged",
    metadata,
    Column("identifier", _IDENTIFIER, primary_key=True),
    Column("log_index", BigInteger, nullable=False),
)

royalty_dispute = Table(  # a worker says that a booking is wrong
    "royalty_dispute",
    metadata,
    Column("id", ID, primary_key=True),
    Column("dispute", _IDENTIFIER, nullable=False, unique=True),
    Column("booking", _IDENTIFIER, nullable=False),
    Column("pseudonym", String(34), nullable=False),
    Column("reason", String(80), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Index(None, "pseudonym"),
)

royalty_answer = Table(  # one to each dispute
    "royalty_answer",
    metadata,
    Column("dispute", ForeignKey("royalty_dispute.dispute"), primary_key=True),
    Column("outcome", String(20), nullable=False),
    Column("reason", String(80)),  # of a rejection
    Column("correction", _IDENTIFIER),  # the entry that reverses the booking
    Column("at_ms", BigInteger, nullable=False),
)

APPEND_ONLY = (
    royalty_price,
    royalty_entry,
    royalty_post,
    royalty_payout,
    royalty_logged,
    royalty_dispute,
    royalty_answer,
)
"""Tables whose rows stay as they were written."""
