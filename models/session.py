"""One way to run a network: onnxruntime, one thread, no spinning."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.extras import needs_edge
from productivity.errors import BadInput

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def open_session(path: Path) -> "InferenceSession":
    """Load an ONNX file. Raises `BadInput` when it is missing or no network.

    One thread and no spinning: a second thread halves the time of an inference, but burns three times the
    processor time, which other cameras need.
    """
    with needs_edge("onnxruntime"):
        import onnxruntime  # type: ignore[import-untyped]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # errors come as exceptions
    if not path.is_file():
        raise BadInput("no such network", where=str(path), expected="an ONNX file")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own exceptions share no public base class
        raise BadInput("not a readable ONNX network", where=str(path), found=type(error).__name__) from error


def sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return probabilities; in this form no logit is too large for float32."""
    result: NDArray[np.float32] = np.float32(0.5) * (1 + np.tanh(logits / 2))
    return result
