"""The recorder from source to result, with a scripted world for a source."""

from dataclasses import dataclass, field

import pytest

from capture import recorder
from capture.frame import Gap
from capture.gate import Decision, OpenGate
from capture.recorder import record, stream
from capture.sources.base import SourceInfo
from capture.station.file import parse_station
from productivity.errors import BadInput
from productivity.intervals import StateInterval
from productivity.time import SECOND, Duration, Instant, seconds

STATION = parse_station(
    """
fairtakt: station 1
name: bench
zones:
  parts: [[0.1, 0.4], [0.25, 0.4], [0.25, 0.6], [0.1, 0.6]]
  box: [[0.75, 0.4], [0.9, 0.4], [0.9, 0.6], [0.75, 0.6]]
states:
  - {name: part handling, category: cycle-bound, when: hand in parts}
  - {name: packaging, category: cycle-bound, when: hand in box}
cycle: {first: part handling, last: packaging}
""",
    "bench.yaml",
)


@dataclass
class ListedSource:
    """Delivers what it is given, then raises what it is given."""

    items: list
    error: Exception | None = None
    info: SourceInfo = field(default=SourceInfo("list", 640, 360, Duration(SECOND // 15), None))
    closed: bool = False

    def frames(self):
        for item in self.items:
            if self.closed:
                return
            yield item
        if self.error:
            raise self.error

    def close(self):
        self.closed = True

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()


@pytest.fixture
def engine(world, person):
    """Four seconds at the parts, four at the box, over and over."""

    def script(t):
        hand = (110.0, 180.0) if t % 8 < 4 else (530.0, 180.0)
        return person(left=hand, right=hand)

    return world.engine(script)


def test_a_recording_holds_intervals_cycles_and_the_span(world, engine):
    (recording,) = record(ListedSource(world.frames(24)), [STATION], engine, OpenGate())
    assert recording.span.duration == 24 * SECOND
    assert [i.state for i in recording.intervals] == ["part handling", "packaging"] * 3
    assert [cycle.number for cycle in recording.cycles] == [1, 2, 3]


def test_progress_reaches_the_end_and_never_goes_back(world, engine):
    reached = []
    record(ListedSource(world.frames(3)), [STATION], engine, OpenGate(), on_progress=reached.append)
    assert reached == sorted(reached)
    assert reached[-1] == 3 * SECOND


def test_until_ends_a_source_without_end(world, engine):
    (recording,) = record(ListedSource(world.frames(60)), [STATION], engine, OpenGate(), until=seconds(10))
    assert recording.span.duration == 10 * SECOND
    assert engine.estimates < 10 * 3 + 5


def test_closing_the_source_keeps_what_was_seen(world, engine):
    source = ListedSource(world.frames(60))

    def stop(at):
        if at >= 5 * SECOND:
            source.close()

    (recording,) = record(source, [STATION], engine, OpenGate(), on_progress=stop)
    assert recording.span.duration == 5 * SECOND


def test_a_source_that_fails_leaves_no_recording(world, engine):
    source = ListedSource(world.frames(3), BadInput("damaged"))
    with pytest.raises(BadInput, match="damaged"):
        record(source, [STATION], engine, OpenGate())


def test_a_source_that_delivers_nothing_is_an_empty_recording(engine):
    (recording,) = record(ListedSource([]), [STATION], engine, OpenGate())
    assert (recording.span.duration, recording.intervals, recording.cycles) == (0, (), ())


def test_a_camera_that_was_never_there_is_not_recorded(engine):
    gap = Gap(Instant(0), Duration(7 * SECOND), "camera lost")
    (recording,) = record(ListedSource([gap]), [STATION], engine, OpenGate())
    (interval,) = recording.intervals
    assert (interval.state, interval.reason, interval.duration) == ("not recorded", "camera lost", 7 * SECOND)


def test_intervals_that_do_not_add_up_are_never_handed_out(world, engine, monkeypatch):
    """Promise 1 is checked on every recording, not only in tests."""

    def lossy(frames, *_, **__):
        for _ in frames:
            pass
        yield StateInterval("bench", "packaging", Instant(0), Duration(SECOND))

    monkeypatch.setattr(recorder, "watch", lossy)
    with pytest.raises(BadInput, match="does not fill its span"):
        record(ListedSource(world.frames(3)), [STATION], engine, OpenGate())


def test_a_stream_hands_on_what_a_recording_keeps_and_keeps_nothing(world, engine):
    (recording,) = record(ListedSource(world.frames(24)), [STATION], engine, OpenGate())
    heard = []
    span = stream(ListedSource(world.frames(24)), [STATION], engine, OpenGate(), on_interval=heard.append)
    assert (tuple(heard), span) == (recording.intervals, recording.span)


@pytest.mark.parametrize("given", [(0, 1), (1, 2)], ids=["a part is missing at the end", "at the beginning"])
def test_a_stream_that_does_not_add_up_is_refused_as_soon_as_that_is_known(world, monkeypatch, given):
    """Promise 1 holds for recordings that nobody keeps, too."""
    start, end = (SECOND * each for each in given)

    def lossy(frames, *_, **__):
        for _ in frames:
            pass
        yield StateInterval("bench", "packaging", Instant(start), Duration(end - start))

    monkeypatch.setattr(recorder, "watch", lossy)
    heard = []
    with pytest.raises(BadInput, match=r"span|gap before"):
        stream(ListedSource(world.frames(3)), [STATION], None, OpenGate(), on_interval=heard.append)
    assert len(heard) == (start == 0)


def test_the_present_state_is_heard_before_its_interval_is_final(world, person):
    """The hand goes to the box at 6 s and stays there: no interval of it is final before the end."""

    def script(t):
        hand = (110.0, 180.0) if t < 6 else (530.0, 180.0)
        return person(left=hand, right=hand)

    told, final = [], []
    stream(
        ListedSource(world.frames(10)),
        [STATION],
        world.engine(script),
        OpenGate(),
        on_interval=lambda interval: final.append(interval.state),
        on_present=lambda station, state: told.append((station, state, tuple(final))),
    )
    assert {station for station, _, _ in told} == {"bench"}
    states = [state for _, state, _ in told]
    assert states[0] is None, "nothing is known of the first picture"
    assert states.index("packaging") < len(states) - 15, "a second before the end at least"
    at_last = [final for _, state, final in told if state == "packaging"]
    assert at_last
    assert all("packaging" not in final for final in at_last)


def test_nobody_there_and_nothing_permitted_is_no_present_state(world, engine, person):
    class Closed(OpenGate):
        def allowed(self, station, purpose, at):
            return Decision(allowed=False, reason="the works agreement is suspended")

    told = []
    nobody = world.engine(lambda t: None)
    for looking, gate in ((nobody, OpenGate()), (engine, Closed())):
        record(
            ListedSource(world.frames(8)),
            [STATION],
            looking,
            gate,
            on_present=lambda _, state: told.append(state),
        )
    assert set(told) == {None}
