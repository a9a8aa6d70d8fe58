"""MIDI files: the kept form of a piece. Any program can play them, and we can read them back and sound them again."""

from __future__ import annotations

import io
import json
import math
import struct
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace

import mido  # type: ignore[import-untyped]  # it has no stubs

from moodbox.errors import MusicError
from moodbox.music.composer.score import Note, Part, Score

TICKS = 480  # per quarter note
DRUM_CHANNEL = 9
LONGEST = 600.0  # seconds; a broken file must not ask for memory without end
_MARK = "moodbox "  # begins the text event with what MIDI has no place for
_KEYS = {
    "major": ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"),
    "minor": ("Cm", "C#m", "Dm", "Ebm", "Em", "Fm", "F#m", "Gm", "G#m", "Am", "Bbm", "Bm"),
}
# What mido and we raise for bytes that are no file of ours.
_BROKEN = (OSError, EOFError, ValueError, LookupError, ArithmeticError, TypeError, AttributeError, struct.error)
_BROKEN_KEY = mido.KeySignatureError
_Start = tuple[int, int, int]  # tick, pitch, velocity
_End = tuple[int, int]  # tick, pitch


@dataclass(frozen=True, slots=True)
class Origin:
    """What a file says about itself before its notes."""

    title: str
    label: str
    valence: float
    arousal: float
    seed: int
    seconds: float
    origin: str  # `Score.origin`


def on_grid(score: Score) -> Score:
    """Return the score exactly as its MIDI file says it: times in ticks, levels in 127 steps. Changes it only once.

    What is played is composed, laid on the grid and kept, so that a piece sounds the same when it is read back.
    """
    tempo = tuple((round(beat * TICKS) / TICKS, _bpm(mido.bpm2tempo(bpm))) for beat, bpm in score.tempo)
    return replace(score, tempo=tempo, parts=tuple(map(_part_on_grid, score.parts)))


def write_midi(score: Score) -> bytes:
    """Return the score as a standard MIDI file, format 1."""
    score = on_grid(score)
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS)
    file.tracks.append(_conductor(score))
    file.tracks.extend(_track(part, channel) for part, channel in channels(score))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def read_midi(data: bytes) -> Score:
    """Return the score that `write_midi` wrote, laid on its grid; raises MusicError for anything else."""
    try:
        score = _score(mido.MidiFile(file=io.BytesIO(data)))
    except (*_BROKEN, _BROKEN_KEY) as error:
        raise _not_ours(error) from error
    if not score.seconds <= LONGEST:
        raise MusicError(f"This MIDI file lasts {score.seconds:.0f} s, so it is broken: choose another piece")
    return score


def read_origin(data: bytes) -> Origin:
    """Return what a file of ours says about itself, without its notes, so that it is quick; raises MusicError."""
    try:
        return _origin(_first_track(data))
    except (*_BROKEN, _BROKEN_KEY) as error:
        raise _not_ours(error) from error


def channels(score: Score) -> Iterator[tuple[Part, int]]:
    """Give every part its MIDI channel; drums have their own."""
    free = (channel for channel in range(16) if channel != DRUM_CHANNEL)
    for part in score.parts:
        yield part, DRUM_CHANNEL if part.drums else next(free)


def _not_ours(error: Exception) -> MusicError:
    return MusicError(f"This is no whole MIDI file of this box ({error or type(error).__name__}): choose another piece")


# --- the grid ---------------------------------------------------------------------------------------------------


def _part_on_grid(part: Part) -> Part:
    starts, ends = _ticks(part)
    return replace(
        part,
        program=0 if part.drums else part.program,
        notes=_notes(starts, ends),
        level=_level(part) / 127,
        pan=(_pan(part) - 64) / 63,
    )


def _ticks(part: Part) -> tuple[list[_Start], list[_End]]:
    starts, ends = [], []
    for note in part.notes:
        start = round(note.start * TICKS)
        starts.append((start, note.pitch, max(1, note.velocity)))  # a velocity of 0 would mean the end of a note
        ends.append((max(start + 1, round((note.start + note.length) * TICKS)), note.pitch))
    return starts, ends


def _notes(starts: Iterable[_Start], ends: Iterable[_End]) -> tuple[Note, ...]:
    """Pair starts and ends; where notes of one pitch overlap, the first to start is the first to end.

    Raises ValueError unless every note ends after its start.
    """
    begun = sorted(starts, key=lambda each: (each[1], each[0], each[2]))
    ended = sorted(ends, key=lambda each: (each[1], each[0]))
    pairs = list(zip(begun, ended, strict=True))
    if any(start[1] != end[1] or start[0] >= end[0] for start, end in pairs):
        raise ValueError("a note does not end")
    pairs.sort()
    return tuple(Note(at / TICKS, (end - at) / TICKS, pitch, loud) for (at, pitch, loud), (end, _) in pairs)


def _level(part: Part) -> int:
    return min(127, max(0, round(127 * part.level)))


def _pan(part: Part) -> int:
    return min(127, max(1, round(64 + 63 * part.pan)))


def _bpm(tempo: int) -> float:
    return float(mido.tempo2bpm(tempo))


# --- writing ----------------------------------------------------------------------------------------------------


def _conductor(score: Score) -> mido.MidiTrack:
    origin = Origin(
        score.title,
        score.label,
        float(score.valence),
        float(score.arousal),
        score.seed,
        round(score.seconds, 3),
        score.origin,
    )
    text = {name: value for name, value in asdict(origin).items() if name != "title"}
    track = mido.MidiTrack()
    track.append(mido.MetaMessage("track_name", name=score.title))
    track.append(mido.MetaMessage("text", text=_MARK + json.dumps(text)))
    track.append(mido.MetaMessage("time_signature", numerator=score.meter, denominator=4))
    track.append(mido.MetaMessage("key_signature", key=_KEYS[score.mode][score.tonic]))
    last = 0
    for beat, bpm in score.tempo:
        tick = round(beat * TICKS)
        track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm), time=tick - last))
        last = tick
    return track


def _track(part: Part, channel: int) -> mido.MidiTrack:
    track = mido.MidiTrack()
    track.append(mido.MetaMessage("track_name", name=part.name))
    if not part.drums:
        track.append(mido.Message("program_change", channel=channel, program=part.program))
    track.append(mido.Message("control_change", channel=channel, control=7, value=_level(part)))
    track.append(mido.Message("control_change", channel=channel, control=10, value=_pan(part)))
    last = 0
    for tick, on, pitch, velocity in sorted(_events(part)):
        kind = "note_on" if on else "note_off"
        track.append(mido.Message(kind, channel=channel, note=pitch, velocity=velocity, time=tick - last))
        last = tick
    return track


def _events(part: Part) -> Iterator[tuple[int, bool, int, int]]:
    """List starts and ends; at the same tick ends come first, so that a repeated note is struck again."""
    starts, ends = _ticks(part)
    yield from ((tick, True, pitch, velocity) for tick, pitch, velocity in starts)
    yield from ((tick, False, pitch, 0) for tick, pitch in ends)


# --- reading ----------------------------------------------------------------------------------------------------


def _score(file: mido.MidiFile) -> Score:
    conductor, *tracks = file.tracks
    origin = _origin(conductor)
    meter, key, tempo, tick = 0, "", [], 0
    for message in conductor:
        tick += message.time
        match message.type:
            case "time_signature":
                meter = message.numerator
            case "key_signature":
                key = message.key
            case "set_tempo":
                tempo.append((tick / TICKS, _bpm(message.tempo)))
    mode = "minor" if key.endswith("m") else "major"
    if file.ticks_per_beat != TICKS or meter < 1 or not tempo or tempo[0][0] != 0.0:
        raise ValueError("its meter or tempo is missing")
    return Score(
        origin.title,
        origin.label,
        origin.valence,
        origin.arousal,
        origin.seed,
        _KEYS[mode].index(key),
        mode,
        meter,
        tuple(tempo),
        tuple(_part(track) for track in tracks),
        origin.origin,
    )


def _part(track: mido.MidiTrack) -> Part:
    starts: list[_Start] = []
    ends: list[_End] = []
    controls: dict[int, int] = {}
    program, channel, tick = 0, 0, 0
    for message in track:
        tick += message.time
        match message.type:
            case "note_on":
                starts.append((tick, message.note, message.velocity))
            case "note_off":
                ends.append((tick, message.note))
            case "program_change":
                program = message.program
            case "control_change":
                controls[message.control], channel = message.value, message.channel
    level, pan = controls[7] / 127, (controls[10] - 64) / 63
    return Part(track.name, program, _notes(starts, ends), level, pan, drums=channel == DRUM_CHANNEL)


def _first_track(data: bytes) -> mido.MidiTrack:
    """Read the first track alone; raises ValueError when the file was cut short."""
    at, begins = 14, []
    while at < len(data):
        begins.append(at)
        at += 8 + int.from_bytes(data[at + 4 : at + 8], "big")
    if at != len(data) or len(begins) != int.from_bytes(data[10:12], "big"):
        raise ValueError("it was cut short")
    end = begins[1] if len(begins) > 1 else len(data)
    alone = data[:10] + (1).to_bytes(2, "big") + data[12:end]
    return mido.MidiFile(file=io.BytesIO(alone)).tracks[0]


def _origin(conductor: mido.MidiTrack) -> Origin:
    """Read the text event; files of before `origin` and `seconds` were noted are the rules'."""
    texts = [message.text for message in conductor if message.type == "text" and message.text.startswith(_MARK)]
    if not texts:
        raise ValueError("it was not written here")
    said = {"origin": "rules", "seconds": 0.0, **json.loads(texts[0].removeprefix(_MARK))}
    origin = Origin(
        conductor.name,
        str(said["label"]),
        float(said["valence"]),
        float(said["arousal"]),
        int(said["seed"]),
        float(said["seconds"]),
        str(said["origin"]),
    )
    if not all(map(math.isfinite, (origin.valence, origin.arousal, origin.seconds))):
        raise ValueError("its mood is no number")
    return origin
