"""Pictures and weights for the tests of the networks."""

import json
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import flatbuffers
import numpy as np
import pytest
from mediapipe.tasks.metadata import schema_py_generated as schema

from models.catalogue import Published

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"


def _video_frames(file: Path, seconds: list[float]) -> list[np.ndarray]:
    import av

    frames = []
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        for second in seconds:
            container.seek(round(second / stream.time_base), stream=stream)
            frame = next(f for f in container.decode(stream) if f.time >= second)
            frames.append(frame.to_ndarray(format="rgb24"))
    return frames


@pytest.fixture(scope="session")
def coco():
    """A real photograph of one whole person: picture, and (17, 2) annotated joints in COCO's order."""
    import cv2

    file = DATA / "pose" / "coco_785.jpg"
    if not file.exists():
        pytest.skip("needs ../shared/data/pose")
    annotation = json.loads(file.with_suffix(".json").read_text())
    joints = np.array(annotation["keypoints_xyv"], float).reshape(17, 3)[:, :2]
    return cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB), joints


@pytest.fixture(scope="session")
def bench_frames():
    """Eight frames of the rendered bench, from the first minute."""
    file = ROOT / "sample_videos" / "assembly_bench.mp4"
    if not file.exists():
        pytest.skip("needs sample_videos/assembly_bench.mp4")
    return _video_frames(file, [3.0 + 7 * number for number in range(8)])


@pytest.fixture(scope="session")
def clip_frames():
    """Six frames of the one-by-one clip, each with a real person at the table."""
    file = DATA / "videos" / "one-by-one-person-detection.mp4"
    if not file.exists():
        pytest.skip("needs ../shared/data/videos")
    return _video_frames(file, [12.0, 15.0, 30.0, 60.0, 80.0, 105.0])


@dataclass
class TinyModel:
    """Builds a TFLite model of a few operators; tensor 0 is the input."""

    shape: tuple[int, ...]

    def __post_init__(self):
        self.model = schema.ModelT()
        self.model.version = 3
        self.model.buffers = [schema.BufferT()]
        self.model.operatorCodes = []
        self.model.subgraphs = [schema.SubGraphT()]
        graph = self.model.subgraphs[0]
        graph.tensors, graph.operators, graph.inputs, graph.outputs = [], [], [0], []
        self.tensor(self.shape)

    def tensor(self, shape, kind=schema.TensorType.FLOAT32) -> int:
        tensor = schema.TensorT()
        tensor.shape, tensor.type, tensor.buffer = list(shape), kind, 0
        self.model.subgraphs[0].tensors.append(tensor)
        return len(self.model.subgraphs[0].tensors) - 1

    def constant(self, values, dtype=np.float32, shape=None) -> int:
        kinds = {np.float32: "FLOAT32", np.float16: "FLOAT16", np.int32: "INT32", np.int64: "INT64"}
        array = np.array(values, dtype)
        number = self.tensor(
            array.shape if shape is None else shape, getattr(schema.TensorType, kinds[dtype])
        )
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(array.tobytes(), np.uint8)
        self.model.buffers.append(buffer)
        self.model.subgraphs[0].tensors[number].buffer = len(self.model.buffers) - 1
        return number

    def operator(self, name, inputs, shape, options=None) -> int:
        code = schema.OperatorCodeT()
        code.builtinCode = getattr(schema.BuiltinOperator, name)
        code.deprecatedBuiltinCode = min(code.builtinCode, 127)
        self.model.operatorCodes.append(code)
        operator = schema.OperatorT()
        operator.opcodeIndex = len(self.model.operatorCodes) - 1
        operator.inputs, operator.outputs = list(inputs), [self.tensor(shape)]
        if options is not None:
            operator.builtinOptions = options
            operator.builtinOptionsType = getattr(schema.BuiltinOptions, type(options).__name__[:-1])
        self.model.subgraphs[0].operators.append(operator)
        return operator.outputs[0]

    def options(self, kind, **values):
        options = getattr(schema, f"{kind}T")()
        for name, value in values.items():
            assert hasattr(options, name), name
            setattr(options, name, value)
        return options

    def convolution(self, filters, source=0, bias=None, shape=None, depthwise=False, **values) -> int:
        """A convolution, SAME and stride 1 unless told otherwise; `filters`: values or a tensor number."""
        number = filters if isinstance(filters, int) else self.constant(filters)
        channels = self.model.subgraphs[0].tensors[number].shape[-1 if depthwise else 0]
        bias = self.constant(np.zeros(channels) if bias is None else bias)
        kind = "DepthwiseConv2DOptions" if depthwise else "Conv2DOptions"
        extra = {"depthMultiplier": 1} if depthwise else {}
        defaults = {"padding": 0, "strideH": 1, "strideW": 1, "dilationHFactor": 1, "dilationWFactor": 1}
        options = self.options(kind, **(defaults | extra | values))
        name = "DEPTHWISE_CONV_2D" if depthwise else "CONV_2D"
        return self.operator(name, [source, number, bias], shape or (*self.shape[:3], channels), options)

    def finish(self, *outputs) -> bytes:
        self.model.subgraphs[0].outputs = list(outputs)
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


@pytest.fixture
def tiny():
    """The builder of tiny TFLite models."""
    return TinyModel


@dataclass(frozen=True)
class TinyWorld:
    """A published set of tiny weights in a real wheel, which pip finds without a network."""

    published: Published
    wheel: Path
    cache: Path

    def spoil(self, change) -> Path:
        """Return a wheel beside the true one with other bytes."""
        forged = self.wheel.with_name("forged.whl")
        forged.write_bytes(change(self.wheel.read_bytes()))
        return forged


@pytest.fixture
def tiny_world(tmp_path, monkeypatch):
    """An empty cache, a wheel of tiny weights that pip finds, and a catalogue that describes it."""
    members = {}
    for name, outputs in {"detector": {"boxes": 0, "scores": 1}, "landmarks": {"landmarks": 0}}.items():
        model = TinyModel((1, 32, 32, 3))
        rng = np.random.RandomState(len(name))
        answers = [model.convolution(rng.rand(2, 1, 1, 3)) for _ in outputs]
        content = model.finish(*answers)
        member = f"tinyweights/{name}.tflite"
        members[member] = content
        entry = {"member": member, "sha256": sha256(content).hexdigest(), "outputs": outputs}
        members[name] = entry | {"input": (32, 32), "mean": 0.0, "std": 255.0}
    detector, landmarks = members.pop("detector"), members.pop("landmarks")
    wheel = tmp_path / "index" / "tinyweights-1.0-cp311-cp311-manylinux_2_28_x86_64.whl"
    wheel.parent.mkdir()
    info = "tinyweights-1.0.dist-info/"
    members[info + "METADATA"] = b"Metadata-Version: 2.1\nName: tinyweights\nVersion: 1.0\n"
    tag = b"cp311-cp311-manylinux_2_28_x86_64"
    members[info + "WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: " + tag + b"\n"
    members[info + "RECORD"] = b""
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    published = Published.model_validate(
        {
            "title": "tiny weights",
            "licence": "Apache-2.0",
            "wheel": {
                "requirement": "tinyweights==1.0",
                "python": "3.11",
                "abi": "cp311",
                "platform": "manylinux_2_28_x86_64",
                "sha256": sha256(wheel.read_bytes()).hexdigest(),
            },
            "detector": detector,
            "landmarks": landmarks,
        }
    )
    cache = tmp_path / "cache"
    monkeypatch.setenv("FAIRTAKT_CACHE", str(cache))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setattr("models.fetch.blazepose", lambda: published)
    return TinyWorld(published, wheel, cache)
