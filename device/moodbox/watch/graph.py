"""Make the picture size of a YuNet graph free, in memory and without the `onnx` package.

The published file declares 1x3x640x640 and the sizes of every value between, so onnxruntime refuses any other size,
although nothing inside depends on it. An ONNX file is a protobuf message (onnx/onnx: onnx/onnx.proto): ModelProto.graph
is field 7; GraphProto.input, output and value_info are 11, 12 and 13, each a ValueInfoProto whose shape lies at
type(2).tensor_type(1).shape(2).dim(1); a dimension is dim_value (1) or dim_param (2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from moodbox.errors import ModelError

_MODEL_GRAPH = 7
_GRAPH_INPUT, _GRAPH_OUTPUT, _GRAPH_VALUE_INFO = 11, 12, 13
_SHAPE_OF_VALUE = (2, 1, 2)  # type, tensor_type, shape
_DIM = 1
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def free_picture_size(model: bytes) -> bytes:
    """Return the model with height and width of its input, and the cell counts of its outputs, declared as free.

    The sizes between are dropped, as onnxruntime infers them again. Raises ModelError when this is no ONNX file.
    """
    try:
        return _rewrite(model, {_MODEL_GRAPH: _free_graph})
    except (IndexError, ValueError) as error:
        raise ModelError("the face detector is not a readable ONNX file: run `moodbox fetch-detector` again") from error


def _free_graph(graph: bytes) -> bytes:
    axes = {_GRAPH_INPUT: {2: b"height", 3: b"width"}}
    found = bytearray()
    outputs = 0
    for number, wire, whole, body in _fields(graph):
        if number == _GRAPH_VALUE_INFO:
            continue
        if number in (_GRAPH_INPUT, _GRAPH_OUTPUT) and wire == _BYTES:
            outputs += number == _GRAPH_OUTPUT
            names = axes.get(number, {1: b"cells_%d" % outputs})
            found += _record(number, _at(body, _SHAPE_OF_VALUE, partial(_free_axes, names=names)))
        else:
            found += whole
    return bytes(found)


def _free_axes(shape: bytes, names: dict[int, bytes]) -> bytes:
    """Replace the dimensions at the given places of a TensorShapeProto by names."""
    found, place = bytearray(), 0
    for number, _, whole, _ in _fields(shape):
        if number == _DIM:
            found += _record(_DIM, _record(2, names[place])) if place in names else whole
            place += 1
        else:
            found += whole
    return bytes(found)


def _at(message: bytes, path: tuple[int, ...], change: Callable[[bytes], bytes]) -> bytes:
    """Apply `change` to the submessage at `path`, leaving all else as it is."""
    if not path:
        return change(message)
    return _rewrite(message, {path[0]: lambda body: _at(body, path[1:], change)})


def _rewrite(message: bytes, changes: dict[int, Callable[[bytes], bytes]]) -> bytes:
    found = bytearray()
    for number, wire, whole, body in _fields(message):
        change = changes.get(number) if wire == _BYTES else None
        found += _record(number, change(body)) if change else whole
    return bytes(found)


def _fields(message: bytes) -> Iterator[tuple[int, int, bytes, bytes]]:
    """Yield (field number, wire type, the field as written, its body) of a protobuf message."""
    at = 0
    while at < len(message):
        start = at
        key, at = _read_varint(message, at)
        wire = key & 7
        body = at
        if wire == _VARINT:
            _, at = _read_varint(message, at)
        elif wire == _BYTES:
            length, body = _read_varint(message, at)
            at = body + length
        elif wire in (_FIXED64, _FIXED32):
            at += 8 if wire == _FIXED64 else 4
        else:
            raise ValueError(f"protobuf wire type {wire} at byte {start}")
        if at > len(message):
            raise ValueError(f"protobuf field cut off at byte {start}")
        yield key >> 3, wire, message[start:at], message[body:at]


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError(f"protobuf number too long at byte {at}")


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)


def _record(number: int, body: bytes) -> bytes:
    return _varint(number << 3 | _BYTES) + _varint(len(body)) + body
