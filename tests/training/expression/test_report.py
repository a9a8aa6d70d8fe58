"""A report says the same in JSON, on its page, in its text and in its pictures."""

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from moodtrain.__main__ import main
from moodtrain.errors import CheckpointError, DataError
from moodtrain.expression import checkpoint, page, report, summary
from moodtrain.expression.data import VOTES, Faces
from moodtrain.expression.networks import MoodNet
from moodtrain.expression.report import Order
from tests.training.conftest import drawn, joined, pack

BUNDLE = Path(__file__).resolve().parents[3] / "device/moodbox/models/expression"
PUBLIC, COPIED, NO_FACE = 40, 6, 3


def voted(faces: Faces) -> Faces:
    """Let ten people see what the label says, and no face at all in the first rows."""
    votes = np.zeros((len(faces), len(VOTES)), np.uint8)
    votes[faces.labels == 0, VOTES.index("anger")] = 10
    votes[faces.labels == 3, VOTES.index("happiness")] = 10
    votes[:NO_FACE] = 0
    votes[:NO_FACE, VOTES.index("NF")] = 10
    return replace(faces, votes=votes)


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """Return faces with votes, of which some of PublicTest are in Training as well."""
    training, public = drawn(20, 1), drawn(PUBLIC, 2)
    training.images[:COPIED] = public.images[-COPIED:]
    both = joined(training, public)
    return pack(tmp_path_factory.mktemp("voted"), voted(both))


@pytest.fixture(scope="module")
def two_headed(tmp_path_factory) -> Path:
    """Return the checkpoint of a small network that learnt nothing."""
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("run") / "checkpoint.pt"
    state = {
        "settings": {"network": "moodnet", "seed": 1, "data": "/home/anna/faces"},
        "picture": {"size": 48, "color": "gray", "mean": 0.507, "std": 0.255},
        "channels": [2, 4, 8, 8],
        "ema": MoodNet(channels=(2, 4, 8, 8)).state_dict(),
        "history": [{"epoch": 1}],
        "rows": 20,
        "digest": "sha256:0",
        "machine": "x86_64",
    }
    checkpoint.save(state, path)
    return path


@pytest.fixture(scope="module")
def made(data) -> dict:
    return report.make(Order(BUNDLE, data, stressed=True))


def test_faces_are_counted_by_kind_of_truth_and_by_leak(made):
    votes, labels = made["truths"]["votes"], made["truths"]["labels"]
    assert made["faces"] == labels["all"]["faces"] == PUBLIC
    assert votes["all"]["faces"] == PUBLIC  # the faces without a face are in Training
    assert made["data"]["in_training"] >= COPIED
    assert labels["clean"]["faces"] == PUBLIC - made["data"]["in_training"]


def test_own_labels_come_first(made, two_headed, data):
    assert next(iter(made["truths"])) == made["model"]["head"]
    for head in MoodNet.heads:
        of_head = report.make(Order(two_headed, data, head=head))
        assert next(iter(of_head["truths"])) == of_head["model"]["head"] == head


def test_heads_of_one_checkpoint_answer_differently(two_headed, data):
    votes, labels = (report.make(Order(two_headed, data, head=head)) for head in MoodNet.heads)
    assert votes["truths"]["labels"]["all"]["confusion"] != labels["truths"]["labels"]["all"]["confusion"]


def test_checkpoint_tells_of_its_making_but_not_where_it_was_made(two_headed, data):
    said = report.make(Order(two_headed, data))
    assert said["model"]["kind"] == "fp32 checkpoint"
    assert said["model"]["training"]["recipe"] == "1 epochs; network moodnet, seed 1"
    assert "anna" not in page.written(said)


def test_set_without_majority_is_measured_on_labels_alone(tiny):
    said = report.make(Order(BUNDLE, tiny))
    assert list(said["truths"]) == ["labels"]
    assert "FER+ majority leaves out: 32 faces (contempt 0" in summary.told(said)


def test_training_is_not_held_against_itself(data):
    said = report.make(Order(BUNDLE, data, split="Training"))
    assert said["data"]["in_training"] is None
    assert "clean" not in said["truths"]["labels"]
    assert said["data"]["left_out"]["NF"] == NO_FACE
    assert said["truths"]["votes"]["all"]["faces"] == 20 - NO_FACE


def test_set_without_votes_says_so(made):
    without = {**made, "data": {**made["data"], "left_out": None}, "truths": {"labels": made["truths"]["labels"]}}
    for text in (page.written(without), summary.told(without)):
        assert "these faces come without votes, so FER+ is not measured" in text


def test_json_reads_back_and_gives_the_same_page(made, tmp_path):
    report.write(made, tmp_path / "deep" / "report")
    read = json.loads((tmp_path / "deep" / "report" / "report.json").read_text(encoding="utf-8"))
    assert page.written(read) == page.written(made) == (tmp_path / "deep/report/report.md").read_text(encoding="utf-8")


def test_pictures_lie_beside_the_page_that_shows_them(made, tmp_path):
    report.write(made, tmp_path)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    for name in ("confusion.png", "reliability.png", "coverage.png"):
        assert f"({name})" in text
        picture = cv2.imread(str(tmp_path / name))
        assert min(picture.shape[:2]) > 300
        assert picture.std() > 10  # something is drawn


def test_page_shows_every_number_of_the_headline(made):
    text = page.written(made)
    for parts in made["truths"].values():
        for figures in parts.values():
            for name in page.SCORES:
                low, high = figures["intervals"][name]
                assert f"{100 * figures[name]:.1f} % ({100 * low:.1f} to {100 * high:.1f})" in text
    assert "mini-Xception" in text


def test_tables_have_as_many_cells_in_every_row(made):
    for block in page.written(made).split("\n\n"):
        bars = {line.count("|") for line in block.splitlines() if line.startswith("|")}
        assert len(bars) <= 1


def test_command_writes_page_and_json(data, tmp_path, capsys):
    order = ["expression", "evaluate", str(BUNDLE), "--data", str(data), "--out", str(tmp_path / "a")]
    assert main([*order, "--json", str(tmp_path / "b.json"), "--stress"]) == 0
    said = capsys.readouterr().out
    assert "40 faces: accuracy" in said
    assert "dim room" in said
    assert json.loads((tmp_path / "b.json").read_text()) == json.loads((tmp_path / "a" / "report.json").read_text())


def test_every_kind_of_truth_is_answered_by_the_head_that_learnt_it_unless_one_is_asked_for(data):
    asked = report.make(Order(BUNDLE, data, head="labels"))
    assert asked["model"]["answered_by"] == dict.fromkeys(asked["truths"], "labels")
    made = report.make(Order(BUNDLE, data))
    assert made["model"]["answered_by"] == {truth: truth for truth in made["truths"]}
    assert made["truths"]["labels"]["all"]["confusion"] == asked["truths"]["labels"]["all"]["confusion"]


def test_wrong_head_or_split_is_one_sentence(data):
    with pytest.raises(CheckpointError, match="has no head"):
        report.make(Order(BUNDLE, data, head="smiles"))
    with pytest.raises(DataError, match="split"):
        report.make(Order(BUNDLE, data, split="Test"))
