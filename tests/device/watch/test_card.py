"""A model's description is believed only when every line of it makes sense."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox.errors import ModelError
from moodbox.watch.card import read_card
from tests.device.watch.conftest import LABELS, card_values


def _changed(path: str, value: Any) -> str:
    card = copy.deepcopy(card_values())
    *parents, last = path.split(".")
    inner = card
    for name in parents:
        inner = inner[name]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return json.dumps(card)


def test_right_description_is_read_as_it_stands() -> None:
    card = read_card(json.dumps(card_values()))
    assert (card.name, card.version, card.width, card.height, card.channels) == ("tiny", "1.0", 48, 48, 1)
    assert (card.mean, card.std, card.temperature, card.output) == ((0.5,), (0.25,), 1.5, "logits")
    assert (card.crop.eye_distance, card.crop.eye_line, card.crop.margin) == (0.375, 0.385, 0.1)


def test_labels_may_come_in_any_order() -> None:
    assert read_card(_changed("labels", LABELS[::-1])).labels == tuple(LABELS[::-1])


def test_one_mean_counts_for_all_three_colours() -> None:
    assert read_card(_changed("input.color", "rgb")).mean == (0.5, 0.5, 0.5)


def test_missing_eye_geometry_leaves_the_box() -> None:
    crop = read_card(_changed("input.crop", {"aligned": True, "margin": 0.2})).crop
    assert (crop.eye_distance, crop.margin) == (0.0, 0.2)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("format", 2, "format 2"),
        ("format", None, "lacks 'format'"),
        ("kind", "detector", "kind 'detector'"),
        ("labels", LABELS[:6], "labels are angry"),
        ("labels", [*LABELS[:6], "bored"], "bored"),
        ("labels", [*LABELS[:6], "angry"], "labels"),
        ("labels", 7, "cannot be read"),
        ("input.layout", "NHWC", "layout"),
        ("input.color", "cmyk", "cmyk"),
        ("input.width", 0, "input side of 0"),
        ("input.width", 100_000, "input side"),
        ("input.mean", [0.1, 0.2], "usable numbers"),
        ("input.std", [0.0], "not above zero"),
        ("input.mean", [float("nan")], "usable numbers"),
        ("input.crop", {"margin": -3}, "crop"),
        ("input.crop", {"eye_distance": 4}, "crop"),
        ("input", None, "lacks 'input'"),
        ("temperature", 0, "not above zero"),
        ("temperature", "warm", "cannot be read"),
        ("output", None, "lacks 'output'"),
    ],
)
def test_wrong_line_is_named_in_one_sentence(path: str, value: Any, words: str) -> None:
    with pytest.raises(ModelError, match=words) as caught:
        read_card(_changed(path, value))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", [None, "", "no json", "[]", "7", "null", '{"format": 1}'])
def test_no_description_is_said_so(text: str | None) -> None:
    with pytest.raises(ModelError, match="description"):
        read_card(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*card_values(), "x"]), inner),
        max_leaves=12,
    )
)
def test_any_json_gives_a_card_or_one_clear_error(value: Any) -> None:
    merged = {**card_values(), **value} if isinstance(value, dict) else value
    try:
        read_card(json.dumps(merged))
    except ModelError as error:
        assert "model" in str(error)  # noqa: PT017 - either outcome is fine, a third is not
