"""The readers give every row as it is, and say in one sentence what a bad file lacks."""

import csv
from pathlib import Path

import numpy as np
import pytest

from moodtrain.errors import DataError
from moodtrain.expression import census
from moodtrain.expression.data import SPLITS, VOTES, read, read_csv, read_packed, without_leaks
from tests.training.conftest import drawn, joined, pack


def rows_of(faces) -> list[dict[str, str]]:
    return [
        {"emotion": str(label), "pixels": " ".join(map(str, image.ravel())), "Usage": SPLITS[usage]}
        for image, label, usage in zip(faces.images, faces.labels, faces.usage, strict=True)
    ]


def write_csv(path: Path, rows: list[dict[str, str]], columns: tuple[str, ...]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, columns, extrasaction="ignore")
        table.writeheader()
        table.writerows(rows)
    return path


KAGGLE = ("emotion", "pixels", "Usage")


@pytest.fixture
def faces():
    return joined(drawn(6, 1), drawn(4, 2))


def test_packed_and_csv_of_same_faces_read_equal(faces, tmp_path):
    packed = read(pack(tmp_path / "packed", faces))
    kaggle = read(write_csv(tmp_path / "fer2013.csv", rows_of(faces), KAGGLE))
    for name in ("images", "labels", "usage"):
        assert np.array_equal(getattr(packed, name), getattr(faces, name))
        assert np.array_equal(getattr(kaggle, name), getattr(faces, name))
    assert packed.digest() == kaggle.digest()


def test_votes_join_by_row_position_even_when_names_repeat(faces, tmp_path):
    path = write_csv(tmp_path / "fer2013.csv", rows_of(faces), KAGGLE)
    votes = [
        {"Usage": "Training", "Image name": "fer0000000.png", **dict.fromkeys(VOTES, "0"), "happiness": str(n)}
        for n in range(len(faces))
    ]
    plus = write_csv(tmp_path / "fer2013new.csv", votes, ("Usage", "Image name", *VOTES))
    assert read(path, plus).votes[:, VOTES.index("happiness")].tolist() == list(range(len(faces)))


def test_votes_of_another_length_are_refused(faces, tmp_path):
    path = write_csv(tmp_path / "fer2013.csv", rows_of(faces), KAGGLE)
    plus = write_csv(tmp_path / "fer2013new.csv", [dict.fromkeys(VOTES, "1")] * 3, VOTES)
    with pytest.raises(DataError, match="has 3 rows but there are 10 faces"):
        read_csv(path, plus)


def test_votes_that_are_not_numbers_are_refused_with_their_line(faces, tmp_path):
    path = write_csv(tmp_path / "fer2013.csv", rows_of(faces), KAGGLE)
    plus = write_csv(tmp_path / "fer2013new.csv", [dict.fromkeys(VOTES, "many")], VOTES)
    with pytest.raises(DataError, match="line 2: a vote is not a whole number"):
        read_csv(path, plus)


def test_csv_without_usage_column_names_it(faces, tmp_path):
    path = write_csv(tmp_path / "fer2013.csv", rows_of(faces), ("emotion", "pixels"))
    with pytest.raises(DataError, match="lacks the column Usage; it has emotion, pixels"):
        read(path)


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("pixels", "1 2 3", "line 3: 3 pixels where 2304 belong"),
        ("pixels", " ".join(["300"] * 2304), "line 3: a pixel is not a number from 0 to 255"),
        ("pixels", "grey " * 2304, "line 3: a pixel is not a number from 0 to 255"),
        ("emotion", "7", "line 3: '7' is none of 0, 1, 2, 3, 4, 5, 6"),
        ("Usage", "Test", "line 3: 'Test' is none of Training, PublicTest, PrivateTest"),
    ],
)
def test_bad_csv_row_is_named_by_its_line(faces, tmp_path, column, value, sentence):
    rows = rows_of(faces)
    rows[1][column] = value
    with pytest.raises(DataError, match=sentence):
        read(write_csv(tmp_path / "fer2013.csv", rows, KAGGLE))


def test_csv_with_header_only_is_refused(tmp_path):
    with pytest.raises(DataError, match="has a header but no rows"):
        read(write_csv(tmp_path / "fer2013.csv", [], KAGGLE))


def test_path_of_another_kind_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"neither a packed FER2013 folder nor a \.csv file"):
        read(tmp_path / "faces.zip")
    with pytest.raises(DataError, match="is not there"):
        read(tmp_path / "fer2013.csv")
    with pytest.raises(DataError, match=r"holds no labels\.npz"):
        read(tmp_path)


def test_packed_folder_with_a_strip_missing_is_refused(faces, tmp_path):
    folder = pack(tmp_path, faces)
    (folder / "faces_000.webp").unlink()
    with pytest.raises(DataError, match="0 pictures of 10 wanted"):
        read_packed(folder)


def test_packed_folder_with_a_broken_strip_is_refused(faces, tmp_path):
    folder = pack(tmp_path, faces)
    (folder / "faces_000.webp").write_bytes(b"RIFF")
    with pytest.raises(DataError, match="is not a strip of 48x48 pictures"):
        read_packed(folder)


def test_packed_folder_that_lost_an_array_names_it(faces, tmp_path):
    folder = pack(tmp_path, faces)
    np.savez(folder / "labels.npz", emotion=faces.labels, usage=faces.usage, image=np.arange(10))
    with pytest.raises(DataError, match="lacks votes"):
        read_packed(folder)


def test_empty_split_is_refused(faces):
    with pytest.raises(DataError, match="the split PrivateTest is empty"):
        faces.split("PrivateTest")
    with pytest.raises(DataError, match="there is no split 'test'"):
        faces.split("test")


def test_leaks_are_dropped_and_nothing_else():
    training, public = drawn(6, 1), drawn(4, 2)
    training.images[2] = public.images[0]
    training.images[5] = public.images[3]
    clean = without_leaks(training, public)
    assert np.array_equal(clean.images, training.images[[0, 1, 3, 4]])
    assert np.array_equal(clean.labels, training.labels[[0, 1, 3, 4]])


def test_census_counts_leaks_blanks_and_copies():
    training, public = drawn(6, 1), drawn(4, 2)
    training.images[2] = public.images[0]
    training.images[3] = 0
    said = census.told(joined(training, public))
    assert "pictures that show nothing: 1" in said
    assert "rows that repeat the picture of another row: 1" in said
    assert "Training rows that show a PublicTest picture: 1" in said


def test_real_set_has_the_counts_its_readme_states(shared_path):
    faces = read(shared_path("data", "fer2013"))
    training, public = faces.split("Training"), faces.split("PublicTest")
    assert np.bincount(training.labels).tolist() == [3995, 436, 4097, 7215, 4830, 3171, 4965]
    assert np.bincount(public.labels).tolist() == [467, 56, 496, 895, 653, 415, 607]
    with np.load(shared_path("data", "fer2013", "labels.npz")) as packed:  # the README's own rule
        image, usage = packed["image"], packed["usage"]
    kept = (usage == 0) & ~np.isin(image, image[usage == 1])
    assert len(without_leaks(training, public)) == int(kept.sum())
