"""What a model file is: name, size, arithmetic, and what it says of its own making."""

from pathlib import Path
from typing import Any

from moodtrain import bundle
from moodtrain.expression import arithmetic, checkpoint
from moodtrain.expression.predict import OnnxPredictor, Predictor

SAID = ("name", "version", "temperature", "training", "metrics", "licence")


def facts(path: Path, model: Predictor) -> dict[str, Any]:
    """Return what is known about a model and its file; a checkpoint has no version and no temperature."""
    path = path / "model.onnx" if path.is_dir() else path
    common = {
        "file": path.name,
        "bytes": path.stat().st_size,
        "digest": bundle.digest(path),
        "head": model.head,
        "input": model.picture.described(),
    }
    if isinstance(model, OnnxPredictor):
        parameters, adds = arithmetic.of_file(path)
        made = {key: model.description[key] for key in SAID if key in model.description}
        kind = f"{arithmetic.precision(path)} ONNX"
    else:
        state = checkpoint.load(path)
        parameters, adds = arithmetic.of_network(*checkpoint.network(state))
        made, kind = _made(state), "fp32 checkpoint"
    return {**common, "kind": kind, "parameters": parameters, "multiply_adds": adds, **made}


def _made(state: dict[str, Any]) -> dict[str, Any]:
    settings = ", ".join(f"{key} {value}" for key, value in state["settings"].items() if key not in ("data", "out"))
    return {
        "name": state["settings"].get("network", "seed"),
        "training": {
            "data": f"{state['rows']} faces",
            "digest": state["digest"],
            "recipe": f"{len(state['history'])} epochs; {settings}",
            "machine": state["machine"],
        },
    }
