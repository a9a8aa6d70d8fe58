"""What was called: the short list for tests and a look, and whole exchanges for the check against the specification."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the Web API. `status` 0: the connection was cut without an answer."""

    method: str
    path: str  # without "/v1"
    query: dict[str, str]
    body: Any  # parsed JSON, else the text; None when nothing was sent
    status: int
    at: float


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer, whole. `fault` names the failure that made the answer, "" for Spotify's own."""

    method: str
    url: str
    path: str  # with "/v1"
    query: str
    headers: dict[str, str] = field(repr=False)  # holds the bearer token
    body: bytes
    status: int
    answer_headers: dict[str, str]
    answer: bytes
    fault: str = ""


def parsed(body: bytes) -> Any:
    """Read a body for the list of calls."""
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
