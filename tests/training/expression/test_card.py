"""A card speaks of the model it was written for, and its limits follow from the figures."""

import copy
from pathlib import Path

import pytest

from moodtrain.__main__ import main
from moodtrain.errors import MoodtrainError
from moodtrain.expression import card, report
from moodtrain.expression.data import LABELS
from moodtrain.expression.report import Order

BUNDLE = Path(__file__).resolve().parents[3] / "device/moodbox/models/expression"


@pytest.fixture(scope="module")
def made(tiny) -> dict:
    """Return a report whose own labels are FER2013's, the only ones the drawn faces have."""
    said = report.make(Order(BUNDLE, tiny, stressed=True))
    said["model"]["head"] = "labels"
    return said


def figures(made: dict, name: str, **changed: float) -> dict:
    changed_figures = copy.deepcopy(made["truths"]["labels"]["all"])
    changed_figures["classes"][name] |= changed
    return changed_figures


def test_card_names_the_file_and_what_it_says_of_itself(made):
    text = card.written(made)
    assert f"# Model card: {made['model']['name']} {made['model']['version']}" in text
    assert made["model"]["digest"] in text
    rows = card.stated_figures(made["model"])
    assert rows
    assert all("| " + " | ".join(row) + " |" in text for row in rows)


@pytest.mark.parametrize("words", ["hiring", "police", "diagnosis", "exams", "lies", "Article 5(1)(f)", "skin colour"])
def test_card_says_what_it_must_not_be_used_for(made, words):
    assert words in card.written(made)


def test_weak_class_is_named_with_what_it_is_taken_for(made):
    weak = figures(made, "fear", recall=0.37, precision=0.9, faces=500)
    weak["confusion"][LABELS.index("fear")] = [50, 0, 370, 20, 90, 10, 0]
    said = list(card.limits(weak, made["stress"], "labels"))
    assert "**Fear** is found in 37 of 100 such faces; missed ones are mostly called sad or angry." in said
    assert not any("it calls **fear**" in sentence or "labelled fear" in sentence for sentence in said)


def test_class_that_is_called_too_often_or_rare_is_named(made):
    said = list(card.limits(figures(made, "fear", recall=0.8, precision=0.19, faces=62), made["stress"], "labels"))
    assert "Of faces it calls **fear**, 19 of 100 are." in said
    assert "Only 62 faces here are labelled fear: its figures are rough." in said


def test_class_that_does_not_occur_is_not_judged(made):
    assert not any("surprise" in sentence for sentence in card.limits(figures(made, "fear"), made["stress"], "labels"))


def test_worst_spoiling_is_named_first(made):
    stressed = {name: {"labels": 0.9} for name in made["stress"]} | {"noise, sigma 12": {"labels": 0.1}}
    said = list(card.limits(figures(made, "fear"), stressed, "labels"))
    assert any(sentence.startswith("What spoils it most: noise, sigma 12 (10.0 %)") for sentence in said)


def test_scores_are_found_however_deep_they_lie():
    scores = {"accuracy": 0.5, "balanced_accuracy": 0.25, "macro_f1": 0.125}
    model = {"metrics": {"PublicTest": {"int8": {"votes": scores, "faces": 7}, "fp32": scores}}}
    assert card.stated_figures(model) == [
        ("PublicTest, int8, votes", "50.0 %", "25.0 %", "12.5 %"),
        ("PublicTest, fp32", "50.0 %", "25.0 %", "12.5 %"),
    ]


def test_card_without_the_models_own_labels_is_refused(made):
    with pytest.raises(MoodtrainError, match="a card needs faces with FER\\+ majority"):
        card.written({**made, "model": {**made["model"], "head": "votes"}})


def test_checkpoint_gets_no_card(tiny, tmp_path, capsys):
    order = ["expression", "evaluate", "run/checkpoint.pt", "--data", str(tiny), "--card", str(tmp_path / "card.md")]
    assert main(order) == 1
    assert "is a checkpoint; a card is about an ONNX file" in capsys.readouterr().err
    assert not (tmp_path / "card.md").exists()
