"""What Spotify answers through the browser: the query of the address that the owner landed on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from moodbox.errors import LinkError

_LONGEST = 8_192  # characters; a real one has about 500
_VISIBLE = re.compile(r"[\x21-\x7e]{1,2048}\Z")
_ERROR = re.compile(r"[a-z_]{1,40}\Z")
_NEITHER = (
    "That is not the address you landed on: copy the whole address line after you agreed at Spotify, "
    "it holds code= and state="
)


@dataclass(frozen=True, slots=True)
class Answer:
    """Spotify's answer: a code, or an error; never shown."""

    state: str = field(default="", repr=False)
    code: str = field(default="", repr=False)
    error: str = ""


def read(pasted: str) -> Answer:
    """Read a full address, "?code=...&state=..." or "code=...&state=..."; raises LinkError with a sentence."""
    # Mail and chat programs wrap long lines, and neither a code nor a state has a space in it.
    text = "".join(pasted[: _LONGEST + 1].split()).strip("<>\"'`").replace("&amp;", "&")
    if not text:
        raise LinkError("Nothing was pasted: copy the address line of the page you landed on")
    if len(text) > _LONGEST:
        raise LinkError(_NEITHER)
    before, question, after = text.partition("?")
    return read_query((after if question else before).partition("#")[0])


def read_query(query: str) -> Answer:
    """Read the query alone, as a listener gets it; raises LinkError with a sentence."""
    try:
        fields = parse_qs(query, keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise LinkError(_NEITHER) from error
    if {"client_id", "response_type"} & fields.keys():
        raise LinkError(
            "That is the address of Spotify's own sign-in page: sign in there first, "
            "then copy the address of the page you land on"
        )
    state, code, refusal = (_single(fields, name) for name in ("state", "code", "error"))
    if refusal:
        return Answer(state=state, error=refusal if _ERROR.match(refusal) else "unknown")
    if code and not state:
        raise LinkError("The end of the address is missing (state=): copy the whole address line")
    if not code:
        raise LinkError(_NEITHER)
    return Answer(state=state, code=code)


def _single(fields: dict[str, list[str]], name: str) -> str:
    values = fields.get(name, [""])
    if len(values) != 1 or (values[0] and not _VISIBLE.match(values[0])):
        raise LinkError(_NEITHER)
    return values[0]
