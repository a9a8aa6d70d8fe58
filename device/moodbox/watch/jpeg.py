"""Judging a JPEG from outside by its header, without decoding it; the parent does so, hence no heavy import."""

from __future__ import annotations

from moodbox.errors import CameraError

LARGEST_FRAME = 300_000  # bytes
LARGEST_SIDE = 1920  # pixels


def check_jpeg(data: bytes) -> None:
    """Raise CameraError unless these bytes begin like a JPEG of reasonable size."""
    if len(data) > LARGEST_FRAME:
        raise CameraError(f"the browser's picture has {len(data)} bytes: send at most {LARGEST_FRAME}")
    size = jpeg_size(data)
    if size is None:
        raise CameraError("what the browser sent is not a JPEG: reload the page")
    if not (0 < size[0] <= LARGEST_SIDE and 0 < size[1] <= LARGEST_SIDE):
        raise CameraError(f"the browser's picture is {size[0]} x {size[1]}: send at most {LARGEST_SIDE} pixels a side")


def jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Read (width, height) from a JPEG's header; None when it is not a JPEG.

    A few bytes can declare a picture of 65535 x 65535 pixels, so a stranger's frame is measured before it is decoded
    (ITU-T T.81, B.2.2: a start-of-frame marker holds height and width from its sixth and eighth byte on).
    """
    if not data.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xFF:  # fill byte
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        else:
            at += 2 + length
    return None
