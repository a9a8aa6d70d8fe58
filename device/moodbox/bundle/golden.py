"""The golden sample of a bundle, `golden.npz`: prepared inputs, the answers they gave, and how far off is fine."""

from __future__ import annotations

import io
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from moodbox.errors import ModelError

GOLDEN = "golden.npz"
_LARGEST = 32 * 2**20  # bytes unpacked; a sample is a few kilobytes, and a bomb would take all memory
# A damaged archive can break anywhere between zip, deflate and numpy's header, which is parsed as Python.
_DAMAGE = (
    OSError, ValueError, KeyError, EOFError, MemoryError, NotImplementedError, RuntimeError, SyntaxError, TypeError,
    struct.error, tokenize.TokenError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def read_golden(content: bytes, names: Sequence[str], what: str) -> tuple[NDArray[Any], ...]:
    """Return the arrays of these names. Raises ModelError, naming `what` the sample is, when one cannot be read."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            if sum(entry.file_size for entry in arrays.zip.infolist()) > _LARGEST:
                raise ValueError(f"more than {_LARGEST} bytes")
            return tuple(arrays[name] for name in names)
    except _DAMAGE as error:
        raise ModelError(f"{what} cannot be read: install the model again") from error
