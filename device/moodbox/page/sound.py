"""The music, for the page's audio element."""

from __future__ import annotations

import re

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound, RequestedRangeNotSatisfiable

from moodbox.page.desk import Desk, Growing

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")  # a name, never a path


def sounds(desk: Desk) -> Blueprint:
    """Build the route of the pieces; parts of a piece may be asked for."""
    routes = Blueprint("sounds", __name__)

    @routes.get("/music/<key>.wav")
    def piece(key: str) -> Response:
        if not (desk.simulated and KEY.fullmatch(key)):
            raise NotFound
        return _grow(desk.sound(key))

    return routes


def _grow(piece: Growing | None) -> Response:
    """Send a piece, while it is made if need be, or the part of it that was asked for."""
    if piece is None:
        raise NotFound
    asked = request.range.range_for_length(piece.size) if request.range else None
    if request.range and asked is None:
        raise RequestedRangeNotSatisfiable(piece.size)
    start, stop = asked or (0, piece.size)
    answer = Response(piece.between(start, stop), 206 if asked else 200, mimetype="audio/wav")
    answer.content_length = stop - start
    answer.headers["Accept-Ranges"] = "bytes"
    if asked:
        answer.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{piece.size}"
    return answer
