"""Packed FER2013 reads as it was packed; a folder that does not fit together is refused."""

import numpy as np
import pytest

from moodtrain.errors import DataError
from moodtrain.expression.data import read
from tests.training.conftest import drawn, joined, pack
from tests.training.expression.readers.tables import rows_of, write_csv


@pytest.fixture
def faces():
    return joined(drawn(6, 1), drawn(4, 2))


def repacked(folder, faces, **changed) -> None:
    """Write labels.npz again with some arrays changed, or left out when None."""
    arrays = {"emotion": faces.labels, "usage": faces.usage, "votes": faces.votes, "image": np.arange(10), **changed}
    np.savez(folder / "labels.npz", **{name: array for name, array in arrays.items() if array is not None})


def test_packed_and_csv_of_same_faces_read_equal(faces, tmp_path):
    packed = read(pack(tmp_path / "packed", faces))
    kaggle = read(write_csv(tmp_path / "fer2013.csv", rows_of(faces)))
    for name in ("images", "labels", "usage", "votes"):
        assert np.array_equal(getattr(packed, name), getattr(faces, name))
    assert packed.digest() == kaggle.digest()


def test_folder_with_a_strip_missing_is_refused(faces, tmp_path):
    folder = pack(tmp_path, faces)
    (folder / "faces_000.webp").unlink()
    with pytest.raises(DataError, match="0 pictures of 10 wanted"):
        read(folder)


def test_folder_with_a_broken_strip_is_refused(faces, tmp_path):
    folder = pack(tmp_path, faces)
    (folder / "faces_000.webp").write_bytes(b"RIFF")
    with pytest.raises(DataError, match="is not a strip of 48x48 pictures"):
        read(folder)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"votes": None}, "lacks votes"),
        ({"votes": np.zeros((10, 8), np.uint8)}, r"votes of shape \(10, 8\), not rows x 10"),
        ({"votes": np.zeros((9, 10), np.uint8)}, "10 labels, 9 votes"),
        ({"emotion": np.full(10, 7)}, "a label or split that FER2013 does not know"),
        ({"usage": np.full(10, 3)}, "a label or split that FER2013 does not know"),
        ({"emotion": np.full(10, -1)}, "a label or split that FER2013 does not know"),
        (
            {name: np.zeros(0, int) for name in ("emotion", "usage", "image")} | {"votes": np.zeros((0, 10))},
            "holds no faces",
        ),
    ],
)
def test_labels_that_do_not_fit_are_refused(faces, tmp_path, changed, sentence):
    folder = pack(tmp_path, faces)
    repacked(folder, faces, **changed)
    with pytest.raises(DataError, match=sentence):
        read(folder)


@pytest.mark.parametrize("rubbish", [b"", b"PK\x03\x04 cut short", b"no archive at all"])
def test_labels_cut_short_are_refused(faces, tmp_path, rubbish):
    folder = pack(tmp_path, faces)
    (folder / "labels.npz").write_bytes(rubbish)
    with pytest.raises(DataError, match=r"labels\.npz cannot be opened"):
        read(folder)
