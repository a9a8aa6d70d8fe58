"""fer2013.csv gives every row as it is; a bad one is named by its line."""

import numpy as np
import pytest

from moodtrain.errors import DataError
from moodtrain.expression.data import VOTES, read
from tests.training.conftest import drawn, joined
from tests.training.expression.readers.tables import KAGGLE, rows_of, write_csv


@pytest.fixture
def faces():
    return joined(drawn(6, 1), drawn(4, 2))


def votes_of(count: int) -> list[dict[str, str]]:
    """Vote n times for happiness in row n; the names repeat, as they do in the real file."""
    names = {"Usage": "Training", "Image name": "fer0000000.png"}
    return [{**names, **dict.fromkeys(VOTES, "0"), "happiness": str(n)} for n in range(count)]


def test_csv_reads_as_it_was_written(faces, tmp_path):
    kaggle = read(write_csv(tmp_path / "fer2013.csv", rows_of(faces)))
    for name in ("images", "labels", "usage"):
        assert np.array_equal(getattr(kaggle, name), getattr(faces, name))
    assert kaggle.votes is None
    assert kaggle.files is None


def test_csv_of_the_other_kaggle_page_with_blanks_in_its_header_reads_the_same(faces, tmp_path):
    plain = write_csv(tmp_path / "fer2013.csv", rows_of(faces))
    other = tmp_path / "icml_face_data.csv"
    text = plain.read_text(encoding="utf-8").replace("emotion,pixels,Usage", "emotion, pixels, Usage")
    other.write_text("\ufeff" + text, encoding="utf-8")
    assert read(other).digest() == read(plain).digest()


def test_votes_join_by_row_position_even_when_names_repeat(faces, tmp_path):
    path = write_csv(tmp_path / "fer2013.csv", rows_of(faces))
    plus = write_csv(tmp_path / "fer2013new.csv", votes_of(10), ("Usage", "Image name", *VOTES))
    assert read(path, plus).votes[:, VOTES.index("happiness")].tolist() == list(range(10))


def test_votes_of_another_length_are_refused(faces, tmp_path):
    path = write_csv(tmp_path / "fer2013.csv", rows_of(faces))
    plus = write_csv(tmp_path / "fer2013new.csv", votes_of(3), VOTES)
    with pytest.raises(DataError, match="has 3 rows but there are 10 faces"):
        read(path, plus)


@pytest.mark.parametrize("value", ["many", "", "-1", "256", "1.5"])
def test_votes_that_are_not_numbers_are_refused_with_their_line(faces, tmp_path, value):
    path = write_csv(tmp_path / "fer2013.csv", rows_of(faces))
    votes = votes_of(10)
    votes[1]["NF"] = value
    plus = write_csv(tmp_path / "fer2013new.csv", votes, VOTES)
    with pytest.raises(DataError, match="line 3: a vote is not a whole number"):
        read(path, plus)


def test_votes_without_a_column_name_it(faces, tmp_path):
    path = write_csv(tmp_path / "fer2013.csv", rows_of(faces))
    plus = write_csv(tmp_path / "fer2013new.csv", votes_of(10), VOTES[:-1])
    with pytest.raises(DataError, match="lacks the column NF; it has neutral"):
        read(path, plus)


def test_votes_that_are_not_there_are_refused(faces, tmp_path):
    path = write_csv(tmp_path / "fer2013.csv", rows_of(faces))
    with pytest.raises(DataError, match=r"fer2013new\.csv is not there; .* with --votes"):
        read(path, tmp_path / "fer2013new.csv")


def test_csv_without_usage_column_names_it(faces, tmp_path):
    path = write_csv(tmp_path / "fer2013.csv", rows_of(faces), ("emotion", "pixels"))
    with pytest.raises(DataError, match="lacks the column Usage; it has emotion, pixels"):
        read(path)


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("pixels", "1 2 3", "line 3: 3 pixels where 2304 belong"),
        ("pixels", "", "line 3: 0 pixels where 2304 belong"),
        ("pixels", " ".join(["300"] * 2304), "line 3: a pixel is not a number from 0 to 255"),
        ("pixels", " ".join(["-1"] * 2304), "line 3: a pixel is not a number from 0 to 255"),
        ("pixels", "grey " * 2304, "line 3: a pixel is not a number from 0 to 255"),
        ("emotion", "7", "line 3: '7' is none of 0, 1, 2, 3, 4, 5, 6"),
        ("Usage", "Test", "line 3: 'Test' is none of Training, PublicTest, PrivateTest"),
    ],
)
def test_bad_csv_row_is_named_by_its_line(faces, tmp_path, column, value, sentence):
    rows = rows_of(faces)
    rows[1][column] = value
    with pytest.raises(DataError, match=sentence):
        read(write_csv(tmp_path / "fer2013.csv", rows))


def test_csv_with_header_only_is_refused(tmp_path):
    with pytest.raises(DataError, match="has a header but no rows"):
        read(write_csv(tmp_path / "fer2013.csv", []))


def test_empty_csv_is_refused(tmp_path):
    (tmp_path / "fer2013.csv").touch()
    with pytest.raises(DataError, match="lacks the column emotion, pixels, Usage; it has none"):
        read(tmp_path / "fer2013.csv")


@pytest.mark.parametrize("rubbish", [b"\xff\xfe\x00\x81", ",".join(KAGGLE).encode() + b'\r\n0,"' + b"9" * 140_000])
def test_file_that_is_no_csv_is_refused(tmp_path, rubbish):
    (tmp_path / "fer2013.csv").write_bytes(rubbish)
    with pytest.raises(DataError, match="this is not a csv file"):
        read(tmp_path / "fer2013.csv")
