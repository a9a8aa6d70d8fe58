"""The files of a bundle, read whole and checked against the manifest before anybody parses them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from moodbox.bundle.golden import GOLDEN
from moodbox.bundle.manifest import MANIFEST, read_manifest
from moodbox.errors import ModelError

MODEL = "model.onnx"
_LARGEST = 256 * 2**20  # bytes; ours have two million, and a wrong file must not take all memory


@dataclass(frozen=True, slots=True)
class Contents:
    """A whole bundle: the graph and its golden sample, both vouched for by the manifest."""

    model: bytes
    golden: bytes


def read_contents(folder: Path, what: str) -> Contents:
    """Read a bundle of which nothing may be missing. Raises ModelError, naming `what` it is."""
    manifest = read_manifest(folder)
    if manifest is None:
        missing = f"has no {MANIFEST}" if folder.is_dir() else "is not there"
        raise ModelError(f"{what} {missing}: install it again")
    manifest.check_device(what)
    files = {}
    for name in (MODEL, GOLDEN):
        files[name] = read_file(folder / name, f"{what}, file {name},", "install it again")
        manifest.check(name, files[name], f"{what}, file {name},")
    return Contents(files[MODEL], files[GOLDEN])


def read_file(path: Path, what: str, remedy: str) -> bytes:
    """Return the bytes of a file. Raises ModelError, with what to do, when there are none, or far too many."""
    try:
        if path.stat().st_size > _LARGEST:
            raise ModelError(f"{what} is larger than {_LARGEST // 2**20} MB: {remedy}")
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{what} cannot be read ({error.strerror}): {remedy}") from error
    if not content:
        raise ModelError(f"{what} is empty: {remedy}")
    return content
