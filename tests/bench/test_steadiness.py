"""Steadiness: labels of a clip, counted."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

pytest.importorskip("moodtrain", reason="the benchmark needs moodtrain: make setup")

from bench import steadiness
from bench.steadiness import changes, follow
from moodbox.errors import CameraError
from moodbox.events import Expression, Face, Reading, Rect
from moodbox.watch.sight import shipped_model

LABELS = ("happy", "sad", "neutral")
HAPPY, SAD = (0.8, 0.1, 0.1), (0.1, 0.8, 0.1)


def _reading(number: int, *looks: tuple[float, ...], side: float = 80.0) -> Reading:
    faces = tuple(Expression(Face(Rect(0, 0, side, side), 0.9), look) for look in looks)
    return Reading(number, number / 10, 640, 480, LABELS, faces, {})


def test_a_short_flicker_shows_raw_and_not_smoothed():
    looks = [HAPPY] * 10 + [SAD] + [HAPPY] * 9
    clip = follow("clip", 10.0, [_reading(number, look) for number, look in enumerate(looks)])
    assert (clip.majority, clip.frames, len(clip.raw)) == ("happy", 20, 20)
    assert clip.differing(clip.raw) == pytest.approx(0.05)
    assert clip.differing(clip.smoothed) == 0.0
    assert (changes(clip.raw), changes(clip.smoothed)) == (2, 0)
    assert clip.minutes == pytest.approx(20 / 10 / 60)


def test_a_lasting_change_shows_smoothed_too_and_later():
    looks = [HAPPY] * 20 + [SAD] * 30
    clip = follow("clip", 10.0, [_reading(number, look) for number, look in enumerate(looks)])
    assert clip.majority == "sad"
    assert clip.differing(clip.smoothed) > clip.differing(clip.raw) == pytest.approx(0.4)
    assert (changes(clip.raw), changes(clip.smoothed)) == (1, 1)


def test_frames_without_a_face_that_can_be_read_do_not_count():
    readings = [_reading(0, HAPPY), _reading(1), _reading(2, SAD, side=10.0), _reading(3, HAPPY)]
    clip = follow("clip", 10.0, readings)
    assert clip.raw == ("happy", "happy")
    assert (clip.frames, changes(clip.raw)) == (4, 0)


def test_a_clip_without_faces_has_no_figures():
    clip = follow("clip", 10.0, [_reading(0), _reading(1)])
    assert clip.majority == ""
    assert steadiness._row(clip) == ("clip", 2, 0, None, None, None, None, None)
    assert steadiness._whole([clip])[:3] == ("all", 2, 0)


def test_all_clips_together_weigh_every_face_alike():
    one = follow("one", 10.0, [_reading(number, HAPPY) for number in range(6)])
    two = follow("two", 10.0, [_reading(0, HAPPY), _reading(1, SAD)])
    whole = dict(zip(steadiness._COLUMNS, steadiness._whole([one, two]), strict=True))
    assert whole["with a face"] == 8
    assert whole["differ, raw %"] == pytest.approx(100 / 8)
    assert whole["changes a minute, raw"] == pytest.approx(1 / (8 / 10 / 60))


def test_a_real_clip_is_watched_at_its_own_rate(faces: Path, shared_path, tmp_path: Path):
    shared_path("models", "face_detection_yunet_2023mar.onnx")
    picture = cv2.imread(str(faces / "0.jpg"))
    path = tmp_path / "still.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 20.0, (512, 512))
    for _ in range(5):
        writer.write(picture)
    writer.release()
    report = steadiness.measure([tmp_path], shipped_model())
    assert report.table.rows[0] == ("still.avi", 5, 5, "happy", 0.0, 0.0, 0.0, 0.0)
    assert len(report.table.rows) == 2


def test_what_is_no_clip_is_said(tmp_path: Path):
    (tmp_path / "notes.avi").write_text("no video")
    for path, words in ((tmp_path / "gone", "not there"), (tmp_path / "notes.avi", "neither")):
        with pytest.raises(CameraError, match=words):
            steadiness.measure([path], shipped_model())
    (tmp_path / "notes.avi").unlink()
    with pytest.raises(CameraError, match="no videos in it"):
        steadiness.measure([tmp_path], shipped_model())
