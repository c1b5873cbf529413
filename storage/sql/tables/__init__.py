"""The tables, as the newest migration leaves them.

Times are UTC milliseconds, durations nanoseconds, both as 64-bit integers. Boot and session identifiers are
the 16 bytes that the wire spells as 32 hexadecimal digits. No row of what was recorded names a person.
"""

from storage.sql.tables.acquired import documented, headcount, output, paid, revision, spent_key
from storage.sql.tables.base import NAME_CHARACTERS, metadata
from storage.sql.tables.ingest import batch, device, device_report, enrolment_code, interval, site, station
from storage.sql.tables.kept import deletion, release, restoration, seal
from storage.sql.tables.people import access_view, account, attempt, invitation, login, passkey, stop_order
from storage.sql.tables.plant import place, placement, shift, station_file
from storage.sql.tables.royalties import (
    motion_use,
    royalty_answer,
    royalty_dispute,
    royalty_entry,
    royalty_logged,
    royalty_payout,
    royalty_post,
    royalty_price,
    trained_model,
)

__all__ = [
    "NAME_CHARACTERS",
    "access_view",
    "account",
    "attempt",
    "batch",
    "deletion",
    "device",
    "device_report",
    "documented",
    "enrolment_code",
    "headcount",
    "interval",
    "invitation",
    "login",
    "metadata",
    "motion_use",
    "output",
    "paid",
    "passkey",
    "place",
    "placement",
    "release",
    "restoration",
    "revision",
    "royalty_answer",
    "royalty_dispute",
    "royalty_entry",
    "royalty_logged",
    "royalty_payout",
    "royalty_post",
    "royalty_price",
    "seal",
    "shift",
    "site",
    "spent_key",
    "station",
    "station_file",
    "stop_order",
    "trained_model",
]
