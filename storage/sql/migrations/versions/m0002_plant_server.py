"""Accounts, the plant's division and calendar, other acquisition, corrections, seals and releases."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables; open ends for retired devices and sealed intervals."""
    op.create_table(
        "restoration",
        sa.Column("id", _ID, nullable=False),
        sa.Column("taken_ms", sa.BigInteger, nullable=False),
        sa.Column("restored_ms", sa.BigInteger, nullable=False),
        sa.Column("last_batch", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_restoration"),
    )
    op.create_table(
        "stop_order",
        sa.Column("id", _ID, nullable=False),
        sa.Column("agreement", sa.String(64), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("deposited_ms", sa.BigInteger, nullable=False),
        sa.Column("used_ms", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_stop_order"),
        sa.UniqueConstraint("digest", name="uq_stop_order_digest"),
    )
    op.create_table(
        "deletion",
        sa.Column("id", _ID, nullable=False),
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("before_ms", sa.BigInteger, nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_deletion_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deletion"),
    )
    op.create_table(
        "place",
        sa.Column("id", _ID, nullable=False),
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("parent_id", _ID),
        sa.Column("name", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["place.id"], name="fk_place_parent_id"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_place_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_place"),
        sa.UniqueConstraint("site_id", "name", name="uq_place_site_id_name"),
    )
    op.create_table(
        "seal",
        sa.Column("id", _ID, nullable=False),
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("start_ms", sa.BigInteger, nullable=False),
        sa.Column("end_ms", sa.BigInteger, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("sealed_ms", sa.BigInteger, nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("path", sa.String(400), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_seal_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_seal"),
        sa.UniqueConstraint("path", name="uq_seal_path"),
    )
    op.create_table(
        "shift",
        sa.Column("id", _ID, nullable=False),
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("start_ms", sa.BigInteger, nullable=False),
        sa.Column("end_ms", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_shift_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shift"),
        sa.UniqueConstraint("site_id", "start_ms", name="uq_shift_site_id_start_ms"),
    )
    op.create_table(
        "account",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("folded", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("station_id", _ID),
        sa.Column("password", sa.String(200)),
        sa.Column("totp", sa.LargeBinary(200)),
        sa.Column("totp_step", sa.BigInteger),
        sa.Column("issuer", sa.String(400)),
        sa.Column("subject", sa.String(400)),
        sa.Column("mapped", sa.Boolean, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("disabled_ms", sa.BigInteger),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name="fk_account_station_id"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("issuer", "subject", name="uq_account_issuer_subject"),
        sa.UniqueConstraint("folded", name="uq_account_folded"),
    )
    op.create_table(
        "attempt",
        sa.Column("id", _ID, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("failures", sa.SmallInteger, nullable=False),
        sa.Column("last_ms", sa.BigInteger, nullable=False),
        sa.Column("locked_until_ms", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
        sa.UniqueConstraint("digest", name="uq_attempt_digest"),
    )
    op.create_index("ix_attempt_last_ms", "attempt", ["last_ms"], unique=False)
    op.create_table(
        "device_report",
        sa.Column("device_id", _ID, nullable=False),
        sa.Column("received_ms", sa.BigInteger, nullable=False),
        sa.Column("created_s", sa.BigInteger, nullable=False),
        sa.Column("waiting", sa.BigInteger, nullable=False),
        sa.Column("condition", sa.String(200), nullable=False),
        sa.Column("lights", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name="fk_device_report_device_id"),
        sa.PrimaryKeyConstraint("device_id", name="pk_device_report"),
    )
    op.create_table(
        "documented",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.LargeBinary(16), nullable=False),
        sa.Column("station_id", _ID, nullable=False),
        sa.Column("mode", sa.String(3), nullable=False),
        sa.Column("state", sa.String(200), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("start_ms", sa.BigInteger, nullable=False),
        sa.Column("duration_ns", sa.BigInteger, nullable=False),
        sa.Column("occurrences", sa.Integer, nullable=False),
        sa.Column("received_ms", sa.BigInteger, nullable=False),
        sa.Column("seal_id", sa.BigInteger),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name="fk_documented_station_id"),
        sa.PrimaryKeyConstraint("id", name="pk_documented"),
        sa.UniqueConstraint("key", name="uq_documented_key"),
    )
    op.create_index(
        "ix_documented_station_id_start_ms", "documented", ["station_id", "start_ms"], unique=False
    )
    op.create_index(
        "ix_documented_open", "documented", ["station_id", "start_ms"], **_where("seal_id IS NULL")
    )
    op.create_table(
        "spent_key",
        sa.Column("key", sa.LargeBinary(16), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_spent_key"),
    )
    op.create_table(
        "headcount",
        sa.Column("station_id", _ID, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name="fk_headcount_station_id"),
        sa.PrimaryKeyConstraint("station_id", "day", name="pk_headcount"),
    )
    op.create_table(
        "output",
        sa.Column("station_id", _ID, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("variant", sa.String(200), nullable=False),
        sa.Column("pieces", sa.BigInteger, nullable=False),
        sa.Column("batches", sa.BigInteger, nullable=False),
        sa.Column("shifts", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name="fk_output_station_id"),
        sa.PrimaryKeyConstraint("station_id", "day", "variant", name="pk_output"),
    )
    op.create_table(
        "paid",
        sa.Column("station_id", _ID, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("duration_ns", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name="fk_paid_station_id"),
        sa.PrimaryKeyConstraint("station_id", "day", name="pk_paid"),
    )
    op.create_table(
        "placement",
        sa.Column("station_id", _ID, nullable=False),
        sa.Column("place_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name="fk_placement_place_id"),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name="fk_placement_station_id"),
        sa.PrimaryKeyConstraint("station_id", name="pk_placement"),
    )
    op.create_table(
        "access_view",
        sa.Column("commitment", sa.LargeBinary(32), nullable=False),
        sa.Column("salt", sa.LargeBinary(32)),
        sa.Column("account_id", _ID, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("view", sa.String(40), nullable=False),
        sa.Column("station_id", _ID),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_access_view_account_id"),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name="fk_access_view_station_id"),
        sa.PrimaryKeyConstraint("commitment", name="pk_access_view"),
    )
    op.create_table(
        "invitation",
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("account_id", _ID, nullable=False),
        sa.Column("expires_ms", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_invitation_account_id"),
        sa.PrimaryKeyConstraint("digest", name="pk_invitation"),
    )
    op.create_table(
        "login",
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("account_id", _ID, nullable=False),
        sa.Column("second_factor", sa.Boolean, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("seen_ms", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_login_account_id"),
        sa.PrimaryKeyConstraint("digest", name="pk_login"),
    )
    op.create_index("ix_login_account_id", "login", ["account_id"], unique=False)
    op.create_table(
        "passkey",
        sa.Column("id", _ID, nullable=False),
        sa.Column("account_id", _ID, nullable=False),
        sa.Column("credential", sa.LargeBinary(1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(2048), nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("added_ms", sa.BigInteger, nullable=False),
        sa.Column("used_ms", sa.BigInteger),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_passkey_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_passkey"),
        sa.UniqueConstraint("credential", name="uq_passkey_credential"),
    )
    op.create_table(
        "release",
        sa.Column("id", _ID, nullable=False),
        sa.Column("identifier", sa.String(32), nullable=False),
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("account_id", _ID, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("agreement", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("smallest_group", sa.Integer, nullable=False),
        sa.Column("cells", sa.Integer, nullable=False),
        sa.Column("suppressed", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_release_account_id"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_release_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_release"),
        sa.UniqueConstraint("identifier", name="uq_release_identifier"),
    )
    op.create_table(
        "revision",
        sa.Column("id", _ID, nullable=False),
        sa.Column("batch_id", _ID, nullable=False),
        sa.Column("position", sa.SmallInteger, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.String(200), nullable=False),
        sa.Column("category", sa.String(20)),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("account_id", _ID, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_revision_account_id"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_revision_batch_id"),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
        sa.UniqueConstraint("batch_id", "position", "number", name="uq_revision_batch_id_position_number"),
    )
    op.create_table(
        "station_file",
        sa.Column("id", _ID, nullable=False),
        sa.Column("station_id", _ID, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("account_id", _ID),
        sa.Column("written_ms", sa.BigInteger, nullable=False),
        sa.Column("published_ms", sa.BigInteger),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_station_file_account_id"),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name="fk_station_file_station_id"),
        sa.PrimaryKeyConstraint("id", name="pk_station_file"),
        sa.UniqueConstraint("station_id", "revision", name="uq_station_file_station_id_revision"),
    )
    op.add_column("device", sa.Column("retired_ms", sa.BigInteger))
    op.add_column("interval", sa.Column("seal_id", sa.BigInteger))
    op.create_index("ix_interval_open", "interval", ["station_id", "start_ms"], **_where("seal_id IS NULL"))
    op.create_index(
        "ix_interval_long", "interval", ["station_id", "start_ms"], **_where("duration_ns > 3600000000000")
    )


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
