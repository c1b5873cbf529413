"""A clip by JSON: one at a time, one's own, limited, forgotten, and what is told of every end."""

import json
import sys
import time
from pathlib import Path

import pytest

from api.set_up.trials import KEPT_S, LARGEST_CLIP, RECEIVING_S, WAITING_S, Trials
from capture.clip import trial as module
from tests.api.plant import is_problem
from tests.api.set_up.conftest import TEXT, Editor

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "sample_videos" / "empty_bench.mp4"
WATCHED = {"kind": "watched", "span_ns": 0, "intervals": [], "cycles": [], "step_ms": 200, "evidence": []}
SAYS = f"import sys\nsys.stdin.buffer.read()\nprint({json.dumps(WATCHED)!r}, flush=True)"
SLEEPS = "import time\ntime.sleep(600)"


class Trier(Editor):
    """An engineer's requests about clips."""

    def clip(self, method, path="", **arguments):
        headers = {**self.headers, **arguments.pop("headers", {})}
        return self.world.ask(method, f"/v1/clip-trials{path}", headers=headers, **arguments)

    def begin(self):
        return self.clip("POST", json={"text": TEXT})

    def send(self, trial, content=b"clip", kind="video/mp4"):
        return self.clip("PUT", f"/{trial}/clip", content=content, headers={"Content-Type": kind})

    def until_ended(self, trial):
        for _ in range(2400):
            told = self.clip("GET", f"/{trial}").json()
            if told["status"] not in {"waiting", "receiving", "running"}:
                return told
            time.sleep(0.05)
        pytest.fail("the trial does not end")


@pytest.fixture
def tester(editor):
    return Trier(editor.world)


@pytest.mark.usefixtures("weights")
def test_rules_are_tried_on_a_clip(tester):
    """The rendered bench at which machines move and nobody is."""
    begun = tester.begin()
    assert (begun.status_code, begun.json()["status"]) == (201, "waiting")
    trial = begun.json()["trial"]
    sent = tester.send(trial, SAMPLE.read_bytes())
    assert (sent.status_code, sent.json()["status"]) == (202, "running")
    told = tester.until_ended(trial)
    assert (told["status"], told["ending"]) == ("done", None), told["detail"]
    result = told["result"]
    assert {interval["state"] for interval in result["intervals"]} == {"not recorded"}
    assert sum(interval["duration_ns"] for interval in result["intervals"]) == result["span_ns"]
    assert [row["state"] for row in result["evidence"]] == ["part handling", "unknown", "not recorded"]
    assert tester.clip("DELETE", f"/{trial}").status_code == 204
    is_problem(tester.clip("GET", f"/{trial}"), 404, "not-found")


@pytest.mark.parametrize(
    ("code", "ending"),
    [
        ("import os; os.kill(os.getpid(), 11)", "crashed"),
        ("print('pixels')", "crashed"),
        ('print(\'{"kind": "refused", "why": "missing", "detail": "no weights"}\')', "missing"),
        ('print(\'{"kind": "refused", "why": "confinement", "detail": "no Landlock"}\')', "confinement"),
        ('print(\'{"kind": "refused", "why": "clip", "detail": "the clip: cut off"}\')', "clip"),
    ],
)
def test_why_nothing_came_of_it_is_told_and_the_next_may_begin(tester, monkeypatch, code, ending):
    monkeypatch.setattr(module, "_CODE", code)
    trial = tester.begin().json()["trial"]
    tester.send(trial)
    told = tester.until_ended(trial)
    assert (told["status"], told["ending"], told["result"]) == ("failed", ending, None)
    assert told["detail"]
    assert tester.begin().status_code == 201


def test_one_clip_at_a_time_whoever_asks(tester, monkeypatch):
    monkeypatch.setattr(module, "_CODE", SLEEPS)
    other = Trier(tester.world)
    trial = tester.begin().json()["trial"]
    for _ in ("while it waits", "while it runs"):
        refused = other.begin()
        assert is_problem(refused, 409, "conflict") == "another clip is being tried; one at a time"
        assert refused.headers["retry-after"]
        is_problem(tester.begin(), 409, "conflict")
        tester.send(trial)
    is_problem(tester.send(trial), 409, "conflict")
    assert tester.clip("DELETE", f"/{trial}").status_code == 204
    assert other.begin().status_code == 201


def test_a_trial_is_there_for_nobody_else(tester, monkeypatch):
    monkeypatch.setattr(module, "_CODE", SAYS)
    other = Trier(tester.world)
    trial = tester.begin().json()["trial"]
    for method, path in (("GET", ""), ("DELETE", "")):
        is_problem(other.clip(method, f"/{trial}{path}"), 404, "not-found")
    is_problem(other.send(trial), 404, "not-found")
    is_problem(tester.clip("GET", "/0123"), 404, "not-found")
    tester.send(trial)
    assert tester.until_ended(trial)["status"] == "done"
    is_problem(other.clip("GET", f"/{trial}"), 404, "not-found")


def test_what_is_too_large_or_no_video_is_refused_and_not_waited_for(tester, monkeypatch):
    monkeypatch.setattr(module, "_CODE", SAYS)
    for content, kind, status, problem in (
        (bytes(LARGEST_CLIP + 1), "video/mp4", 413, "too-large"),
        (b"{}", "application/json", 415, "media-type"),
    ):
        trial = tester.begin().json()["trial"]
        is_problem(tester.send(trial, content, kind), status, problem)
        told = tester.clip("GET", f"/{trial}").json()
        assert (told["status"], told["ending"]) == ("failed", "cancelled")
        is_problem(tester.send(trial), 409, "conflict")
    trial = tester.begin().json()["trial"]
    assert tester.send(trial, bytes(LARGEST_CLIP), "application/octet-stream").status_code == 202
    assert tester.until_ended(trial)["status"] == "done"


def test_whoever_does_not_come_back_blocks_nobody(tester, monkeypatch):
    monkeypatch.setattr(module, "_CODE", SAYS)
    first = tester.begin().json()["trial"]
    tester.world.steady_s += WAITING_S + 1
    is_problem(tester.send(first), 404, "not-found")
    second = tester.begin().json()["trial"]
    tester.send(second)
    assert tester.until_ended(second)["status"] == "done"
    tester.world.steady_s += KEPT_S + 1
    is_problem(tester.clip("GET", f"/{second}"), 404, "not-found")
    assert RECEIVING_S < KEPT_S


def test_the_clip_is_let_go_when_the_trial_has_ended(monkeypatch):
    """Nobody refers to its bytes any more but this test."""
    monkeypatch.setattr(module, "_CODE", SAYS)
    trials, login, clip = Trials(time.monotonic), bytes(32), b"clip " * 100_000
    before = sys.getrefcount(clip)
    trial = trials.begin(login, TEXT).trial
    trials.expect_clip(login, trial)
    trials.start(login, trial, clip)
    for _ in range(1200):
        if trials.told(login, trial).status == "done" and sys.getrefcount(clip) == before:
            return
        time.sleep(0.05)
    pytest.fail("the clip is still referred to")
