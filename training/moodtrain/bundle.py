"""A bundle: the folder that is shipped, with model.onnx, golden.npz and the manifest that vouches for both."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import onnx

from moodtrain.errors import MoodtrainError

PROPERTY = "moodbox"  # the ONNX metadata property in which a model describes itself
FILES = ("model.onnx", "golden.npz")
SMALLEST_DEVICE = "0.1.0"  # the first device that reads format 1


def next_serial(folder: Path) -> int:
    """Return one more than the serial of the bundle that lies there, so that it never goes down."""
    manifest = folder / "manifest.json"
    if not manifest.exists():
        return 1
    try:
        return int(json.loads(manifest.read_text(encoding="utf-8"))["serial"]) + 1
    except (ValueError, KeyError, TypeError):
        raise MoodtrainError(f"{manifest} has no readable serial; restore it, or choose another --out") from None


def describe(path: Path, description: dict[str, Any]) -> None:
    """Write the description into the ONNX file, in place of an earlier one."""
    model = onnx.load(path)
    del model.metadata_props[:]
    entry = model.metadata_props.add()
    entry.key, entry.value = PROPERTY, json.dumps(description, separators=(",", ":"))
    onnx.save(model, path)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return "sha256:" + sha256(path.read_bytes()).hexdigest()


def manifest(folder: Path, description: dict[str, Any], serial: int) -> dict[str, Any]:
    """Return what the manifest says of the files in `folder`."""
    return {
        "format": 1,
        "kind": description["kind"],
        "name": description["name"],
        "version": description["version"],
        "serial": serial,
        "smallest_device": SMALLEST_DEVICE,
        "files": {name: {"digest": digest(folder / name), "bytes": (folder / name).stat().st_size} for name in FILES},
    }


def seal(made: Path, description: dict[str, Any], serial: int) -> None:
    """Write the manifest beside finished files."""
    text = json.dumps(manifest(made, description, serial), indent=1) + "\n"
    (made / "manifest.json").write_text(text, encoding="utf-8")


def install(made: Path, out: Path) -> None:
    """Move a sealed bundle to where it is shipped from; the manifest, which makes it valid, comes last."""
    out.mkdir(parents=True, exist_ok=True)
    for name in (*FILES, "manifest.json"):
        (made / name).replace(out / name)
