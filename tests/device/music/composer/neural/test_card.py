"""A composer's description is believed only when every line of it makes sense."""

from __future__ import annotations

import copy
import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox.errors import ModelError, MusicError
from moodbox.music.composer.neural.card import Scale, read_card
from tests.fakes.composer_model import CUES, WORDS, card_values

GONE = object()


def _changed(path: str, value: Any) -> str:
    card = copy.deepcopy(card_values())
    *parents, last = path.split(".")
    inner: Any = card
    for name in parents:
        inner = inner[int(name) if isinstance(inner, list) else name]
    if value is GONE:
        del inner[last]
    else:
        inner[last] = value
    return json.dumps(card)


def _words(**replaced: Any) -> list[Any]:
    """Return the vocabulary with the words at "t<number>" replaced."""
    words: list[Any] = list(WORDS)
    for place, word in replaced.items():
        words[int(place[1:])] = word
    return words


def test_right_description_is_read_as_it_stands() -> None:
    card = read_card(json.dumps(card_values()))
    assert (card.name, card.version, card.title) == ("tinylstm", "2026.11.1", "tinylstm 2026.11.1")
    assert (card.vocabulary, len(card.vocabulary), card.grid) == (WORDS, 127, 12)
    assert (card.layers, card.hidden, card.licence) == (2, 16, "MIT")
    assert card.scales == tuple(Scale(*cue) for cue in CUES)


def test_condition_is_standardised_in_the_order_of_the_model() -> None:
    turned = card_values(condition=card_values()["condition"][::-1])
    plain, reverse = read_card(json.dumps(card_values())), read_card(json.dumps(turned))
    raw = {"mode": 0.6, "density": -0.2, "tempo": math.log(90), "register": 68.0}
    wanted = [(raw[name] - mean) / std for name, mean, std in CUES]
    assert plain.condition_of(**raw).dtype == np.float32
    assert np.allclose(plain.condition_of(**raw), wanted, atol=1e-6)
    assert np.array_equal(reverse.condition_of(**raw), plain.condition_of(**raw)[::-1])


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
def test_cue_that_is_no_number_is_refused(wrong: float) -> None:
    with pytest.raises(MusicError, match="choose another mood"):
        read_card(json.dumps(card_values())).condition_of(0.5, 0.0, wrong, 70.0)


def test_words_may_come_in_any_order_and_number() -> None:
    fewer = [word for word in WORDS if word not in ("pitch 41", "bar 9/8", "length 72")][::-1]
    assert read_card(_changed("vocabulary", fewer)).vocabulary == tuple(fewer)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("format", 2, "format 2"),
        ("format", GONE, "lacks 'format'"),
        ("kind", "expression", "kind 'expression', not \"composer\""),
        ("kind", GONE, "lacks 'kind'"),
        ("name", "", "name is ''"),
        ("name", "two\nlines", "name is"),
        ("name", 7, "name is 7"),
        ("version", "x" * 61, "version is"),
        ("version", GONE, "lacks 'version'"),
        ("licence", GONE, "lacks 'licence'"),
        ("licence", None, "licence is None"),
        ("vocabulary", GONE, "lacks 'vocabulary'"),
        ("vocabulary", "start end", "vocabulary is no list"),
        ("vocabulary", [], "vocabulary is no list"),
        ("vocabulary", ["start"] * 5000, "vocabulary is no list"),
        ("vocabulary", [*WORDS, "pitch 60"], "'pitch 60' twice"),
        ("vocabulary", _words(t0=7), "does not know, 7"),
        ("vocabulary", _words(t0=["start"]), "does not know"),
        ("vocabulary", _words(t60="pitch 060"), "does not know, 'pitch 060'"),
        ("vocabulary", _words(t60="pitch 128"), "does not know, 'pitch 128'"),
        ("vocabulary", _words(t60="length 0"), "does not know, 'length 0'"),
        ("vocabulary", _words(t60="bar 5/4"), "does not know, 'bar 5/4'"),
        ("vocabulary", _words(t60="chord 12:maj"), "does not know, 'chord 12:maj'"),
        ("vocabulary", _words(t60="chord 0:aug"), "does not know, 'chord 0:aug'"),
        ("vocabulary", _words(t60="start\n"), "does not know"),
        ("vocabulary", [word for word in WORDS if word != "end"], "no word for end"),
        ("vocabulary", [word for word in WORDS if not word.startswith(("bar", "length"))], "for bar, length"),
        ("grid", 0, "grid is 0"),
        ("grid", 12.5, "grid is 12.5"),
        ("grid", True, "grid is True"),
        ("grid", 1000, "grid is 1000"),
        ("state", GONE, "lacks 'state'"),
        ("state", [2, 16], "cannot be read"),
        ("state.layers", 0, "layers is 0"),
        ("state.hidden", 10**9, "hidden is 1000000000"),
        ("state.hidden", "256", "hidden is '256'"),
        ("state.hidden", GONE, "lacks 'hidden'"),
        ("condition", GONE, "lacks 'condition'"),
        ("condition", {"mode": 1}, "no list of scales"),
        ("condition", card_values()["condition"][:3], "not mode, density, tempo, register"),
        ("condition", card_values()["condition"][:1] * 4, "not mode, density, tempo, register"),
        ("condition.0.name", "valence", "condition is"),
        ("condition.2.mean", math.nan, "mean of 'tempo' is nan"),
        ("condition.2.mean", "fast", "mean of 'tempo' is 'fast'"),
        ("condition.2.mean", 1e300, "mean of 'tempo' is 1e"),
        ("condition.1.std", 0.0, "std of density is 0.0, not above zero"),
        ("condition.1.std", -1, "std of density is -1.0, not above zero"),
        ("condition.1.std", GONE, "lacks 'std'"),
    ],
)
def test_wrong_line_is_named_in_one_sentence(path: str, value: Any, words: str) -> None:
    with pytest.raises(ModelError) as caught:
        read_card(_changed(path, value))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize("text", [None, "", "no json", "[]", "7", "null", '{"format": 1}', "[" * 100_000])
def test_no_description_is_said_so(text: str | None) -> None:
    with pytest.raises(ModelError, match="description"):
        read_card(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from([*card_values(), "layers", "hidden", "mean", "std", "x"]), inner)
        ),
        max_leaves=12,
    )
)
def test_any_json_gives_a_card_or_one_clear_error(value: Any) -> None:
    merged = {**card_values(), **value} if isinstance(value, dict) else value
    try:
        read_card(json.dumps(merged))
    except ModelError as error:
        assert "model" in str(error)  # noqa: PT017 - either outcome is fine, a third is not
