"""What is in a corpus and what is wrong with it, counted from the MIDI files themselves."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from moodtrain.composer import corpus, files
from moodtrain.composer.condition import NAMES
from moodtrain.composer.corpus import Piece
from moodtrain.composer.files import SPLITS, File
from moodtrain.composer.measure import KIND
from moodtrain.composer.sheet import Sheet
from moodtrain.composer.song import Song
from moodtrain.composer.vocabulary import WORDS
from moodtrain.errors import DataError

QUANTILES = (5, 25, 50, 75, 95)  # percent
BINS = 24
KEPT, METER, SILENT, ALONE = "kept", "meter or length without a word", "no tune begins", "tune of a single bar"


@dataclass
class _Count:
    """What adds up file by file."""

    bars: Counter[str] = field(default_factory=Counter)  # kept, or why not
    meters: Counter[str] = field(default_factory=Counter)  # of kept bars
    modes: Counter[str] = field(default_factory=Counter)  # of songs, at their beginning
    pieces: list[Piece] = field(default_factory=list)


def take(sources: Sequence[Path]) -> dict[str, Any]:
    """Count what folders or zips of MIDI files hold; raises DataError when none of it can be learnt."""
    found = files.read(sources)
    broken: list[str] = []
    counted = _Count()
    for file, told, written in corpus.sheets(found, broken):
        _count(counted, file, told, written)
    if not counted.pieces:
        why = f"; the first: {broken[0]}" if broken else ""
        raise DataError(f"none of the {len(found)} MIDI files holds a tune that can be learnt{why}")
    made = corpus.Corpus(tuple(counted.pieces), corpus.digest(found))
    tokens = np.concatenate([piece.tokens for piece in made.pieces])
    return {
        "digest": made.digest,
        "sources": dict(Counter(file.source for file in found)),
        "splits": {name: dict(row) for name, row in corpus.counts(made).items()},
        "meters": dict(counted.meters.most_common()),
        "modes": dict(counted.modes.most_common()),
        "words": {kind: int((KIND[tokens] == kind).sum()) for kind in dict.fromkeys(KIND.tolist())},
        "lengths": _lengths(tokens),
        "piece_tokens": _quantiles(np.array([len(piece.tokens) for piece in made.pieces])),
        "bars": {name: counted.bars[name] for name in (KEPT, METER, SILENT, ALONE)},
        "conditions": {split: _conditions(made.split(split)) for split in SPLITS if made.split(split)},
        "problems": {"broken": broken, "copies": _copies(found), "empty": _empty(found, made.pieces, len(broken))},
    }


def _count(counted: _Count, file: File, told: Song, written: Sheet) -> None:
    kept = {bar.bar.onset: bar.bar.meter for piece in written.pieces for bar in piece}
    begins = np.unique(told.melody[:, 0])
    for bar in told.bars:
        first = int(np.searchsorted(begins, bar.onset))
        sung = first < len(begins) and begins[first] < bar.onset + bar.length
        why = KEPT if bar.onset in kept else METER if not bar.meter else ALONE if sung else SILENT
        counted.bars[why] += 1
    counted.meters.update(kept.values())
    counted.modes[written.mode] += 1
    counted.pieces += corpus.pieces_of(file, written)


def _lengths(tokens: np.ndarray[Any, np.dtype[np.int64]]) -> dict[str, int]:
    counts = np.bincount(tokens, minlength=len(WORDS))
    named = zip(WORDS, counts.tolist(), strict=True)
    return {word.removeprefix("length "): count for word, count in named if word.startswith("length ")}


def _conditions(pieces: Sequence[Piece]) -> dict[str, dict[str, Any]]:
    """Return mean, spread, quantiles and a histogram of every condition, in its raw unit, over tokens."""
    rows = np.concatenate([piece.conditions for piece in pieces]).astype(np.float64)
    found: dict[str, dict[str, Any]] = {}
    for name, column in zip(NAMES, rows.T, strict=True):
        counts, edges = np.histogram(column, BINS)
        found[name] = {
            "mean": float(column.mean()),
            "std": float(column.std()),
            "quantiles": _quantiles(column),
            "histogram": {"edges": edges.round(4).tolist(), "counts": counts.tolist()},
        }
    return found


def _quantiles(values: np.ndarray[Any, np.dtype[Any]]) -> list[float]:
    return [round(float(value), 4) for value in np.percentile(values, QUANTILES)]


def _copies(found: Sequence[File]) -> list[dict[str, Any]]:
    """Return files of the same bytes; copies in two splits would let the network meet what it is measured on."""
    alike: dict[str, list[File]] = {}
    for file in found:
        alike.setdefault(sha256(file.data).hexdigest(), []).append(file)
    return [
        {"files": [file.name for file in same], "splits": sorted({file.split for file in same})}
        for same in alike.values()
        if len(same) > 1
    ]


def _empty(found: Sequence[File], pieces: Sequence[Piece], broken: int) -> int:
    """Return how many files can be read and yet give no piece."""
    return len(found) - broken - len({piece.song for piece in pieces})


def told(counted: dict[str, Any]) -> str:
    """Return the census as text."""
    lines = [", ".join(f"{name}: {count} files" for name, count in counted["sources"].items()), counted["digest"], ""]
    lines.append(f"{'':8}{'songs':>8}{'pieces':>8}{'tokens':>10}")
    for split, row in counted["splits"].items():
        lines.append(f"{split:8}{row['songs']:8}{row['pieces']:8}{row['tokens']:10}")
    bars = counted["bars"]
    lines += ["", f"bars: {sum(bars.values())}; " + _shares(bars), f"meters of kept bars: {_shares(counted['meters'])}"]
    lines += [f"songs begin in: {_shares(counted['modes'])}", f"tokens: {_shares(counted['words'])}"]
    lines.append(f"lengths, in twelfths of a quarter note: {_shares(counted['lengths'])}")
    lines += [f"tokens of a piece, {_percents()}: {_row(counted['piece_tokens'])}", ""]
    for split, conditions in counted["conditions"].items():
        for name, row in conditions.items():
            spread = f"mean {row['mean']:.3f}, std {row['std']:.3f}"
            lines.append(f"{split:6}{name:9} {spread}; {_percents()}: {_row(row['quantiles'])}")
    return "\n".join([*lines, "", *_problems(counted["problems"])])


def _problems(found: dict[str, Any]) -> list[str]:
    lines = [f"left out: {sentence}" for sentence in found["broken"]]
    for same in found["copies"]:
        where = f", in {' and '.join(same['splits'])}: take all but one away" if len(same["splits"]) > 1 else ""
        lines.append(f"the same file: {', '.join(same['files'])}{where}")
    if found["empty"]:
        lines.append(f"{found['empty']} files give no piece: no tune of two bars in a meter of the vocabulary")
    return lines or ["nothing wrong was found"]


def _shares(counts: dict[str, int]) -> str:
    total = max(1, sum(counts.values()))
    return ", ".join(f"{name} {100 * count / total:.1f} %" for name, count in counts.items())


def _percents() -> str:
    return "/".join(map(str, QUANTILES)) + " %"


def _row(values: Sequence[float]) -> str:
    return " / ".join(f"{value:g}" for value in values)


def write(counted: dict[str, Any], folder: Path) -> list[Path]:
    """Write corpus.txt, corpus.json and conditions.png; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in ("corpus.txt", "corpus.json", "conditions.png")]
    paths[0].write_text(told(counted) + "\n", encoding="utf-8")
    paths[1].write_text(json.dumps(counted, indent=1) + "\n", encoding="utf-8")
    _drawn(counted["conditions"]).savefig(paths[2], dpi=110)
    return paths


def _drawn(conditions: dict[str, dict[str, Any]]) -> Figure:
    figure = Figure(figsize=(10, 6), layout="constrained")
    panels = figure.subplots(2, 2).ravel()
    labels = (
        "mode: major minus minor correlation",
        "ln melody notes per quarter",
        "ln bpm",
        "mean MIDI pitch, tonic C",
    )
    for axes, name, label in zip(panels, NAMES, labels, strict=True):
        for split, rows in conditions.items():
            histogram = rows[name]["histogram"]
            shares = np.array(histogram["counts"]) / max(1, sum(histogram["counts"]))
            axes.stairs(shares / np.diff(histogram["edges"]).clip(1e-9), histogram["edges"], label=split)
        axes.set(title=name, xlabel=label, ylabel="density of tokens")
    panels[0].legend(frameon=False)
    return figure
