"""The heap of a program that lives for months: large blocks go back to the system when they are freed."""

from __future__ import annotations

import contextlib
import ctypes

_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of glibc's malloc.h
_LARGE = 256 * 1024  # bytes


def give_back_large_blocks() -> None:
    """Fix glibc's limit above which a block has pages of its own; on another C library nothing happens.

    By itself glibc raises the limit to the largest block it saw freed (mallopt(3)), up to 32 MB. Then buffers of sound
    and pictures land between small objects, and the process grows for hours.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)
