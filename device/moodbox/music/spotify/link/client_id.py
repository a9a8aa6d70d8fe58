"""The Client ID of the owner's app in Spotify's dashboard."""

from __future__ import annotations

import re

from moodbox.errors import LinkError

_REAL = re.compile(r"[0-9a-f]{32}\Z")
_DEMO = re.compile(r"demo[A-Za-z0-9_-]{0,60}\Z")


def client_id(typed: str, *, demo: bool) -> str:
    """Return the Client ID as Spotify writes it; raises LinkError with a sentence when it cannot be one."""
    text = typed.strip().strip("<>\"'").strip()
    if demo and _DEMO.match(text):
        return text
    if _REAL.match(text.lower()):
        return text.lower()
    if not text:
        raise LinkError("The Client ID is missing: copy it from your app's page in Spotify's dashboard")
    raise LinkError(
        "That is no Client ID, which has 32 characters out of 0-9 and a-f: copy it from your app's page in "
        "Spotify's dashboard (the Client secret is not needed, keep it to yourself)"
    )
