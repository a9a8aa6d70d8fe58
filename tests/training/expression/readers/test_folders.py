"""A folder per class reads in one fixed order, whatever the classes are called and the pictures look like."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from moodtrain.errors import DataError
from moodtrain.expression.data import LABELS, SPLITS, read
from moodtrain.expression.golden import drawings


def save(path: Path, picture: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), picture)
    return path


@pytest.fixture
def face() -> np.ndarray:
    return drawings(48, 1, 0)[0]


def test_folders_of_classes_are_training_in_a_fixed_order(tmp_path):
    pictures = drawings(48, 4, 0)
    for name, picture in zip(("sad/2.png", "angry/z.png", "sad/1.png", "angry/a/b.png"), pictures, strict=True):
        save(tmp_path / name, picture)
    faces = read(tmp_path)
    assert faces.files.names == ("angry/a/b.png", "angry/z.png", "sad/1.png", "sad/2.png")
    assert np.array_equal(faces.images, pictures[[3, 1, 2, 0]])
    assert [LABELS[label] for label in faces.labels] == ["angry", "angry", "sad", "sad"]
    assert set(faces.usage) == {0}
    assert faces.votes is None


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Anger", "angry"),
        ("disgusted", "disgust"),
        ("FEARFUL", "fear"),
        ("happiness", "happy"),
        ("sadness", "sad"),
        ("Surprised", "surprise"),
        ("neutral", "neutral"),
    ],
)
def test_usual_spellings_of_classes_are_known(tmp_path, face, name, label):
    save(tmp_path / name / "1.png", face)
    assert LABELS[read(tmp_path).labels[0]] == label


@pytest.mark.parametrize(
    ("folders", "usages"),
    [
        (("train", "test"), ("Training", "PublicTest")),
        (("train", "validation"), ("Training", "PublicTest")),
        (("train", "validation", "test"), ("Training", "PublicTest", "PrivateTest")),
        (("Training", "PublicTest", "PrivateTest"), ("Training", "PublicTest", "PrivateTest")),
        (("Train", "Public_Test"), ("Training", "PublicTest")),
    ],
)
def test_folders_of_splits_are_known(tmp_path, face, folders, usages):
    for folder in folders:
        save(tmp_path / folder / "happy" / "1.png", face)
    faces = read(tmp_path)
    assert [SPLITS[usage] for usage in faces.usage] == list(usages)
    assert faces.files.names == tuple(f"{folder}/happy/1.png" for folder in folders)


def test_unknown_class_folder_is_named_with_the_allowed_ones(tmp_path, face):
    save(tmp_path / "happy" / "1.png", face)
    save(tmp_path / "bored" / "1.png", face)
    with pytest.raises(DataError, match=r"bored is not named after a class; .* angry or anger; disgust or disgusted; "):
        read(tmp_path)


def test_folder_beside_splits_is_refused(tmp_path, face):
    save(tmp_path / "train" / "happy" / "1.png", face)
    save(tmp_path / "happy" / "1.png", face)
    with pytest.raises(DataError, match="happy stands beside folders of splits but is none"):
        read(tmp_path)


def test_what_systems_leave_behind_is_passed_over(tmp_path, face):
    save(tmp_path / "happy" / "1.png", face)
    for litter in ("__MACOSX/happy/1.png", ".cache/1.png", "happy/.DS_Store", "happy/Thumbs.db"):
        (tmp_path / litter).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / litter).write_bytes(b"litter")
    faces = read(tmp_path)
    assert faces.files.names == ("happy/1.png",)
    assert faces.files.unreadable == ()


def test_empty_class_folder_is_kept_for_the_report(tmp_path, face):
    save(tmp_path / "train" / "happy" / "1.png", face)
    (tmp_path / "test" / "disgust").mkdir(parents=True)
    faces = read(tmp_path)
    assert faces.files.empty == ("test/disgust",)
    with pytest.raises(DataError, match="the split PublicTest is empty"):
        faces.split("PublicTest")


def test_files_that_cannot_be_read_end_nothing_and_are_told(tmp_path, face, capfd):
    save(tmp_path / "happy" / "good.png", face)
    whole = save(tmp_path / "happy" / "cut.jpg", face).read_bytes()
    (tmp_path / "happy" / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    half = save(tmp_path / "sad" / "cut.png", face).read_bytes()
    (tmp_path / "sad" / "cut.png").write_bytes(half[: len(half) // 2])
    (tmp_path / "sad" / "empty.jpg").touch()
    (tmp_path / "sad" / "notes.txt").write_text("not a picture", encoding="utf-8")
    faces = read(tmp_path)
    assert faces.files.names == ("happy/good.png",)
    assert dict(faces.files.unreadable) == {
        "happy/cut.jpg": "no picture, or a broken one",
        "sad/cut.png": "no picture, or a broken one",
        "sad/empty.jpg": "the file is empty",
        "sad/notes.txt": "no picture, or a broken one",
    }
    assert "OpenCV" not in capfd.readouterr().err


def test_set_without_a_readable_picture_is_refused(tmp_path):
    (tmp_path / "happy").mkdir()
    with pytest.raises(DataError, match=r"holds no picture that can be read \(0 files\)"):
        read(tmp_path)
    (tmp_path / "happy" / "1.jpg").touch()
    with pytest.raises(DataError, match=r"\(1 files, the first is happy/1\.jpg: the file is empty\)"):
        read(tmp_path)


def test_other_sizes_are_averaged_down_and_counted(tmp_path):
    large = drawings(144, 2, 0)
    save(tmp_path / "happy" / "1.png", large[0])
    save(tmp_path / "happy" / "2.png", large[1][:, :96])
    save(tmp_path / "happy" / "3.png", drawings(48, 1, 0)[0])
    faces = read(tmp_path)
    assert faces.files.resized == {"144 x 144": 1, "96 x 144": 1}
    blocks = large[0].reshape(48, 3, 48, 3).mean((1, 3))  # what INTER_AREA is for a whole factor
    assert np.abs(faces.images[0] - blocks).max() <= 0.51


def test_colour_becomes_grey(tmp_path, face):
    red = np.zeros((48, 48, 3), np.uint8)
    red[..., 2] = 200
    save(tmp_path / "happy" / "1.png", red)
    save(tmp_path / "happy" / "2.png", cv2.cvtColor(face, cv2.COLOR_GRAY2BGR))
    faces = read(tmp_path)
    assert np.abs(faces.images[0].astype(int) - 0.299 * 200).max() <= 1  # ITU-R BT.601
    assert np.abs(faces.images[1].astype(int) - face).max() <= 1


@pytest.mark.parametrize("most", [255, 65535])
def test_transparent_pixels_become_the_mean_grey_whatever_they_hide(tmp_path, most):
    picture = np.full((48, 48, 4), most, np.uint8 if most == 255 else np.uint16)
    picture[:24, :, 3] = 0  # white, but not to be seen
    save(tmp_path / "happy" / "1.png", picture)
    image = read(tmp_path).images[0]
    assert (image[:24] == 129).all()
    assert (image[24:] == 255).all()


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".webp", ".tiff", ".pgm", ".jpg"])
def test_common_formats_are_read(tmp_path, face, suffix):
    save(tmp_path / "happy" / f"1{suffix}", face)
    assert np.abs(read(tmp_path).images[0].astype(int) - face).mean() < 4


def test_path_with_umlauts_is_read(tmp_path, face):
    save(tmp_path / "happy" / "1.png", face).rename(tmp_path / "happy" / "größe.png")
    assert read(tmp_path).files.names == ("happy/größe.png",)
