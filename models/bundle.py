"""Assembles the `.task` file that MediaPipe's PoseLandmarker reads, from the same two TFLite models.

A `.task` file is an uncompressed zip of the models under fixed names. Each model carries metadata that says
how its input is normalised (MediaPipe: tasks/metadata/metadata_schema.fbs, NormalizationOptions). Models and
the weights inside them begin at multiples of 16 bytes, so that MediaPipe can map the file into memory.
"""

import io
import struct
import zipfile

import numpy as np
from numpy.typing import NDArray

from models.catalogue import Member, Published
from models.extras import needs_edge
from models.tflite import Table

_METADATA = b"TFLITE_METADATA"  # the name under which TFLite Support looks for it
_ALIGNMENT = 16
_ZIP_HEADER = 30  # bytes of a local file header without name and extra field (APPNOTE 4.3.7)
_ALIGNMENT_FIELD = 0xD935  # the field that zipalign writes for this purpose
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a fixed time, so that the same weights give the same bytes


def task_bundle(published: Published, detector: bytes, landmarks: bytes) -> bytes:
    """Return the content of the `.task` file."""
    models = {
        "pose_detector.tflite": _with_metadata(detector, published.detector),
        "pose_landmarks_detector.tflite": _with_metadata(landmarks, published.landmarks),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in models.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.extra = _padding(buffer.tell() + _ZIP_HEADER + len(name))
            archive.writestr(entry, content)
    return buffer.getvalue()


def _padding(offset: int) -> bytes:
    """Return an extra field that moves what comes after `offset` to the next multiple of the alignment."""
    length = -(offset + 4) % _ALIGNMENT
    return struct.pack("<HH", _ALIGNMENT_FIELD, length) + bytes(length)


def _with_metadata(content: bytes, member: Member) -> bytes:
    """Return the TFLite model with its input's normalisation as metadata, in place of what it had."""
    with needs_edge("mediapipe", "flatbuffers"):
        import flatbuffers  # type: ignore[import-untyped]
        from mediapipe.tasks.metadata import schema_py_generated as schema  # type: ignore[import-untyped]
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    metadata = schema.BufferT()
    metadata.data = _metadata(member, outputs=len(model.subgraphs[0].outputs))
    entry = schema.MetadataT()
    entry.name = _METADATA
    entry.buffer = len(model.buffers)
    model.buffers.append(metadata)
    model.metadata = [kept for kept in model.metadata or [] if kept.name != _METADATA] + [entry]

    class AlignedBuffer(schema.BufferT):  # type: ignore[misc]  # generated, untyped
        def Pack(self, builder: Table) -> int:  # noqa: N802 - the generated name
            if self.data is not None:
                builder.Prep(_ALIGNMENT, len(self.data))
            return int(super().Pack(builder))

    for buffer in model.buffers:
        buffer.__class__ = AlignedBuffer
    builder = flatbuffers.Builder(len(content))
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _metadata(member: Member, *, outputs: int) -> NDArray[np.uint8]:
    import flatbuffers
    from mediapipe.tasks.metadata import metadata_schema_py_generated as schema

    image = schema.ImagePropertiesT()
    image.colorSpace = schema.ColorSpaceType.RGB
    picture = schema.TensorMetadataT()
    picture.content = schema.ContentT()
    picture.content.contentPropertiesType = schema.ContentProperties.ImageProperties
    picture.content.contentProperties = image
    normalisation = schema.NormalizationOptionsT()
    normalisation.mean, normalisation.std = [member.mean], [member.std]
    unit = schema.ProcessUnitT()
    unit.optionsType = schema.ProcessUnitOptions.NormalizationOptions
    unit.options = normalisation
    picture.processUnits = [unit]
    graph = schema.SubGraphMetadataT()
    graph.inputTensorMetadata = [picture]
    graph.outputTensorMetadata = [schema.TensorMetadataT() for _ in range(outputs)]
    root = schema.ModelMetadataT()
    root.subgraphMetadata = [graph]
    builder = flatbuffers.Builder(0)
    builder.Finish(root.Pack(builder), b"M001")
    return np.frombuffer(bytes(builder.Output()), np.uint8)
