"""Metrics in the Prometheus format: what this process answered and took in, and how it stands with the plant.

Nothing here names a device, a station or a person, or has a label that a client could choose. Counters are
those of this process and begin anew with it; everything else is asked when it is read.
"""

from collections.abc import Callable, Iterator
from threading import Lock
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from storage.sql.records import Acceptance

BUCKETS_S = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
Gauges = Callable[[], Iterator[Metric]]
"""Asked at each reading; one that raises is left out, and `fairtakt_unreadable_gauges` counts it."""

Value = TypeVar("Value")


class Metrics:
    """The metrics of one server, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "fairtakt_requests", "Requests answered", ("route", "method", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "fairtakt_request_seconds",
            "How long answers took",
            ("route",),
            buckets=BUCKETS_S,
            registry=self._registry,
        )
        self._batches = Counter(
            "fairtakt_batches", "Batches of devices", ("outcome",), registry=self._registry
        )
        self._intervals = Counter("fairtakt_intervals", "State intervals stored", registry=self._registry)
        self._outcomes = {outcome: self._batches.labels(outcome.name.lower()) for outcome in Acceptance}
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._asked: list[Gauges] = []
        ProcessCollector(registry=self._registry)
        self._registry.register(self)

    def answered(self, route: str, method: str, status: int, wall_s: float) -> None:
        """Count a request. `route` is a template of ours, so there are few."""
        key = (route, method, status)
        known = self._known.get(key)
        if known is None:  # looking a label up costs more than counting
            known = self._requests.labels(route, method, str(status)), self._seconds.labels(route)
            self._known[key] = known
        known[0].inc()
        known[1].observe(wall_s)

    def took_in(self, outcome: Acceptance, intervals: int) -> None:
        """Count a batch and, if it was stored now, its intervals."""
        self._outcomes[outcome].inc()
        if outcome is Acceptance.STORED:
            self._intervals.inc(intervals)

    def ask(self, gauges: Gauges) -> None:
        """Have these gauges told at each reading."""
        self._asked.append(gauges)

    def text(self) -> bytes:
        """Return all of them; for threads, because gauges ask the database."""
        return generate_latest(self._registry)

    def describe(self) -> list[Metric]:
        """Tell the registry beforehand what it may not ask about: gauges are not asked when they register."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges."""
        unreadable = 0
        for gauges in self._asked:
            try:
                yield from list(gauges())
            except Exception:  # whoever watches must see the rest, and that something is wrong
                unreadable += 1
        yield gauge("fairtakt_unreadable_gauges", "Groups of gauges that could not be asked", unreadable)


class Kept:
    """Asks something costly at most once in `seconds`, and tells the last answer meanwhile."""

    def __init__(self, ask: Callable[[], int], seconds: float, steady_s: Callable[[], float]) -> None:
        self._ask, self._seconds, self._steady_s = ask, seconds, steady_s
        self._lock = Lock()
        self._answer: int | None = None
        self._at_s = 0.0

    def __call__(self) -> int:
        """Return the answer."""
        with self._lock:
            if self._answer is None or self._steady_s() - self._at_s >= self._seconds:
                self._answer, self._at_s = self._ask(), self._steady_s()
            return self._answer


def gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    """Return one gauge without labels."""
    return GaugeMetricFamily(name, text, value=value)


def by_label(name: str, text: str, label: str, values: dict[str, int]) -> GaugeMetricFamily:
    """Return a gauge with one label of our own words."""
    family = GaugeMetricFamily(name, text, labels=(label,))
    for word, value in values.items():
        family.add_metric((word,), value)
    return family
