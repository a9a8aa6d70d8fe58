"""What a visitor reads when something fails: a sentence, as JSON for the page's scripts, else as a page."""

from __future__ import annotations

import logging

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from moodbox.errors import MoodboxError
from moodbox.music.spotify.failure import SpotifyError

log = logging.getLogger(__name__)

SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not take that kind of request.",
    413: "That is larger than this box takes.",
    416: "That part of the piece does not exist.",
}


def answer_failures(app: Flask) -> None:
    """Answer every failure with a sentence and never with a traceback."""
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(MoodboxError, _known)
    app.register_error_handler(Exception, _unknown)


def worded(error: MoodboxError) -> str:
    """Say what failed, and what to do where the error knows it."""
    said = (error.cause, error.action) if isinstance(error, SpotifyError) else (str(error),)
    return " ".join(f"{part.rstrip('.')}." for part in said if part)


def _refused(error: HTTPException) -> Response:
    code = error.code or 500
    own = error.description if error.description != type(error).description else ""  # said where it was raised
    response = _say(own or SENTENCES.get(code) or error.description or error.name, code)
    for name, value in error.get_headers(request.environ):
        if name.lower() not in ("content-type", "content-length"):  # Allow, Retry-After, Content-Range
            response.headers[name] = value
    return response


def _known(error: MoodboxError) -> Response:
    return _say(worded(error), 422)


def _unknown(error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return _say("Something went wrong inside the box; its log says more.", 500)


def _say(sentence: str, code: int) -> Response:
    if "text/html" in request.headers.get("Accept", ""):
        return make_response(render_template("failure.html", sentence=sentence), code)
    return make_response(jsonify(error=sentence), code)
