"""From the recorder's own time and words to those of the wire, and what happens when the disk refuses."""

import pytest

from capture.outbox.batch import read_body
from capture.outbox.database import OutboxUnwritable
from capture.outbox.outbox import BUFFER_FULL
from capture.outbox.sink import Origin, OutboxSink
from productivity.errors import BadInput
from productivity.intervals import StateInterval
from productivity.states import NOBODY_PRESENT, NOT_RECORDED, StateCategory
from productivity.time import SECOND, Duration, Instant

STARTED_MS = 1_800_000_123_456


def origin(resolution_ms=1000, session_of=lambda station, at: "a" * 32):
    categories = {"press": {"assemble": StateCategory.CYCLE_BOUND}}
    return Origin(STARTED_MS, resolution_ms, categories, session_of)


def interval(number, *, station="press", state="assemble", **changes):
    """The one that begins after `number` times 2.5 seconds."""
    start = Instant(number * 5 * SECOND // 2)
    return StateInterval(station, state, start, Duration(5 * SECOND // 2), **changes)


def kept(outbox):
    batch = outbox.next_batch("edge-1")
    return [] if batch is None else read_body(batch.body)[1]


@pytest.mark.parametrize(
    ("resolution_ms", "starts"),
    [
        (1, [1_800_000_123_456, 1_800_000_125_956]),
        (1000, [1_800_000_123_000, 1_800_000_125_000]),
        (60_000, [1_800_000_120_000, 1_800_000_120_000]),
    ],
)
def test_starts_are_utc_and_rounded_down_and_durations_are_exact(outbox, resolution_ms, starts):
    sink = OutboxSink(outbox, origin(resolution_ms))
    for number in range(2):
        sink.on_interval(interval(number))
    assert [one.start_ms for one in kept(outbox)] == starts
    assert [one.duration_ns for one in kept(outbox)] == [5 * SECOND // 2] * 2


def test_what_was_not_rounded_is_not_on_the_disk(tmp_path, outbox):
    OutboxSink(outbox, origin(60_000)).on_interval(interval(0))
    written = b"".join(file.read_bytes() for file in (tmp_path / "state").iterdir())
    assert b"1800000120000" in written
    assert str(STARTED_MS).encode() not in written


def test_words_and_confidence_become_those_of_the_format(outbox):
    sink = OutboxSink(outbox, origin())
    sink.on_interval(interval(0, confidence=0.8766))
    sink.on_interval(interval(1, state=NOT_RECORDED, reason=NOBODY_PRESENT))
    first, second = kept(outbox)
    assert (first.category, first.confidence, first.reason) == (StateCategory.CYCLE_BOUND, 877, None)
    assert (second.category, second.confidence, second.reason) == (None, 1000, NOBODY_PRESENT)


def test_ordinals_count_within_each_session(outbox):
    def session_of(station, at):
        return ("a" if station == "bench" or at < 3 * SECOND else "b") * 32

    sink = OutboxSink(outbox, origin(session_of=session_of))
    for number in range(4):
        sink.on_interval(interval(number))
    sink.on_interval(interval(4, station="bench"))
    assert [(one.session[0], one.ordinal) for one in kept(outbox)] == [
        ("a", 0),
        ("a", 1),
        ("b", 0),
        ("b", 1),
        ("a", 2),
    ]


@pytest.mark.parametrize(
    "categories",
    [{"two\u2028lines": {}}, {"press": {"two\x85lines": StateCategory.IRREGULAR}}],
    ids=["station", "state"],
)
def test_a_name_that_cannot_be_sent_is_refused_before_anything_is_recorded(outbox, categories):
    with pytest.raises(BadInput, match="1 to 200 characters in one line"):
        OutboxSink(outbox, Origin(STARTED_MS, 1000, categories, lambda station, at: "a" * 32))


class RefusingOutbox:
    """The outbox on a disk that refuses while `full`."""

    def __init__(self, outbox):
        self.outbox, self.full = outbox, False

    def put(self, entries):
        if self.full:
            raise OutboxUnwritable("no space left")
        self.outbox.put(entries)


def test_a_disk_that_refuses_costs_states_and_no_time(outbox):
    disk = RefusingOutbox(outbox)
    sink = OutboxSink(disk, origin())
    for number in range(6):
        disk.full = 1 <= number <= 3
        sink.on_interval(interval(number))
        assert sink.missed == disk.full
    assert [(one.ordinal, one.reason, one.duration_ns) for one in kept(outbox)] == [
        (0, None, 5 * SECOND // 2),
        (1, BUFFER_FULL, 3 * 5 * SECOND // 2),
        (4, None, 5 * SECOND // 2),
        (5, None, 5 * SECOND // 2),
    ]


def test_what_was_missed_at_the_end_is_put_by_closing(outbox):
    disk = RefusingOutbox(outbox)
    sink = OutboxSink(disk, origin())
    disk.full = True
    sink.on_interval(interval(0))
    with pytest.raises(OutboxUnwritable):
        sink.close()
    disk.full = False
    sink.close()
    sink.close()
    assert [(one.reason, one.duration_ns) for one in kept(outbox)] == [(BUFFER_FULL, 5 * SECOND // 2)]
