"""Converts a TFLite model into ONNX: NCHW inside, only the outputs that are asked for.

Rules, in the order in which they are applied:
(0) Operators that no wanted output depends on are dropped.
(1) Tensors of four dimensions become NCHW. RESHAPE goes through NHWC first, because it flattens in that
    order; what comes after it keeps the TFLite layout.
(2) A PAD in front of a VALID convolution becomes the convolution's own padding (both pad with zeros).
(3) SAME padding of an even excess is symmetric, of an odd excess one longer at the end (TensorFlow).
(4) The input is what a picture is, (1, H, W, 3) uint8, normalised inside the graph; where that is a mere
    factor, by the weights of the first convolution.
(5) A tensor with a known range travels as bytes (QuantizeLinear, DequantizeLinear); a convolution between
    two such tensors has int8 weights, one scale per output channel. onnxruntime fuses that into integer
    arithmetic. Everything else stays float32.

Only the operators of BlazePose are known; any other one is an error that names it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.extras import needs_edge
from models.tflite import Operator, Table, TfliteModel
from productivity.errors import BadInput

OPSET = 17
INPUT = "picture"
_SAME, _VALID = 0, 1  # schema.fbs, enum Padding
_NO_ACTIVATION, _RELU, _RELU6 = 0, 1, 3  # schema.fbs, enum ActivationFunctionType


@dataclass(frozen=True, slots=True)
class Normalisation:
    """What the network wants to see: (picture - mean) / std, with pictures in 0..255."""

    mean: float
    std: float


Ranges: TypeAlias = Mapping[int, tuple[float, float]]
"""Tensor number -> lowest and highest value, for tensors that travel as bytes."""


def to_onnx(
    model: TfliteModel,
    outputs: Mapping[str, int],
    normalisation: Normalisation,
    *,
    where: str,
    ranges: Ranges | None = None,
) -> bytes:
    """Return the ONNX model that computes `outputs` (name -> tensor number).

    Its input is "picture", (1, H, W, 3) uint8 RGB. Raises `BadInput` for what the converter does not know.
    """
    with needs_edge("onnx"):
        import onnx
        from onnx import TensorProto, helper

    operators = _needed(model, set(outputs.values()))
    writer = _Writer(model, where, ranges or {})
    writer.picture(normalisation, operators)
    for operator in operators:
        writer.operator(operator)
    for name, tensor in outputs.items():
        writer.node("Identity", [writer.as_tflite(tensor)], [name])
    height, width = model.shapes[model.inputs[0]][1:3]
    graph = helper.make_graph(
        writer.nodes,
        "fairtakt",
        [helper.make_tensor_value_info(INPUT, TensorProto.UINT8, (1, height, width, 3))],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, model.shapes[t]) for n, t in outputs.items()],
        [onnx.numpy_helper.from_array(value, name) for name, value in writer.constants.items()],
    )
    result = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(result, full_check=True)
    return bytes(result.SerializeToString())


def _needed(model: TfliteModel, wanted: set[int]) -> Sequence[Operator]:
    """Rule (0): walk backwards and keep what a wanted tensor depends on."""
    kept = []
    needed = set(wanted)
    for operator in reversed(model.operators):
        if needed & set(operator.outputs):
            kept.append(operator)
            needed |= set(operator.inputs)
    return kept[::-1]


@dataclass(slots=True)
class _Writer:
    """Collects ONNX nodes. A tensor number becomes the name "t<number>"; NCHW if `flat` does not hold it."""

    model: TfliteModel
    where: str
    ranges: Ranges
    nodes: list[Any] = field(default_factory=list)
    constants: dict[str, NDArray[Any]] = field(default_factory=dict)
    flat: set[int] = field(default_factory=set)
    paddings: dict[int, tuple[int, tuple[int, ...]]] = field(default_factory=dict)
    input_scale: float = 1.0

    def node(
        self,
        kind: str,
        inputs: Sequence[str],
        outputs: Sequence[str],
        **attributes: int | str | Sequence[int],
    ) -> None:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, outputs, **attributes))  # type: ignore[arg-type]  # onnx takes more than it says

    def constant(self, name: str, value: NDArray[Any] | np.generic) -> str:
        self.constants[name] = np.array(value, order="C")
        return name

    def refuse(self, what: str, found: object) -> BadInput:
        return BadInput(f"the converter does not know this {what}", where=self.where, found=str(found))

    def picture(self, normalisation: Normalisation, operators: Sequence[Operator]) -> None:
        """Apply rule (4). Transposing bytes before they are widened moves a quarter of the memory."""
        tensor = self.model.inputs[0]
        self.node("Transpose", [INPUT], ["planes"], perm=(0, 3, 1, 2))
        readers = {operator.name for operator in operators if tensor in operator.inputs}
        if normalisation.mean == 0 and readers <= {"PAD", "CONV_2D"}:
            self.input_scale = 1 / normalisation.std
            self.node("Cast", ["planes"], [f"t{tensor}"], to=1)
            return
        self.node("Cast", ["planes"], ["levels"], to=1)
        scale = self.constant("scale", np.float32(1 / normalisation.std))
        shift = self.constant("shift", np.float32(-normalisation.mean / normalisation.std))
        self.node("Mul", ["levels", scale], ["scaled"])
        self.node("Add", ["scaled", shift], [f"t{tensor}"])

    def as_tflite(self, tensor: int) -> str:
        """Return the tensor's name in TFLite's own layout."""
        if tensor in self.flat or len(self.model.shapes[tensor]) != 4:
            return f"t{tensor}"
        name = f"t{tensor}_nhwc"
        self.node("Transpose", [f"t{tensor}"], [name], perm=(0, 2, 3, 1))
        return name

    def operator(self, operator: Operator) -> None:
        handlers: dict[str, Callable[[Operator], None]] = {
            "CONV_2D": self._convolution,
            "DEPTHWISE_CONV_2D": self._convolution,
            "PAD": self._pad,
            "ADD": self._add,
            "MAX_POOL_2D": self._max_pool,
            "RESIZE_BILINEAR": self._resize,
            "DEPTH_TO_SPACE": self._depth_to_space,
            "RESHAPE": self._reshape,
            "CONCATENATION": self._concatenation,
            "LOGISTIC": self._logistic,
        }
        if operator.name not in handlers:
            raise self.refuse("operator", operator.name)
        handlers[operator.name](operator)
        self._as_bytes(operator.outputs[0])

    def _as_bytes(self, tensor: int) -> None:
        """Apply rule (5): from here on, the tensor's name stands for what is left of it after the bytes."""
        if tensor not in self.ranges:
            return
        for node in self.nodes:
            node.output[:] = [f"t{tensor}_exact" if name == f"t{tensor}" else name for name in node.output]
        low, high = self.ranges[tensor]
        step = np.float32((high - low) / 255)
        scale = self.constant(f"t{tensor}_step", step)
        zero = self.constant(f"t{tensor}_zero", np.uint8(round(-low / step)))
        self.node("QuantizeLinear", [f"t{tensor}_exact", scale, zero], [f"t{tensor}_bytes"])
        self.node("DequantizeLinear", [f"t{tensor}_bytes", scale, zero], [f"t{tensor}"])

    def _filters(self, source: int, result: int, filters: int, bias: int, weights: NDArray[Any]) -> list[str]:
        """Return the names of weights and bias; as integers between tensors that travel as bytes."""
        if not {source, result} <= self.ranges.keys():
            name = self.constant(f"t{filters}", weights)
            return [name, self.constant(f"t{bias}", self.model.constants[bias])]
        low, high = self.ranges[source]
        step = np.abs(weights).max(axis=(1, 2, 3)) / 127
        step = np.where(step > 0, step, 1).astype(np.float32)
        integers = np.round(weights / step[:, None, None, None]).astype(np.int8)
        bias_step = (step * np.float32((high - low) / 255)).astype(np.float32)
        bias_integers = np.round(self.model.constants[bias] / bias_step).astype(np.int32)
        names = []
        for tensor, values, steps in ((filters, integers, step), (bias, bias_integers, bias_step)):
            inputs = [self.constant(f"t{tensor}_integers", values), self.constant(f"t{tensor}_step", steps)]
            self.node("DequantizeLinear", inputs, [f"t{tensor}"], axis=0)
            names.append(f"t{tensor}")
        return names

    def _activated(
        self, operator: Operator, kind: str, inputs: Sequence[str], **attributes: int | str | Sequence[int]
    ) -> None:
        """Write a node and the activation that TFLite fuses into it."""
        result = f"t{operator.outputs[0]}"
        activation = operator.options.fusedActivationFunction
        if activation == _NO_ACTIVATION:
            self.node(kind, inputs, [result], **attributes)
            return
        self.node(kind, inputs, [f"{result}_linear"], **attributes)
        if activation == _RELU:
            self.node("Relu", [f"{result}_linear"], [result])
        elif activation == _RELU6:
            limits = [self.constant("zero", np.float32(0)), self.constant("six", np.float32(6))]
            self.node("Clip", [f"{result}_linear", *limits], [result])
        else:
            raise self.refuse("activation", activation)

    def _pads(self, source: int, result: int, kernel: Sequence[int], options: Table) -> tuple[int, ...]:
        """Rule (3); returns (top, left, bottom, right)."""
        if options.padding == _VALID:
            return (0, 0, 0, 0)
        if options.padding != _SAME:
            raise self.refuse("padding", options.padding)
        before, after = [], []
        for axis, stride in ((0, options.strideH), (1, options.strideW)):
            size, wanted = self.model.shapes[source][1 + axis], self.model.shapes[result][1 + axis]
            excess = max((wanted - 1) * stride + kernel[axis] - size, 0)
            before.append(excess // 2)
            after.append(excess - excess // 2)
        return (*before, *after)

    def _convolution(self, operator: Operator) -> None:
        source, filters, bias = operator.inputs
        options = operator.options
        if (options.dilationHFactor, options.dilationWFactor) != (1, 1):
            raise self.refuse("dilation", (options.dilationHFactor, options.dilationWFactor))
        weights = self.model.constants[filters]
        depthwise = operator.name == "DEPTHWISE_CONV_2D"
        if depthwise and options.depthMultiplier != 1:
            raise self.refuse("depth multiplier", options.depthMultiplier)
        # CONV_2D filters: (out, h, w, in); depthwise: (1, h, w, out); ONNX: (out, in / group, h, w).
        weights = weights.transpose((3, 0, 1, 2) if depthwise else (0, 3, 1, 2))
        kernel = weights.shape[2:]
        pads = self._pads(source, operator.outputs[0], kernel, options)
        if source in self.paddings:  # rule (2)
            source, explicit = self.paddings[source]
            pads = tuple(np.add(pads, explicit).tolist())
        if source == self.model.inputs[0]:
            weights = weights * np.float32(self.input_scale)
        self._activated(
            operator,
            "Conv",
            [f"t{source}", *self._filters(source, operator.outputs[0], filters, bias, weights)],
            kernel_shape=kernel,
            strides=(options.strideH, options.strideW),
            pads=pads,
            group=weights.shape[0] if depthwise else 1,
        )

    def _pad(self, operator: Operator) -> None:
        """Remember the padding for the convolution behind it (rule 2)."""
        source, result = operator.inputs[0], operator.outputs[0]
        (n0, n1), (top, bottom), (left, right), (c0, c1) = self.model.constants[operator.inputs[1]].tolist()
        readers = [o for o in self.model.operators if result in o.inputs]
        if (n0, n1, c0, c1) != (0, 0, 0, 0) or any("CONV_2D" not in reader.name for reader in readers):
            raise self.refuse("use of PAD", [reader.name for reader in readers])
        self.paddings[result] = (source, (top, left, bottom, right))

    def _add(self, operator: Operator) -> None:
        self._activated(operator, "Add", [f"t{tensor}" for tensor in operator.inputs])

    def _max_pool(self, operator: Operator) -> None:
        options = operator.options
        kernel = (options.filterHeight, options.filterWidth)
        self._activated(
            operator,
            "MaxPool",
            [f"t{operator.inputs[0]}"],
            kernel_shape=kernel,
            strides=(options.strideH, options.strideW),
            pads=self._pads(operator.inputs[0], operator.outputs[0], kernel, options),
        )

    def _resize(self, operator: Operator) -> None:
        if operator.options.alignCorners or not operator.options.halfPixelCenters:
            raise self.refuse("resize mode", vars(operator.options))
        source, result = operator.inputs[0], operator.outputs[0]
        before, after = self.model.shapes[source], self.model.shapes[result]
        factors = np.array([1, 1, after[1] / before[1], after[2] / before[2]], np.float32)
        scales = self.constant(f"t{result}_scales", factors)
        self.node(
            "Resize",
            [f"t{source}", "", scales],
            [f"t{result}"],
            mode="linear",
            coordinate_transformation_mode="half_pixel",
        )

    def _depth_to_space(self, operator: Operator) -> None:
        block = operator.options.blockSize
        self.node(
            "DepthToSpace",
            [f"t{operator.inputs[0]}"],
            [f"t{operator.outputs[0]}"],
            blocksize=block,
            mode="DCR",
        )

    def _reshape(self, operator: Operator) -> None:
        result = operator.outputs[0]
        shape = self.constant(f"t{result}_shape", np.array(self.model.shapes[result], np.int64))
        self.node("Reshape", [self.as_tflite(operator.inputs[0]), shape], [f"t{result}"])
        self.flat.add(result)

    def _concatenation(self, operator: Operator) -> None:
        if not self.flat.issuperset(operator.inputs) or operator.options.fusedActivationFunction:
            raise self.refuse("concatenation", "one that is not of flat tensors")
        names = [f"t{tensor}" for tensor in operator.inputs]
        self.node("Concat", names, [f"t{operator.outputs[0]}"], axis=operator.options.axis)
        self.flat.add(operator.outputs[0])

    def _logistic(self, operator: Operator) -> None:
        self.node("Sigmoid", [f"t{operator.inputs[0]}"], [f"t{operator.outputs[0]}"])
        if operator.inputs[0] in self.flat:
            self.flat.add(operator.outputs[0])
