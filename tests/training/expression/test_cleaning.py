"""The report says what the census found, in words, in JSON and in pictures."""

import json

import cv2
import numpy as np
import pytest
from PIL import Image

from moodtrain.__main__ import main
from moodtrain.expression import census, cleaning, sheet
from moodtrain.expression.data import read
from moodtrain.expression.golden import drawings
from tests.training.conftest import drawn, joined, pack


@pytest.fixture
def doubtful(tmp_path):
    """Pack 6 + 4 faces: row 3 is black, row 2 is row 6 with another label, row 9 is no face."""
    training, public = drawn(6, 1), drawn(4, 2)
    training.images[2] = public.images[0]
    training.labels[2] = 5
    training.images[3] = 0
    training.votes[:, 1] = 10
    public.votes[3, 9] = 10
    return pack(tmp_path / "data", joined(training, public))


def figures(text: str, words: str) -> list[str]:
    """Return what follows these words in the one line that begins with them."""
    (line,) = [line for line in text.splitlines() if line.strip().startswith(words)]
    return line.strip().removeprefix(words).split()


def test_report_says_what_is_doubtful(doubtful):
    said = cleaning.told(census.take(read(doubtful)))
    assert figures(said, "constant: one even grey") == ["1", "3"]
    assert figures(said, "groups of equal pictures") == ["1", "2", "rows"]
    assert figures(said, "Training rows with a PublicTest picture") == ["1", "0", "0"]
    assert figures(said, "all ten") == ["1", "9"]
    assert figures(said, "a class has more than half") == ["6", "0"]
    assert figures(said, "no two voters agree") == ["0", "3"]
    assert "train leaves out 1 Training rows" in said


def test_command_writes_text_json_and_sheet(doubtful, tmp_path, capsys):
    assert main(["expression", "data", "--data", str(doubtful), "--out", str(tmp_path / "report")]) == 0
    said = capsys.readouterr().out
    text = (tmp_path / "report" / "report.txt").read_text(encoding="utf-8")
    assert text.strip() in said
    data = json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))
    assert data["constant"] == [3]
    assert data["copies"]["conflicts"] == [[2, 6]]
    assert data["leaks"][0]["equal"] == [[2, 6]]
    assert data["no_face"]["all ten"] == [9]
    with Image.open(tmp_path / "report" / "contact-sheet.png") as picture:
        assert picture.width > 12 * sheet.FACE


def test_files_are_named_instead_of_rows(tmp_path):
    for number, picture in enumerate(drawings(60, 3, 0)):
        for folder in ("happy", "sad"):
            (tmp_path / folder).mkdir(exist_ok=True)
            cv2.imwrite(str(tmp_path / folder / f"{number}.png"), picture)
    (tmp_path / "sad" / "3.png").touch()
    (tmp_path / "fear").mkdir()
    said = cleaning.told(census.take(read(tmp_path)))
    assert figures(said, "that cannot be read, left out") == ["1", "sad/3.png", "(the", "file", "is", "empty)"]
    assert figures(said, "of another size, resized to 48 x 48") == ["6", "6", "of", "60", "x", "60"]
    assert figures(said, "class folders without a picture") == ["1", "fear"]
    assert "happy/0.png = sad/0.png, happy/1.png = sad/1.png" in said
    assert "FER+" not in said
    assert "Leaks" not in said


def test_sections_of_the_sheet_hold_what_they_say(doubtful):
    found = {section.heading: section.groups for section in cleaning.sections(census.take(read(doubtful)))}
    assert found == {
        "Constant": [[3]],
        "No face": [[9]],
        "Equal": [[2, 6]],
        "Conflicting labels": [[2, 6]],
        "Leaks, equal": [(2, 6)],
    }


def test_sheet_draws_the_faces_of_its_groups():
    faces = drawn(4, 1)
    image = np.asarray(sheet.draw("4 faces", [sheet.Section("Equal", "the same", [[1, 2]])], faces).convert("L"))
    top = 2 * sheet.MARGIN + 20 + sheet.HEADING
    for place, row in enumerate((1, 2)):
        left = sheet.MARGIN + place * sheet.FACE
        shown = cv2.resize(
            image[top : top + sheet.FACE, left : left + sheet.FACE], (48, 48), interpolation=cv2.INTER_AREA
        )
        assert np.abs(shown.astype(int) - faces.images[row]).mean() < 4


def test_sheet_with_nothing_doubtful_says_so_and_long_sections_stay_short():
    faces = drawn(40, 1)
    bare = sheet.draw("nothing", [], faces)
    one = sheet.draw("one", [sheet.Section("Many", "", [[row] for row in range(40)])], faces)
    assert bare.height < 200
    assert one.height == bare.height + sheet.HEADING + 2 * (sheet.FACE + sheet.CAPTION + sheet.GAP)
