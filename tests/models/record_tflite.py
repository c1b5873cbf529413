"""Records what the TFLite interpreter says about two synthetic pictures, for test_convert_weights.py.

    python tests/models/record_tflite.py WHEEL

needs `ai-edge-litert`, which is no dependency of fairtakt. The pictures are noise from a generator that numpy
keeps stable, so that only the answers are stored.
"""

import sys
import zipfile
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from models.catalogue import blazepose

RECORD = Path(__file__).with_name("tflite_outputs.npz")


def noise(height: int, width: int) -> np.ndarray:
    """Return the (1, H, W, 3) uint8 picture; RandomState's stream is frozen (NEP 19)."""
    return np.random.RandomState(7).randint(0, 256, (1, height, width, 3)).astype(np.uint8)


def main(wheel: str) -> None:
    published = blazepose()
    answers = {}
    with zipfile.ZipFile(wheel) as archive:
        for member in (published.detector, published.landmarks):
            interpreter = Interpreter(model_content=archive.read(member.member))
            interpreter.allocate_tensors()
            picture = (noise(*member.input).astype(np.float32) - member.mean) / member.std
            interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture.astype(np.float32))
            interpreter.invoke()
            details = interpreter.get_output_details()
            for name, position in member.outputs.items():
                answers[name] = interpreter.get_tensor(details[position]["index"])
    np.savez_compressed(RECORD, **answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
