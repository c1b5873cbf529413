"""The recorder with the outbox behind its `on_interval`: what was recorded is what waits."""

from dataclasses import dataclass, field

from capture.frame import Gap
from capture.gate import OpenGate
from capture.outbox.batch import read_body
from capture.outbox.sink import Origin, OutboxSink
from capture.recorder import record
from capture.sources.base import SourceInfo
from capture.station.file import parse_station
from capture.taken_back import Place
from productivity.time import SECOND, Duration, Instant, seconds

STATION = parse_station(
    """
fairtakt: station 1
name: bench
zones:
  parts: [[0.1, 0.4], [0.25, 0.4], [0.25, 0.6], [0.1, 0.6]]
states:
  - {name: part handling, category: cycle-bound, when: hand in parts}
""",
    "bench.yaml",
)


@dataclass
class GapSource:
    """A camera that delivers no picture; enough for intervals."""

    items: list
    info: SourceInfo = field(default=SourceInfo("list", 640, 360, Duration(SECOND // 15), None))

    def frames(self):
        yield from self.items

    def close(self):
        """Nothing is open."""


def test_what_the_recorder_keeps_is_what_waits(outbox):
    gaps = [
        Gap(Instant(0), seconds(3.25), "no frames"),
        Gap(Instant(seconds(3.25)), seconds(2), "camera lost"),
    ]
    origin = Origin(1_800_000_000_999, {"bench": {}}, lambda station, at: Place("a" * 32, 1000))
    (recording,) = record(
        GapSource(gaps), [STATION], None, OpenGate(), on_interval=OutboxSink(outbox, origin).on_interval
    )
    entries = read_body(outbox.next_batch("edge-1").body)[1]
    assert [(one.state, one.duration_ns, one.reason) for one in entries] == [
        (one.state, one.duration, one.reason) for one in recording.intervals
    ]
    assert sum(one.duration_ns for one in entries) == recording.span.duration == seconds(5.25)
    assert entries[0].start_ms == 1_800_000_000_000
