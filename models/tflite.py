"""Reads a TFLite flatbuffer into plain values: operators, and constants as dense float32 or int32 arrays.

Compressed constants are expanded here, so that the conversion never sees them: DENSIFY (sparse rows) and
DEQUANTIZE (float16) of a constant are themselves constants. The schema is the one that the mediapipe wheel
brings (`mediapipe.tasks.metadata.schema_py_generated`, generated from TensorFlow Lite's `schema.fbs`).
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.extras import needs_edge
from productivity.errors import BadInput

Array: TypeAlias = NDArray[Any]
Table: TypeAlias = Any
"""An object of the generated schema, which has no types."""


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator: its name in the schema, tensor numbers, and the options table (None without options)."""

    name: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: Table


@dataclass(frozen=True, slots=True)
class TfliteModel:
    """A model with one subgraph. Shapes are NHWC; `constants` maps tensor numbers to their values."""

    operators: tuple[Operator, ...]
    shapes: tuple[tuple[int, ...], ...]
    constants: dict[int, Array]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


def read_tflite(data: bytes, *, where: str) -> TfliteModel:
    """Read a flatbuffer; `where` names it in errors. Raises `BadInput` when it is no TFLite model."""
    with needs_edge("mediapipe"):
        from mediapipe.tasks.metadata import schema_py_generated as schema  # type: ignore[import-untyped]
    if data[4:8] != b"TFL3":
        raise BadInput("not a TFLite model", where=where, expected="TFL3 at byte 4", found=repr(data[4:8]))
    try:
        return _read(schema, data, where)
    except (struct.error, IndexError, TypeError, ValueError) as error:
        raise BadInput("damaged TFLite model", where=where, found=type(error).__name__) from error


def _read(schema: Table, data: bytes, where: str) -> TfliteModel:
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(data, 0))
    if len(model.subgraphs) != 1:
        raise BadInput("subgraphs", where=where, expected="1", found=str(len(model.subgraphs)))
    graph = model.subgraphs[0]
    kinds = vars(schema.BuiltinOperator).items()
    names = {number: name for name, number in kinds if isinstance(number, int)}
    # Old writers fill only the 8-bit code, new ones both; the larger is the operator (schema.fbs).
    codes = [names[max(code.builtinCode, code.deprecatedBuiltinCode)] for code in model.operatorCodes]

    constants: dict[int, Array] = {}
    for number, tensor in enumerate(graph.tensors):
        content = model.buffers[tensor.buffer].data
        if content is not None and len(content):
            constants[number] = _constant(schema, tensor, content.tobytes(), where)
    operators = []
    for raw in graph.operators:
        operator = Operator(codes[raw.opcodeIndex], _ints(raw.inputs), _ints(raw.outputs), raw.builtinOptions)
        if operator.name in ("DENSIFY", "DEQUANTIZE") and operator.inputs[0] in constants:
            constants[operator.outputs[0]] = constants[operator.inputs[0]]
        else:
            operators.append(operator)
    shapes = tuple(_ints(tensor.shape) for tensor in graph.tensors)
    return TfliteModel(tuple(operators), shapes, constants, _ints(graph.inputs), _ints(graph.outputs))


def _ints(numbers: Iterable[int] | None) -> tuple[int, ...]:
    return () if numbers is None else tuple(int(number) for number in numbers)


def _constant(schema: Table, tensor: Table, content: bytes, where: str) -> Array:
    """Return a constant tensor dense, float16 widened to float32."""
    kinds: dict[int, Any] = {
        schema.TensorType.FLOAT16: np.float16,
        schema.TensorType.FLOAT32: np.float32,
        schema.TensorType.INT32: np.int32,
    }
    if tensor.type not in kinds:
        expected = "float16, float32 or int32"
        raise BadInput("constant type", where=where, expected=expected, found=str(tensor.type))
    values: Array = np.frombuffer(content, kinds[tensor.type])
    if tensor.sparsity is not None:
        values = _densify(schema, tensor, values, where)
    if values.dtype == np.float16:
        values = values.astype(np.float32)
    return values.reshape(_ints(tensor.shape))


def _densify(schema: Table, tensor: Table, values: Array, where: str) -> Array:
    """Expand compressed sparse rows: every dimension dense, only the last one sparse, without blocks.

    Row r holds values[segments[r]:segments[r + 1]] at the columns indices[segments[r]:segments[r + 1]].
    """
    sparsity, shape = tensor.sparsity, _ints(tensor.shape)
    levels = sparsity.dimMetadata
    dense, sparse = schema.DimensionType.DENSE, schema.DimensionType.SPARSE_CSR
    formats = [level.format for level in levels]
    in_order = _ints(sparsity.traversalOrder) == tuple(range(len(shape)))
    if not in_order or formats != [dense] * (len(shape) - 1) + [sparse]:
        raise BadInput("sparse constant", where=where, expected="sparse in its last dimension only")
    segments = np.asarray(levels[-1].arraySegments.values, np.int64)
    columns = np.asarray(levels[-1].arrayIndices.values)
    rows = int(np.prod(shape[:-1]))
    result = np.zeros((rows, shape[-1]), values.dtype)
    lengths = segments[1:] - segments[:-1]
    result[np.repeat(np.arange(rows), lengths), columns] = values
    return result
