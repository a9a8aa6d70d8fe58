"""The music, for the page's audio element."""

from __future__ import annotations

import re

from flask import Blueprint, Response, send_file
from werkzeug.exceptions import NotFound

from moodbox.page.desk import Desk

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")  # a name, never a path


def sounds(desk: Desk) -> Blueprint:
    """Build the route of the pieces; parts of a piece may be asked for."""
    routes = Blueprint("sounds", __name__)

    @routes.get("/music/<key>.wav")
    def piece(key: str) -> Response:
        path = desk.audio(key) if desk.simulated and KEY.fullmatch(key) else None
        if path is None:
            raise NotFound
        try:
            return send_file(path, mimetype="audio/wav", conditional=True)
        except FileNotFoundError as error:  # let go between the look and the opening
            raise NotFound from error

    return routes
