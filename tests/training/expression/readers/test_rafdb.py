"""RAF-DB's aligned layout: labels are the list's, numbers are RAF-DB's own."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from moodtrain.errors import DataError
from moodtrain.expression.data import LABELS, SPLITS, read
from moodtrain.expression.golden import drawings

LIST = "EmoLabel/list_patition_label.txt"
LINES = [f"train_{number:05}.jpg {number}" for number in range(1, 8)] + ["test_0001.jpg 4"]


def raf_db(folder: Path, lines: list[str]) -> Path:
    """Write drawn faces and their list as RAF-DB is laid out."""
    for name in ("EmoLabel", "Image/aligned"):
        (folder / name).mkdir(parents=True)
    (folder / LIST).write_text("\n".join(lines) + "\n", encoding="utf-8")
    for line, picture in zip(lines, drawings(100, len(lines), 0), strict=True):
        stem = line.split(".")[0]
        cv2.imwrite(str(folder / f"Image/aligned/{stem}_aligned.jpg"), cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR))
    return folder


def test_numbers_and_splits_are_those_of_raf_db(tmp_path):
    faces = read(raf_db(tmp_path, LINES))
    said = ["surprise", "fear", "disgust", "happy", "sad", "angry", "neutral", "happy"]
    assert [LABELS[label] for label in faces.labels] == said
    assert [SPLITS[usage] for usage in faces.usage] == ["Training"] * 7 + ["PublicTest"]
    assert faces.images.shape == (8, 48, 48)
    assert faces.files.resized == {"100 x 100": 8}
    assert faces.files.names[0] == "Image/aligned/train_00001_aligned.jpg"


def test_rows_follow_the_list(tmp_path):
    forth = read(raf_db(tmp_path / "forth", LINES))
    back = read(raf_db(tmp_path / "back", LINES[::-1]))
    assert np.array_equal(forth.labels, back.labels[::-1])


def test_list_with_pictures_that_are_not_there_counts_them_and_names_the_first(tmp_path):
    folder = raf_db(tmp_path, LINES)
    for number in (3, 5):
        (folder / f"Image/aligned/train_{number:05}_aligned.jpg").unlink()
    with pytest.raises(DataError, match=r"names 2 of 8 pictures .* first is Image/aligned/train_00003_aligned\.jpg"):
        read(folder)


def test_picture_that_cannot_be_read_is_told(tmp_path):
    folder = raf_db(tmp_path, LINES)
    (folder / "Image/aligned/train_00002_aligned.jpg").write_bytes(b"\xff\xd8 broken")
    faces = read(folder)
    assert len(faces) == 7
    assert faces.files.unreadable == (("Image/aligned/train_00002_aligned.jpg", "no picture, or a broken one"),)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("train_00009.jpg 8", "line 9: 'train_00009.jpg 8' is not like"),
        ("train_00009.jpg 12", "line 9: 'train_00009.jpg 12' is not like"),
        ("train_00009.jpg", "line 9: 'train_00009.jpg' is not like"),
        ("valid_00009.jpg 1", "line 9: 'valid_00009.jpg 1' is not like"),
        ("train_00001.jpg 2", r"names train_00001_aligned\.jpg twice"),
    ],
)
def test_bad_line_is_named(tmp_path, line, sentence):
    folder = raf_db(tmp_path, LINES)
    (folder / LIST).write_text("\n".join([*LINES, line]), encoding="utf-8")
    with pytest.raises(DataError, match=sentence):
        read(folder)


def test_empty_or_missing_list_is_refused(tmp_path):
    folder = raf_db(tmp_path, LINES)
    (folder / LIST).write_text("\n", encoding="utf-8")
    with pytest.raises(DataError, match="names no picture"):
        read(folder)
    (folder / LIST).write_bytes(b"\xff\xfe\x81")
    with pytest.raises(DataError, match="is not a text file"):
        read(folder)
    (folder / LIST).unlink()
    with pytest.raises(DataError, match=r"list_patition_label\.txt is not there; give the folder that holds EmoLabel"):
        read(folder)
