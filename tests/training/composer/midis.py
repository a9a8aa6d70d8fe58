"""Small MIDI files for the composer's tests, written with mido; times are in quarter notes."""

from pathlib import Path

import mido

Note = tuple[float, float, int]  # onset and length in quarter notes, MIDI pitch
TICKS = 480


def write(
    path: Path,
    tracks: dict[str, list[Note]],
    *,
    meters: tuple[tuple[float, str], ...] = ((0, "4/4"),),
    keys: tuple[tuple[float, str], ...] = (),
    tempos: tuple[tuple[float, float], ...] = ((0, 100),),
    channel: int = 0,
) -> Path:
    """Write a file with a track for each name, and one for meters, keys and tempos."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = mido.MidiFile(ticks_per_beat=TICKS)
    told = [(at, _meter(meter)) for at, meter in meters]
    told += [(at, mido.MetaMessage("key_signature", key=key)) for at, key in keys]
    told += [(at, mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm))) for at, bpm in tempos]
    file.tracks.append(_track("", told))
    for name, notes in tracks.items():
        events = []
        for onset, length, pitch in notes:
            events.append((onset, mido.Message("note_on", note=pitch, velocity=70, channel=channel)))
            events.append((onset + length, mido.Message("note_off", note=pitch, channel=channel)))
        file.tracks.append(_track(name, events))
    file.save(path)
    return path


def _meter(written: str) -> mido.MetaMessage:
    over, under = map(int, written.split("/"))
    return mido.MetaMessage("time_signature", numerator=over, denominator=under)


def _track(name: str, events: list[tuple[float, mido.Message]]) -> mido.MidiTrack:
    track, now = mido.MidiTrack([mido.MetaMessage("track_name", name=name)]), 0
    # at one time what ends comes before what begins
    for at, message in sorted(events, key=lambda event: (event[0], event[1].type != "note_off")):
        tick = round(at * TICKS)
        track.append(message.copy(time=tick - now))
        now = tick
    return track


def tune(path: Path, number: int, bars: int = 8) -> Path:
    """Write a song of its own: even ones quick and major, odd ones slow and minor, each in another key."""
    tonic, major = number // 2 % 12, number % 2 == 0
    third = 4 if major else 3
    step, ladder = (1.0, (0, third, 7, 0)) if major else (2.0, (third, 0))
    voice = [
        (4 * bar + at * step, step, 72 + tonic + degree) for bar in range(bars) for at, degree in enumerate(ladder)
    ]
    piano = [(4.0 * bar, 4.0, 48 + tonic + degree) for bar in range(bars) for degree in (0, third, 7)]
    return write(path, {"Voice": voice, "Piano": piano}, tempos=((0, 130.0 if major else 60.0),))


def folder(path: Path, songs: int = 24) -> Path:
    """Write a folder of songs with an index: every sixth pair is for val, the next for test."""
    rows = ["id,split"]
    for number in range(songs):
        tune(path / f"song{number:02}.mid", number)
        rows.append(f"song{number:02},{('val', 'test', 'train', 'train', 'train', 'train')[number // 2 % 6]}")
    (path / "index.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path
