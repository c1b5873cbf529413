"""The `.task` file: what MediaPipe must find in it, and where."""

import io
import zipfile

import pytest
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_schema
from mediapipe.tasks.metadata import schema_py_generated as schema

from models.bundle import task_bundle
from models.tflite import read_tflite

NAMES = {"pose_detector.tflite": "detector", "pose_landmarks_detector.tflite": "landmarks"}


@pytest.fixture
def bundle(tiny_world):
    """The `.task` file of the tiny weights as bytes, and the two TFLite models that went in."""
    published = tiny_world.published
    landmarks = published.landmarks.model_copy(update={"mean": 127.5, "std": 64.0})
    published = published.model_copy(update={"landmarks": landmarks})
    with zipfile.ZipFile(tiny_world.wheel) as archive:
        models = {name: archive.read(getattr(published, name).member) for name in NAMES.values()}
    return published, models, task_bundle(published, **models)


def _metadata(content: bytes):
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    (entry,) = [each for each in model.metadata if each.name == b"TFLITE_METADATA"]
    raw = model.buffers[entry.buffer].data.tobytes()
    assert raw[4:8] == b"M001"
    return metadata_schema.ModelMetadataT.InitFromObj(metadata_schema.ModelMetadata.GetRootAs(raw, 0))


@pytest.mark.parametrize(("file", "name"), NAMES.items())
def test_each_model_says_how_its_input_is_normalised(bundle, file, name):
    published, models, content = bundle
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        inside = archive.read(file)
    picture = _metadata(inside).subgraphMetadata[0].inputTensorMetadata[0]
    options = picture.processUnits[0].options
    member = getattr(published, name)
    assert (list(options.mean), list(options.std)) == ([member.mean], [member.std])
    before, after = read_tflite(models[name], where="before"), read_tflite(inside, where="after")
    assert after.shapes == before.shapes
    assert {n: v.tobytes() for n, v in after.constants.items()} == {
        n: v.tobytes() for n, v in before.constants.items()
    }


def test_models_and_weights_can_be_mapped_into_memory(bundle):
    """Stored, not deflated; every constant begins at a multiple of 16 bytes of the whole file."""
    _, _, content = bundle
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for entry in archive.infolist():
            assert entry.compress_type == zipfile.ZIP_STORED
            inside = archive.read(entry)
            start = content.index(inside)
            model = schema.Model.GetRootAs(inside, 0)
            for number in range(1, model.BuffersLength()):
                vector = model.Buffers(number)._tab
                assert (start + vector.Vector(vector.Offset(4))) % 16 == 0
