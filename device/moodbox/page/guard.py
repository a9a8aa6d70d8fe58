"""Who may come in: this machine's own names only, a session for all but the pages themselves, a token for every change.

Accounts come later; until then the page is bound to loopback and this guards it against other web sites in the same
browser: DNS rebinding (Host), forged requests (token, Origin, Sec-Fetch-Site), framing and injection (headers).
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, request, session
from flask.sessions import SecureCookieSessionInterface
from werkzeug.exceptions import BadRequest, Forbidden

HOSTS = ("127.0.0.1", "localhost", "::1")  # the only names this page answers to
TOKEN_HEADER = "X-Moodbox-Token"  # noqa: S105 - the name of a header
TOKEN_FIELD = "token"  # noqa: S105 - the name of the field in which a plain form carries the same
LARGEST_FORM = 1024  # bytes
OPEN = frozenset({"static", "now.show", "moods.show", "pieces.show", "setup.show"})  # every other route needs a session
SAFE = frozenset({"GET", "HEAD"})

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "media-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}


class _Cookies(SecureCookieSessionInterface):
    """Name the cookie after the port: browsers share cookies between the ports of one host, two boxes must not."""

    def get_cookie_name(self, app: Flask) -> str:
        return f"moodbox-{request.environ.get('SERVER_PORT', app.config['SESSION_COOKIE_NAME'])}"


def guard(app: Flask) -> None:
    """Close the whole app; every session ends when the program does, its secret is new at each start."""
    app.secret_key = secrets.token_bytes(32)
    app.session_interface = _Cookies()
    app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Strict")
    app.before_request(_check)
    app.after_request(_harden)


def token() -> str:
    """Return the token of this session; a visitor without one gets a new session."""
    if "token" not in session:
        session["token"] = secrets.token_urlsafe(32)
        session["browser"] = secrets.token_urlsafe(32)
    return str(session["token"])


def browser() -> str:
    """Name this browser's session: random, never shown in a page, and nothing that allows a change by itself."""
    return str(session["browser"])


def _check() -> None:
    _check_host()
    if request.endpoint is None or request.endpoint in OPEN:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("Only the box's own page may do this.")
    if "token" not in session:
        raise Forbidden("This page is from before the box started again: load it once more.")
    if request.method not in SAFE:
        _check_change()


def _check_host() -> None:
    try:
        host = urlsplit(f"//{request.environ.get('HTTP_HOST', '')}")
        known = host.hostname in HOSTS and str(host.port or 80) == request.environ["SERVER_PORT"]
    except ValueError:  # a Host header that is none
        known = False
    if not known:
        names = ", ".join(f"[{name}]" if ":" in name else name for name in HOSTS)
        raise BadRequest(f"This box answers only to {names} with port {request.environ['SERVER_PORT']}.")


def _check_change() -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.environ['HTTP_HOST']}":
        raise Forbidden("Only the box's own page may change anything.")
    if not secrets.compare_digest(_given_token().encode(), session["token"].encode()):
        raise Forbidden("This change came without the page's token: load the page once more.")


def _given_token() -> str:
    given = request.headers.get(TOKEN_HEADER, "")
    if given or request.mimetype != "application/x-www-form-urlencoded":
        return given
    request.max_content_length = LARGEST_FORM
    return request.form.get(TOKEN_FIELD, "")


def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static" or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response
