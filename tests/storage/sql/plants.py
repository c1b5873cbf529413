"""Plants with intervals whose content is known, for tests of what comes out."""

from secrets import token_bytes

from sqlalchemy import insert

from productivity.states import StateCategory
from storage.sql.batches import accept
from storage.sql.records import Acceptance, BatchRecord, IntervalRecord
from storage.sql.tables import account

HOUR = 3_600_000
DAY = 24 * HOUR
MONDAY = 1_795_388_400_000
"""2026-11-23 00:00 in Berlin, in UTC milliseconds."""

CYCLE_BOUND, BATCH_BOUND, PERIODICAL, IRREGULAR = StateCategory


def interval_record(start_ms=MONDAY, duration_ns=4_000_000_000, **changes):
    fields = {
        "session": bytes(15) + b"s",
        "ordinal": start_ms,
        "station": "bench",
        "state": "screwing",
        "category": CYCLE_BOUND,
        "start_ms": start_ms,
        "duration_ns": duration_ns,
        "confidence": 900,
        "cycle": None,
        "reason": None,
    }
    return IntervalRecord(**(fields | changes))


class Deliveries:
    """A device that has started and sends one batch after the other."""

    def __init__(self, database, device="edge-1"):
        self._database = database
        self._device = device
        self._boot = token_bytes(16)
        self._sequence = 0

    def send(self, *records, at_ms=0):
        """Send one batch."""
        number = self._sequence
        self._sequence += 1
        sent = BatchRecord(self._device, self._boot, number, number.to_bytes(32), tuple(records))
        assert accept(self._database, sent, at_ms) is Acceptance.STORED


def add_account(database, name="planning"):
    """Make an account; return its number."""
    row = {"name": name, "folded": name, "role": "engineer", "mapped": False, "created_ms": 0}
    with database.writing() as connection:
        return connection.execute(insert(account).values(row)).inserted_primary_key[0]
