"""A golden sample is read as numbers, or refused in one sentence, however it is damaged."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox.bundle.golden import read_golden
from moodbox.errors import ModelError

NAMES = ("input", "answer")


def _packed(**arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


GOOD = _packed(input=np.arange(200), answer=np.linspace(0, 1, 50, dtype=np.float32))


def test_arrays_come_in_the_order_asked() -> None:
    answer, given_in = read_golden(GOOD, NAMES[::-1], "the sample")
    assert answer.dtype == np.float32
    assert np.array_equal(given_in, np.arange(200))


def _bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("input.npy", b"\0" * 40_000_000)
    return file.getvalue()


def _huge() -> bytes:
    """Return an array whose header asks for more memory than there is."""
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (999999999999999,), }".ljust(117) + b"\n"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("input.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
        archive.writestr("answer.npy", b"")
    return file.getvalue()


def _single() -> bytes:
    file = io.BytesIO()
    np.save(file, np.arange(3))
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"rubbish", b"PK\x03\x04 half a zip", GOOD[:-30], GOOD[40:], _single(), _bomb(), _huge(),
        _packed(input=np.arange(3)), _packed(input=np.arange(3), answer=np.array([{"any": "object"}])),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(content: bytes) -> None:
    with pytest.raises(ModelError, match=r"^the sample cannot be read: install the model again$"):
        read_golden(content, NAMES, "the sample")


@given(place=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255))
@pytest.mark.filterwarnings("ignore")  # zipfile warns of names that stand twice
def test_one_wrong_byte_gives_arrays_or_one_sentence(place: int, byte: int) -> None:
    content = GOOD[:place] + bytes([byte]) + GOOD[place + 1 :]
    try:
        assert len(read_golden(content, NAMES, "the sample")) == 2
    except ModelError as error:
        assert "install" in str(error)  # noqa: PT017 - either outcome is fine, a third is not
