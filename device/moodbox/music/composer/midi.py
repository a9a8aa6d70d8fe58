"""MIDI files: a score with its title, mood and seed, so that any program can play it and we can write it again."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import mido  # type: ignore[import-untyped]  # it has no stubs

from moodbox.music.composer.score import Part, Score

TICKS = 480  # per quarter note
DRUM_CHANNEL = 9


def write_midi(score: Score) -> bytes:
    """Return the score as a standard MIDI file, format 1."""
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS)
    file.tracks.append(_conductor(score))
    file.tracks.extend(_track(part, channel) for part, channel in channels(score))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def read_origin(data: bytes) -> dict[str, object]:
    """Return label, valence, arousal and seed that `write_midi` noted; empty for somebody else's file."""
    for message in mido.MidiFile(file=io.BytesIO(data)).tracks[0]:
        if message.type == "text" and message.text.startswith("moodbox "):
            found = json.loads(message.text.removeprefix("moodbox "))
            return found if isinstance(found, dict) else {}
    return {}


def channels(score: Score) -> Iterator[tuple[Part, int]]:
    """Give every part its MIDI channel; drums have their own."""
    free = (channel for channel in range(16) if channel != DRUM_CHANNEL)
    for part in score.parts:
        yield part, DRUM_CHANNEL if part.drums else next(free)


def _conductor(score: Score) -> mido.MidiTrack:
    key = _key_name(score.tonic, score.mode)
    origin = {"label": score.label, "valence": score.valence, "arousal": score.arousal, "seed": score.seed}
    track = mido.MidiTrack()
    track.append(mido.MetaMessage("track_name", name=score.title))
    track.append(mido.MetaMessage("text", text="moodbox " + json.dumps(origin)))
    track.append(mido.MetaMessage("time_signature", numerator=score.meter, denominator=4))
    track.append(mido.MetaMessage("key_signature", key=key))
    last = 0
    for beat, bpm in score.tempo:
        tick = round(beat * TICKS)
        track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm), time=tick - last))
        last = tick
    return track


def _key_name(tonic: int, mode: str) -> str:
    if mode == "minor":
        return ("Cm", "C#m", "Dm", "Ebm", "Em", "Fm", "F#m", "Gm", "G#m", "Am", "Bbm", "Bm")[tonic]
    return ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")[tonic]


def _track(part: Part, channel: int) -> mido.MidiTrack:
    track = mido.MidiTrack()
    track.append(mido.MetaMessage("track_name", name=part.name))
    if not part.drums:
        track.append(mido.Message("program_change", channel=channel, program=part.program))
    track.append(mido.Message("control_change", channel=channel, control=7, value=round(127 * part.level)))
    track.append(mido.Message("control_change", channel=channel, control=10, value=round(64 + 63 * part.pan)))
    last = 0
    for tick, on, pitch, velocity in sorted(_events(part)):
        kind = "note_on" if on else "note_off"
        track.append(mido.Message(kind, channel=channel, note=pitch, velocity=velocity, time=tick - last))
        last = tick
    return track


def _events(part: Part) -> Iterator[tuple[int, bool, int, int]]:
    """List starts and ends; at the same tick ends come first, so that a repeated note is struck again."""
    for note in part.notes:
        start = round(note.start * TICKS)
        yield start, True, note.pitch, note.velocity
        yield max(start + 1, round((note.start + note.length) * TICKS)), False, note.pitch, 0
