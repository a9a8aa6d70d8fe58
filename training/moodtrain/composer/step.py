"""The network as the box runs it: one token in, one answer out, its state carried by whoever asks."""

import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from moodtrain.composer.condition import NAMES
from moodtrain.composer.network import Composer

OPSET = 17  # onnxruntime has read it since 1.12; the device asks for 1.23
INPUTS, OUTPUTS = ("token", "condition", "h", "c"), ("logits", "h_out", "c_out")


class Step(nn.Module):
    """One step of a network, for any number of pieces at once."""

    def __init__(self, model: Composer) -> None:
        super().__init__()
        self.model = model

    def forward(self, token: Tensor, condition: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Take N tokens, N x 4 conditions and two states, L x N x H; return N x V logits and the states after them."""
        logits, (after_h, after_c) = self.model(token.unsqueeze(1), condition.unsqueeze(1), (h, c))
        return logits.squeeze(1), after_h, after_c


def to_onnx(model: Composer, path: Path) -> None:
    """Write fp32 ONNX in one file, with an LSTM node per layer and the number of pieces free."""
    count = 2  # any number; with one the exporter would take the batch for a constant
    example = (torch.zeros(count, dtype=torch.int64), torch.zeros(count, len(NAMES)), *model.start(count))
    axes = {name: {1 if name[0] in "hc" and name != "condition" else 0: "pieces"} for name in (*INPUTS, *OUTPUTS)}
    with warnings.catch_warnings():
        # The exporter that replaces this one spells the LSTM out in small operations, which int8 does not shrink.
        warnings.simplefilter("ignore", DeprecationWarning)
        # The LSTM compares sizes that are the same for every piece.
        warnings.filterwarnings("ignore", message="Converting a tensor to a Python boolean")
        # The exporter fears a state of fixed size; ours comes from outside.
        warnings.filterwarnings("ignore", message="Exporting a model to ONNX with a batch_size other than 1")
        torch.onnx.export(
            Step(model).eval(),  # the whole of it, or the exporter would put the network back to training
            example,
            path,
            dynamo=False,
            opset_version=OPSET,
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
        )
