"""The race of the expression models: who runs, who is scored on what, and what is said of those who do not run."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the network to compare with needs torch: make setup")

import torch

from bench import contestant, faces
from bench.contestant import Contestant
from bench.figures import Report
from bench.peers import PEERS
from moodbox.watch.sight import shipped_model
from moodtrain.errors import CheckpointError
from moodtrain.expression import checkpoint
from moodtrain.expression.data import LABELS, read
from moodtrain.expression.networks import Seed, create
from moodtrain.expression.picture import Picture


@pytest.fixture
def nobody(tmp_path: Path) -> Path:
    folder = tmp_path / "peers"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Path:
    """Return a checkpoint of a tiny untrained network for 32x32."""
    picture, channels = Picture(32), (2, 2, 2, 2, 2)
    return _saved(create("seed", picture, channels), picture, channels, tmp_path_factory.mktemp("tiny") / "seed.pt")


def _saved(model, picture: Picture, channels: tuple[int, ...], path: Path) -> Path:
    """Write what a training run would."""
    state = {
        "settings": {"network": "seed" if isinstance(model, Seed) else "moodnet"},
        "ema": model.state_dict(),
        "picture": {"size": picture.size, "color": picture.color, "mean": picture.mean, "std": picture.std},
        "channels": list(channels),
    }
    checkpoint.save(state, path)
    return path


def test_every_contestant_runs_as_often_and_another_one_begins_each_round():
    ran = []

    def one(name: str) -> Contestant:
        return Contestant(name, lambda images: images, lambda given: (ran.append(name), given)[1], 0, 0, 0)

    times = faces.race([one("a"), one("b"), one("c")], rounds=3, block=2)
    assert {name: [len(part) for part in parts] for name, parts in times.items()} == {key: [2, 2, 2] for key in "abc"}
    assert "".join(ran[-18:]) == "aabbcc" + "bbccaa" + "ccaabb"


def test_ours_is_scored_on_both_kinds_of_truth_and_the_untrained_on_none(packed, nobody, tiny):
    order = faces.Order(shipped_model(), checkpoint=tiny, peers=nobody, data=packed, rounds=2, block=1)
    report = faces.measure(order)
    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report
    rows = {row[0]: dict(zip(report.table.head, row, strict=True)) for row in report.table.rows}
    ours = rows["ours int8"]
    assert (ours["FER2013 %"], ours["FER+ %"]) == (75.0, 100.0)  # it sees the smile; two labels say sad
    assert ours["bytes"] == shipped_model().stat().st_size
    seed = rows["seed network, PyTorch fp32 (not trained)"]
    assert seed["FER2013 %"] is None
    assert (seed["x seed"], seed["parameters"]) == (1.0, 4_719_783)
    assert rows["ours fp32"]["parameters"] < 1000
    assert rows["big-Xception 54: big_xception_54.onnx is not there"]["ms a face"] is None
    assert [goal.unit for goal in report.goals] == ["x"]
    assert any("8 faces of PublicTest, 7 of them" in note for note in report.notes)


def test_a_part_of_the_faces_will_do_and_the_missing_fp32_is_named(packed, nobody):
    order = faces.Order(shipped_model(), peers=nobody, data=packed, rounds=1, block=1, most=4)
    report = faces.measure(order)
    assert any("accuracy on 4 faces" in note for note in report.notes)
    assert any("--fp32" in row[0] for row in report.table.rows)


def test_lead_is_over_the_best_peer_and_our_own_labels_come_first():
    ours = Contestant("ours int8", lambda images: images, lambda given: given, 0, 0, 0, head="votes")
    scored = {
        "ours int8": {"labels": {"accuracy": 0.64}, "votes": {"accuracy": 0.86}},
        PEERS[0].name: {"labels": {"accuracy": 0.60}, "votes": {"accuracy": 0.80}},
        PEERS[1].name: {"labels": {"accuracy": 0.65}, "votes": {"accuracy": 0.70}},
    }
    voted, labelled = faces._leads(ours, scored)
    assert voted.value == pytest.approx(6.0)
    assert voted.met
    assert PEERS[0].name in voted.name
    assert "FER+" in voted.name
    assert labelled.value == pytest.approx(-1.0)
    assert not labelled.met
    assert PEERS[1].name in labelled.name


def test_peers_are_asked_as_their_projects_ask_them(shared_path):
    public = read(shared_path("data", "fer2013")).split("PublicTest")
    images, labels = public.images[:256], public.labels[:256]
    for known in PEERS:
        one = contestant.peer(shared_path("models", "peers"), known)
        answers = one.answers(images)
        assert answers.shape == (256, len(LABELS))
        # 58 to 66 % of all; another scale costs 12 points and more, another order of the classes far more
        assert np.mean(answers.argmax(1) == labels) > 0.55, known.name


def test_a_checkpoint_with_two_heads_answers_with_its_first(tmp_path, portrait):
    picture, channels = Picture(), (2, 2, 4, 4)
    model = create("moodnet", picture, channels).eval()
    path = _saved(model, picture, channels, tmp_path / "checkpoint.pt")
    one = contestant.checkpointed(path, "ours fp32")
    with torch.inference_mode():
        both = model(picture.prepared(portrait[None])).numpy()
    assert one.head == model.heads[0] == "votes"
    assert np.allclose(one.answers(portrait[None]), both[:, : len(LABELS)], atol=1e-4)


def test_a_seed_network_must_be_theirs(tiny):
    with pytest.raises(CheckpointError, match="not the seed network"):
        contestant.seeds(tiny)


def test_the_seed_network_answers_alike_in_torch_and_as_onnx(portrait):
    torched, exported = contestant.seeds(None)
    assert np.allclose(torched.answers(portrait[None]), exported.answers(portrait[None]), atol=1e-3)


def test_a_wrong_model_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.argv", ["bench.faces", "--model", str(tmp_path / "gone.onnx")])
    with pytest.raises(SystemExit, match=r"^bench: .*gone.onnx cannot be read .*: name another file$"):
        faces.main()
