"""Turn a composer's checkpoint into the bundle a device installs: int8 ONNX, description, golden sample, gate."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch

from moodtrain import bundle
from moodtrain.composer import checkpoint, corpus, gate, golden
from moodtrain.composer.batches import Scales
from moodtrain.composer.condition import NAMES, WINDOW
from moodtrain.composer.measure import Tally, shuffled, tally
from moodtrain.composer.model import OnnxReader
from moodtrain.composer.network import Composer
from moodtrain.composer.origin import licence, sources, training_of
from moodtrain.composer.quantise import quantise
from moodtrain.composer.step import to_onnx
from moodtrain.composer.vocabulary import GRID, WORDS
from moodtrain.errors import CheckpointError, DataError


@dataclass(frozen=True)
class Export:
    """What to export, with which songs to measure it, to where."""

    checkpoint: Path
    data: Sequence[Path]  # what the run learnt from
    out: Path
    name: str = "moodlstm"


def export(order: Export) -> dict[str, Any]:
    """Write the bundle and return the model's description; raise GateError, and ship nothing, when it is not good."""
    state = checkpoint.load(order.checkpoint)
    model, scales = checkpoint.network(state), checkpoint.scales(state)
    songs = corpus.read(order.data, order.checkpoint.with_name("corpus.npz"))
    _need_same(order, state, songs)
    order.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=order.out.parent) as folder:
        made = Path(folder)
        to_onnx(model, made / "fp32.onnx")
        quantise(made / "fp32.onnx", made / "model.onnx")
        serial = bundle.next_serial(order.out)
        description = _description(order, state, songs, serial)
        for name in ("fp32.onnx", "model.onnx"):
            bundle.describe(made / name, description)
        compared, metrics = _compare(model, scales, made, songs)
        description["metrics"] = metrics
        bundle.describe(made / "model.onnx", description)
        golden.write(made)
        bundle.seal(made, description, serial)
        gate.check(compared, made)
        bundle.install(made, order.out)
    return description


def _need_same(order: Export, state: dict[str, Any], songs: corpus.Corpus) -> None:
    """Refuse other songs: val's may be among those the run learnt from, and its description would not be true."""
    if state["digest"] != songs.digest:
        given = ", ".join(str(path) for path in order.data)
        raise DataError(f"{order.checkpoint} learnt from other files than {given} holds; give those with --data")
    if not state["history"]:
        raise CheckpointError(f"{order.checkpoint} has learnt nothing yet; train an epoch first")


def _compare(
    model: Composer, scales: Scales, made: Path, songs: corpus.Corpus
) -> tuple[gate.Comparison, dict[str, Any]]:
    """Read val and test with torch and, as the box does, piece by piece with int8."""
    small = OnnxReader.open(made / "model.onnx")
    splits = {name: songs.split(name) for name in ("val", "test") if songs.split(name)}
    metrics = {}
    found: dict[str, dict[str, Tally]] = {}
    for name, pieces in splits.items():
        found[name] = {
            "fp32": tally(model, pieces, scales),
            "int8": tally(small, pieces, scales, together=1),
            "int8, conditions shuffled": tally(small, shuffled(pieces), scales, together=1),
        }
        metrics[name] = {kind: _brief(one) for kind, one in found[name].items()}
    val = found["val"]
    off = _export_error(model, made)
    return gate.Comparison(val["fp32"], val["int8"], val["int8, conditions shuffled"], off), metrics


def _brief(one: Tally) -> dict[str, float]:
    return {"nats_per_token": round(one.per_token, 4), "nats_per_note": round(one.per_note, 4)}


def _export_error(model: Composer, made: Path) -> float:
    tokens = golden.tune()
    conditions = torch.from_numpy(golden.CONDITION).expand(1, len(tokens), -1)
    with torch.inference_mode():
        logits, _ = model(torch.from_numpy(tokens)[None], conditions)
    return float(np.abs(logits[0].numpy() - golden.answers(made / "fp32.onnx", tokens)).max())


def _description(order: Export, state: dict[str, Any], songs: corpus.Corpus, serial: int) -> dict[str, Any]:
    today, shape = datetime.now(UTC), state["shape"]
    return {
        "format": 1,
        "kind": "composer",
        "name": order.name,
        "version": f"{today.year}.{today.month}.{serial}",
        "vocabulary": list(WORDS),
        "grid": GRID,
        "condition": [
            {"name": name, "mean": mean, "std": std}
            for name, mean, std in zip(NAMES, state["mean"], state["std"], strict=True)
        ],
        "window": WINDOW,  # bars that a condition speaks of
        "guidance": state["settings"]["blind"] > 0,  # four zeros mean that nothing is asked
        "state": {"layers": shape["layers"], "hidden": shape["hidden"]},
        "precision": "int8",
        "training": training_of(state, songs),
        "metrics": {},
        "licence": licence(sources(songs)),
    }
