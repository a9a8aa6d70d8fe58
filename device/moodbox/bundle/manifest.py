"""The manifest of a bundle: which files belong to it, by digest, and the smallest device that may use them."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moodbox import __version__
from moodbox.errors import ModelError

MANIFEST = "manifest.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says about its files."""

    digests: dict[str, str]  # file name: SHA-256 in hexadecimal
    smallest_device: str  # version of this program, "0.1.0"

    def check(self, name: str, content: bytes, what: str) -> None:
        """Compare a file with its digest. Raises ModelError, naming `what` it is, when it is another or not named."""
        if self.digests.get(name) != hashlib.sha256(content).hexdigest():
            raise ModelError(f"{what} is not the file its manifest names: install it again")

    def check_device(self, what: str) -> None:
        """Raise ModelError when the bundle asks for a newer program than this one."""
        if _order(self.smallest_device) > _order(__version__):
            raise ModelError(f"{what} needs Moodbox {self.smallest_device}, this is {__version__}: update Moodbox")


def read_manifest(folder: Path) -> Manifest | None:
    """Read the manifest in a folder; None when there is none. Raises ModelError when it cannot be read."""
    path = folder / MANIFEST
    try:
        given: Any = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"the manifest {path} cannot be read ({error}): install the model again") from error
    try:
        return _manifest(given)
    except (AttributeError, TypeError, ValueError) as error:
        raise ModelError(f"the manifest {path} is not one of a model ({error}): install the model again") from error


def _manifest(given: dict[str, Any]) -> Manifest:
    written = given.get("format", _FORMAT)
    if written != _FORMAT:
        raise ModelError(f"the model's manifest has format {written!r}, this box reads {_FORMAT}: update Moodbox")
    found = {name: _digest(entry) for name, entry in given.get("files", {}).items()}
    smallest = str(given.get("smallest_device", "0"))
    _order(smallest)
    return Manifest({name: digest for name, digest in found.items() if digest is not None}, smallest)


def _digest(entry: Any) -> str | None:
    digest = entry.get("digest") if isinstance(entry, dict) else entry
    return digest.removeprefix("sha256:") if isinstance(digest, str) else None


def _order(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version so that a later one is larger: 0.10 is after 0.9 and equals 0.10.0."""
    found = re.match(r"[0-9]{1,9}(\.[0-9]{1,9})*", version)
    if found is None:
        raise ValueError(f"{version!r} is no version of a device")
    numbers = [int(number) for number in found[0].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
