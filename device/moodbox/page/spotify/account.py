"""The account: in which language and country music is looked for, and taking it all back."""

from __future__ import annotations

import re

from flask import Blueprint
from werkzeug.exceptions import BadRequest

from moodbox.page.desk import Desk
from moodbox.page.fields import field, text, truth
from moodbox.page.pace import Pace
from moodbox.page.spotify.memory import Memory
from moodbox.page.spotify.routes import NOTHING, blueprint, room

LONGEST = 20  # characters of a language's name
COUNTRY = re.compile(r"[A-Za-z]{2}|")  # ISO 3166-1 alpha-2, or none


def account(desk: Desk, memory: Memory, pace: Pace) -> Blueprint:
    """Build the routes."""
    routes = blueprint("account", memory, pace)

    @routes.post("/spotify/language")
    def language() -> tuple[str, int]:
        room(desk).prefer(language=text("language", most=LONGEST))
        return NOTHING

    @routes.post("/spotify/market")
    def market() -> tuple[str, int]:
        given = field("market")
        if not isinstance(given, str) or not COUNTRY.fullmatch(given.strip()):
            raise BadRequest("A country is two letters, such as DE or US; leave it empty for that of the account.")
        room(desk).prefer(market=given.strip().upper())
        return NOTHING

    @routes.post("/spotify/disconnect")
    def disconnect() -> tuple[str, int]:
        room(desk).disconnect(forget_client_id=truth("forget_client_id"))
        memory.clear()
        return NOTHING

    return routes
