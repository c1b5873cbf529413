"""From the recorder's own time and words to those of the wire, and what happens when the disk refuses."""

import pytest

from capture.outbox.batch import read_body
from capture.outbox.database import OutboxUnwritable
from capture.outbox.outbox import BUFFER_FULL
from capture.outbox.sink import Origin, OutboxSink
from capture.taken_back import Place
from productivity.errors import BadInput
from productivity.intervals import StateInterval
from productivity.states import NOBODY_PRESENT, NOT_RECORDED, StateCategory
from productivity.time import SECOND, Duration, Instant

STARTED_MS = 1_800_000_123_456


def origin(resolution_ms=1000, place_of=None):
    categories = {"press": {"assemble": StateCategory.CYCLE_BOUND}}
    return Origin(STARTED_MS, categories, place_of or (lambda station, at: Place("a" * 32, resolution_ms)))


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
    def place_of(station, at):
        return Place(("c" if station == "bench" else "a" if at < 3 * SECOND else "b") * 32, 1000)

    sink = OutboxSink(outbox, origin(place_of=place_of))
    for number in range(4):
        sink.on_interval(interval(number))
    sink.on_interval(interval(4, station="bench"))
    assert [(one.session[0], one.ordinal) for one in kept(outbox)] == [
        ("a", 0),
        ("a", 1),
        ("b", 0),
        ("b", 1),
        ("c", 0),
    ]


def test_each_session_rounds_as_its_own_agreement_says(outbox):
    """An agreement is narrowed in the middle: what was recorded before keeps what it was recorded under."""

    def place_of(station, at):
        return Place("a" * 32, 1000) if at < 3 * SECOND else Place("b" * 32, 60_000)

    sink = OutboxSink(outbox, origin(place_of=place_of))
    for number in range(3):
        sink.on_interval(interval(number))
    assert [one.start_ms % 60_000 for one in kept(outbox)] == [3000, 5000, 0]


class Sessions:
    """What a gate knows: no session until one begins; then one, perhaps stopped."""

    def __init__(self):
        self.place = None

    def __call__(self, station, at):
        return self.place


def test_what_came_before_the_first_session_is_a_part_of_it(outbox):
    sessions = Sessions()
    sink = OutboxSink(outbox, origin(place_of=sessions))
    for number, why in enumerate(["the log is out of reach", "the log did not take the entry in"]):
        sink.on_interval(interval(number, state=NOT_RECORDED, reason=why))
    assert outbox.waiting() == 0
    sessions.place = Place("a" * 32, 1000)
    sink.on_interval(interval(2))
    assert [(one.ordinal, one.state, one.duration_ns) for one in kept(outbox)] == [
        (0, NOT_RECORDED, 5 * SECOND // 2),
        (1, NOT_RECORDED, 5 * SECOND // 2),
        (2, "assemble", 5 * SECOND // 2),
    ]


def test_a_station_that_never_had_a_session_leaves_nothing(outbox):
    sink = OutboxSink(outbox, origin(place_of=Sessions()))
    sink.on_interval(interval(0, state=NOT_RECORDED, reason="the works agreement is suspended"))
    sink.close()
    assert (outbox.waiting(), sink.put) == (0, 0)


def test_waiting_for_a_first_session_takes_bounded_memory_and_loses_no_time(outbox):
    sessions = Sessions()
    sink = OutboxSink(outbox, origin(place_of=sessions))
    for number in range(1000):
        sink.on_interval(interval(number, state=NOT_RECORDED, reason="the log is out of reach"))
    sessions.place = Place("a" * 32, 1000)
    sink.on_interval(interval(1000))
    assert outbox.waiting() <= 201
    total = 0
    while (batch := outbox.next_batch("edge-1")) is not None:
        total += sum(one.duration_ns for one in read_body(batch.body)[1])
        outbox.acknowledge(batch)
    assert total == 1001 * (5 * SECOND // 2)


WHY = "the works agreement is suspended"


def test_what_a_stop_takes_back_is_purged_and_what_comes_later_is_cut(outbox):
    """The stop counts from 6 s on: the third interval, from 5 s to 7.5 s, was put already and goes whole."""
    sessions = Sessions()
    sink = OutboxSink(outbox, origin(place_of=sessions))
    sessions.place = Place("a" * 32, 1000)
    for number in range(4):
        sink.on_interval(interval(number))
    outbox.next_batch("edge-1")
    sessions.place = Place("a" * 32, 1000, Instant(6 * SECOND), WHY)
    sink.take_back()
    sink.on_interval(interval(4))
    sink.on_interval(interval(5, state=NOT_RECORDED, reason=WHY))
    sink.close()
    numbered = outbox.next_batch("edge-1")
    assert numbered.purged
    assert [(one.state, one.duration_ns) for one in read_body(numbered.body)[1]] == [
        ("assemble", 5 * SECOND // 2),
        ("assemble", 5 * SECOND // 2),
        (NOT_RECORDED, 5 * SECOND),
    ]
    outbox.acknowledge(numbered)
    assert [(one.ordinal, one.state, one.reason) for one in kept(outbox)] == [
        (4, NOT_RECORDED, WHY),
        (5, NOT_RECORDED, WHY),
    ]


def test_an_interval_that_comes_after_the_stop_keeps_its_beginning(outbox):
    sessions = Sessions()
    sessions.place = Place("a" * 32, 1000, Instant(4 * SECOND), WHY)
    sink = OutboxSink(outbox, origin(place_of=sessions))
    for number in range(2):
        sink.on_interval(interval(number))
    assert [(one.state, one.duration_ns) for one in kept(outbox)] == [
        ("assemble", 5 * SECOND // 2),
        ("assemble", 3 * SECOND // 2),
        (NOT_RECORDED, SECOND),
    ]


def test_a_purge_that_the_disk_refuses_is_tried_again(outbox):
    sessions = Sessions()
    sessions.place = Place("a" * 32, 1000)
    disk = RefusingOutbox(outbox)
    sink = OutboxSink(disk, origin(place_of=sessions))
    sink.on_interval(interval(0))
    sessions.place = Place("a" * 32, 1000, Instant(0), WHY)
    disk.full = True
    sink.take_back()
    assert sink.unpurged
    with pytest.raises(OutboxUnwritable, match="could not be purged"):
        sink.close()
    disk.full = False
    sink.on_interval(interval(1))
    assert not sink.unpurged
    assert [(one.state, one.reason) for one in kept(outbox)] == [(NOT_RECORDED, WHY)] * 2


@pytest.mark.parametrize(
    "categories",
    [{"two\u2028lines": {}}, {"press": {"two\x85lines": StateCategory.IRREGULAR}}],
    ids=["station", "state"],
)
def test_a_name_that_cannot_be_sent_is_refused_before_anything_is_recorded(outbox, categories):
    with pytest.raises(BadInput, match="1 to 200 characters in one line"):
        OutboxSink(outbox, Origin(STARTED_MS, categories, lambda station, at: Place("a" * 32, 1000)))


class RefusingOutbox:
    """The outbox on a disk that refuses while `full`."""

    def __init__(self, outbox):
        self.outbox, self.full = outbox, False

    def put(self, entries):
        if self.full:
            raise OutboxUnwritable("no space left")
        self.outbox.put(entries)

    def purge(self, what):
        if self.full:
            raise OutboxUnwritable("no space left")
        self.outbox.purge(what)


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
