"""The JSON that a model carries in its `moodbox` property (DESIGN.md, section 4): the part that all kinds share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moodbox.errors import ModelError

PROPERTY = "moodbox"
_FORMAT = 1


def read_description(text: str | None, kind: str) -> dict[str, Any]:
    """Return the description of a model of this kind. Raises ModelError that names the first thing that is wrong."""
    if not text:
        raise ModelError("the model has no `moodbox` description inside: export it with moodtrain")
    with reading():
        given: dict[str, Any] = json.loads(text)
        if given["format"] != _FORMAT:
            raise ModelError(
                f"the model's description has format {given['format']!r}, this box reads {_FORMAT}: update it"
            )
        if given["kind"] != kind:
            raise ModelError(f'the model is of kind {given["kind"]!r}, not "{kind}": choose another file')
    return given


@contextmanager
def reading() -> Iterator[None]:
    """Turn what goes wrong with a line of a description into one clear sentence, a ModelError."""
    try:
        yield
    except KeyError as error:
        raise ModelError(f"the model's description lacks {error}: export it again") from error
    except (TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        raise ModelError(f"the model's description cannot be read ({error}): export it again") from error
