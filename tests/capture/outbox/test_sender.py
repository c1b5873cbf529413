"""The sender with an imagined server and imagined clocks: a week takes milliseconds."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.outbox.batch import read_body
from capture.outbox.database import OutboxUnwritable
from capture.outbox.entry import Entry
from capture.outbox.outbox import Outbox
from capture.outbox.pacing import ASIDE_S, Answer, Condition
from capture.outbox.purge import Purge
from capture.outbox.sender import IDLE_S, Clocks, Sender
from capture.outbox.status import read_status


class World:
    """A server that holds bodies by number, answers as planned, and a clock that the test turns."""

    def __init__(self):
        self.now, self.held, self.plan, self.posted, self.while_under_way = 0.0, {}, [], [], None
        self.conditions = []

    def post(self, batch):
        self.posted.append(batch)
        planned = self.plan.pop(0) if self.plan else "take"
        if self.while_under_way is not None:
            self.while_under_way()
        if isinstance(planned, Answer):
            return planned
        known = self.held.setdefault(batch.key, batch.body)
        if planned == "lose":
            return Answer(None)
        return Answer(200, same=True) if known == batch.body else Answer(409)

    def sender(self, outbox):
        clocks = Clocks(posix_s=lambda: int(self.now), monotonic_s=lambda: self.now, draw=lambda: 0.5)
        return Sender(outbox, "edge-1", self.post, clocks, self.conditions.append)

    def play(self, sender, steps=1):
        for _ in range(steps):
            self.now += sender.step()

    @property
    def ordinals(self):
        return sorted(one.ordinal for body in self.held.values() for one in read_body(body)[1])


@pytest.fixture
def world():
    return World()


def test_an_empty_outbox_is_looked_at_again(world, outbox):
    assert world.sender(outbox).step() == IDLE_S
    assert world.posted == []


def test_what_was_lost_on_the_way_is_sent_again_with_the_same_bytes(world, outbox, entry):
    outbox.put([entry(0)])
    world.plan = [Answer(None), "lose", Answer(503, retry_after_s=7), Answer(500)]
    world.play(world.sender(outbox), 5)
    assert len({batch.body for batch in world.posted}) == 1
    assert len(world.posted) == 5
    assert outbox.next_batch("edge-1") is None
    assert world.conditions == [Condition.UNREACHABLE, Condition.BUSY, Condition.FAILING, Condition.FINE]


def test_a_week_without_network_loses_nothing(world, outbox, entry):
    sender = world.sender(outbox)
    number, week_s = 0, 7 * 24 * 3600
    while world.now < week_s:
        outbox.put([entry(number)])
        number += 1
        world.plan = [Answer(None)]
        world.play(sender)
    assert world.held == {}
    while outbox.next_batch("edge-1") is not None:
        world.play(sender)
    assert world.ordinals == list(range(number))
    assert number > 2000


def test_a_refused_batch_stays_and_holds_nothing_up(world, tmp_path, outbox, entry):
    outbox.put([entry(0)])
    sender = world.sender(outbox)
    world.plan = [Answer(422)]
    world.play(sender)
    outbox.put([entry(1)])
    world.play(sender, 2)
    assert world.ordinals == [1]
    assert read_status(tmp_path / "state" / "outbox.db").refused == 1
    world.now += ASIDE_S
    world.play(sender)
    assert world.ordinals == [0, 1]
    assert outbox.next_batch("edge-1") is None


@pytest.mark.parametrize("status", [401, 403, 404, 302])
def test_what_a_person_must_repair_is_told_and_drops_nothing(world, tmp_path, outbox, entry, status):
    outbox.put([entry(0)])
    world.plan = [Answer(status)] * 3
    sender = world.sender(outbox)
    world.play(sender, 3)
    assert world.now == 900
    told = read_status(tmp_path / "state" / "outbox.db").condition
    assert told == world.conditions[0]
    assert told != Condition.FINE
    world.play(sender)
    assert world.ordinals == [0]


def test_a_clock_in_doubt_is_said(world, outbox, entry):
    outbox.put([entry(0)])
    world.plan = [Answer(401, server_s=10_000)]
    world.play(world.sender(outbox))
    assert world.conditions == [Condition.CLOCK]
    assert outbox.next_batch("edge-1") is not None


@pytest.mark.parametrize("answer", ["take", "lose"])
def test_a_purge_while_the_original_is_under_way_is_settled(world, tmp_path, outbox, entry, answer):
    """The server got the original before the purge: that is counted, and the replacement ends."""
    outbox.put([entry(0)])
    world.plan = [answer]
    world.while_under_way = lambda: outbox.purge(Purge("consent withdrawn", session="a" * 32))
    sender = world.sender(outbox)
    world.play(sender)
    world.while_under_way = None
    world.play(sender)
    assert outbox.next_batch("edge-1") is None
    status = read_status(tmp_path / "state" / "outbox.db")
    assert (status.purged_too_late, status.settled) == (1, (("edge-1", outbox.boot, 0),))


def test_a_purge_before_the_server_got_it_leaves_a_gap_in_the_place_of_the_batch(world, outbox, entry):
    outbox.put([entry(0), entry(1)])
    world.plan = [Answer(None)]
    sender = world.sender(outbox)
    world.play(sender)
    outbox.purge(Purge("consent withdrawn", session="a" * 32))
    world.play(sender)
    ((key, body),) = world.held.items()
    (gap,) = read_body(body)[1]
    assert key == (outbox.boot, 0)
    assert (gap.reason, gap.duration_ns) == ("consent withdrawn", 2 * entry().duration_ns)


def test_a_disk_that_fails_does_not_end_the_sender(world, outbox, entry, monkeypatch):
    outbox.put([entry(0)])
    sender, calls, stopped = world.sender(outbox), [], threading.Event()
    monkeypatch.setattr("capture.outbox.loop.FIRST_S", 0.001)

    def step():
        calls.append(1)
        if len(calls) == 1:
            raise OutboxUnwritable("no space left")
        stopped.set()
        return 0.0

    monkeypatch.setattr(sender, "step", step)
    sender.run(stopped)
    assert len(calls) == 2


def test_a_fault_of_ours_is_told_and_does_not_end_the_sender(world, tmp_path, outbox, entry, monkeypatch):
    monkeypatch.setattr("capture.outbox.loop.FIRST_S", 0.001)
    outbox.put([entry(0)])
    sender, stopped, statuses = world.sender(outbox), threading.Event(), []

    def post(batch):
        statuses.append(read_status(tmp_path / "state" / "outbox.db").condition)
        if len(statuses) < 3:
            raise OverflowError("something private")
        stopped.set()
        return Answer(200, same=True)

    monkeypatch.setattr(sender, "_post", post)
    sender.run(stopped)
    fault = "a fault of this program (OverflowError); it is tried again"
    assert statuses == ["", fault, fault]
    assert world.conditions == [fault, Condition.FINE]
    assert outbox.waiting() == 0


def test_a_fault_in_telling_does_not_end_the_sender_either(world, outbox, entry, monkeypatch):
    monkeypatch.setattr("capture.outbox.loop.FIRST_S", 0.001)
    outbox.put([entry(0)])
    sender, stopped = world.sender(outbox), threading.Event()

    def say(_):
        world.plan, sender._on_condition = [], lambda _: stopped.set()
        raise BrokenPipeError

    world.plan = [Answer(None)]
    monkeypatch.setattr(sender, "_on_condition", say)
    sender.run(stopped)
    assert stopped.is_set()


def test_a_fault_at_the_end_is_told(world, outbox, entry, monkeypatch):
    outbox.put([entry(0)])
    sender = world.sender(outbox)
    monkeypatch.setattr(sender, "_post", lambda _: 1 / 0)
    sender.drain(threading.Event())
    assert "ZeroDivisionError" in sender.condition
    assert outbox.waiting() == 1


def test_a_server_that_hangs_does_not_hold_up_the_recorder(outbox, entry, world):
    """A put returns while an exchange is under way."""
    under_way, answered = threading.Event(), threading.Event()

    def hang():
        under_way.set()
        answered.wait(10)

    world.while_under_way = hang
    outbox.put([entry(0)])
    stopped = threading.Event()
    thread = threading.Thread(target=world.sender(outbox).run, args=(stopped,))
    thread.start()
    assert under_way.wait(10)
    outbox.put([entry(1)])
    assert world.held == {}  # nothing has come back yet
    stopped.set()
    answered.set()
    thread.join()
    assert world.ordinals == [0]


def test_the_end_sends_all_that_waits_however_long_the_next_attempt_was_put_off(world, outbox, entry):
    sender = world.sender(outbox)
    outbox.put([entry(0)])
    world.plan = [Answer(503, retry_after_s=900)]
    assert sender.step() == 900
    for number in range(1, 500):
        outbox.put([entry(number)])
    sender.drain(threading.Event())
    assert world.ordinals == list(range(500))
    assert outbox.waiting() == 0


@pytest.mark.parametrize("trouble", [Answer(None), Answer(503), Answer(401)], ids=["none", "busy", "refused"])
def test_the_end_does_not_insist(world, outbox, entry, trouble):
    for number in range(300):
        outbox.put([entry(number)])
    world.plan = ["take", trouble]
    world.sender(outbox).drain(threading.Event())
    assert len(world.posted) == 2
    assert outbox.waiting() == 100


def test_the_end_passes_over_what_the_server_refuses(world, outbox, entry):
    for number in range(300):
        outbox.put([entry(number)])
    world.plan = [Answer(422)]
    world.sender(outbox).drain(threading.Event())
    assert world.ordinals == list(range(200, 300))


def test_the_end_ends_when_it_is_enough(world, outbox, entry):
    for number in range(600):
        outbox.put([entry(number)])
    enough = threading.Event()
    world.while_under_way = enough.set
    world.sender(outbox).drain(enough)
    assert len(world.posted) == 1


def test_nothing_leaves_while_nothing_may(world, outbox, entry):
    outbox.put([entry(0)])
    may = False
    clocks = Clocks(posix_s=lambda: 0, monotonic_s=lambda: 0.0)
    sender = Sender(outbox, "edge-1", world.post, clocks, may_send=lambda: may)
    assert sender.step() == IDLE_S
    sender.drain(threading.Event())
    assert world.posted == []
    may = True
    sender.drain(threading.Event())
    assert world.ordinals == [0]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["put", "take", "lose", "busy", "down", "refuse", "401", "reopen", "hour"]),
        max_size=40,
    )
)
def test_exactly_once_whatever_the_network_does(tmp_path_factory, steps):
    world, path, number = World(), tmp_path_factory.mktemp("box") / "box.db", 0
    planned = {"busy": Answer(429), "down": Answer(None), "refuse": Answer(400), "401": Answer(401)}
    outbox = Outbox(path)
    sender = world.sender(outbox)
    for step in steps:
        match step:
            case "put":
                outbox.put([make_entry(number)])
                number += 1
            case "reopen":
                outbox.close()
                outbox = Outbox(path)
                sender = world.sender(outbox)
            case "hour":
                world.now += ASIDE_S
            case _:
                world.plan = [planned.get(step, step)]
                world.play(sender)
    world.plan = []
    world.now += ASIDE_S
    while outbox.next_batch("edge-1") is not None:
        world.play(sender)
        world.now += ASIDE_S
    outbox.close()
    assert world.ordinals == list(range(number))
    for boot in {key[0] for key in world.held}:
        sequences = sorted(sequence for other, sequence in world.held if other == boot)
        assert sequences == list(range(len(sequences)))  # no gap that nothing explains


def make_entry(ordinal):
    return Entry("a" * 32, ordinal, "press", "assemble", None, 1_000_000 + 10 * ordinal, 10**7, 900)
