"""The accounts service: the page on which somebody agrees, and the token endpoint."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request

from moodbox.standin.grants import SCOPES, GrantError, is_loopback
from moodbox.standin.world import World

accounts = Blueprint("accounts", __name__, template_folder="templates")


@dataclass(frozen=True, slots=True)
class Asked:
    """A sign-in that somebody is looking at."""

    client_id: str
    redirect: str
    state: str
    challenge: str
    scopes: tuple[str, ...]


def _world() -> World:
    return cast("World", current_app.extensions["moodbox-world"])


def _asked() -> dict[str, Asked]:
    return cast("dict[str, Asked]", current_app.extensions["moodbox-asked"])


@accounts.after_request
def keep_to_yourself(answer: Response) -> Response:
    """Nothing of a sign-in may be kept, framed or told to the next page."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
    )
    return answer


@accounts.get("/authorize")
def authorize() -> Any:
    """Show who asks for what; refuse on the page where the redirect cannot be trusted."""
    asked, wrong = _read()
    if wrong:
        return render_template("refused.html", words=wrong), 400
    mistake = _mistake(asked)
    if mistake:
        return _back(asked, error=mistake)
    ticket = secrets.token_urlsafe(24)
    pending = _asked()
    while len(pending) >= 100:  # nobody looks at so many at once: the oldest were left
        pending.pop(next(iter(pending)))
    pending[ticket] = asked
    app = _world().grants.app(asked.client_id)
    return render_template(
        "authorize.html",
        app=app.name if app else "",
        account=_world().users[_world().signs_in].name,
        scopes=[SCOPES[scope] for scope in asked.scopes],
        ticket=ticket,
        host=urlsplit(asked.redirect).netloc,
    )


@accounts.post("/authorize")
def decide() -> Any:
    """Send the browser back with a code, or with the news that somebody said no."""
    with _world().lock:
        asked = _asked().pop(request.form.get("ticket", ""), None)
        if asked is None:
            return render_template("refused.html", words="This sign-in was answered already or is too old."), 400
        if request.form.get("answer") != "agree":
            return _back(asked, error="access_denied")
        world = _world()
        code = world.grants.code(world.signs_in, asked.client_id, asked.redirect, asked.challenge, asked.scopes)
    return _back(asked, code=code)


@accounts.post("/api/token")
def token() -> Any:
    """Give tokens for a code or a refresh token."""
    sent = request.form
    grants = _world().grants
    client_id = sent.get("client_id", "")
    app = grants.app(client_id)
    if app is None:
        return _refuse("invalid_client", "Invalid client")
    try:
        match sent.get("grant_type"):
            case "authorization_code":
                redirect_uri, verifier = sent.get("redirect_uri", ""), sent.get("code_verifier", "")
                document = grants.exchange(sent.get("code", ""), app.client_id, redirect_uri, verifier)
            case "refresh_token":
                document = grants.renew(sent.get("refresh_token", ""), app.client_id)
            case _:
                return _refuse("unsupported_grant_type", "grant_type parameter is missing or unknown")
    except GrantError as error:
        return _refuse(error.error, error.description)
    answer = jsonify(document)
    answer.headers["Pragma"] = "no-cache"
    return answer


def _refuse(error: str, description: str) -> Any:
    return jsonify({"error": error, "error_description": description}), 400


def _read() -> tuple[Asked, str]:
    """Read a sign-in, and what is so wrong with it that it must not be sent back."""
    query = request.args
    client_id, target = query.get("client_id", ""), query.get("redirect_uri", "")
    app = _world().grants.app(client_id)
    asked = Asked(
        app.client_id if app else client_id,
        target,
        query.get("state", ""),
        query.get("code_challenge", ""),
        tuple(query.get("scope", "").split()),
    )
    if app is None:
        return asked, "INVALID_CLIENT: Invalid client"
    parts = urlsplit(target)
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        return asked, "INVALID_CLIENT: Insecure redirect URI"
    if not app.accepts(target):
        return asked, "INVALID_CLIENT: Invalid redirect URI"
    return asked, ""


def _mistake(asked: Asked) -> str:
    """Name what the app may be told about: OAuth's error, "" when all is well."""
    if request.args.get("response_type") != "code":
        return "unsupported_response_type"
    if request.args.get("code_challenge_method") != "S256" or not 43 <= len(asked.challenge) <= 128:
        return "invalid_request"
    return "" if set(asked.scopes) <= set(SCOPES) else "invalid_scope"


def _back(asked: Asked, **answer: str) -> Any:
    parts = urlsplit(asked.redirect)
    query = urlencode(answer | ({"state": asked.state} if asked.state else {}))
    joined = f"{parts.query}&{query}" if parts.query else query
    return redirect(urlunsplit(parts._replace(query=joined)), 303 if request.method == "POST" else 302)
