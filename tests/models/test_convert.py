"""Each rule of the converter on a model of one or two operators, with answers worked out by hand."""

import numpy as np
import onnxruntime
import pytest

from models.convert import Normalisation, to_onnx
from models.tflite import read_tflite
from productivity.errors import BadInput

PLAIN = Normalisation(0, 1)


def convert_and_run(data: bytes, picture, normalisation=PLAIN, ranges=None) -> np.ndarray:
    model = read_tflite(data, where="tiny")
    content = to_onnx(model, {"answer": model.outputs[0]}, normalisation, where="tiny", ranges=ranges)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return session.run(["answer"], {"picture": np.array(picture, np.uint8)})[0]


def picture(rows) -> np.ndarray:
    """Return (1, H, W, 3) with `rows` in the first channel and zeros in the others."""
    result = np.zeros((1, len(rows), len(rows[0]), 3), np.uint8)
    result[0, :, :, 0] = rows
    return result


def first_channel(height, width) -> np.ndarray:
    """Return (1, h, w, 3) filters that add up the first channel."""
    filters = np.zeros((1, height, width, 3))
    filters[..., 0] = 1
    return filters


def test_same_padding_of_an_odd_excess_is_longer_at_the_end(tiny):
    """3x3, stride 2 on 4x4: one row and column are missing, at the bottom and on the right."""
    model = tiny((1, 4, 4, 3))
    answer = model.convolution(first_channel(3, 3), strideH=2, strideW=2, shape=(1, 2, 2, 1))
    result = convert_and_run(model.finish(answer), picture(np.ones((4, 4))))
    assert result[0, :, :, 0].tolist() == [[9, 6], [6, 4]]


def test_same_padding_of_an_even_excess_is_symmetric(tiny):
    model = tiny((1, 3, 3, 3))
    result = convert_and_run(model.finish(model.convolution(first_channel(3, 3))), picture(np.ones((3, 3))))
    assert result[0, :, :, 0].tolist() == [[4, 6, 4], [6, 9, 6], [4, 6, 4]]


def test_valid_padding_pads_nothing(tiny):
    model = tiny((1, 3, 4, 3))
    answer = model.convolution(first_channel(3, 3), padding=1, shape=(1, 1, 2, 1))
    assert convert_and_run(model.finish(answer), picture(np.ones((3, 4))))[0, :, :, 0].tolist() == [[9, 9]]


def test_a_pad_becomes_the_padding_of_the_convolution_behind_it(tiny):
    """One row above, two below, none at the sides; 2x1 sums of the column 1, 2."""
    model = tiny((1, 2, 1, 3))
    padded = model.operator(
        "PAD", [0, model.constant([[0, 0], [1, 2], [0, 0], [0, 0]], np.int32)], (1, 5, 1, 3)
    )
    answer = model.convolution(first_channel(2, 1), source=padded, padding=1, shape=(1, 4, 1, 1))
    assert convert_and_run(model.finish(answer), picture([[1], [2]]))[0, :, 0, 0].tolist() == [1, 3, 2, 0]


def test_filters_and_bias_keep_their_channels(tiny):
    """Three outputs, each a weighted sum of red 2, green 3, blue 5 and its own bias."""
    model = tiny((1, 1, 1, 3))
    filters = np.array([[1, 0, 0], [0, 1, 0], [1, 10, 100]], float).reshape(3, 1, 1, 3)
    answer = model.convolution(filters, bias=[0.5, 0, -1])
    result = convert_and_run(model.finish(answer), [[[[2, 3, 5]]]])
    assert result.ravel().tolist() == [2.5, 3, 531]


def test_depthwise_filters_stay_with_their_channel(tiny):
    model = tiny((1, 1, 2, 3))
    filters = np.array([[[[1, 10, 100], [2, 20, 200]]]], float)
    answer = model.convolution(filters, depthwise=True, padding=1, shape=(1, 1, 1, 3))
    result = convert_and_run(model.finish(answer), [[[[1, 1, 1], [3, 0, 1]]]])
    assert result.ravel().tolist() == [1 + 6, 10, 100 + 200]


ACTIVATIONS = {"none": (0, [-8.0, 4.0, 12.0]), "relu": (1, [0.0, 4.0, 12.0]), "relu6": (3, [0.0, 4.0, 6.0])}


@pytest.mark.parametrize(("code", "expected"), ACTIVATIONS.values(), ids=ACTIVATIONS.keys())
def test_fused_activations(tiny, code, expected):
    model = tiny((1, 1, 3, 3))
    answer = model.convolution(first_channel(1, 1) * 4, bias=[-8], fusedActivationFunction=code)
    assert convert_and_run(model.finish(answer), picture([[0, 3, 5]])).ravel().tolist() == expected


def test_an_addition_has_its_activation_too(tiny):
    model = tiny((1, 1, 2, 3))
    one = model.convolution(first_channel(1, 1))
    options = model.options("AddOptions", fusedActivationFunction=3)
    answer = model.operator("ADD", [one, one], (1, 1, 2, 1), options)
    assert convert_and_run(model.finish(answer), picture([[2, 5]])).ravel().tolist() == [4, 6]


def test_max_pool(tiny):
    model = tiny((1, 2, 4, 3))
    options = model.options("Pool2DOptions", padding=1, strideH=2, strideW=2, filterHeight=2, filterWidth=2)
    answer = model.operator("MAX_POOL_2D", [0], (1, 1, 2, 3), options)
    rows = [[1, 2, 3, 9], [5, 4, 7, 8]]
    assert convert_and_run(model.finish(answer), picture(rows))[0, 0, :, 0].tolist() == [5, 9]


def test_resizing_counts_from_pixel_centres_and_repeats_the_edge(tiny):
    model = tiny((1, 1, 2, 3))
    options = model.options("ResizeBilinearOptions", halfPixelCenters=True)
    size = model.constant([1, 4], np.int32)
    answer = model.operator("RESIZE_BILINEAR", [0, size], (1, 1, 4, 3), options)
    assert convert_and_run(model.finish(answer), picture([[0, 100]]))[0, 0, :, 0].tolist() == [0, 25, 75, 100]


def test_depth_to_space_puts_the_channels_row_by_row(tiny):
    """Eight channels 1..8 become four places of two: (1, 2) and (3, 4) above (5, 6) and (7, 8)."""
    model = tiny((1, 1, 1, 3))
    eight = model.convolution(np.arange(1.0, 9).reshape(8, 1, 1, 1) * [[[[1, 0, 0]]]])
    options = model.options("DepthToSpaceOptions", blockSize=2)
    answer = model.operator("DEPTH_TO_SPACE", [eight], (1, 2, 2, 2), options)
    result = convert_and_run(model.finish(answer), picture([[1]]))
    assert result[0].tolist() == [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]


def test_reshape_and_concatenation_keep_tflite_s_order_of_numbers(tiny):
    """Height 2, width 1, channels 3: position by position, and in each the channels."""
    model = tiny((1, 2, 1, 3))
    shape = model.constant([1, 6], np.int32)
    flat = model.operator("RESHAPE", [0, shape], (1, 6), model.options("ReshapeOptions"))
    options = model.options("ConcatenationOptions", axis=1)
    answer = model.operator("CONCATENATION", [flat, flat], (1, 12), options)
    result = convert_and_run(model.finish(answer), [[[[1, 2, 3]], [[4, 5, 6]]]])
    assert result.ravel().tolist() == [1, 2, 3, 4, 5, 6] * 2


def test_logistic(tiny):
    model = tiny((1, 1, 2, 3))
    answer = model.operator("LOGISTIC", [model.convolution(first_channel(1, 1))], (1, 1, 2, 1))
    result = convert_and_run(model.finish(answer), picture([[0, 255]]))
    assert result.ravel().tolist() == pytest.approx([0.5, 1])


NORMALISATIONS = {"a factor goes into the weights": (0, 255), "an offset is applied": (127.5, 127.5)}


@pytest.mark.parametrize(("mean", "std"), NORMALISATIONS.values(), ids=NORMALISATIONS.keys())
def test_normalisation_comes_before_the_padding_with_zeros(tiny, mean, std):
    """White is 1 in both conventions, and what is padded is 0."""
    model = tiny((1, 3, 3, 3))
    result = convert_and_run(
        model.finish(model.convolution(first_channel(3, 3))),
        picture(np.full((3, 3), 255)),
        Normalisation(mean, std),
    )
    assert result[0, :, :, 0] == pytest.approx(np.array([[4, 6, 4], [6, 9, 6], [4, 6, 4]]), abs=1e-5)


def test_float16_constants_are_widened(tiny):
    model = tiny((1, 1, 1, 3))
    half = model.constant([[[[0.5, 0.25, 2]]]], np.float16)
    filters = model.operator("DEQUANTIZE", [half], (1, 1, 1, 3))
    result = convert_and_run(model.finish(model.convolution(filters)), [[[[4, 4, 4]]]])
    assert result.ravel().tolist() == [11]


def _sparse(model, shape, values, segments, columns, first=0) -> int:
    """Store `values` as rows of a sparse tensor (schema.fbs, SparsityParameters)."""
    from mediapipe.tasks.metadata import schema_py_generated as schema

    number = model.constant(values, np.float16, shape)
    sparsity = schema.SparsityParametersT()
    sparsity.traversalOrder = list(range(len(shape)))
    sparsity.dimMetadata = []
    for axis, length in enumerate(shape):
        level = schema.DimensionMetadataT()
        level.format, level.denseSize = schema.DimensionType.DENSE, length
        if axis == len(shape) - 1:
            level.format = schema.DimensionType.SPARSE_CSR
            level.arraySegmentsType = level.arrayIndicesType = schema.SparseIndexVector.Uint8Vector
            level.arraySegments, level.arrayIndices = schema.Uint8VectorT(), schema.Uint8VectorT()
            level.arraySegments.values, level.arrayIndices.values = segments, columns
        elif axis == first and first:
            level.format = schema.DimensionType.SPARSE_CSR
        sparsity.dimMetadata.append(level)
    model.model.subgraphs[0].tensors[number].sparsity = sparsity
    return number


def test_sparse_constants_are_expanded(tiny):
    """Rows [0, 7, 0], [0, 0, 0], [1, 0, 2]: the values 7, 1, 2 in rows of 1, 0 and 2."""
    model = tiny((1, 1, 1, 3))
    sparse = _sparse(model, (3, 1, 1, 3), [7, 1, 2], [0, 1, 1, 3], [1, 0, 2])
    dense = model.operator("DENSIFY", [sparse], (3, 1, 1, 3))
    filters = model.operator("DEQUANTIZE", [dense], (3, 1, 1, 3))
    result = convert_and_run(model.finish(model.convolution(filters)), [[[[1, 10, 100]]]])
    assert result.ravel().tolist() == [70, 0, 201]


def test_unwanted_operators_are_dropped_even_if_the_converter_does_not_know_them(tiny):
    model = tiny((1, 1, 1, 3))
    wanted = model.convolution(first_channel(1, 1))
    unwanted = model.operator("CUMSUM", [wanted], (1, 1, 1, 1))
    assert convert_and_run(model.finish(wanted, unwanted), picture([[3]])).ravel().tolist() == [3]


def test_tensors_with_a_range_travel_as_bytes(tiny):
    """Steps of 0.1 from -5.5 to 20: 3.14 - 5 becomes -1.9, 5.1 - 5 stays."""
    model = tiny((1, 1, 2, 3))
    first = model.convolution(first_channel(1, 1) * 0.02, bias=[-5.0])
    second = model.convolution(np.array([[[[1.0]]]]), source=first)
    data = model.finish(second)
    ranges = {first: (-5.5, 20.0), second: (-5.5, 20.0)}
    result = convert_and_run(data, picture([[157, 255]]), ranges=ranges)
    assert result.ravel().tolist() == pytest.approx([-1.9, 0.1], abs=1e-5)
    exact = convert_and_run(data, picture([[157, 255]]))
    assert exact.ravel().tolist() == pytest.approx([-1.86, 0.1], abs=1e-5)
    cut = convert_and_run(data, picture([[157, 255]]), ranges={first: (-1.0, 0.0), second: (-1.0, 0.0)})
    assert cut.ravel().tolist() == pytest.approx([-1.0, 0.0]), "what lies outside is cut off"


def _unknown_operator(tiny):
    model = tiny((1, 1, 1, 3))
    return model.finish(model.operator("SOFTMAX", [0], (1, 1, 1, 3)))


def _unknown_activation(tiny):
    model = tiny((1, 1, 1, 3))
    return model.finish(model.convolution(first_channel(1, 1), fusedActivationFunction=4))


def _dilation(tiny):
    model = tiny((1, 1, 1, 3))
    return model.finish(model.convolution(first_channel(1, 1), dilationHFactor=2))


def _pad_before_something_else(tiny):
    model = tiny((1, 2, 2, 3))
    pads = model.constant([[0, 0], [1, 1], [1, 1], [0, 0]], np.int32)
    padded = model.operator("PAD", [0, pads], (1, 4, 4, 3))
    return model.finish(model.operator("LOGISTIC", [padded], (1, 4, 4, 3)))


def _align_corners(tiny):
    model = tiny((1, 1, 2, 3))
    options = model.options("ResizeBilinearOptions", alignCorners=True)
    size = model.constant([1, 4], np.int32)
    return model.finish(model.operator("RESIZE_BILINEAR", [0, size], (1, 1, 4, 3), options))


def _sparse_in_two_dimensions(tiny):
    model = tiny((1, 1, 1, 3))
    sparse = _sparse(model, (3, 1, 1, 3), [7], [0, 1, 1, 1], [1], first=1)
    return model.finish(model.convolution(model.operator("DENSIFY", [sparse], (3, 1, 1, 3))))


def _unknown_constant(tiny):
    model = tiny((1, 1, 1, 3))
    return model.finish(model.operator("RESHAPE", [0, model.constant([1, 3], np.int64)], (1, 3)))


REFUSED = {
    "operator": (_unknown_operator, "operator: found SOFTMAX"),
    "activation": (_unknown_activation, "activation: found 4"),
    "dilation": (_dilation, "dilation"),
    "PAD before something else": (_pad_before_something_else, "use of PAD: found ['LOGISTIC']"),
    "resize with aligned corners": (_align_corners, "resize mode"),
    "sparse in two dimensions": (_sparse_in_two_dimensions, "sparse in its last dimension only"),
    "constant of another type": (_unknown_constant, "expected float16, float32 or int32"),
    "not TFLite": (lambda tiny: b"PK\x03\x04 something else", "not a TFLite model"),
    "empty": (lambda tiny: b"", "not a TFLite model"),
    "cut off": (lambda tiny: _unknown_operator(tiny)[:40], "damaged TFLite model"),
}


@pytest.mark.parametrize(("build", "text"), REFUSED.values(), ids=REFUSED.keys())
def test_what_the_converter_does_not_know_is_refused_by_name(tiny, build, text):
    with pytest.raises(BadInput) as caught:
        convert_and_run(build(tiny), np.zeros((1, 2, 2, 3)))
    assert str(caught.value).startswith("tiny: ")
    assert text in str(caught.value)
