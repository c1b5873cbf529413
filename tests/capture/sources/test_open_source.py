"""What a person may write for a source, and what is answered to the rest."""

import pytest

from capture.sources.file import FileSource
from capture.sources.open import open_source
from capture.sources.rtsp import RtspAddress
from productivity.errors import BadInput

SECRETS = ("worker", "hunter2")


def test_a_path_opens_a_file(render, monkeypatch):
    path = render("usb:0 and more.mp4", times=[0, 100])
    with open_source(str(path), camera="bench") as source:
        assert isinstance(source, FileSource)
        assert source.info.label == str(path)
        assert {tile.camera for tile in source.frames()} == {"bench"}
    monkeypatch.chdir(path.parent)
    path.rename("b:c.mp4")
    open_source("b:c.mp4").close()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("usb:", id="usb-without-number"),
        pytest.param("usb:front", id="usb-with-name"),
        pytest.param("usb:-1", id="usb-negative"),
        pytest.param("https://worker:hunter2@127.0.0.1/video.mp4", id="web"),
        pytest.param("rtmp://worker:hunter2@127.0.0.1/live", id="other-protocol"),
    ],
)
def test_other_addresses_are_refused_without_being_quoted(text):
    with pytest.raises(BadInput) as refusal:
        open_source(text)
    assert str(refusal.value).startswith("source not understood: expected a video file, rtsp://host/path")
    assert not any(secret in str(refusal.value) for secret in SECRETS)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("rtsp://", id="no-host"),
        pytest.param("rtsp://worker:hunter2@", id="credentials-without-host"),
        pytest.param("rtsp:worker:hunter2@127.0.0.1/bench", id="slashes-missing"),
        pytest.param("rtsp://worker:hunter2@127.0.0.1:port/bench", id="port-not-a-number"),
        pytest.param("rtsps://worker:hunter2@[::1/bench", id="bracket-missing"),
    ],
)
def test_wrong_camera_addresses_are_refused_without_being_quoted(text):
    with pytest.raises(BadInput) as refusal:
        open_source(text)
    assert str(refusal.value).startswith("not a camera address: expected rtsp://host:port/path")
    assert refusal.value.__context__ is None
    assert not any(secret in str(refusal.value) for secret in SECRETS)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("rtsp://worker:hunter2@127.0.0.1/bench", "rtsp://127.0.0.1/bench"),
        ("rtsp://127.0.0.1:8554/bench?user=worker&password=hunter2", "rtsp://127.0.0.1:8554/bench"),
        ("RTSPS://worker:hun%40ter2@[::1]:322/a/b#c", "rtsps://[::1]:322/a/b"),
    ],
)
def test_labels_and_representations_hold_no_credentials(text, label):
    address = RtspAddress.parse(text)
    assert address.label == label
    assert address.secret.lower() == text.lower()
    assert not any(secret in repr(address) + str(address) for secret in (*SECRETS, "ter2"))


def test_an_address_in_capitals_is_still_encrypted():
    """Certificates are checked for "rtsps" in any spelling, and the video library sees one spelling only."""
    address = RtspAddress.parse("RTSPS://127.0.0.1/bench")
    assert address.encrypted
    assert address.secret.startswith("rtsps://127")
