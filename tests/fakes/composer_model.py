"""A small composer's model with everything a real one has: an LSTM with random weights, description, sample, manifest.

The answers in its sample come from numpy, so that a test compares the runtime with something else than itself.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

METERS = ("2/4", "3/4", "4/4", "3/8", "6/8", "9/8", "12/8")
KINDS = ("maj", "min", "7", "dim")
LENGTHS = (1, 2, 3, 4, 6, 8, 9, 12, 15, 18, 24, 30, 36, 42, 48, 72)
WORDS = (
    "start",
    "end",
    *(f"bar {meter}" for meter in METERS),
    "chord N",
    *(f"chord {root}:{kind}" for root in range(12) for kind in KINDS),
    *(f"pitch {pitch}" for pitch in range(41, 92)),
    "rest",
    "tie",
    *(f"length {steps}" for steps in LENGTHS),
)  # 127
CUES = (("mode", 0.2, 0.4), ("density", 0.3, 0.5), ("tempo", 4.5, 0.3), ("register", 70.0, 4.0))
EMBEDDED = 8
POISONED = WORDS.index("pitch 60")  # the token after which a poisoned model knows no numbers any more


def card_values(**changed: Any) -> dict[str, Any]:
    """Return a right description, with some lines of one's own."""
    return {
        "format": 1,
        "kind": "composer",
        "name": "tinylstm",
        "version": "2026.11.1",
        "vocabulary": list(WORDS),
        "grid": 12,
        "condition": [{"name": name, "mean": mean, "std": std} for name, mean, std in CUES],
        "state": {"layers": 2, "hidden": 16},
        "training": {"data": "none", "digest": "sha256:0", "commit": "none", "recipe": "random"},
        "metrics": {},
        "licence": "MIT",
    } | changed


class ComposerModel:
    """Weights, and what they answer: the reference that the runtime is held against."""

    def __init__(self, *, words: int = len(WORDS), layers: int = 2, hidden: int = 16, seed: int = 7) -> None:
        random = np.random.default_rng(seed)
        self.words, self.layers, self.hidden = words, layers, hidden

        def weights(*shape: int) -> np.ndarray:
            return random.normal(0, 1.5 / np.sqrt(shape[-1]), shape).astype(np.float32)

        self.embedding = random.normal(0, 1, (words, EMBEDDED)).astype(np.float32)
        wide = [EMBEDDED + len(CUES), *(layers - 1) * [hidden]]
        self.w = [weights(1, 4 * hidden, width) for width in wide]  # gates input, output, forget, cell, as in ONNX
        self.r = [weights(1, 4 * hidden, hidden) for _ in wide]
        self.b = [weights(1, 8 * hidden) for _ in wide]
        self.out, self.bias = weights(hidden, words) * 24, weights(words)

    def step(self, token: int, condition: np.ndarray, h: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, ...]:
        """Return logits [V] and the new h and c [L,1,H], in double precision."""
        x = np.concatenate([self.embedding[token], condition]).astype(np.float64)
        h, c = h.astype(np.float64), c.astype(np.float64)
        for layer in range(self.layers):
            both = self.b[layer][0, : 4 * self.hidden] + self.b[layer][0, 4 * self.hidden :]
            gates = self.w[layer][0] @ x + self.r[layer][0] @ h[layer, 0] + both
            i, o, f = (1 / (1 + np.exp(-gate)) for gate in np.split(gates, 4)[:3])
            c[layer, 0] = f * c[layer, 0] + i * np.tanh(np.split(gates, 4)[3])
            x = h[layer, 0] = o * np.tanh(c[layer, 0])
        return x @ self.out + self.bias, h, c

    def logits(self, tokens: list[int], condition: np.ndarray) -> np.ndarray:
        """Return the logits [T,V] after each token, from a zero state."""
        h = c = np.zeros((self.layers, 1, self.hidden))
        found = []
        for token in tokens:
            logits, h, c = self.step(token, condition, h, c)
            found.append(logits)
        return np.array(found, np.float32)

    def save(
        self,
        path: Path,
        *,
        description: str | None,
        poisoned: bool = False,
        without: str = "",
        extra: bool = False,
        integers: str = "INT64",
        outside: bool = False,
    ) -> None:
        """Write ONNX; the options make it wrong: no numbers after a token, an input less or more, weights elsewhere."""
        onnx = pytest.importorskip("onnx", reason="the training environment makes the models of this test")
        helper, kind = onnx.helper, onnx.TensorProto
        names = {name: f"{name}_out" for name in ("h", "c")}
        state = [self.layers, "n", self.hidden]
        inputs = {"token": (getattr(kind, integers), ["n"]), "condition": (kind.FLOAT, ["n", len(CUES)])}
        inputs |= dict.fromkeys(names, (kind.FLOAT, state)) | ({"extra": (kind.FLOAT, ["n"])} if extra else {})
        outputs = {"logits": ["n", self.words]} | dict.fromkeys(names.values(), state)
        inputs.pop(without, None)
        outputs.pop(without, None)
        values = [onnx.numpy_helper.from_array(value, name) for name, value in self._weights(poisoned).items()]
        if without in ("h", "c"):
            values.append(onnx.numpy_helper.from_array(np.zeros((self.layers, 1, self.hidden), np.float32), without))
        graph = helper.make_graph(
            self._nodes(helper, without),
            "composer",
            [helper.make_tensor_value_info(name, *value) for name, value in inputs.items()],
            [helper.make_tensor_value_info(name, kind.FLOAT, shape) for name, shape in outputs.items()],
            values,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
        if description is not None:
            model.metadata_props.add(key="moodbox", value=description)
        away = {"save_as_external_data": True, "location": "weights.data", "size_threshold": 0} if outside else {}
        onnx.save(model, path, **away)

    def _weights(self, poisoned: bool) -> dict[str, np.ndarray]:  # noqa: FBT001
        poison = np.zeros((self.words, 1), np.float32)  # after the LSTM, whose activations make numbers of everything
        if poisoned:
            poison[POISONED] = np.nan
        found = {"embedding": self.embedding, "out": self.out, "bias": self.bias, "poison": poison}
        for layer in range(self.layers):
            found |= {f"w{layer}": self.w[layer], f"r{layer}": self.r[layer], f"b{layer}": self.b[layer]}
        return found | {"first": np.array([0], np.int64)}

    def _nodes(self, helper: Any, without: str) -> list[Any]:
        make = helper.make_node
        parts = {name: [f"{name}{layer}" for layer in range(self.layers)] for name in ("h", "c")}
        nodes = [make("Split", [name], made, axis=0) for name, made in parts.items()]
        nodes.append(make("Gather", ["embedding", "token"], ["embedded"]))
        nodes.append(make("Concat", ["embedded", *([] if without == "condition" else ["condition"])], ["x"], axis=1))
        nodes.append(make("Unsqueeze", ["x", "first"], ["x0"]))
        for layer in range(self.layers):
            read = [f"x{layer}", f"w{layer}", f"r{layer}", f"b{layer}", "", f"h{layer}", f"c{layer}"]
            made = [f"y{layer}", f"hn{layer}", f"cn{layer}"]
            nodes.append(make("LSTM", read, made, hidden_size=self.hidden))
            nodes.append(make("Identity", [f"hn{layer}"], [f"x{layer + 1}"]))
        layers = range(self.layers)
        nodes += [make("Concat", [f"{name}n{at}" for at in layers], [f"{name}_out"], axis=0) for name in ("h", "c")]
        nodes.append(make("Squeeze", [f"x{self.layers}", "first"], ["last"]))
        nodes.append(make("MatMul", ["last", "out"], ["odds"]))
        nodes.append(make("Add", ["odds", "bias"], ["healthy"]))
        nodes.append(make("Gather", ["poison", "token"], ["dose"]))
        return [*nodes, make("Add", ["healthy", "dose"], ["logits"])]


SAMPLE = [WORDS.index(word) for word in ("start", "bar 4/4", "chord 0:maj", "chord 7:7", "pitch 72", "length 48")]
CONDITION = np.array([0.5, -0.25, 1.0, 0.0], np.float32)


def make_bundle(
    folder: Path,
    *,
    card: dict[str, Any] | None = None,
    description: str | None = None,
    model: ComposerModel | None = None,
    tolerance: float = 1e-3,
    int8: bool = False,
    smallest_device: str = "0.1.0",
    **wrong: Any,
) -> Path:
    """Write a whole bundle and return its folder.

    `card` changes lines of the description, `description` replaces it as text; `wrong` is for `ComposerModel.save`;
    `int8` quantises it as the training does, which wants a `tolerance` of some tenths.
    """
    folder.mkdir(parents=True, exist_ok=True)
    model = model or ComposerModel()
    values = card_values(state={"layers": model.layers, "hidden": model.hidden}) | (card or {})
    text = json.dumps(values) if description is None else description
    model.save(folder / "model.onnx", description=text or None, **wrong)
    if int8:
        quantised(folder / "model.onnx")
    write_golden(folder, tolerance=tolerance, logits=model.logits(SAMPLE, CONDITION))
    seal(folder, smallest_device=smallest_device)
    return folder


def quantised(path: Path) -> None:
    """Make an int8 model of an fp32 one, in place: a real one is shipped so."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    full = path.rename(path.with_name("fp32.onnx"))
    quantize_dynamic(full, path, weight_type=QuantType.QInt8)
    full.unlink()


def write_golden(folder: Path, **changed: Any) -> None:
    """Write the sample, with some arrays of one's own; None leaves one out."""
    arrays = {"tokens": np.array(SAMPLE, np.int64), "condition": CONDITION, "tolerance": 1e-3} | changed
    if "logits" not in arrays:
        arrays["logits"] = ComposerModel().logits(SAMPLE, CONDITION)
    arrays["tolerance"] = arrays["tolerance"] and np.float32(arrays["tolerance"])
    np.savez_compressed(folder / "golden.npz", **{name: value for name, value in arrays.items() if value is not None})


def seal(folder: Path, **changed: Any) -> None:
    """Write the manifest for the files as they are now."""
    files = {name: (folder / name).read_bytes() for name in ("model.onnx", "golden.npz")}
    digests = {
        name: {"digest": f"sha256:{hashlib.sha256(content).hexdigest()}", "bytes": len(content)}
        for name, content in files.items()
    }
    values = {"format": 1, "kind": "composer", "name": "tinylstm", "version": "2026.11.1", "serial": 1}
    values |= {"smallest_device": "0.1.0", "files": digests} | changed
    (folder / "manifest.json").write_text(json.dumps(values), encoding="utf-8")
