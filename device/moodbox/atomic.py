"""Files that survive a pulled plug: write beside, flush, sync, rename, sync the folder."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from moodbox.errors import StorageError


def write_bytes(path: Path, data: bytes, *, private: bool = False) -> None:
    """Replace `path` by `data` in one step; a `private` file is 0600 from creation. Raises StorageError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, data, mode=0o600 if private else 0o644)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(f"{path} cannot be written ({reason}): free some space or choose another folder") from error


def _replace(path: Path, data: bytes, mode: int) -> None:
    descriptor, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mkstemp: 0600 from creation
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, mode)  # noqa: PTH101 - the file has no Path of its own yet
        os.replace(beside, path)  # noqa: PTH105
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(beside)  # noqa: PTH108
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
