"""The server's memory as one value: what `api` asks for, answered by the tables."""

from dataclasses import dataclass

from storage.sql import batches, device_reports, devices, published
from storage.sql.database import Database, check_ready
from storage.sql.records import Acceptance, BatchRecord, DeviceReport


@dataclass(frozen=True, slots=True)
class SqlStore:
    """Fulfils `api.services.Store`."""

    database: Database

    def enrol(self, code: str, name: str, key: str, at_ms: int) -> None:
        """See `devices.enrol`."""
        devices.enrol(self.database, code, name, key, at_ms)

    def key_of(self, name: str) -> str | None:
        """See `devices.key_of`."""
        return devices.key_of(self.database, name)

    def accept(self, record: BatchRecord, at_ms: int) -> Acceptance:
        """See `batches.accept`."""
        return batches.accept(self.database, record, at_ms)

    def report(self, report: DeviceReport, at_ms: int) -> bool:
        """See `device_reports.keep`."""
        return device_reports.keep(self.database, report, at_ms)

    def station_file(self, device: str, station: str) -> str | None:
        """See `published.station_file_of`."""
        return published.station_file_of(self.database, device, station)

    def check_ready(self) -> None:
        """See `database.check_ready`."""
        check_ready(self.database)
