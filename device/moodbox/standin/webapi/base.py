"""What every operation of the Web API shares: who calls, what they may do, and how refusals look."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, cast

from flask import Blueprint, Response, current_app, g, jsonify, request
from werkzeug.exceptions import HTTPException

from moodbox.standin.documents import Documents
from moodbox.standin.refused import Refused
from moodbox.standin.things import User
from moodbox.standin.world import World

api = Blueprint("api", __name__, url_prefix="/v1")
EMPTY = ("", 204)
MAX_URIS = 100
MAX_LIBRARY = 40

P = ParamSpec("P")
Answer = Any  # whatever Flask takes as an answer


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose token the request holds."""

    user: User
    scopes: frozenset[str]


def world() -> World:
    """Return the stand-in's world."""
    return cast("World", current_app.extensions["moodbox-world"])


def documents() -> Documents:
    """Return the writer of documents, for the address that was called."""
    return Documents(world(), request.host_url.rstrip("/"))


def caller() -> Caller:
    """Return who calls."""
    return cast("Caller", g.caller)


@api.before_request
def authenticate() -> None:
    """Read the bearer token; raises Refused with the 401 that Spotify gives."""
    header = request.headers.get("Authorization", "")
    if not header:
        raise Refused(401, "No token provided")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refused(400, "Only valid bearer authentication supported")
    access = world().grants.access.get(token)
    if access is None:
        raise Refused(401, "Invalid access token")
    if world().clock() >= access.expires_at:
        raise Refused(401, "The access token expired")
    grant = access.grant
    app = world().grants.app(grant.client_id)
    if app is None or grant.user not in app.users:
        raise Refused(403, "User not registered in the Developer Dashboard")
    g.caller = Caller(world().users[grant.user], frozenset(grant.scopes))


def needs(*scopes: str) -> Callable[[Callable[P, Answer]], Callable[P, Answer]]:
    """Refuse callers that have none of these scopes."""

    def wrap(view: Callable[P, Answer]) -> Callable[P, Answer]:
        @functools.wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Answer:
            require(*scopes)
            return view(*args, **kwargs)

        return guarded

    return wrap


def require(*scopes: str) -> None:
    """Raise Refused unless the caller has one of these scopes."""
    if not caller().scopes.intersection(scopes):
        raise Refused(403, "Insufficient client scope")


def number(name: str, default: int, low: int, high: int) -> int:
    """Read a whole number of the query; raises Refused (400) outside its limits."""
    text = request.args.get(name)
    if text is None:
        return default
    try:
        value = int(text)
    except ValueError as error:
        raise Refused(400, f"Invalid {name}") from error
    if not low <= value <= high:
        raise Refused(400, f"Invalid {name}")
    return value


def paging(most: int = 50, default: int = 20) -> tuple[int, int]:
    """Read (limit, offset)."""
    return number("limit", default, 1, most), number("offset", 0, 0, 100_000)


def needed(name: str) -> str:
    """Read a value of the query that must be there."""
    value = request.args.get(name, "")
    if not value:
        raise Refused(400, f"Missing required field: {name}")
    return value


def body() -> dict[str, Any]:
    """Read the JSON object that was sent, {} when there is none; raises Refused (400)."""
    if not request.get_data():
        return {}
    found = request.get_json(force=True, silent=True)
    if not isinstance(found, dict):
        # Spotipy 2.26 adds items with a bare array; whether Spotify takes it is unknown (spotify.md 2.2).
        raise Refused(400, "Error parsing JSON.")
    return found


@api.app_errorhandler(Refused)
def refuse(refused: Refused) -> Response:
    """Answer with Spotify's error document."""
    answer = jsonify(refused.document)
    answer.status_code = refused.status
    if refused.retry_after is not None:
        answer.headers["Retry-After"] = str(refused.retry_after)
    return answer


@api.app_errorhandler(HTTPException)
def no_such_thing(error: HTTPException) -> Response:
    """Answer unknown paths in the same form."""
    status = error.code or 500
    message = "Service not found" if status == 404 else error.name
    answer = jsonify({"error": {"status": status, "message": message}})
    answer.status_code = status
    return answer
