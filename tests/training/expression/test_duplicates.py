"""Copies are found as a slow comparison of everything with everything finds them."""

import cv2
import numpy as np
import pytest

from moodtrain.expression import duplicates
from moodtrain.expression.data import read, standardised


def blurred(count: int, seed: int) -> np.ndarray:
    """Return cloudy pictures, none like another."""
    noise = np.random.default_rng(seed).integers(0, 256, (count, 48, 48), np.uint8)
    return np.stack([cv2.normalize(cv2.GaussianBlur(n, (0, 0), 2), None, 0, 255, cv2.NORM_MINMAX) for n in noise])


def slow(images: np.ndarray, others: np.ndarray) -> set[tuple[int, int]]:
    alike = standardised(images) @ standardised(others).T >= 0.98
    return {(one, other) for one, other in zip(*np.nonzero(alike), strict=True) if one < other}


@pytest.fixture
def images() -> np.ndarray:
    made = blurred(12, 0)
    made[4] = made[1]
    made[9] = made[1]
    made[6] = made[2] * 0.8 + 20
    made[7] = made[3][:, ::-1]
    made[8] = made[5][:, ::-1] * 0.7
    return made


def test_equal_near_and_mirrored_are_told_apart(images):
    found = duplicates.find(images)
    assert [rows.tolist() for rows in found.groups()] == [[1, 4, 9]]
    assert found.first[found.near].tolist() == [[2, 6]]
    assert found.first[found.mirrored].tolist() == [[3, 7], [5, 8]]
    assert len(found.first) == 10
    assert np.array_equal(images[found.first][found.picture], images)


def test_symmetric_picture_is_near_and_not_mirrored_as_well():
    half = blurred(1, 1)[0, :, :24]
    whole = np.concatenate([half, half[:, ::-1]], 1)
    found = duplicates.find(np.stack([whole, (whole * 0.9).astype(np.uint8)]))
    assert found.near.tolist() == [[0, 1]]
    assert found.mirrored.tolist() == []


def test_even_pictures_resemble_nothing():
    even = np.stack([np.full((48, 48), grey, np.uint8) for grey in (0, 0, 90)])
    found = duplicates.find(even)
    assert [rows.tolist() for rows in found.groups()] == [[0, 1]]
    assert not len(found.near)
    assert not len(found.mirrored)


def test_nothing_to_find_in_nothing():
    found = duplicates.find(np.empty((0, 48, 48), np.uint8))
    assert found.groups() == []
    assert not len(found.near)


def test_small_pictures_miss_no_pair_at_any_noise():
    # fine noise is what averaging hides; pairs lie on both sides of the limit
    base, random = blurred(40, 2), np.random.default_rng(3)
    spread = np.repeat(np.linspace(1, 20, 40), 48 * 48).reshape(base.shape)
    noisy = np.clip(base + random.normal(0, 1, base.shape) * spread, 0, 255).astype(np.uint8)
    images = np.concatenate([base, noisy, noisy[:, :, ::-1]])
    found = duplicates.find(images)
    near = set(map(tuple, found.first[found.near].tolist()))
    mirrored = set(map(tuple, found.first[found.mirrored].tolist()))
    assert near == slow(images, images)
    assert mirrored == slow(images, images[:, :, ::-1]) - near
    assert 5 < len(near) < 40


def test_blocks_do_not_change_what_is_found(images, monkeypatch):
    whole = duplicates.find(images)
    monkeypatch.setattr(duplicates, "BLOCK", 5)
    parts = duplicates.find(images)
    assert np.array_equal(whole.near, parts.near)
    assert np.array_equal(whole.mirrored, parts.mirrored)


def test_public_test_of_the_real_set_agrees_with_the_slow_way(shared_path):
    images = read(shared_path("data", "fer2013")).split("PublicTest").images
    found = duplicates.find(images)
    assert len(images) - len(found.first) == 26  # the README of the set
    distinct = images[found.first]
    assert set(map(tuple, found.near.tolist())) == slow(distinct, distinct)
