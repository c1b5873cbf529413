"""Runs ONNX networks: onnxruntime, one thread, no spinning; and networks that look at one person."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.extras import needs_edge
from models.pose import Picture, Region
from models.region import Size, crop
from productivity.errors import BadInput

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]


def open_session(file: Path) -> "InferenceSession":
    """Load an ONNX file. Raises `BadInput` when it is missing or no network.

    One thread and no spinning: with a second thread an inference took 4.7 ms instead of 7.4, but 25.9 ms of
    processor time, which other cameras need.
    """
    with needs_edge("onnxruntime"):
        import onnxruntime
    if not file.is_file():
        raise BadInput("no such network", where=str(file), expected="an ONNX file")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4  # errors come as exceptions
    try:
        return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own exceptions share no public base class
        raise BadInput("not a readable ONNX network", where=str(file), found=type(error).__name__) from error


class PersonNetwork:
    """A network whose only input is one person's crop.

    Its input is (1, H, W, 3) uint8 as it is, or (1, 3, H, W) or (1, H, W, 3) float32 that is normalised here:
    (crop - mean) / std. `shapes` are its outputs by name; a dimension without a fixed size counts as 1,
    because one person is looked at at a time.
    """

    def __init__(
        self,
        file: Path,
        size: Size,
        mean: Sequence[float] = (0.0, 0.0, 0.0),
        std: Sequence[float] = (255.0, 255.0, 255.0),
    ) -> None:
        self._session = open_session(file)
        self.size = size
        self._mean = np.array(mean, np.float32)
        self._scale = 1 / np.array(std, np.float32)
        inputs = self._session.get_inputs()
        found = [(_fixed(each.shape), each.type) for each in inputs]
        by_rows, by_colours = (1, *size, 3), (1, 3, *size)
        accepted = [(by_rows, "tensor(uint8)"), (by_rows, "tensor(float)"), (by_colours, "tensor(float)")]
        if len(found) != 1 or found[0] not in accepted:
            expected = f"one of {by_colours} float, {by_rows} float, {by_rows} uint8"
            raise BadInput("network input", where=str(file), expected=expected, found=str(found))
        self._input = inputs[0].name
        self._planes = found[0][0] == by_colours
        self._as_it_is = found[0][1] == "tensor(uint8)"
        self.shapes: Mapping[str, tuple[int, ...]] = {
            each.name: _fixed(each.shape) for each in self._session.get_outputs()
        }

    def run(self, picture: Picture, region: Region, outputs: Sequence[str]) -> list[NDArray[np.float32]]:
        """Return the named outputs for the person in `region`."""
        tensor: NDArray[Any] = crop(picture, region, self.size, repeat_edge=True)
        if not self._as_it_is:
            tensor = (tensor - self._mean) * self._scale
        if self._planes:
            tensor = np.ascontiguousarray(tensor.transpose(2, 0, 1))
        result: list[NDArray[np.float32]] = self._session.run(outputs, {self._input: tensor[None]})
        return result


def _fixed(shape: Sequence[int | str | None]) -> tuple[int, ...]:
    return tuple(length if isinstance(length, int) else 1 for length in shape)
