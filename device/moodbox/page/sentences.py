"""What the page says in words. The state's own sentence comes from the box; these say the rest."""

from __future__ import annotations

from moodbox.appearance import look
from moodbox.events import (
    CameraState,
    Certainty,
    Light,
    Mood,
    Motion,
    Playback,
    Sounding,
    Strategy,
    Watching,
    WatchState,
)
from moodbox.mood import ADJECTIVES

MOTIONS = {
    Motion.OFF: "The light is off",
    Motion.STEADY: "The light is steady",
    Motion.BREATHE: "The light breathes",
    Motion.CHASE: "The light circles",
    Motion.BLINK: "The light blinks",
    Motion.PULSE: "The light pulses",
}
SOUNDINGS = {
    Sounding.SILENT: "Nothing plays",
    Sounding.PREPARING: "Writing a piece",
    Sounding.PLAYING: "Playing",
    Sounding.PAUSED: "Paused",
}
DETECTORS = {
    "yunet": "YuNet",
    "haar": "Haar cascade, standing in for YuNet, which is not on this machine; it finds fewer faces",
    "": "not ready yet",
}
SPOTIFY = "spotify"
SHORT = {
    CameraState.ASLEEP: "Camera asleep",
    CameraState.OPENING: "Camera on",
    CameraState.SEEING: "Camera on",
    CameraState.TROUBLE: "No camera",
}
PLAYERS = {"composer": "the box's own composer", SPOTIFY: "Spotify"}
OWN = {"rules": "by the box's rules", "lstm": "by the box's composer"}  # the first word of `Score.origin`
PLACES = {
    "browser": "the webcam of this browser",
    "demo": "the demo portrait, no camera",
    "picamera2": "the Pi camera",
    "webcam": "the webcam",
}


def mood_words(mood: Mood | None, *, seen_now: bool) -> str:
    """Say how somebody looks, or looked when the camera does not see now."""
    if mood is None:
        return "The box has not looked yet."
    if mood.by_hand or seen_now:
        return _together(mood)
    match mood.certainty:
        case Certainty.NOBODY:
            return "Nobody was there when the box last looked."
        case Certainty.NOT_SURE:
            return "I was not sure how you looked."
        case Certainty.MIXED:
            return "You looked mixed."
        case Certainty.SURE:
            return f"You looked {adjective(mood.label)}."


def mood_hint(mood: Mood | None) -> str:
    """Say how far the words can be trusted and why."""
    if mood is None:
        return "Press the button, and it looks at you."
    if mood.by_hand:
        return "Your choice wins until you let the camera decide again."
    match mood.certainty:
        case Certainty.NOBODY:
            return "No face for some seconds."
        case Certainty.NOT_SURE:
            return "There is a face, but no clear expression."
        case Certainty.MIXED:
            return "The faces do not agree."
        case Certainty.SURE:
            return f"{_faces(mood.faces)}, {sureness(mood.confidence)} look."


def sureness(confidence: float) -> str:
    """Word a confidence: the lead of the first label over the second, 0..1."""
    if confidence >= 0.75:
        return "a very clear"
    return "a clear" if confidence >= 0.45 else "a fairly clear"


def adjective(label: str) -> str:
    """Word a label for "you look …"."""
    return ADJECTIVES.get(label, label)


def camera_words(watch: WatchState, watching: Watching) -> str:
    """Say what the camera does."""
    match watch.camera:
        case CameraState.ASLEEP if watching is Watching.ON_PRESS:
            return "The camera sleeps. It wakes when the button is pressed."
        case CameraState.ASLEEP:
            return "The camera sleeps."
        case CameraState.OPENING:
            return "The camera wakes up."
        case CameraState.SEEING:
            return "The camera is on."
        case CameraState.TROUBLE:
            return "The camera gives no pictures."


def camera_short(watch: WatchState) -> str:
    """Say the same in two words, for narrow screens."""
    return SHORT[watch.camera]


def camera_place(name: str) -> str:
    """Say in words which camera a name means."""
    kind, _, number = name.partition(":")
    if kind == "webcam" and number not in ("", "0"):
        return f"webcam number {number}"
    return PLACES.get(kind, name)


def seeing_details(watch: WatchState) -> list[tuple[str, str]]:
    """List how seeing works, as pairs of a term and its value."""
    restarts = "never" if watch.restarts == 0 else "once" if watch.restarts == 1 else f"{watch.restarts} times"
    return [
        ("Looks through", camera_place(watch.camera_name) or "nothing now"),
        ("Finds faces with", DETECTORS.get(watch.detector, watch.detector)),
        ("Reads them with", watch.model or "not ready yet"),
        ("Pictures a second", f"{watch.rate:.0f}" if watch.camera is CameraState.SEEING else "none now"),
        ("Had to start again", restarts),
    ]


def light_words(light: Light) -> str:
    """Say how the light moves, for those who do not see its colour."""
    return f"{MOTIONS[light.motion]}{' slowly' if light.motion is Motion.BREATHE and light.period >= 2 else ''}."


def sounding_words(playback: Playback) -> str:
    """Say what the player does."""
    if playback.player == SPOTIFY and playback.sounding is Sounding.PREPARING:
        return "Asking Spotify"
    if playback.about and playback.sounding is Sounding.PLAYING:
        return "Playing, as far as is known"
    return SOUNDINGS[playback.sounding]


def origin(playback: Playback) -> str:
    """Say who plays, who wrote it, and where it sounds; empty while nothing does."""
    if playback.piece is None:
        return ""
    composer = playback.piece.composer
    said = ["from Spotify" if composer == SPOTIFY else f"written {composer_words(composer)}"]
    if playback.source:
        said.append(f"from the playlist {playback.source}")
    if playback.player and playback.player != composer and not (playback.player == "composer" and _own(composer)):
        said.append(f"played by {PLAYERS.get(playback.player, playback.player)}")
    if playback.output:
        said.append(f"sounds on {playback.output}")
    words = " · ".join(said)
    return f"{words[0].upper()}{words[1:]}."


def composer_words(origin: str) -> str:
    """Say who wrote a piece, from `Score.origin`."""
    return OWN.get(origin.partition(" ")[0], f"by {origin}")


def strategy_words(strategy: Strategy) -> str:
    """Say what music will do with a mood."""
    return "Music that fits how you look." if strategy is Strategy.MATCH else "Starts where you are, leads you up."


def _own(origin: str) -> bool:
    return origin.partition(" ")[0] in OWN


def _together(mood: Mood) -> str:
    if mood.faces > 1 and mood.certainty is Certainty.SURE:
        return f"Together you look {adjective(mood.label)}."
    return look(mood)


def _faces(count: int) -> str:
    return "One face" if count == 1 else f"{count} faces"
