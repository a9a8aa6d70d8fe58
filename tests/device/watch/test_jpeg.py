from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox.errors import CameraError
from moodbox.watch.jpeg import LARGEST_FRAME, check_jpeg, jpeg_size


def _jpeg(width: int, height: int, *options: int) -> bytes:
    return cv2.imencode(".jpg", np.zeros((height, width, 3), np.uint8), options)[1].tobytes()


@pytest.mark.parametrize("size", [(640, 480), (1, 1), (1920, 3), (17, 1080)])
@pytest.mark.parametrize("progressive", [0, 1])
def test_size_is_read_from_the_header(size: tuple[int, int], progressive: int) -> None:
    data = _jpeg(*size, cv2.IMWRITE_JPEG_PROGRESSIVE, progressive)
    assert jpeg_size(data) == size
    check_jpeg(data)


def test_few_bytes_that_declare_a_huge_picture_are_refused() -> None:
    data = bytearray(_jpeg(64, 64))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = b"\xff\xff\xff\xff"
    with pytest.raises(CameraError, match="65535 x 65535"):
        check_jpeg(bytes(data))


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8", b"\xff\xd8\xff", b"GIF89a", b"\x89PNG", b"\xff\xd8\xff\xe0\x00\x00"]
)
def test_what_is_no_jpeg_is_refused(data: bytes) -> None:
    with pytest.raises(CameraError, match="not a JPEG"):
        check_jpeg(data)


def test_frame_above_the_limit_is_refused_before_anything_else() -> None:
    with pytest.raises(CameraError, match=f"at most {LARGEST_FRAME}"):
        check_jpeg(b"\xff\xd8\xff" + bytes(LARGEST_FRAME))


@given(st.binary(max_size=200).map(lambda tail: b"\xff\xd8\xff" + tail) | st.binary(max_size=50))
def test_any_bytes_pass_or_are_refused_and_never_crash(data: bytes) -> None:
    try:
        check_jpeg(data)
    except CameraError:
        return
    assert jpeg_size(data) is not None
