"""How the box shows where it is: one light and one sentence for every state. Motion tells the state, colour helps."""

from __future__ import annotations

from moodbox.events import CameraState, Certainty, Light, Mood, Motion, Sounding, State, Watching
from moodbox.machine import AGAIN, HURRY, Memory, is_quiet
from moodbox.mood import ADJECTIVES, color_of

WHITE = (1.0, 1.0, 1.0)
SOFT_WHITE = (0.35, 0.33, 0.30)
RED = (1.0, 0.05, 0.02)
AMBER = (1.0, 0.55, 0.0)


LIGHTS = {
    State.STARTING: Light(Motion.CHASE, WHITE, 1.2),
    State.SETUP: Light(Motion.BREATHE, WHITE, 4.0),
    State.IDLE: Light(Motion.OFF),
    State.WATCHING: Light(Motion.STEADY, SOFT_WHITE),
    State.THINKING: Light(Motion.BREATHE, WHITE, 0.8),
    State.TROUBLE: Light(Motion.PULSE, RED, 1.5),
    State.STOPPING: Light(Motion.OFF),
}
TOUCHED = Light(Motion.STEADY, WHITE)
UNSURE = Light(Motion.BLINK, AMBER, 1.0)


def light(memory: Memory) -> Light:
    """Choose the light; the first that is true wins."""
    if memory.now < memory.touched_until:
        return TOUCHED
    if memory.now < memory.amber_until and memory.state in (State.THINKING, State.PLAYING):
        return UNSURE
    if memory.state is State.PLAYING:
        return _playing(memory)
    if memory.state is State.IDLE and memory.watch.camera in (CameraState.SEEING, CameraState.OPENING):
        return LIGHTS[State.WATCHING]  # an awake camera is never dark
    return LIGHTS[memory.state]


def _playing(memory: Memory) -> Light:
    color = color_of(memory.played) if memory.played else WHITE
    if memory.playback.sounding is Sounding.PAUSED:
        return Light(Motion.BREATHE, color, 5.0)
    return Light(Motion.STEADY, color)


def words(memory: Memory) -> str:
    """Say the state in one sentence."""
    if memory.now < memory.notice_until and memory.notice:
        return memory.notice
    match memory.state:
        case State.IDLE:
            return _idle(memory)
        case State.WATCHING:
            return _watching(memory)
        case State.THINKING if memory.again:
            return AGAIN
        case State.THINKING:
            return f"{look(memory.played)} {_preparing(memory)}".strip()
        case State.PLAYING:
            return "Paused." if memory.playback.sounding is Sounding.PAUSED else memory.playback.why or "Playing."
        case State.TROUBLE:
            return _trouble(memory)
        case State.STARTING | State.SETUP | State.STOPPING:
            return WORDS[memory.state]


PREPARING = {"composer": "Writing something for it.", "spotify": "Asking Spotify."}
WORDS = {State.STARTING: "Waking up.", State.SETUP: "Waiting to be set up.", State.STOPPING: "Good night."}


def _preparing(memory: Memory) -> str:
    """Say who makes the music; nothing until it is known whom the press went to."""
    asked = memory.playback.sounding is Sounding.PREPARING
    return PREPARING.get(memory.playback.player, "") if asked else ""


def _trouble(memory: Memory) -> str:
    loud = [problem for problem in memory.problems if not is_quiet(problem)]
    return f"{loud[0].cause.rstrip('.')}. {loud[0].action.rstrip('.')}." if loud else "Something went wrong."


def _idle(memory: Memory) -> str:
    if memory.hand:
        return f"You chose {memory.hand}. Press the button to play."
    if memory.watching is Watching.ALWAYS and memory.mood is not None and memory.mood.faces:
        return f"{look(memory.mood)} Press the button to play."
    return "Look at me and press the button."


def _watching(memory: Memory) -> str:
    if memory.now - memory.looking_since < HURRY:
        return "Looking at you."
    if memory.watch.camera is not CameraState.SEEING:
        return "Still waiting for the camera."
    return "I see nobody yet. Come a little closer to the camera."


def look(mood: Mood | None) -> str:
    """Word a mood: how somebody looks, never how somebody is."""
    if mood is None or mood.certainty is Certainty.NOBODY:
        return "I see nobody."
    if mood.by_hand:
        return f"You chose {mood.label}."
    if mood.certainty is Certainty.NOT_SURE:
        return "I am not sure how you look."
    if mood.certainty is Certainty.MIXED:
        return "You look mixed."
    return f"You look {ADJECTIVES[mood.label]}."
