"""Piano rolls: a piece as a picture, parts in colours, louder notes darker, bars, phrases and chords marked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.composing.copying import MELODIES
from bench.composing.key import pitch_classes
from bench.composing.transcript import Numbers, Transcript
from moodbox.music.composer.score import Score

_COLORS = ("#c1272d", "#e58a00", "#2a7ab9", "#6b4226", "#7fb069", "#8b5fbf", "#444444", "#00838f")
_PHRASE = 4  # bars
_NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_KINDS = {"": (0, 4, 7), "m": (0, 3, 7), "°": (0, 3, 6), "7": (0, 4, 7, 10)}


def draw(score: Score, transcript: Transcript, path: Path) -> None:
    """Draw a piece into a PNG file."""
    figure = Figure(figsize=(18, 6), dpi=80, layout="constrained")
    axes = figure.add_subplot()
    for index, part in enumerate(score.parts):
        notes = transcript.drums if part.drums else transcript.notes
        _bars(axes, notes[notes[:, 6] == index], part.name, _COLORS[index % len(_COLORS)], drums=part.drums)
    _grid(axes, transcript)
    axes.set_title(
        f"{score.title} ({score.label}: valence {score.valence:+.2f}, arousal {score.arousal:+.2f};"
        f" {score.tempo[0][1]:.0f} bpm, {score.origin}, seed {score.seed})"
    )
    axes.set_xlabel("quarters")
    axes.set_ylabel("MIDI pitch (drums below 20)")
    axes.legend(loc="upper right", ncols=len(score.parts), fontsize="small")
    figure.savefig(path)


def _bars(axes: Axes, notes: Numbers, name: str, color: str, *, drums: bool) -> None:
    if not len(notes):
        return
    pitch = notes[:, 4] / 5 if drums else notes[:, 4]  # drums lie in a strip below everything else
    shades = 0.25 + 0.75 * notes[:, 5] / 127
    axes.barh(
        pitch, notes[:, 3], 0.4 if drums else 0.9, notes[:, 2], color=[(color, shade) for shade in shades], label=name
    )


def _grid(axes: Axes, transcript: Transcript) -> None:
    last = float((transcript.notes[:, 2] + transcript.notes[:, 3]).max(initial=1.0))
    top = float(transcript.notes[:, 4].max(initial=60.0)) + 4
    lead = transcript.part(MELODIES[0])
    intro = int(lead[0, 2] / transcript.bar + 0.1) if len(lead) else 0  # phrases are counted from the melody's first
    for number, beat in enumerate(np.arange(0.0, last, transcript.bar)):
        phrase = (number - intro) % _PHRASE == 0
        axes.axvline(beat, color="#000000" if phrase else "#bbbbbb", linewidth=1.2 if phrase else 0.5, zorder=0)
        name = chord(transcript.notes, beat, beat + transcript.bar)
        axes.text(beat + 0.1, top, name, fontsize=7)
    axes.set_xlim(0.0, last)
    axes.set_ylim(4, top + 6)


def chord(notes: Numbers, begin: float, end: float) -> str:
    """Name the triad or seventh chord that fits what sounds between two beats best; "" for silence."""
    lengths = np.minimum(notes[:, 2] + notes[:, 3], end) - np.maximum(notes[:, 2], begin)
    sounding = lengths > 0
    if not sounding.any():
        return ""
    shares = pitch_classes(notes[sounding, 4], lengths[sounding])
    fits = {
        _NAMES[root] + kind: sum(shares[(root + tone) % 12] for tone in tones) - 0.08 * len(tones)
        for root in range(12)
        for kind, tones in _KINDS.items()
    }
    return max(fits, key=fits.__getitem__)
