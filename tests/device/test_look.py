"""`moodbox look` on real pictures, and on what people mistake for pictures."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from moodbox.errors import ModelError
from moodbox.look import look
from moodbox.mood import COORDINATES
from moodbox.settings import WatchSettings

SETTINGS = WatchSettings(threads=1)
FRONTAL = {"astronaut.jpg", "biden.jpg", "grace_hopper.jpg", "obama.jpg", "obama_small.jpg", "partial_face.jpg"}


@pytest.fixture
def settings(shared_path: Callable[..., Path]) -> WatchSettings:
    return replace(SETTINGS, detector=str(shared_path("models", "face_detection_yunet_2023mar.onnx")))


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "grey.png"
    cv2.imwrite(str(path), np.full((60, 80, 3), 100, np.uint8))
    return path


def _json(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def _label(face: dict[str, Any]) -> str:
    return max(face["probabilities"], key=face["probabilities"].__getitem__)


def test_photos_give_the_faces_their_readme_names(
    settings: WatchSettings, shared_path: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert look([shared_path("data", "photos")], settings, tmp_path, as_json=True) == 0
    seen = {Path(one["path"]).name: one for one in _json(capsys)}
    assert {name for name, one in seen.items() if one["faces"]} == FRONTAL
    assert len(seen) == 9
    assert all(len(seen[name]["faces"]) == 1 for name in FRONTAL)
    assert {_label(seen[name]["faces"][0]) for name in FRONTAL - {"grace_hopper.jpg"}} == {"happy"}


def test_json_has_exactly_the_agreed_form(
    settings: WatchSettings, shared_path: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = shared_path("data", "photos", "obama.jpg")
    look([path], settings, tmp_path, as_json=True)
    (one,) = _json(capsys)
    assert list(one) == ["path", "frame", "faces"]
    assert (one["path"], one["frame"]) == (str(path), 0)
    (face,) = one["faces"]
    assert list(face) == ["box", "score", "probabilities", "valence", "arousal", "confidence"]
    x, y, w, h = face["box"]
    assert 300 < x < 450 and 50 < y < 150 and 180 < w < 350 and 250 < h < 400  # noqa: PT018 - one box
    assert set(face["probabilities"]) == set(COORDINATES)
    assert sum(face["probabilities"].values()) == pytest.approx(1, abs=1e-4)
    assert face["valence"] > 0.5
    assert 0 <= face["confidence"] <= 1


@pytest.mark.parametrize(
    "clip",
    [("head-pose-male.mp4", 62, "happy"), ("asl-sister.mkv", 87, "neutral"), ("asl-book.mkv", 109, "neutral")],
)
def test_clips_give_a_face_in_every_frame_and_mostly_what_the_eye_sees(
    settings: WatchSettings,
    shared_path: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    clip: tuple[str, int, str],
) -> None:
    name, frames, label = clip
    assert look([shared_path("data", "video", name)], settings, tmp_path, as_json=True) == 0
    seen = _json(capsys)
    assert [one["frame"] for one in seen] == list(range(frames))
    assert all(one["faces"] for one in seen)
    assert sum(_label(one["faces"][0]) == label for one in seen) > 0.7 * frames


def test_lines_are_for_people(
    settings: WatchSettings, shared_path: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    photos = shared_path("data", "photos")
    look([photos / "obama.jpg", photos / "cat.jpg"], settings, tmp_path, as_json=False)
    out = capsys.readouterr().out.splitlines()
    assert len(out) == 2
    for word in (*COORDINATES, "valence +0.", "arousal", "confidence", "face at"):
        assert word in out[0]
    assert out[1].endswith("cat.jpg: no face")


def test_what_cannot_be_read_is_one_sentence_each_and_the_others_are_done(
    photo: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "wrong.png").write_bytes(b"not a picture")
    whole = photo.read_bytes()
    (folder / "cut.png").write_bytes(whole[:40])
    (folder / "good.png").write_bytes(whole)
    (folder / "notes.txt").write_text("not looked at")
    text, broken, nothing = tmp_path / "text.txt", tmp_path / "clip.mp4", tmp_path / "nothing"
    text.write_text("hello")
    broken.write_bytes(b"\x00\x00\x00\x20ftypisom" + bytes(500))
    nothing.mkdir()
    paths = [folder, text, tmp_path / "gone.jpg", broken, nothing, photo]
    assert look(paths, SETTINGS, tmp_path, as_json=True) == 1
    out, err = capsys.readouterr()
    assert [Path(json.loads(line)["path"]).name for line in out.splitlines()] == ["good.png", "grey.png"]
    complaints = [line for line in err.splitlines() if "Haar" not in line]
    assert len(complaints) == 7
    assert all(line.startswith("moodbox look: ") and ": " in line[14:] for line in complaints)
    for name in ("empty.jpg", "wrong.png", "cut.png", "text.txt", "gone.jpg", "clip.mp4", "nothing"):
        assert sum(name in line for line in complaints) == 1
    assert "Traceback" not in err


def test_reader_that_has_seen_enough_is_no_error(photo: Path) -> None:
    command = f"{sys.executable} -m moodbox look {' '.join([str(photo)] * 40)} | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=60, check=False
    )
    assert "no face" in done.stdout
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_without_yunet_it_says_which_detector_looked(
    photo: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert look([photo], SETTINGS, tmp_path, as_json=False) == 0
    assert "moodbox fetch-detector" in capsys.readouterr().err


def test_broken_model_is_the_end_and_said_in_one_sentence(photo: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.onnx"
    model.write_bytes(b"")
    with pytest.raises(ModelError, match="is empty"):
        look([photo], replace(SETTINGS, model=str(model)), tmp_path, as_json=True)


def test_sideways_photo_is_read_upright(
    portrait_jpeg: bytes, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    image = pytest.importorskip("PIL.Image")
    upright, sideways = tmp_path / "upright.jpg", tmp_path / "sideways.jpg"
    upright.write_bytes(portrait_jpeg)
    with image.open(upright) as picture:
        exif = picture.getexif()
        exif[274] = 6  # shown turned 90 degrees clockwise, so store it turned the other way
        picture.rotate(90, expand=True).save(sideways, exif=exif, quality=95)
    look([upright, sideways], SETTINGS, tmp_path, as_json=True)
    first, second = _json(capsys)
    (ours,), (theirs,) = first["faces"], second["faces"]
    assert np.allclose(ours["box"], theirs["box"], atol=8)


@pytest.fixture
def portrait_jpeg() -> bytes:
    path = Path(pytest.importorskip("skimage").__file__).parent / "data" / "astronaut.png"
    image = cv2.imread(str(path))
    assert image is not None
    return cv2.imencode(".jpg", image)[1].tobytes()
