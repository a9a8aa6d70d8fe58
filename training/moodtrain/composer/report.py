"""One report on one composer and one corpus: as data (JSON), and as a page with a picture."""

import json
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from tqdm import tqdm

from moodtrain import bundle
from moodtrain.composer import baseline, corpus, page, picture
from moodtrain.composer.condition import NAMES
from moodtrain.composer.corpus import Corpus, Piece
from moodtrain.composer.measure import Tally, by_song, hidden, shuffled, tally
from moodtrain.composer.model import Model, open_model
from moodtrain.composer.origin import sources
from moodtrain.errors import DataError

SPLITS = ("val", "test")
RESAMPLES = 1000  # of songs, for the 95 % intervals
_LEFT_OUT = ("vocabulary", "format", "kind")  # of a model's description, which the report need not repeat


def make(path: Path, data: Sequence[Path]) -> dict[str, Any]:
    """Measure and return the report; raise CheckpointError or DataError when model or songs cannot be used."""
    model = open_model(path)
    songs = corpus.read(data, model.path.with_name("corpus.npz") if model.path.suffix == ".pt" else None)
    if not any(songs.split(name) for name in SPLITS):
        raise DataError(f"{', '.join(map(str, data))} holds no songs of val or test; give a larger folder")
    return {
        "made": {
            "date": datetime.now(UTC).date().isoformat(),
            "machine": f"{platform.machine()}, onnxruntime {onnxruntime.__version__}",
        },
        "model": _facts(model),
        "data": {
            "sources": list(sources(songs)),
            "digest": songs.digest,
            "learnt": model.said["training"].get("digest") == songs.digest,
            "broken": list(songs.broken),
            "in_training": {name: in_training(songs, name) for name in SPLITS},
            "splits": {name: dict(counted) for name, counted in corpus.counts(songs).items()},
        },
        "splits": {name: _measured(model, songs, name) for name in SPLITS if songs.split(name)},
    }


def _facts(model: Model) -> dict[str, Any]:
    """Return what is known about a model and its file; a checkpoint has no version."""
    said = {key: value for key, value in model.said.items() if key not in _LEFT_OUT}
    size = {"file": model.path.name, "bytes": model.path.stat().st_size, "digest": bundle.digest(model.path)}
    return {**said, **size, "kind": model.kind, "parameters": parameters(model)}


def parameters(model: Model) -> int:
    """Count the numbers that a model learnt."""
    if model.network is not None:
        return sum(weights.numel() for weights in model.network.parameters())
    stored = onnx.load(model.path).graph.initializer
    floats = (onnx.TensorProto.FLOAT, onnx.TensorProto.INT8, onnx.TensorProto.UINT8)
    learnt = [one for one in stored if one.data_type in floats and not one.name.endswith(("_scale", "_zero_point"))]
    return int(sum(np.prod(one.dims) for one in learnt))


def in_training(songs: Corpus, split: str) -> int:
    """Count the songs of a split all of whose pieces, whatever their key was, are in train as well."""
    known = {piece.tokens.tobytes() for piece in songs.split("train")}
    fresh = {piece.song for piece in songs.split(split) if piece.tokens.tobytes() not in known}
    return len({piece.song for piece in songs.split(split)} - fresh)


def _measured(model: Model, songs: Corpus, split: str) -> dict[str, Any]:
    """Measure one split: as it is, with wrong conditions, beside the baselines, by kind of word and by source."""
    pieces = songs.split(split)
    mixed = {name: shuffled(pieces, names=[name]) for name in NAMES}
    others: dict[str, list[Piece]] = {"shuffled": shuffled(pieces), "hidden": hidden(pieces, model.scales)}
    own = by_song(model.speak, pieces, model.scales, model.together)
    read = {
        name: by_song(model.speak, changed, model.scales, model.together)
        for name, changed in tqdm({**others, **mixed}.items(), desc=f"measuring {split}", leave=False, mininterval=2)
    }
    found = _sum(own.values())
    rivals = _baselines(songs, pieces, model)
    return {
        "nats": found.per_token,
        "nats_per_note": found.per_note,
        "interval": _interval(own),
        "obeys": _obeys(own, read["shuffled"]),
        **{name: _sum(read[name].values()).per_token for name in others},
        "conditions": {name: _sum(read[name].values()).per_token for name in NAMES},
        "baselines": {name: rival.per_token for name, rival in rivals.items()},
        "kinds": {
            kind: {**row, **{name: rival.kinds()[kind]["nats"] for name, rival in rivals.items()}}
            for kind, row in found.kinds().items()
        },
        "sources": _by_source(songs, own, read["shuffled"]),
    }


def _baselines(songs: Corpus, pieces: Sequence[Piece], model: Model) -> dict[str, Tally]:
    training = songs.split("train")
    if not training:
        return {}
    rivals = {"bigram": baseline.bigram(training), "unigram": baseline.unigram(training)}
    return {name: tally(speak, pieces, model.scales) for name, speak in rivals.items()}


def _by_source(songs: Corpus, own: dict[str, Tally], mixed: dict[str, Tally]) -> dict[str, dict[str, float]]:
    found = {}
    for source in dict.fromkeys(songs.sources[song] for song in own):
        there = [song for song in own if songs.sources[song] == source]
        as_is, wrong = (_sum(read[song] for song in there) for read in (own, mixed))
        found[source] = {
            "songs": len(there),
            "tokens": int(as_is.counts.sum()),
            "nats": as_is.per_token,
            "nats_per_note": as_is.per_note,
            "shuffled": wrong.per_token,
        }
    return found


def _sum(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, start=Tally.empty())


def _interval(own: dict[str, Tally]) -> list[float]:
    """Return the 95 % interval of nats per token over songs drawn anew."""
    nats, counts = _columns(own)
    drawn = _drawn(len(own))
    return _percentiles(nats[drawn].sum(1) / counts[drawn].sum(1))


def _obeys(own: dict[str, Tally], mixed: dict[str, Tally]) -> list[float]:
    """Return the 95 % interval of what shuffled conditions cost, in nats per token, over songs drawn anew."""
    nats, counts = _columns(own)
    wrong, _ = _columns(mixed)
    drawn = _drawn(len(own))
    return _percentiles((wrong - nats)[drawn].sum(1) / counts[drawn].sum(1))


def _columns(tallies: dict[str, Tally]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    pairs = np.array([(one.nats.sum(), one.counts.sum()) for one in tallies.values()], np.float64)
    return pairs[:, 0], pairs[:, 1]


def _drawn(songs: int) -> NDArray[np.int64]:
    return np.random.default_rng(0).integers(songs, size=(RESAMPLES, songs))


def _percentiles(values: NDArray[np.float64]) -> list[float]:
    return [float(value) for value in np.percentile(values, (2.5, 97.5))]


def write(report: dict[str, Any], folder: Path) -> None:
    """Write report.md, report.json and surprise.png."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(report, folder / "report.json")
    picture.write(report, folder / "surprise.png")
    (folder / "report.md").write_text(page.written(report), encoding="utf-8")


def write_json(report: dict[str, Any], path: Path) -> None:
    """Write the report as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
