"""Reports by an imagined clock: every ten seconds, at once when a light changes, never finer about states."""

import json
import threading

import pytest

from capture.outbox.database import OutboxUnwritable
from capture.outbox.pacing import Answer
from capture.outbox.report import NOTHING_SENT, Light, StationLight, write_report
from capture.outbox.reporter import LOOK_S, Reporter, Told
from capture.outbox.sender import Clocks

TAKEN = Answer(200, same=True)
DARK = StationLight("bench", Light.NOT_RECORDING, "the works agreement is suspended")


def bright(state=None):
    return StationLight("bench", Light.RECORDING, state=state)


class World:
    """A device, its lights, and a server; time passes in quarters of a second."""

    def __init__(self):
        self.now_s, self.ahead_s = 100.0, 1_800_000_000
        self.lights, self.answer, self.sent, self.disk = (bright(),), TAKEN, [], True
        clocks = Clocks(posix_s=self.posix_s, monotonic_s=lambda: self.now_s)
        self.faults = []
        told = Told(self.waiting, lambda: "", lambda: self.lights, self.faults.append)
        self.reporter = Reporter("edge-1", told, self.post, clocks)

    def posix_s(self):
        return int(self.now_s + self.ahead_s)

    def waiting(self):
        if not self.disk:
            raise OutboxUnwritable("no space left")
        return 7

    def post(self, body, signed_s):
        self.sent.append((self.now_s - 100, signed_s, json.loads(body)))
        return self.answer

    def passes(self, seconds):
        for _ in range(round(seconds / LOOK_S)):
            self.reporter.step()
            self.now_s += LOOK_S

    @property
    def times(self):
        return [at for at, _, _ in self.sent]

    @property
    def lit(self):
        return [body["lights"][0] for _, _, body in self.sent]


@pytest.fixture
def world():
    return World()


def test_a_report_says_what_it_must():
    lights = [bright("assembly"), DARK]
    assert json.loads(write_report("edge-1", 3, "", lights)) == {
        "device": "edge-1",
        "waiting": 3,
        "condition": NOTHING_SENT,
        "lights": [
            {"station": "bench", "light": "recording", "reason": None, "state": "assembly"},
            {
                "station": "bench",
                "light": "not recording",
                "reason": "the works agreement is suspended",
                "state": None,
            },
        ],
    }


def test_nothing_changes_and_a_report_goes_every_ten_seconds(world):
    world.passes(31)
    assert world.times == [0, 10, 20, 30]
    assert world.sent[0][2]["waiting"] == 7


def test_a_light_that_changes_is_told_at_once(world):
    world.passes(3)
    world.lights = (DARK,)
    world.passes(3)
    assert world.times == [0, 3]
    assert world.lit[1]["reason"] == DARK.reason


def test_no_two_reports_are_signed_within_a_second(world):
    """The server keeps what was signed later, in seconds: the second would be lost."""
    for number in range(40):
        world.lights = (DARK,) if number % 2 else (bright(),)
        world.passes(LOOK_S)
    signed = [at for _, at, _ in world.sent]
    assert len(set(signed)) == len(signed) > 5


def test_states_are_told_every_ten_seconds_and_no_finer(world):
    """Whoever watches reports must not learn when a state began more finely than that."""
    world.lights = (bright("assembly"),)
    world.passes(2)
    world.lights = (bright("screwing"),)
    world.passes(2)
    assert [one["state"] for one in world.lit] == ["assembly"]
    world.lights = (bright("screwing"), StationLight("press", Light.RECORDING))  # another light changes
    world.passes(2)
    assert [one["state"] for one in world.lit] == ["assembly", "assembly"]
    world.passes(6)
    assert [one["state"] for one in world.lit] == ["assembly", "assembly", "screwing"]


def test_a_station_that_comes_back_between_two_reports_does_not_tell_its_state_yet(world):
    world.lights = (bright("assembly"),)
    world.passes(2)
    world.lights = (DARK,)
    world.passes(2)
    world.lights = (bright("screwing"),)
    world.passes(2)
    assert [one["state"] for one in world.lit] == ["assembly", None, None]


@pytest.mark.parametrize(
    ("answer", "times"),
    [
        (Answer(None), [0, 10, 30, 70, 130]),
        (Answer(500), [0, 10, 30, 70, 130]),
        (Answer(429, retry_after_s=50), [0, 50, 100, 150]),
        (Answer(200, same=False), [0, 10, 30, 70, 130]),
    ],
    ids=["no answer", "a fault", "asked to wait", "another's answer"],
)
def test_a_server_that_does_not_take_them_is_asked_less_often(world, answer, times):
    world.answer = answer
    for _ in range(170):
        world.lights = (DARK,) if world.lights == (bright(),) else (bright(),)  # changes insist on nothing
        world.passes(1)
    assert world.times == times
    world.answer = TAKEN
    world.passes(61)
    before = len(world.sent)
    world.passes(10)
    assert len(world.sent) == before + 1


def test_a_disk_that_fails_costs_a_report_and_no_more(world):
    world.disk = False
    world.passes(5)
    assert world.sent == []
    world.disk = True
    world.passes(6)
    assert world.times == [5, 10]


def test_the_last_report_says_that_all_is_over(world):
    world.passes(5)
    world.reporter.finish(threading.Event())
    assert world.lit[-1] == {"station": "bench", "light": "ended", "reason": None, "state": None}


def test_the_last_report_waits_for_the_next_second_and_for_no_longer_than_it_may(world):
    world.reporter.step()
    gone = threading.Event()
    gone.set()
    world.reporter.finish(gone)
    assert len(world.sent) == 1


def test_it_runs_until_it_is_stopped(world):
    stopped = threading.Event()
    posted = threading.Event()

    def post(body, signed_s):
        posted.set()
        return TAKEN

    world.reporter._post = post
    thread = threading.Thread(target=world.reporter.run, args=(stopped,))
    thread.start()
    assert posted.wait(10)
    stopped.set()
    thread.join(10)
    assert not thread.is_alive()


def test_a_fault_of_ours_is_told_and_does_not_end_it(world, monkeypatch):
    monkeypatch.setattr("capture.outbox.loop.FIRST_S", 0.001)
    stopped, tries = threading.Event(), []

    def post(body, signed_s):
        world.now_s += 1
        tries.append(signed_s)
        if len(tries) < 3:
            raise OverflowError("something private")
        stopped.set()
        return TAKEN

    monkeypatch.setattr(world.reporter, "_post", post)
    world.reporter.run(stopped)
    assert world.faults == ["a fault of this program (OverflowError); it is tried again", ""]
