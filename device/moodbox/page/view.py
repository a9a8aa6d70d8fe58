"""The page's view of a snapshot: plain values and finished words, for the template and the event stream alike."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from moodbox.events import CameraState, Mood, Playback, Reading, Snapshot, Sounding, WatchState
from moodbox.mood import color_of, mood_by_hand
from moodbox.page import sentences
from moodbox.page.desk import Desk
from moodbox.page.spotify.memory import Memory
from moodbox.page.spotify.view import song, stamps

View = dict[str, Any]


def view(desk: Desk, snapshot: Snapshot, memory: Memory) -> View:
    """Lay out everything the page shows at this moment."""
    seeing = snapshot.watch.camera is CameraState.SEEING
    return {
        "number": snapshot.number,
        "state": snapshot.state,
        "words": snapshot.words,
        "light": {**asdict(snapshot.light), "words": sentences.light_words(snapshot.light)},
        "mood": _mood(snapshot, seeing=seeing),
        "reading": _reading(snapshot.reading) if seeing and snapshot.reading else None,
        "watch": _watch(snapshot, wants_frames=desk.watcher.wants_browser_frames()),
        "playback": _playback(snapshot.playback, desk.settings.music.ceiling),
        "song": song(desk.spotify, snapshot.playback, memory),
        "spotify": stamps(desk.spotify, snapshot.playback, memory),
        "pieces": memory.glance.look(desk.pieces, snapshot.playback, memory.changes),
        "strategy": {"value": snapshot.strategy, "words": sentences.strategy_words(snapshot.strategy)},
        "watching": snapshot.watching,
        "hand": snapshot.hand,
        "problems": [asdict(problem) for problem in snapshot.problems],
    }


def _mood(snapshot: Snapshot, *, seeing: bool) -> View:
    mood = mood_by_hand(snapshot.hand, 0.0) if snapshot.hand else snapshot.mood
    said = {"words": sentences.mood_words(mood, seen_now=seeing), "hint": sentences.mood_hint(mood)}
    if mood is None:
        return {**said, "certainty": "", "label": "", "color": None, "point": None, "probabilities": []}
    return {
        **said,
        "certainty": mood.certainty,
        "label": mood.label,
        "color": color_of(mood),
        "point": _point(mood),
        "probabilities": [
            {"label": label, "word": sentences.adjective(label), "value": round(value, 3)}
            for label, value in mood.probabilities.items()
        ],
    }


def _point(mood: Mood) -> View | None:
    """Place the mood on the circle; nobody has no place there."""
    if not mood.probabilities:
        return None
    return {"valence": round(mood.valence, 3), "arousal": round(mood.arousal, 3)}


def _reading(reading: Reading) -> View:
    faces = []
    for expression in reading.faces:
        pairs = zip(expression.probabilities, reading.labels, strict=False)
        value, label = max(pairs, default=(0.0, ""))
        rect = expression.face.rect
        box = [round(side, 1) for side in (rect.x, rect.y, rect.w, rect.h)]
        faces.append({"box": box, "label": label, "word": sentences.adjective(label), "value": round(value, 3)})
    return {"number": reading.number, "width": reading.width, "height": reading.height, "faces": faces}


def _watch(snapshot: Snapshot, *, wants_frames: bool) -> View:
    watch: WatchState = snapshot.watch
    return {
        "camera": watch.camera,
        "name": watch.camera_name,
        "words": sentences.camera_words(watch, snapshot.watching),
        "short": sentences.camera_short(watch),
        "details": sentences.seeing_details(watch),
        "wants_frames": wants_frames,
    }


def _playback(playback: Playback, ceiling: float) -> View:
    piece = playback.piece
    return {
        "sounding": playback.sounding,
        "words": sentences.sounding_words(playback),
        "key": piece.key if piece else None,
        "title": piece.title if piece else "",
        "artists": list(piece.artists) if piece else [],
        "cover": piece.cover if piece else "",
        "link": piece.link if piece else "",
        "uri": piece.uri if piece else "",
        "source": playback.source,
        "output": playback.output,
        "player": playback.player,
        "about": playback.about,
        "mood": sentences.adjective(piece.label) if piece else "",
        "seconds": piece.seconds if piece else 0.0,
        "position": round(_position(playback), 2),
        "origin": sentences.origin(playback),
        "why": playback.why,
        "volume": playback.volume,
        "audible": playback.audible,
        "level": round(playback.volume * ceiling, 4),  # of the audio element; the ceiling lies below the volume
    }


def _position(playback: Playback) -> float:
    """Return the seconds into the piece as of now; `playback.position` is as of `playback.time`."""
    moved = time.monotonic() - playback.time if playback.sounding is Sounding.PLAYING else 0.0
    length = playback.piece.seconds if playback.piece else 0.0
    return min(max(playback.position + moved, 0.0), length)
