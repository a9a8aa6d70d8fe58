"""Who writes: the model when it can be had, the rules otherwise, and one sentence says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from moodbox.events import Step
from moodbox.mood import COORDINATES
from moodbox.music.composer.author import Author
from moodbox.music.composer.compose import compose
from tests.fakes.composer_model import make_bundle

SAD = Step("sad", *COORDINATES["sad"])


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return make_bundle(tmp_path / "bundle")


def test_the_model_writes_and_the_piece_says_so(bundle):
    author = Author(bundle)
    piece = author.compose(SAD, 5, 60.0)
    assert piece.origin == author.origin == "lstm 2026.11.1"
    assert author.problem is None
    assert piece.parts != compose(SAD, 5, 60.0).parts, "it is not the rules' piece under another name"
    assert piece == Author(bundle).compose(SAD, 5, 60.0), "same seed, mood and model, same piece"


@pytest.mark.parametrize("harm", ["missing", "cut short"])
def test_without_a_model_the_rules_write_and_the_owner_is_told(bundle, harm):
    if harm == "missing":
        author = Author(bundle / "nowhere")
    else:
        model = bundle / "model.onnx"
        model.write_bytes(model.read_bytes()[:100])
        author = Author(bundle)
    piece = author.compose(SAD, 5, 60.0)
    assert piece == compose(SAD, 5, 60.0)
    assert piece.origin == author.origin == "rules"
    assert author.problem is not None
    assert "simpler rules" in author.problem.cause
    assert author.problem.action


def test_a_model_that_fails_while_writing_is_given_up(tmp_path):
    author = Author(make_bundle(tmp_path / "bundle", poisoned=True))  # no numbers after one pitch: the sample is fine
    pieces = [author.compose(Step(label, *COORDINATES[label]), seed, 60.0) for label in COORDINATES for seed in (1, 2)]
    assert pieces[-1].origin == "rules"
    assert author.problem is not None
    assert "no number" in author.problem.cause


def test_the_shipped_model_is_used():
    author = Author()
    assert author.origin.startswith("lstm "), author.problem
