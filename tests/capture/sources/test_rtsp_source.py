"""RTSP against a real server on loopback that plays a rendered video: playing, cut and return, refusals."""

import base64
import logging
import shutil
import socket
import subprocess
import threading
import time
import traceback
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import av
import pytest

from capture.frame import Frame, Gap
from capture.sources import live, rtsp
from capture.sources.open import open_source
from capture.sources.rtsp import open_rtsp
from productivity.errors import BadInput, FairtaktError
from productivity.time import SECOND

SYSTEM_PYTHON = "/usr/bin/python3"
SERVER = Path(__file__).with_name("rtsp_server.py")
PROBE = (
    "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import Gst, GstRtspServer; "
    "Gst.init(None); assert all(Gst.ElementFactory.find(n) for n in ('qtdemux', 'h264parse', 'rtph264pay'))"
)
USER, PASSWORD = "worker", "hunter2"


@pytest.fixture(scope="module")
def gstreamer() -> None:
    reason = "GStreamer's RTSP server is not installed (Debian: gir1.2-gst-rtsp-server-1.0)"
    if not Path(SYSTEM_PYTHON).exists():
        pytest.skip(reason)
    probe = [SYSTEM_PYTHON, "-c", PROBE]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip(reason)


class Server:
    """The server process; `stop` is a power cut."""

    def __init__(self, video: Path, *arguments: str) -> None:
        self.video, self.arguments = video, arguments
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [SYSTEM_PYTHON, str(SERVER), str(self.port), str(self.video), *self.arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()

    def address(self, scheme: str = "rtsp", user: str = "") -> str:
        return f"{scheme}://{user}127.0.0.1:{self.port}/bench"


@pytest.fixture
def video(render) -> Path:
    """Thirty seconds, ten pictures per second, a key picture each second."""
    return render(
        "camera.mp4", times=range(0, 30_000, 100), options={"g": "10", "bf": "0", "tune": "zerolatency"}
    )


@pytest.fixture
def serve(gstreamer, video) -> Iterator:
    servers: list[Server] = []

    def start(*arguments: str) -> Server:
        servers.append(Server(video, *arguments))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def assert_tiling(tiles: list[Frame | Gap]) -> None:
    end = 0
    for tile in tiles:
        assert tile.time == end
        assert tile.duration > 0
        end += tile.duration


def test_a_stream_gives_the_times_that_the_camera_states(serve):
    tiles = []
    with open_source(serve().address(), camera="bench") as source:
        for tile in source.frames():
            tiles.append(tile)
            if len(tiles) == 20:
                break
    assert_tiling(tiles)
    assert (source.info.width, source.info.height, source.info.total) == (128, 96, None)
    assert source.info.frame_duration == SECOND // 10
    # RTP counts in 1/90000 s, so tenths of a second are exact.
    assert {tile.duration for tile in tiles} == {SECOND // 10}
    assert tiles[0].image.rgb().shape == (96, 128, 3)


def test_a_cut_and_a_return_are_recorded_as_frames_gap_frames(serve, monkeypatch):
    monkeypatch.setattr(live, "_LONGEST_PAUSE_S", 0.5)
    server = serve()
    tiles: list[Frame | Gap] = []
    moments: list[float] = []
    cut = back = 0.0
    with open_source(server.address()) as source:
        begun = time.monotonic()
        for tile in source.frames():
            tiles.append(tile)
            moments.append(time.monotonic())
            if not cut and tile.time >= 1 * SECOND:
                server.stop()
                cut = time.monotonic()
            if cut and not back and time.monotonic() - cut > 1.5:
                server.start()
                back = time.monotonic()
            if back and isinstance(tiles[-1], Frame) and len(tiles) > 5 and isinstance(tiles[-6], Frame):
                break
            assert time.monotonic() - begun < 20, "the stream did not come back"
        elapsed = time.monotonic() - begun
    assert_tiling(tiles)
    kinds = [tile.reason if isinstance(tile, Gap) else "frames" for tile in tiles]
    assert [k for n, k in enumerate(kinds) if n == 0 or kinds[n - 1] != k] == [
        "frames",
        "camera lost",
        "frames",
    ]
    # The gap is as long as the camera was away, by a clock that the camera does not know.
    away = sum(tile.duration for tile in tiles if isinstance(tile, Gap)) / SECOND
    assert 1.4 <= away <= elapsed - 1.0
    # While it was away the consumer heard of it at least once per second.
    assert all(b - a < 1.0 for a, b in pairwise(moments))


@pytest.mark.parametrize(
    ("user", "path", "found"),
    [
        pytest.param("", "", "401 Unauthorized", id="no-credentials"),
        pytest.param(f"{USER}:wrong-{PASSWORD}@", "", "401 Unauthorized", id="wrong-password"),
        pytest.param(f"{USER}:{PASSWORD}@", "/nothing?pw=hunter2", "404 Not Found", id="wrong-path"),
    ],
)
def test_refusals_name_the_camera_but_no_credentials(serve, caplog, capfd, user, path, found):
    caplog.set_level(logging.DEBUG)
    address = serve(USER, PASSWORD).address(user=user) + path
    with pytest.raises(BadInput) as refusal:
        open_source(address)
    assert str(refusal.value).startswith("rtsp://127.0.0.1:")
    assert found in str(refusal.value)
    assert_no_credentials(refusal.value, caplog.text, *capfd.readouterr())


def test_credentials_open_the_stream_and_stay_hidden_when_it_is_lost(serve, caplog, capfd, monkeypatch):
    caplog.set_level(1)
    caplog.set_level(1, logger="libav")
    av.logging.set_level(av.logging.TRACE)  # somebody wants to see everything that the video library says
    monkeypatch.setattr(live, "_TICK_S", 0.1)
    server = serve(USER, PASSWORD)
    with open_source(server.address(user=f"{USER}:{PASSWORD}@"), patience=SECOND) as source:
        iterator = source.frames()
        next(iterator)
        server.stop()
        with pytest.raises(FairtaktError, match=r"rtsp://127\.0\.0\.1:.*: no picture for") as lost:
            list(iterator)
    assert_no_credentials(lost.value, caplog.text, repr(source), repr(source.info), *capfd.readouterr())


def assert_no_credentials(error: BaseException, *texts: str) -> None:
    shown = "".join(traceback.format_exception(error)) + "".join(texts)
    chain: BaseException | None = error
    while chain is not None:
        shown += str(chain) + repr(chain)
        chain = chain.__cause__ or chain.__context__
    assert USER not in shown
    assert PASSWORD not in shown
    assert base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode() not in shown  # as RTSP sends them


@pytest.fixture
def certificate(tmp_path) -> tuple[str, str]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed; it makes the server's certificate")
    names = (str(tmp_path / "camera.pem"), str(tmp_path / "camera.key"))
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    files = ["-out", names[0], "-keyout", names[1]]
    command = ["openssl", "req", "-x509", *curve, *subject, *files]
    subprocess.run(command, check=True, capture_output=True)
    return names


def test_an_unknown_certificate_is_refused_and_a_trusted_one_accepted(serve, certificate):
    server = serve("", "", *certificate)
    for scheme in ("rtsps", "RTSPS"):
        with pytest.raises(BadInput, match=r"rtsps://127\.0\.0\.1:.*: camera does not deliver"):
            open_source(server.address(scheme))
    with open_rtsp(server.address("rtsps"), camera="bench", ca_file=certificate[0]) as source:
        assert isinstance(next(source.frames()), Frame)


def test_a_camera_that_accepts_and_never_answers_is_given_up(monkeypatch):
    monkeypatch.setattr(rtsp, "_READ_TIMEOUT_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        begun = time.monotonic()
        with pytest.raises(BadInput, match=r"rtsp://127\.0\.0\.1:.*/bench: camera does not deliver"):
            open_source(f"rtsp://127.0.0.1:{mute.getsockname()[1]}/bench")
        assert time.monotonic() - begun < 5


def test_no_thread_survives_a_closed_camera(serve):
    before = threading.active_count()
    with open_source(serve().address()) as source:
        tiles = source.frames()
        next(tiles)
        assert threading.active_count() == before + 1
    time.sleep(0.3)
    assert threading.active_count() == before
