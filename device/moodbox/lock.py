"""A lock between processes and threads that a killed process cannot keep."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from moodbox.errors import StorageError

_LOOK_AGAIN = 0.02  # seconds; the kernel offers waiting for ever or not at all, and we promise a deadline


class FileLock:
    """Hold a file's lock for as long as the `with` lasts; waits `patience` seconds, then raises StorageError.

    One object may be shared by threads. The same thread must not enter twice: it would wait for itself.
    """

    def __init__(self, path: Path, patience: float = 10.0, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._patience = patience
        self._monotonic = monotonic
        self._held: int | None = None  # only the holder reads or writes it

    @property
    def path(self) -> Path:
        """Name the file, so that another lock may lie beside it."""
        return self._path

    def __enter__(self) -> Self:
        descriptor = self._open()
        try:
            self._wait(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        self._held = descriptor
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        descriptor, self._held = self._held, None
        if descriptor is not None:
            os.close(descriptor)  # the lock goes with its descriptor; the file stays, for others may wait at it

    def _open(self) -> int:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # A new descriptor for every entry: that is what makes flock hold between threads too.
            return os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            reason = error.strerror or str(error)
            raise StorageError(f"{self._path} cannot be opened ({reason}): make its folder writable") from error

    def _wait(self, descriptor: int) -> None:
        deadline = self._monotonic() + self._patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if self._monotonic() >= deadline:
                    raise StorageError(
                        f"{self._path.name} has been held for {self._patience:g} s by other work of the box: "
                        "try again in a minute"
                    ) from error
                time.sleep(_LOOK_AGAIN)
            else:
                return
