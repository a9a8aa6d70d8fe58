"""How large a network is and how much it has to reckon: parameters, and multiply-adds for one face.

Only convolutions and matrix products count as multiply-adds; that is how other networks' figures are made.
"""

from math import prod
from pathlib import Path

import onnx
import torch
from onnx import TensorProto, shape_inference
from torch import nn

from moodtrain.expression.picture import Picture

_QUANTISING = ("QuantizeLinear", "DequantizeLinear")


def of_network(model: nn.Module, picture: Picture) -> tuple[int, int]:
    """Return parameters and multiply-adds of a network in torch, all its heads included."""
    done: list[int] = []

    def count(layer: nn.Module, _: object, made: torch.Tensor) -> None:
        weight = layer.get_parameter("weight")
        done.append(made[0].numel() * prod(weight.shape[1:]))

    layers = [layer for layer in model.modules() if isinstance(layer, nn.Conv2d | nn.Linear)]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    with torch.inference_mode():
        model(torch.zeros(1, picture.channels, picture.size, picture.size))
    for hook in hooks:
        hook.remove()
    return sum(p.numel() for p in model.parameters()), sum(done)


def of_file(path: Path) -> tuple[int, int]:
    """Return parameters and multiply-adds of an ONNX file, fp32 or int8 between QuantizeLinear and DequantizeLinear."""
    model = onnx.load(path)
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1
    del model.graph.value_info[:]  # quantising leaves shapes that name the free batch
    graph = shape_inference.infer_shapes(model).graph
    stored = {tensor.name: tensor for tensor in graph.initializer}
    return _parameters(graph, stored), _multiply_adds(graph, stored)


def _parameters(graph: onnx.GraphProto, stored: dict[str, onnx.TensorProto]) -> int:
    """Count what was learnt: float tensors that something reckons with, and int8 ones before they are made float."""
    used: set[str] = set()
    for node in graph.node:
        if node.op_type == "DequantizeLinear":
            used |= {node.input[0]} & stored.keys()
        elif node.op_type != "QuantizeLinear":
            used |= {name for name in node.input if name in stored and stored[name].data_type == TensorProto.FLOAT}
    return sum(prod(stored[name].dims) for name in used if stored[name].dims)


def _multiply_adds(graph: onnx.GraphProto, stored: dict[str, onnx.TensorProto]) -> int:
    shapes = {value.name: _shape(value) for value in (*graph.value_info, *graph.output)}
    shapes |= {name: tuple(tensor.dims) for name, tensor in stored.items()}
    shapes |= {
        node.output[0]: tuple(stored[node.input[0]].dims)
        for node in graph.node
        if node.op_type in _QUANTISING and node.input[0] in stored
    }
    total = 0
    for node in graph.node:
        if node.op_type == "Conv":
            total += prod(shapes[node.output[0]]) * prod(shapes[node.input[1]][1:])
        elif node.op_type in ("Gemm", "MatMul"):
            total += prod(shapes[node.input[1]])
    return total


def _shape(value: onnx.ValueInfoProto) -> tuple[int, ...]:
    return tuple(dim.dim_value or 1 for dim in value.type.tensor_type.shape.dim)


def precision(path: Path) -> str:
    """Return int8 when an ONNX file quantises anything, else fp32."""
    nodes = onnx.load(path).graph.node
    return "int8" if any(node.op_type == "QuantizeLinear" for node in nodes) else "fp32"
