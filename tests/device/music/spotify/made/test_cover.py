import base64
import colorsys
import io

import numpy as np
import pytest
from PIL import Image

from moodbox.mood import COORDINATES, color_of, mood_by_hand
from moodbox.music.spotify.made import cover
from moodbox.music.spotify.values import LIFT

KINDS = (*COORDINATES, LIFT)


def picture(kind, seed=1):
    return Image.open(io.BytesIO(cover.draw(kind, seed)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_cover_is_a_square_jpeg_that_spotify_takes(kind):
    jpeg = cover.draw(kind, 1)
    shown = Image.open(io.BytesIO(jpeg))
    assert (shown.format, shown.size, shown.mode) == ("JPEG", (640, 640), "RGB")
    assert len(jpeg) <= 190_000
    assert len(base64.b64encode(jpeg)) < 256 * 1024


@pytest.mark.parametrize("label", COORDINATES)
def test_a_cover_has_the_colour_of_its_mood(label):
    pixels = np.asarray(picture(label), dtype=float).reshape(-1, 3) / 255
    bright = pixels[pixels.max(axis=1) > 0.45].mean(axis=0)
    hue, _, _ = colorsys.rgb_to_hsv(*bright)
    meant, _, _ = colorsys.rgb_to_hsv(*color_of(mood_by_hand(label, 0.0)))
    assert min(abs(hue - meant), 1 - abs(hue - meant)) < 0.06


def test_there_is_light_and_dark_and_the_word_is_white():
    for kind in KINDS:
        shown = np.asarray(picture(kind).convert("L"), dtype=float)
        assert np.percentile(shown, 5) < 60
        assert (shown[450:610, 40:320] > 245).mean() > 0.03, kind


def test_covers_differ_by_mood_and_seed_and_are_the_same_again():
    assert len({cover.draw(kind, 1) for kind in KINDS}) == 8
    assert cover.draw("happy", 1) == cover.draw("happy", 1) != cover.draw("happy", 2)
    assert len({cover.digest(kind, seed) for kind in KINDS for seed in (1, 2)}) == 16
    assert cover.digest("sad", 3) == cover.digest("sad", 3)


def test_a_picture_that_is_hard_to_pack_gets_less_quality_rather_than_too_many_bytes():
    noise = np.random.default_rng(1).integers(0, 256, (640, 640, 3), dtype=np.uint8)
    assert len(cover._jpeg(Image.fromarray(noise, "RGB"))) <= cover.MOST_BYTES


def test_a_long_word_is_made_to_fit():
    word = "overwhelmed by everything"
    assert cover._fitting(word, 544).getlength(word) <= 544
