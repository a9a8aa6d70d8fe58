"""Faces through the whole box: laid into a frame, found, cut out and read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="moodtrain needs torch: make setup")

from bench import crops
from moodbox.watch.sight import shipped_model
from moodtrain.errors import DataError


@pytest.mark.parametrize(("right", "down"), [(0.0, 0.0), (1.0, 1.0), (0.3, 0.6)])
def test_the_picture_lies_where_it_is_said_to(portrait, right, down):
    frame, (left, top, side) = crops.framed(portrait, 48, right, down)
    assert frame.shape == (480, 640, 3)
    assert np.array_equal(frame[top : top + side, left : left + side, 0], portrait)
    assert (left, top) == (round(right * 592), round(down * 432))


def test_a_smile_is_found_and_read_through_the_box(packed, shared_path):
    shared_path("models", "face_detection_yunet_2023mar.onnx")
    report = crops.measure(packed, None, shipped_model(), 8, sides=(96, 160))
    small, large, every = report.table.rows
    assert small[0].startswith("96")
    assert (large[1], every[1]) == (7, 14)  # the eighth has no majority
    assert large[2:6] == (100.0, 100.0, 100.0, 0.0)
    assert every[2] == pytest.approx((small[2] + large[2]) / 2)


def test_what_is_found_is_compared_with_the_same_faces_plain():
    labels = np.array([3, 3, 4, 4])
    sample = crops.Sample(np.zeros((4, 48, 48), np.uint8), labels, np.array([3, 3, 4, 3]), np.zeros((4, 2)))
    row = crops._row("here", sample, [np.array([3, 4, 4, -1])])
    assert row[1:4] == (4, 75.0, 100.0)
    assert row[4] == pytest.approx(100 * 2 / 3)
    assert row[5] == pytest.approx(100 / 3)
    assert crops._row("none", sample, [np.full(4, -1)])[2:] == (0.0, None, None, None, None, None)


def test_equal_seeds_show_equal_faces(packed):
    first, second = (crops._sample(crops.read(packed), shipped_model(), 3) for _ in range(2))
    assert len(first) == 3
    assert np.array_equal(first.images, second.images)
    assert np.array_equal(first.corners, second.corners)


def test_missing_data_is_said(tmp_path: Path):
    with pytest.raises(DataError, match="--data"):
        crops.measure(tmp_path / "gone", None, shipped_model(), 1)
