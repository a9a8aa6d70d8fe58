"""Read one field of a request's JSON, or refuse it in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest

LARGEST = 1024  # bytes of a choice; most have about 30


def field(name: str, *, largest: int = LARGEST) -> Any:
    """Return the value of a field that must be there."""
    request.max_content_length = largest
    given = request.get_json(silent=True)
    if not isinstance(given, dict) or name not in given:
        raise BadRequest(f'This needs a JSON object with "{name}".')
    return given[name]


def truth(name: str) -> bool:
    """Read a true or false."""
    value = field(name)
    if not isinstance(value, bool):
        raise BadRequest(f'"{name}" must be true or false.')
    return value


def one_of(name: str, known: Iterable[str]) -> str:
    """Read one of a few words."""
    value = field(name)
    if not isinstance(value, str) or value not in list(known):
        raise BadRequest(f'"{name}" must be one of {", ".join(known)}.')
    return value


def level(name: str) -> float:
    """Read a number from 0 to 1."""
    value = field(name)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not 0.0 <= value <= 1.0:  # NaN is in no range
        raise BadRequest(f'"{name}" must be a number from 0 to 1.')
    return float(value)


def text(name: str, *, most: int) -> str:
    """Read words of at most `most` characters, without the white space around them."""
    value = field(name, largest=LARGEST + 6 * most)  # a character of JSON has up to six bytes
    if not isinstance(value, str) or len(value) > most:
        raise BadRequest(f'"{name}" must be text of at most {most} characters.')
    return value.strip()


def texts(name: str, *, most: int, longest: int) -> list[str]:
    """Read a list of at most `most` different texts."""
    value = field(name, largest=LARGEST + most * (longest + 8))
    fits = isinstance(value, list) and all(isinstance(each, str) and len(each) <= longest for each in value)
    if not fits or len(value) > most or len(set(value)) != len(value):
        raise BadRequest(f'"{name}" must be a list of at most {most} different texts.')
    return list(value)
