"""Rules tried on a clip: what comes of it, and what a bad file, a crash or a lie of the process costs."""

import json
import signal
import threading
from pathlib import Path

import pytest

from capture.clip import trial as module
from capture.clip.told import LONGEST_CLIP_S
from capture.clip.trial import Ending, Trial, TrialFailed, TrialLimits
from productivity.time import SECOND
from tests.capture.sources.conftest import render  # noqa: F401

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "sample_videos" / "two_workers.mp4"
STATION = (ROOT / "sample_videos" / "stations" / "left_bench.yaml").read_text(encoding="utf-8")


def run(clip, station=STATION, *, limits=None, on_progress=lambda _: None):
    return Trial(limits).run(clip, station, on_progress)


def failure(clip, station=STATION, **arguments):
    with pytest.raises(TrialFailed) as caught:
        run(clip, station, **arguments)
    assert "\n" not in caught.value.detail
    return caught.value.ending, caught.value.detail


@pytest.mark.usefixtures("weights")
def test_a_clip_becomes_states_cycles_and_evidence_and_progress_is_told(tmp_path, monkeypatch):
    """The left bench of the rendered sample, and nothing is written while it is watched."""
    cache = module.os.environ.get("FAIRTAKT_CACHE") or str(Path.home() / ".cache" / "fairtakt")
    home = tmp_path / "home"
    home.mkdir()
    for name, value in {"HOME": home, "TMPDIR": home, "FAIRTAKT_CACHE": cache}.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    told = []
    watched = run(SAMPLE.read_bytes(), on_progress=told.append)
    assert list(home.rglob("*")) == []
    assert [progress.at_ns // SECOND for progress in told] == list(range(100))
    assert {progress.total_ns for progress in told} == {100 * SECOND}
    assert sum(interval.duration_ns for interval in watched.intervals) == watched.span_ns
    assert watched.span_ns == pytest.approx(100 * SECOND, abs=SECOND)
    assert {interval.state for interval in watched.intervals} >= {"part handling", "screwing", "packaging"}
    assert len(watched.cycles) == 5
    rows = {row.state: row.percent for row in watched.evidence}
    assert list(rows)[-2:] == ["unknown", "not recorded"]
    assert {len(row) for row in rows.values()} == {500}
    for interval in watched.intervals:
        if interval.duration_ns > 2 * SECOND and interval.state in rows:
            middle = (interval.start_ns + interval.duration_ns // 2) // (watched.step_ms * 1_000_000)
            assert rows[interval.state][middle] > 30, interval


@pytest.mark.usefixtures("weights")
@pytest.mark.parametrize(
    ("clip", "message"),
    [
        (b"", "the clip: empty file: expected a video, found 0 bytes"),
        (b"cycle,start\n" * 500, "the clip: not a video, or cut off: expected a complete MP4"),
        (SAMPLE.read_bytes()[:300_000], "the clip at "),
    ],
    ids=["empty", "text", "cut off"],
)
def test_what_is_no_whole_video_is_refused_in_one_line(clip, message):
    ending, detail = failure(clip)
    assert ending is Ending.CLIP
    assert detail.startswith(message)


@pytest.mark.usefixtures("weights")
def test_a_long_clip_is_refused_at_once(render):  # noqa: F811
    clip = render("long.mp4", times=range(0, 130_000, 1000)).read_bytes()
    assert failure(clip) == (Ending.CLIP, "the clip: clip is too long: expected at most 120 s")
    assert LONGEST_CLIP_S == 120


@pytest.mark.usefixtures("weights")
def test_a_clip_that_does_not_say_how_long_it_is_ends_at_the_limit_too(render):  # noqa: F811
    """A Matroska file whose length is blanked out, as in one that is written while it is filmed."""
    clip = render("long.mkv", times=range(0, 130_000, 500)).read_bytes()
    duration, void = b"\x44\x89\x88", b"\xec\x89\x88"
    assert clip.index(duration) < 1000
    ending, detail = failure(clip.replace(duration, void, 1))
    assert (ending, detail) == (Ending.CLIP, "the clip: clip is too long: expected at most 120 s")


@pytest.mark.usefixtures("weights")
def test_a_station_file_that_is_none_is_refused_with_its_line():
    ending, detail = failure(SAMPLE.read_bytes(), STATION.replace("hand in box", "hand in bucket"))
    assert ending is Ending.CLIP
    assert detail.startswith("station file:")
    assert "found 'bucket'" in detail


def test_without_weights_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("FAIRTAKT_CACHE", str(tmp_path / "empty"))
    ending, detail = failure(SAMPLE.read_bytes())
    assert ending is Ending.MISSING
    assert "fairtakt weights fetch" in detail


@pytest.mark.usefixtures("weights")
def test_a_clip_that_needs_more_memory_than_it_may_use_is_refused(render):  # noqa: F811
    clip = render("large.mp4", size=(2560, 1440), times=range(0, 300, 100)).read_bytes()
    ending, detail = failure(clip, limits=TrialLimits(memory_bytes=200 * 1024**2))
    # Whether Python, the video library or the network notices first is a matter of luck; none may go on.
    assert ending in {Ending.MEMORY, Ending.CRASHED, Ending.CLIP}
    assert detail


@pytest.mark.usefixtures("weights")
def test_it_can_be_cancelled_while_it_runs():
    begun, trial = threading.Event(), Trial()

    def cancel():
        begun.wait(60)
        trial.cancel()

    threading.Thread(target=cancel).start()
    with pytest.raises(TrialFailed) as caught:
        trial.run(SAMPLE.read_bytes(), STATION, lambda _: begun.set())
    assert caught.value.ending is Ending.CANCELLED


def test_what_is_cancelled_before_it_began_does_not_begin():
    trial = Trial()
    trial.cancel()
    with pytest.raises(TrialFailed) as caught:
        trial.run(SAMPLE.read_bytes(), STATION, lambda _: None)
    assert caught.value.ending is Ending.CANCELLED


WATCHED = {"kind": "watched", "span_ns": 0, "intervals": [], "cycles": [], "step_ms": 200, "evidence": []}


@pytest.mark.parametrize(
    ("code", "ending", "detail"),
    [
        ("import os; os.kill(os.getpid(), 11)", Ending.CRASHED, "(SIGSEGV)"),
        ("import os; os.abort()", Ending.CRASHED, "(SIGABRT)"),
        ("import sys; sys.exit(0)", Ending.CRASHED, "(status 0)"),
        ("import time; time.sleep(600)", Ending.TOO_SLOW, "longer than 1 s"),
        ("while True: pass", Ending.TOO_SLOW, "longer than 1 s"),
        ("print('pixels ' * 1000, flush=True)", Ending.CRASHED, ""),
        ("print('x' * 10_000_000, flush=True)", Ending.CRASHED, ""),
        (f"print({json.dumps(WATCHED | {'picture': 'x'})!r}, flush=True)", Ending.CRASHED, ""),
        (f"print({json.dumps(WATCHED | {'span_ns': -1})!r}, flush=True)", Ending.CRASHED, ""),
        ("import os; print('{\"kind\": \"progress\"')", Ending.CRASHED, ""),
    ],
    ids=[
        "a crash", "an abort", "silence", "endless waiting", "endless work", "words", "a flood",
        "another field", "a value out of range", "half a line",
    ],
)  # fmt: skip
def test_whatever_the_process_does_the_server_only_hears_that_nothing_came_of_it(
    monkeypatch, code, ending, detail
):
    monkeypatch.setattr(module, "_CODE", code)
    found = failure(b"clip" * 100_000, limits=TrialLimits(wall_s=1.0))
    assert found[0] is ending
    assert detail in found[1]


def test_progress_without_end_is_cut_short(monkeypatch):
    told = '{"kind": "progress", "at_ns": 0, "total_ns": null}'
    monkeypatch.setattr(module, "_CODE", f"while True: print({told!r}, flush=True)")
    assert failure(b"clip", limits=TrialLimits(wall_s=0.5))[0] is Ending.TOO_SLOW


def test_the_process_sees_nothing_of_our_environment(monkeypatch):
    monkeypatch.setenv("FAIRTAKT_DATABASE", "postgresql+psycopg://plant:secret@localhost/plant")
    code = (
        "import json, os\n"
        "print(json.dumps({'kind': 'refused', 'why': 'fault', 'detail': ' '.join(sorted(os.environ))[:500]}))"
    )
    monkeypatch.setattr(module, "_CODE", code)
    ending, names = failure(b"clip")
    assert ending is Ending.FAULT
    assert "FAIRTAKT_DATABASE" not in names.split()
    assert "OPENBLAS_NUM_THREADS" in names.split()


def test_a_process_that_uses_up_its_processor_time_is_told_as_slow(monkeypatch):
    code = (
        "import resource, signal\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (1, 2))\n"
        "signal.signal(signal.SIGXCPU, signal.SIG_DFL)\n"
        "while True: pass"
    )
    monkeypatch.setattr(module, "_CODE", code)
    assert signal.SIGXCPU
    assert failure(b"clip") == (Ending.TOO_SLOW, "the clip needs more than 240 s of processor time")
