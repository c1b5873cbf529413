"""Networks of the user's own, in the layouts of SimCC and BlazePose; tiny ones, built here."""

import hashlib

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from models.detector import Detector
from models.engines import open_engine
from models.network import PersonNetwork
from models.pose import Joint, Region
from models.region import to_picture
from models.simcc import ROWS, SimCC
from productivity.errors import BadInput

SIZE = (64, 48)  # height, width


def _save(file, nodes, outputs, constants=(), shape=(1, 3, *SIZE), kind=TensorProto.FLOAT):
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("input", kind, shape)],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, size) for name, size in outputs.items()],
        [numpy_helper.from_array(np.array(value), name) for name, value in dict(constants).items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    file.write_bytes(model.SerializeToString())
    return file


def brightest(file, joints=17, split=2, shape=("batch", 3, *SIZE)):
    """A SimCC network whose joints all lie on the brightest column and row; a peak is as high as they are.

    The red channel's maximum over the rows is the likelihood of a column, and the other way round; each is
    repeated `split` times.
    """
    height, width = SIZE
    nodes, outputs = [helper.make_node("Slice", ["input", "zero", "one", "axis"], ["red"])], {}
    for name, length, other in (("x", width, 2), ("y", height, 3)):
        nodes += [
            helper.make_node("ReduceMax", ["red"], [f"max_{name}"], axes=[other], keepdims=0),
            helper.make_node(
                "Resize", [f"max_{name}", "", f"scale_{name}"], [f"simcc_{name}"], mode="nearest"
            ),
        ]
        outputs[f"simcc_{name}"] = ("batch", joints, length * split)
    constants = {
        "zero": np.array([0]),
        "one": np.array([1]),
        "axis": np.array([1]),
        "scale_x": np.array([1, joints, split], np.float32),
        "scale_y": np.array([1, joints, split], np.float32),
    }
    return _save(file, nodes, outputs, constants, shape)


def simcc(file, **network) -> SimCC:
    return SimCC("own", None, PersonNetwork(file, SIZE, **network))


def with_bright_spot(x: int, y: int) -> np.ndarray:
    picture = np.zeros((300, 400, 3), np.uint8)
    picture[y - 4 : y + 5, x - 4 : x + 5, 0] = 255
    return picture


PLACES = {
    "upright": Region(200, 150, 128, 0.0),
    "to the left of the middle": Region(190, 160, 128, 0.0),
    "turned": Region(195, 145, 128, 0.5),
    "larger": Region(200, 150, 256, 0.2),
}


@pytest.mark.parametrize("region", PLACES.values(), ids=PLACES.keys())
def test_the_peak_is_brought_back_to_the_picture(tmp_path, region):
    """A 9 px spot is found within one step of the network's grid, which is side / 64 / split."""
    pose = simcc(brightest(tmp_path / "net.onnx")).pose(with_bright_spot(200, 150), region)
    wrist = pose.joints[Joint.LEFT_WRIST]
    assert np.hypot(wrist[0] - 200, wrist[1] - 150) < 8
    assert wrist[2] == pytest.approx(1.0)
    assert pose.presence == pytest.approx(1.0)


@pytest.mark.parametrize("joints", ROWS)
def test_rows_that_the_network_does_not_have_are_nan(tmp_path, joints):
    pose = simcc(brightest(tmp_path / "net.onnx", joints)).pose(with_bright_spot(200, 150), PLACES["upright"])
    given = ~np.isnan(pose.joints).any(axis=1)
    assert set(np.flatnonzero(given)) == set(ROWS[joints].values())
    assert given[Joint.LEFT_HEEL] == (joints == 26)
    assert not given[Joint.LEFT_THUMB]


def test_an_empty_crop_has_no_presence_and_keeps_its_region(tmp_path):
    region = PLACES["turned"]
    pose = simcc(brightest(tmp_path / "net.onnx")).pose(np.zeros((300, 400, 3), np.uint8), region)
    assert pose.presence == 0
    assert pose.region == region


def test_pictures_are_normalised_as_the_catalogue_says(tmp_path):
    """(255 - 55) / 400 = 0.5 is the height of the peak."""
    network = simcc(brightest(tmp_path / "net.onnx"), mean=(55, 0, 0), std=(400, 1, 1))
    assert network.pose(with_bright_spot(200, 150), PLACES["upright"]).presence == pytest.approx(
        0.5, abs=1e-3
    )


def test_scores_stay_within_one(tmp_path):
    network = simcc(brightest(tmp_path / "net.onnx"), std=(1, 1, 1))
    assert network.pose(with_bright_spot(200, 150), PLACES["upright"]).joints[Joint.NOSE, 2] == 1


def _identity(file, name, shape, **options):
    return _save(
        file, [helper.make_node("Identity", ["input"], [name])], {name: shape}, shape=shape, **options
    )


WRONG = {
    "no network": (lambda f: f.write_bytes(b"nothing") and f, "not a readable ONNX network"),
    "missing": (lambda f: f, "no such network: expected an ONNX file"),
    "another size": (
        lambda f: brightest(f, shape=(1, 3, 32, 32)),
        "network input: expected one of (1, 3, 64, 48)",
    ),
    "grey input": (lambda f: _identity(f, "y", (1, 1, *SIZE)), "found [((1, 1, 64, 48), 'tensor(float)')]"),
    "another output": (
        lambda f: _identity(f, "heatmap", (1, 3, *SIZE)),
        "expected simcc_x (1, K, 48 * split)",
    ),
    "133 joints": (lambda f: brightest(f, joints=133), "K one of [17, 26], found {'simcc_x': (1, 133, 96)"),
}


@pytest.mark.parametrize(("build", "text"), WRONG.values(), ids=WRONG.keys())
def test_a_network_of_another_kind_is_refused_on_loading(tmp_path, build, text):
    with pytest.raises(BadInput) as caught:
        simcc(build(tmp_path / "net.onnx"))
    assert text in str(caught.value)


@pytest.fixture
def own_catalogue(tmp_path, monkeypatch):
    """Write a catalogue with the entry "mine" for a network file."""
    catalogue = tmp_path / "weights.toml"
    monkeypatch.setenv("FAIRTAKT_CATALOGUE", str(catalogue))

    def write(network, layout, size, sha256=None):
        digest = sha256 or hashlib.sha256(network.read_bytes()).hexdigest()
        catalogue.write_text(
            f'[mine]\nlayout = "{layout}"\nlicence = "MIT"\nfile = "{network.name}"\n'
            f'sha256 = "{digest}"\ninput = {list(size)}\n'
        )

    return write


def test_a_simcc_network_of_one_s_own_opens_by_name(tmp_path, own_catalogue, weights):
    own_catalogue(brightest(tmp_path / "net.onnx"), "simcc", SIZE)
    engine = open_engine("mine")
    assert engine.name == "mine"
    assert engine.pose(with_bright_spot(200, 150), PLACES["upright"]).presence == pytest.approx(1)
    assert list(engine.regions(np.zeros((90, 160, 3), np.uint8))) == []
    engine.close()


def test_blazepose_landmarks_of_one_s_own_open_by_name(tmp_path, own_catalogue, weights):
    """Every landmark at (32, 16) of a constant network, visible; the input is float and in rows."""
    values = np.tile(np.array([32, 16, 0, 50, 50], np.float32), 39).reshape(1, 195)
    nodes = [
        helper.make_node("ReduceMin", ["input"], ["least"], keepdims=0),
        helper.make_node("Mul", ["least", "nothing"], ["zero"]),
        helper.make_node("Add", ["values", "zero"], ["Identity"]),
        helper.make_node("Add", ["sure", "zero"], ["Identity_1"]),
    ]
    constants = {"values": values, "sure": np.float32([[0.75]]), "nothing": np.float32(0)}
    outputs = {"Identity": (1, 195), "Identity_1": (1, 1)}
    file = _save(tmp_path / "net.onnx", nodes, outputs, constants, shape=(1, 64, 64, 3))
    own_catalogue(file, "blazepose", (64, 64))
    region = Region(200, 150, 128, 0.3)
    pose = open_engine("mine").pose(with_bright_spot(200, 150), region)
    expected = to_picture(np.float32([[32, 16]]), region, (64, 64))[0]
    assert pose.joints[Joint.NOSE] == pytest.approx([*expected, 1], abs=1e-3)
    assert pose.presence == pytest.approx(0.75)


def test_a_network_that_was_changed_is_refused(tmp_path, own_catalogue):
    own_catalogue(brightest(tmp_path / "net.onnx"), "simcc", SIZE, sha256="0" * 64)
    with pytest.raises(BadInput, match=r"net\.onnx: SHA-256: expected 0000"):
        open_engine("mine")


def test_an_unknown_engine_is_answered_with_those_there_are(tmp_path, own_catalogue):
    own_catalogue(brightest(tmp_path / "net.onnx"), "simcc", SIZE)
    with pytest.raises(BadInput, match="expected blazepose or blazepose-exact or mediapipe or mine"):
        open_engine("openpose")


def test_a_blazepose_network_with_other_outputs_is_refused(tmp_path, own_catalogue, weights):
    own_catalogue(brightest(tmp_path / "net.onnx"), "blazepose", SIZE)
    with pytest.raises(BadInput, match=r"mine: network outputs: expected \(1, 195\) and \(1, 1\)"):
        open_engine("mine")


def test_people_are_found_by_the_detector(tmp_path, weights, coco):
    picture, _ = coco
    engine = SimCC("own", Detector(weights.detector), PersonNetwork(brightest(tmp_path / "net.onnx"), SIZE))
    assert len(engine.regions(picture)) == 1


@pytest.mark.parametrize(("column", "row"), [(0.9, 0.4), (0.3, 0.8)])
def test_a_joint_is_as_sure_as_the_less_sure_of_its_coordinates(tmp_path, column, row):
    outputs, constants, nodes = {}, {"nothing": np.float32(0)}, []
    nodes.append(helper.make_node("ReduceMin", ["input"], ["least"], keepdims=0))
    nodes.append(helper.make_node("Mul", ["least", "nothing"], ["zero"]))
    for name, length, height in (("simcc_x", SIZE[1], column), ("simcc_y", SIZE[0], row)):
        constants[f"peak_{name}"] = np.full((1, 17, length), 0.1, np.float32)
        constants[f"peak_{name}"][:, :, 7] = height
        nodes.append(helper.make_node("Add", [f"peak_{name}", "zero"], [name]))
        outputs[name] = (1, 17, length)
    network = simcc(_save(tmp_path / "net.onnx", nodes, outputs, constants))
    pose = network.pose(with_bright_spot(200, 150), PLACES["upright"])
    assert pose.joints[Joint.NOSE, 2] == pytest.approx(min(column, row))
    assert pose.presence == pytest.approx(min(column, row))
