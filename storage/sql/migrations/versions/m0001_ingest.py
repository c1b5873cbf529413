"""Sites, stations, devices, enrolment codes, batches and intervals."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "site",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_site"),
        sa.UniqueConstraint("name", name="uq_site_name"),
    )
    op.create_table(
        "station",
        sa.Column("id", _ID, nullable=False),
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_station"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_station_site_id"),
        sa.UniqueConstraint("site_id", "name", name="uq_station_site_id_name"),
    )
    op.create_table(
        "device",
        sa.Column("id", _ID, nullable=False),
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("key", sa.String(400), nullable=False),
        sa.Column("enrolled_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_device"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_device_site_id"),
        sa.UniqueConstraint("name", name="uq_device_name"),
    )
    op.create_table(
        "enrolment_code",
        sa.Column("id", _ID, nullable=False),
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("expires_ms", sa.BigInteger, nullable=False),
        sa.Column("used_ms", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment_code"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_enrolment_code_site_id"),
        sa.UniqueConstraint("digest", name="uq_enrolment_code_digest"),
    )
    op.create_table(
        "batch",
        sa.Column("id", _ID, nullable=False),
        sa.Column("device_id", _ID, nullable=False),
        sa.Column("boot", sa.LargeBinary(16), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("received_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_batch"),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name="fk_batch_device_id"),
        sa.UniqueConstraint("device_id", "boot", "sequence", name="uq_batch_device_id_boot_sequence"),
    )
    op.create_table(
        "interval",
        sa.Column("batch_id", _ID, nullable=False),
        sa.Column("position", sa.SmallInteger, nullable=False),
        sa.Column("station_id", _ID, nullable=False),
        sa.Column("session", sa.LargeBinary(16), nullable=False),
        sa.Column("ordinal", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(200), nullable=False),
        sa.Column("category", sa.String(20)),
        sa.Column("start_ms", sa.BigInteger, nullable=False),
        sa.Column("duration_ns", sa.BigInteger, nullable=False),
        sa.Column("confidence", sa.SmallInteger, nullable=False),
        sa.Column("cycle", sa.BigInteger),
        sa.Column("reason", sa.String(200)),
        sa.PrimaryKeyConstraint("batch_id", "position", name="pk_interval"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_interval_batch_id"),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name="fk_interval_station_id"),
    )
    op.create_index("ix_interval_station_id_start_ms", "interval", ["station_id", "start_ms"])
