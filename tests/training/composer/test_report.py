"""A report tells what was measured; page, picture and card say the same."""

import json
import math
from pathlib import Path

import pytest

from moodtrain.__main__ import main
from moodtrain.composer import card, checkpoint, corpus, measure, page, report
from moodtrain.composer.condition import NAMES
from moodtrain.composer.export import Export, export
from moodtrain.errors import CheckpointError, DataError
from tests.training.composer import midis


@pytest.fixture(scope="module")
def shipped(trained, songs, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("export") / "composer"
    export(Export(trained, [songs], out))
    return out


@pytest.fixture(scope="module")
def made(trained, songs) -> dict:
    return report.make(trained, [songs])


@pytest.fixture(scope="module")
def of_bundle(shipped, songs) -> dict:
    return report.make(shipped, [songs])


def test_figures_are_those_of_the_measures(made, trained, songs):
    state, pieces = checkpoint.load(trained), corpus.read([songs]).split("test")
    model, scales = checkpoint.network(state), checkpoint.scales(state)
    found, figures = measure.tally(model, pieces, scales), made["splits"]["test"]
    assert figures["nats"] == pytest.approx(found.per_token, rel=1e-5)
    assert figures["nats_per_note"] == pytest.approx(found.per_note, rel=1e-5)
    mixed = measure.shuffled(pieces)
    assert figures["shuffled"] == pytest.approx(measure.tally(model, mixed, scales).per_token, rel=1e-5)
    for name in NAMES:
        one = measure.tally(model, measure.shuffled(pieces, names=[name]), scales).per_token
        assert figures["conditions"][name] == pytest.approx(one, rel=1e-5)


def test_kinds_and_sources_add_up_to_the_whole(made):
    for figures in made["splits"].values():
        for parts in (figures["kinds"], figures["sources"]):
            tokens = sum(row["tokens"] for row in parts.values())
            nats = sum(row["tokens"] * row["nats"] for row in parts.values())
            assert nats / tokens == pytest.approx(figures["nats"])
        assert figures["baselines"]["bigram"] < figures["baselines"]["unigram"] < math.log(127)


def test_intervals_hold_what_they_are_about(made):
    for figures in made["splits"].values():
        low, high = figures["interval"]
        assert low <= figures["nats"] <= high
        low, high = figures["obeys"]
        assert low <= figures["shuffled"] - figures["nats"] <= high


def test_songs_that_are_in_train_as_well_are_counted(songs, tmp_path):
    midis.tune(tmp_path / "fresh" / "one.mid", 0, bars=9)
    midis.tune(tmp_path / "fresh" / "two.mid", 2)
    (tmp_path / "fresh" / "index.csv").write_text("id,split\none,test\ntwo,val\n", encoding="utf-8")
    made = corpus.read([songs, tmp_path / "fresh"])
    # every small song is one of two tunes in twelve keys, and in C all of them are alike; but for the one of nine bars
    assert {split: report.in_training(made, split) for split in ("val", "test")} == {"val": 5, "test": 4}


def test_sources_are_told_apart(trained, songs, tmp_path):
    other = midis.folder(tmp_path / "others", songs=18)
    for path in other.glob("*.mid"):
        path.rename(path.with_name("other" + path.name))
    text = (other / "index.csv").read_text(encoding="utf-8").replace("song", "othersong")
    (other / "index.csv").write_text(text, encoding="utf-8")
    made = report.make(trained, [songs, other])
    assert set(made["splits"]["val"]["sources"]) == {"songs", "others"}
    assert made["data"]["learnt"] is False
    assert "it may have met songs of val and test" in page.told(made)


def test_checkpoint_and_bundle_have_as_many_parameters(made, of_bundle):
    assert made["model"]["parameters"] > 0
    # onnxruntime keeps one bias where torch has two
    assert of_bundle["model"]["parameters"] == pytest.approx(made["model"]["parameters"], rel=0.05)
    assert (made["model"]["kind"], of_bundle["model"]["kind"]) == ("fp32 checkpoint", "int8 ONNX")


def test_bundle_says_of_itself_what_is_measured(of_bundle):
    for split, figures in of_bundle["splits"].items():
        said = of_bundle["model"]["metrics"][split]["int8"]
        assert said["nats_per_token"] == pytest.approx(figures["nats"], abs=1e-4)


def test_evaluate_prints_and_writes_everything(shipped, songs, tmp_path, capsys):
    order = ["composer", "evaluate", str(shipped), "--data", str(songs), "--out", str(tmp_path / "report")]
    assert main([*order, "--json", str(tmp_path / "r.json"), "--card", str(tmp_path / "card.md")]) == 0
    said = capsys.readouterr().out
    assert "val, 4 songs: " in said
    assert "nats/token" in said
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == ["report.json", "report.md", "surprise.png"]
    assert (tmp_path / "report" / "surprise.png").read_bytes().startswith(b"\x89PNG")
    written = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    text = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    assert f"**{written['splits']['val']['nats']:.3f}**" in text
    for heading in ("By source", "By kind of word", "One condition of another piece"):
        assert f"## {heading}" in text
    assert (tmp_path / "card.md").read_text(encoding="utf-8").startswith("# Model card: moodlstm ")


def test_card_credits_openscore_and_says_what_is_unknown(of_bundle):
    text = card.written(of_bundle)
    assert "**songs**: a folder of MIDI files whose terms this card does not know." in text
    known = {**of_bundle, "data": {**of_bundle["data"], "sources": ["lieder_midi", "quartet_midi"]}}
    text = card.written(known)
    for words in ("OpenScore Lieder Corpus", "OpenScore String Quartets", "CC0 1.0", "openscore-lieder-corpus"):
        assert words in text


def test_card_names_file_guidance_and_the_condition_that_is_heeded_least(of_bundle):
    text = card.written(of_bundle)
    assert of_bundle["model"]["digest"] in text
    assert "classifier-free guidance" in text
    costs = of_bundle["splits"]["val"]["conditions"]
    assert f"heeds **{max(costs, key=costs.get)}** most and **{min(costs, key=costs.get)}** least" in text


def test_checkpoint_gets_no_card(trained, songs, tmp_path):
    with pytest.raises(CheckpointError, match="is a checkpoint; a card is about an ONNX file"):
        card.need_onnx(trained)
    order = ["composer", "evaluate", str(trained), "--data", str(songs), "--card", str(tmp_path / "card.md")]
    assert main(order) == 1
    assert not (tmp_path / "card.md").exists()


def test_songs_without_val_and_test_cannot_be_measured_on(trained, tmp_path):
    midis.tune(tmp_path / "songs" / "one.mid", 1)
    (tmp_path / "songs" / "index.csv").write_text("id,split\none,train\n", encoding="utf-8")
    with pytest.raises(DataError, match="holds no songs of val or test; give a larger folder"):
        report.make(trained, [tmp_path / "songs"])
