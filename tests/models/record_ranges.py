"""Measures the value ranges under `ranges` in models/weights.toml, on pictures of people.

    python tests/models/record_ranges.py WHEEL VIDEO_OR_PICTURE...

People are followed with the exact network, once a second. Printed is, for each tensor, the range that holds
all but one in 20 000 values: a wider one would make the steps of all others coarser. Tensors behind ReLU6 are
within [0, 6] by definition. No picture is kept.
"""

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from models.blazepose import open_blazepose
from models.catalogue import blazepose
from models.convert import Normalisation, to_onnx
from models.fetch import ensure_weights
from models.network import PersonNetwork
from models.pose import Picture, Region
from models.tflite import Operator, TfliteModel, read_tflite

FIRST, LAST = 232, 300  # from the first 16x16 tensor to the last wide one; see docs/decisions
SHARE = 1 / 20_000
RELU6 = 3


def pictures(file: Path) -> Iterator[Picture]:
    with av.open(str(file)) as container:
        due = 0.0
        for frame in container.decode(video=0):
            if (frame.time or 0.0) >= due:
                due += 1.0
                yield frame.to_ndarray(format="rgb24")


def people(files: list[Path]) -> Iterator[tuple[Picture, Region]]:
    weights = ensure_weights()
    engine = open_blazepose(weights.detector, weights.landmarks)
    for file in files:
        for picture in pictures(file):
            for region in engine.regions(picture):
                if engine.pose(picture, region).presence > 0.5:
                    yield picture, region


def wanted(model: TfliteModel) -> list[tuple[int, bool]]:
    """Return (tensor, is behind ReLU6) of what the pruned network computes between FIRST and LAST."""
    needed, found = set(model.outputs[:2]), []
    for operator in reversed(model.operators):
        if needed & set(operator.outputs):
            needed |= set(operator.inputs)
            if FIRST <= operator.outputs[0] <= LAST and operator.name != "PAD":
                found.append((operator.outputs[0], _relu6(operator)))
    return sorted(found)


def _relu6(operator: Operator) -> bool:
    return bool(operator.options.fusedActivationFunction == RELU6)


def main(wheel: str, *files: str) -> None:
    member = blazepose().landmarks
    with zipfile.ZipFile(wheel) as archive:
        model = read_tflite(archive.read(member.member), where=member.member)
    tensors = wanted(model)
    linear = [tensor for tensor, relu6 in tensors if not relu6]
    outputs = {f"value{tensor}": tensor for tensor in linear}
    probe = Path(wheel).with_name("probe.onnx")
    probe.write_bytes(to_onnx(model, outputs, Normalisation(member.mean, member.std), where=wheel))
    network = PersonNetwork(probe, member.input)
    probe.unlink()
    values: dict[int, list[np.ndarray]] = {tensor: [] for tensor in linear}
    for picture, region in people([Path(file) for file in files]):
        for tensor, value in zip(linear, network.run(picture, region, list(outputs)), strict=True):
            values[tensor].append(np.quantile(value, [SHARE, 1 - SHARE]))
    for tensor, relu6 in tensors:
        low, high = (0.0, 6.0) if relu6 else np.quantile(values[tensor], [0.02, 0.98], axis=0).diagonal()
        sys.stdout.write(f"{tensor} = [{min(low, 0):.2f}, {max(high, 0):.2f}]\n")
    sys.stderr.write(f"{len(values[linear[0]])} people\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
