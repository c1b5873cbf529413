"""Uses of motion, and the royalty ledger: the database refuses to change or delete its rows."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")

_APPEND_ONLY = {
    "royalty_price": ("id", "use, number"),
    "royalty_entry": ("id", "entry", "booking, kind"),
    "royalty_post": ("entry_id, position",),
    "royalty_payout": ("id", "payout"),
    "royalty_logged": ("identifier",),
    "royalty_dispute": ("id", "dispute"),
    "royalty_answer": ("dispute",),
}
"""Tables, and what there is once in each."""


def upgrade() -> None:
    """Make the tables and what guards them."""
    op.create_table(
        "motion_use",
        sa.Column("id", _ID, nullable=False),
        sa.Column("use", sa.String(32), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("purpose", sa.String(80), nullable=False),
        sa.Column("licensee", sa.String(200)),
        sa.Column("account_id", _ID),
        sa.Column("agreement", sa.String(64), nullable=False),
        sa.Column("terms", sa.String(64), nullable=False),
        sa.Column("terms_text", sa.Text, nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("quantity", sa.BigInteger, nullable=False),
        sa.Column("segments", sa.Text, nullable=False),
        sa.Column("format", sa.String(20), nullable=False),
        sa.Column("model", sa.String(64)),
        sa.Column("log_index", sa.BigInteger),
        sa.Column("export_hash", sa.String(64)),
        sa.Column("export_path", sa.String(400)),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("changed_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_ms", sa.BigInteger),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_motion_use_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_motion_use"),
        sa.UniqueConstraint("use", name="uq_motion_use_use"),
    )
    op.create_index("ix_motion_use_state", "motion_use", ["state"], unique=False)
    op.create_table(
        "trained_model",
        sa.Column("id", _ID, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("uses", sa.Text, nullable=False),
        sa.Column("account_id", _ID),
        sa.Column("registered_ms", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_trained_model_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_trained_model"),
        sa.UniqueConstraint("sha256", name="uq_trained_model_sha256"),
    )
    op.create_table(
        "royalty_price",
        sa.Column("id", _ID, nullable=False),
        sa.Column("use", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_royalty_price"),
        sa.UniqueConstraint("use", "number", name="uq_royalty_price_use_number"),
    )
    op.create_table(
        "royalty_entry",
        sa.Column("id", _ID, nullable=False),
        sa.Column("entry", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("booking", sa.String(32), nullable=False),
        sa.Column("use", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("log_index", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("payout", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_royalty_entry"),
        sa.UniqueConstraint("entry", name="uq_royalty_entry_entry"),
    )
    op.create_index("ix_royalty_entry_use", "royalty_entry", ["use"], unique=False)
    op.create_index("ix_royalty_entry_booking", "royalty_entry", ["booking"], unique=False)
    once = sa.text("kind <> 'carried over'")
    op.create_index(
        "uq_royalty_entry_booking_kind",
        "royalty_entry",
        ["booking", "kind"],
        unique=True,
        sqlite_where=once,
        postgresql_where=once,
    )
    op.create_table(
        "royalty_post",
        sa.Column("entry_id", _ID, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["royalty_entry.id"], name="fk_royalty_post_entry_id"),
        sa.PrimaryKeyConstraint("entry_id", "position", name="pk_royalty_post"),
    )
    op.create_index("ix_royalty_post_account", "royalty_post", ["account"], unique=False)
    op.create_table(
        "royalty_payout",
        sa.Column("id", _ID, nullable=False),
        sa.Column("payout", sa.String(32), nullable=False),
        sa.Column("run", sa.String(32), nullable=False),
        sa.Column("pseudonym", sa.String(34), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("salt", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_royalty_payout"),
        sa.UniqueConstraint("payout", name="uq_royalty_payout_payout"),
    )
    op.create_index("ix_royalty_payout_run", "royalty_payout", ["run"], unique=False)
    op.create_table(
        "royalty_logged",
        sa.Column("identifier", sa.String(32), nullable=False),
        sa.Column("log_index", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("identifier", name="pk_royalty_logged"),
    )
    op.create_table(
        "royalty_dispute",
        sa.Column("id", _ID, nullable=False),
        sa.Column("dispute", sa.String(32), nullable=False),
        sa.Column("booking", sa.String(32), nullable=False),
        sa.Column("pseudonym", sa.String(34), nullable=False),
        sa.Column("reason", sa.String(80), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_royalty_dispute"),
        sa.UniqueConstraint("dispute", name="uq_royalty_dispute_dispute"),
    )
    op.create_index("ix_royalty_dispute_pseudonym", "royalty_dispute", ["pseudonym"], unique=False)
    op.create_table(
        "royalty_answer",
        sa.Column("dispute", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(80)),
        sa.Column("correction", sa.String(32)),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["dispute"], ["royalty_dispute.dispute"], name="fk_royalty_answer_dispute"),
        sa.PrimaryKeyConstraint("dispute", name="pk_royalty_answer"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_REFUSE)
    for table, keys in _APPEND_ONLY.items():
        _guard(table, keys)


_REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % stay as they were written', TG_TABLE_NAME;
END $$
"""


def _guard(table: str, keys: tuple[str, ...]) -> None:
    if op.get_bind().dialect.name == "postgresql":
        # TRUNCATE fires no trigger of rows, so all three are refused by the statement.
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} stay as they were written'); END"
        )
    # INSERT OR REPLACE takes the old row away without firing a trigger of deletions.
    for number, key in enumerate(keys):
        names = key.split(", ")
        same = " AND ".join(f"there.{name} = NEW.{name}" for name in names)
        if "kind" in names:
            same += " AND there.kind <> 'carried over'"
        op.execute(
            f"CREATE TRIGGER {table}_no_replacement_{number} BEFORE INSERT ON {table} BEGIN "  # noqa: S608  # names of ours
            f"SELECT RAISE(ABORT, 'rows of {table} stay as they were written') "
            f"FROM {table} AS there WHERE {same}; END"
        )
