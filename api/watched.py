"""What metrics tell of the plant: devices, gaps, sealing, the log. Asked when somebody reads them."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric

from api.metrics import Kept, by_label, gauge
from api.services import Services
from storage.sql.watching import missing_batches, oldest_open_ms, watch_devices

_GAPS_S = 300.0
"""Counting gaps walks over every batch there is."""


def watch(services: Services) -> None:
    """Have the metrics tell how it stands with the plant."""
    database, metrics = services.database, services.metrics
    missing = Kept(lambda: missing_batches(database), _GAPS_S, services.steady_s)

    def devices() -> Iterator[Metric]:
        found = watch_devices(database, services.now_ms())
        contact = {
            "within a minute": found.minute,
            "within an hour": found.hour,
            "within a day": found.day,
            "longer ago": found.longer,
            "never": found.never,
        }
        yield by_label("fairtakt_devices", "Devices by when they last reported", "reported", contact)
        yield gauge("fairtakt_outbox_intervals", "Intervals that wait in devices' outboxes", found.waiting)

    def gaps() -> Iterator[Metric]:
        yield gauge("fairtakt_missing_batches", "Batches below the highest number that never came", missing())

    def sealing() -> Iterator[Metric]:
        oldest = oldest_open_ms(database)
        age_s = 0.0 if oldest is None else max(0, services.now_ms() - oldest) / 1000
        yield gauge("fairtakt_oldest_open_interval_seconds", "Age of the oldest interval not sealed", age_s)

    for gauges in (devices, gaps, sealing):
        metrics.ask(gauges)
    site = services.site
    if site is None:
        return

    def log() -> Iterator[Metric]:
        health = site.health()
        yield gauge("fairtakt_log_believed", "Whether the site's log verifies", health.believed)
        yield gauge("fairtakt_log_takes_in", "Whether entries can be brought into the log", health.takes_in)
        yield gauge("fairtakt_log_entries", "Entries of the log", health.size)
        if health.cosigned_ms is not None:
            age_s = max(0, services.now_ms() - health.cosigned_ms) / 1000
            yield gauge("fairtakt_log_cosigned_seconds", "Age of the council's newest co-signature", age_s)

    metrics.ask(log)
