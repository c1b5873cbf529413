"""USB cameras, as far as a machine without one can tell."""

import os
import time

import av
import pytest

from capture.frame import Frame
from capture.sources import usb
from capture.sources.usb import open_usb
from productivity.errors import BadInput
from productivity.time import seconds


def test_an_absent_camera_is_named(tmp_path):
    with pytest.raises(BadInput) as refusal:
        open_usb(7, camera="bench", devices=tmp_path)
    assert str(refusal.value) == f"usb:7: no such camera: expected a camera at {tmp_path}/video7"


def test_a_file_in_the_place_of_a_device_is_refused(tmp_path):
    (tmp_path / "video0").write_text("no camera")
    with pytest.raises(BadInput, match="usb:0: not a camera: expected a video device"):
        open_usb(0, camera="bench", devices=tmp_path)


def test_a_device_that_is_no_camera_is_refused(tmp_path):
    (tmp_path / "video0").symlink_to(os.devnull)
    with pytest.raises(BadInput) as refusal:
        open_usb(0, camera="bench", devices=tmp_path)
    assert str(refusal.value).startswith("usb:0: camera does not deliver: found ")
    assert refusal.value.__context__ is None


def test_what_the_driver_delivers_becomes_frames(render, tmp_path, monkeypatch):
    """A file plays the driver's part: the size is read back, and after its end the camera is lost."""
    (tmp_path / "video0").symlink_to(os.devnull)
    video = render("driver.avi", codec="rawvideo", pixel_format="bgr24", times=range(0, 800, 100))
    asked = []

    def open_camera(address, *, kind, options, timeout=None):
        asked.append((address, kind, options))
        time.sleep(0.01)
        return av.open(video)

    monkeypatch.setattr(usb, "open_camera", open_camera)
    tiles = []
    with open_usb(0, camera="bench", devices=tmp_path, patience=seconds(0.2)) as source:
        for tile in source.frames():
            tiles.append(tile)
            if not isinstance(tile, Frame):
                break
    assert asked[0] == (f"{tmp_path}/video0", "v4l2", {"video_size": "1280x720", "framerate": "15"})
    assert (source.info.label, source.info.width, source.info.height) == ("usb:0", 128, 96)
    assert [tile.time for tile in tiles[:8]] == [number * 100_000_000 for number in range(8)]
    assert tiles[-1].reason == "camera lost"
