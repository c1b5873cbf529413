"""Catalogues: ours is complete, a user's is checked entry by entry."""

import pytest

from models.catalogue import BUILT_IN, blazepose, own_networks
from productivity.errors import BadInput

SHA = "ab" * 32
GOOD = f"""
[rtmpose-m]
layout = "simcc"
licence = "Apache-2.0"
file = "nets/rtmpose-m.onnx"
sha256 = "{SHA}"
input = [256, 192]
mean = [123.675, 116.28, 103.53]
std = [58.395, 57.12, 57.375]
"""


def test_the_published_weights_say_where_they_are_from():
    published = blazepose()
    assert published.licence == "Apache-2.0"
    assert published.wheel.requirement == "mediapipe==0.10.21"
    assert (published.detector.input, published.landmarks.input) == ((224, 224), (256, 256))
    assert all(low <= 0 < high for low, high in published.landmarks.ranges.values()), "zero must be a byte"


def test_no_file_means_no_networks(tmp_path):
    assert own_networks(tmp_path / "weights.toml") == {}


def test_a_network_of_one_s_own(tmp_path):
    file = tmp_path / "weights.toml"
    file.write_text(GOOD)
    network = own_networks(file)["rtmpose-m"]
    assert network.file == tmp_path / "nets" / "rtmpose-m.onnx", "paths count from the catalogue"
    assert (network.layout, network.input, network.sha256) == ("simcc", (256, 192), SHA)
    assert network.mean == (123.675, 116.28, 103.53)


BAD = {
    "not TOML": (GOOD + "[", "not a readable catalogue"),
    "not text": (b"\xff\xfe\x00".decode("latin-1"), "not a readable catalogue"),
    "unknown key": (GOOD + "colour = 'red'", "rtmpose-m.colour: Extra inputs are not permitted"),
    "missing key": (GOOD.replace('licence = "Apache-2.0"', ""), "rtmpose-m.licence: Field required"),
    "unknown layout": (GOOD.replace('"simcc"', '"heatmap"'), "rtmpose-m.layout: Input should be 'blazepose'"),
    "half a hash": (GOOD.replace(SHA, "ab"), "rtmpose-m.sha256: String should match pattern"),
    "huge input": (GOOD.replace("[256, 192]", "[256, 8000]"), "rtmpose-m.input.1: Input should be less"),
    "division by zero": (GOOD.replace("58.395", "0"), "rtmpose-m.std"),
    "a built-in name": (
        GOOD.replace("rtmpose-m]", "mediapipe]"),
        "mediapipe is the name of a built-in engine",
    ),
    "a name that is a path": (GOOD.replace("[rtmpose-m]", '["../x"]'), "../x: String should match pattern"),
}


@pytest.mark.parametrize(("text", "expected"), BAD.values(), ids=BAD.keys())
def test_a_bad_entry_is_named(tmp_path, text, expected):
    file = tmp_path / "weights.toml"
    file.write_text(text, encoding="latin-1")
    with pytest.raises(BadInput) as caught:
        own_networks(file)
    assert str(caught.value).startswith(f"{file}: ")
    assert expected in str(caught.value)


def test_built_in_names_are_the_engines():
    assert BUILT_IN == ("blazepose", "blazepose-exact", "mediapipe")
