"""A folder of anybody's MIDI files, one subfolder for every mood, judged like our own."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench.composing import agreement
from bench.composing.copying import Memory
from bench.composing.features import features
from bench.composing.judge import Judge
from bench.composing.key import heard_key
from bench.composing.piece import LABELS
from bench.composing.statistics import NAMES, Bands, statistics, within
from bench.composing.transcript import Transcript, read_midi
from bench.figures import Report, Table
from moodtrain.errors import MoodtrainError

Labelled = list[tuple[str, Transcript]]


def read(folder: Path) -> Labelled:
    """Read the MIDI files of the moods' subfolders; raises MoodtrainError when there are none."""
    found = [
        (label, read_midi(path))
        for label in LABELS
        for path in sorted((folder / label).rglob("*"))
        if path.suffix.lower() in {".mid", ".midi"}
    ]
    sounding = [(label, each) for label, each in found if len(each.notes)]
    if not sounding:
        raise MoodtrainError(f"{folder} has no MIDI files in folders named {', '.join(LABELS)}: name them by mood")
    return sounding


def reports(pieces: Labelled, judge: Judge, bands: Bands, memory: Memory) -> list[Report]:
    """Judge what can be judged without knowing who wrote it."""
    heard = agreement.hear(judge, [(label, features(each)) for label, each in pieces])
    return [agreement.report(judge, heard), agreement.by_mood(heard), _notes(pieces, bands), _copying(pieces, memory)]


def _notes(pieces: Labelled, bands: Bands) -> Report:
    rows: list[tuple[str | float | None, ...]] = []
    for label in (*dict.fromkeys(label for label, _ in pieces), "all"):
        of = [each for named, each in pieces if label in (named, "all")]
        major = 100 * float(np.mean([heard_key(each.notes).mode == "major" for each in of]))
        measured = [statistics(each) for each in of]
        shares = (100 * float(np.mean([within(each[name], bands[name]) for each in measured])) for name in NAMES)
        rows.append((label, len(of), major, *shares))
    head = ("mood", "pieces", "heard major %", *(f"{name} in band %" for name in NAMES))
    return Report("Mode and statistics", table=Table(head, ("", ".0f", *[".1f"] * 4), tuple(rows)))


def _copying(pieces: Labelled, memory: Memory) -> Report:
    """Look for copies in every part, for nobody says which one is the melody."""
    worst: list[tuple[int, str, str]] = []
    for _, each in pieces:
        for part in np.unique(each.notes[:, 6]):
            length, song = memory.longest(each.notes[each.notes[:, 6] == part])
            worst.append((length, each.title, song))
    notes = tuple(f"{title}: {length} notes, in {song}" for length, title, song in sorted(worst, reverse=True)[:5])
    return Report("Longest runs shared with the songs, any part", notes=notes)
