"""Turning an error, whose sentence reads "what is wrong: what to do", into a problem the owner sees."""

from __future__ import annotations

from moodbox.errors import MoodboxError
from moodbox.events import Problem


def problem_of(key: str, error: MoodboxError, effect: str = "") -> Problem:
    """Split the error's sentence at its last colon into cause and action; `effect` says what it means for the owner."""
    cause, colon, action = str(error).rpartition(": ")
    if not colon:
        cause, action = action, "look at the log, or run `moodbox doctor`"
    return Problem(key, _sentence(f"{effect}: {cause}" if effect else cause), _sentence(action))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
