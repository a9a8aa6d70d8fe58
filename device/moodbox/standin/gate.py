"""The way in: faults, quota and the list of calls, around the application."""

from __future__ import annotations

import contextlib
import io
import json
import socket
from collections import deque
from collections.abc import Callable, Iterable
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, NoReturn

from werkzeug.exceptions import ClientDisconnected
from werkzeug.wrappers import Request, Response

from moodbox.standin.calls import Call, Exchange, parsed
from moodbox.standin.faults import TOKEN_PATH, Fault, FaultKind, Faults
from moodbox.standin.refused import Refused, no_active_device, restriction
from moodbox.standin.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

YEAR = 365 * 86_400.0
RATE_WAIT = 30  # seconds: the width of the window
QUOTA_WAIT = 48_925  # seconds, as seen (spotify.md 1.6)
_NOT_REGISTERED = "User not registered in the Developer Dashboard"
_OWNER = "Active premium subscription required for the owner of the app."
_MESSAGES = {500: "Internal server error", 502: "Bad gateway.", 503: "Service unavailable"}
_PAGE = "<!doctype html><title>Spotify</title><p>Something went wrong"


class Gate:
    """A WSGI application that lets requests through to the real one, or fails them."""

    def __init__(
        self, inner: WSGIApplication, world: World, faults: Faults, keep: Callable[[], None] = lambda: None
    ) -> None:
        self._inner = inner
        self._world = world
        self._faults = faults
        self._keep = keep  # called after every change, before it is answered
        self._times: deque[float] = deque()  # of the calls of the last 24 hours
        self.calls: list[Call] = []
        self.hooks: list[Callable[[Exchange], None]] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        try:
            environ["wsgi.input"] = io.BytesIO(request.get_data())  # read once more by the application
        except ClientDisconnected:
            _hang_up(environ)  # whoever asked is gone in the middle of it
        web_api = request.path.startswith("/v1/")
        if not web_api and request.path != TOKEN_PATH:
            return self._inner(environ, start_response)
        path = request.path.removeprefix("/v1").rstrip("/")
        fault = self._faults.take(request.method, path)
        answer = self._answer(request, path, fault)
        if request.method != "GET":
            self._keep()
        if web_api:
            self._note(request, path, answer, fault)
        if answer is None:
            _hang_up(environ)
        answer.headers.setdefault("Date", formatdate(self._world.clock(), usegmt=True))
        return answer(environ, start_response)

    # --- answering ------------------------------------------------------------------------------------------

    def _answer(self, request: Request, path: str, fault: Fault | None) -> Response | None:
        """Return the answer, None to hang up."""
        if fault and not fault.after:
            if fault.kind is FaultKind.CUT:
                return None
            if fault.kind is FaultKind.SLOW:
                fault.hold()
            if fault.kind is FaultKind.HTML and path == TOKEN_PATH:
                return _page()  # of a network that asks for a login of its own: Spotify has heard nothing
        with self._world.lock:
            try:
                self._count(path)
                self._before(request, fault)
                answer: Response | None = self._serve(request)
            except Refused as refused:
                answer = _refusal(refused)
            answer = self._after(answer, fault)
        if fault and fault.after and fault.kind is FaultKind.SLOW:
            fault.hold()
        return answer

    def _serve(self, request: Request) -> Response:
        return Response.from_app(self._inner, request.environ, buffered=True)

    def _count(self, path: str) -> None:
        """Refuse what goes beyond the quota or the rate limit; raises Refused."""
        if path == TOKEN_PATH:
            return
        world, now = self._world, self._world.clock()
        while self._times and self._times[0] <= now - 86_400.0:
            self._times.popleft()
        if world.quota and len(self._times) >= world.daily_calls:
            wait = int(self._times[0] + 86_400.0 - now) + 1
            raise _quota(wait)
        if world.rate is not None and sum(at > now - 30.0 for at in self._times) >= world.rate:
            raise Refused(429, "API rate limit exceeded", retry_after=30)
        self._times.append(now)

    def _before(self, request: Request, fault: Fault | None) -> None:
        """Do what a fault does before the call has its effect; raises Refused when it is the answer."""
        if fault is None:
            return
        refused = _refusals(fault).get(fault.kind)
        if refused:
            raise refused
        world = self._world
        if fault.kind is FaultKind.EXPIRED_TOKEN:
            world.grants.expire(request.headers.get("Authorization", "").removeprefix("Bearer "))
        elif fault.kind is FaultKind.REVOKED:
            world.grants.revoke(request.form.get("refresh_token", ""))
        elif fault.kind is FaultKind.SLEEPING:
            for device in world.devices:
                if device.paired:
                    world.sleep(device.id)
            raise no_active_device()
        elif fault.kind is FaultKind.RENAMED:
            for device in world.devices:
                world.rename(device.id, f"{device.name} (2)")

    def _after(self, answer: Response | None, fault: Fault | None) -> Response | None:
        """Do what a fault does to the answer."""
        if fault is None or answer is None:
            return answer
        if fault.kind is FaultKind.ROTATED_LOST or fault.kind is FaultKind.CUT:
            return None
        if fault.kind is FaultKind.HTML:
            return _page()
        if fault.kind is FaultKind.NULLS and answer.is_json:
            answer.set_data(json.dumps(with_nulls(json.loads(answer.get_data()))))
        if fault.kind is FaultKind.CLOCK_WRONG:
            answer.headers["Date"] = formatdate(self._world.clock() + YEAR, usegmt=True)
        return answer

    # --- taking notes ---------------------------------------------------------------------------------------

    def _note(self, request: Request, path: str, answer: Response | None, fault: Fault | None) -> None:
        status = answer.status_code if answer else 0
        query = request.args.to_dict()
        body = request.get_data()
        with self._world.lock:
            at = self._world.clock()
            self.calls.append(Call(request.method, path, query, parsed(body), status, at))
        exchange = Exchange(
            request.method,
            request.url,
            request.path,
            request.query_string.decode(),
            dict(request.headers.items()),
            body,
            status,
            dict(answer.headers.items()) if answer else {},
            answer.get_data() if answer else b"",
            fault.kind.value if fault else "",
        )
        for hook in list(self.hooks):
            hook(exchange)


def with_nulls(value: Any) -> Any:
    """Put null wherever Spotify has been seen to: entries of lists, items, images, ids of devices."""
    if isinstance(value, list):
        return [with_nulls(one) for one in value]
    if not isinstance(value, dict):
        return value
    changed = {name: with_nulls(one) for name, one in value.items()}
    for name in ("items", "queue"):
        if isinstance(changed.get(name), list):
            changed[name] = [_hollow(one, place) for place, one in enumerate(changed[name])]
    if isinstance(changed.get("devices"), list):
        changed["devices"] = [
            one | {"id": None, "volume_percent": None} if place % 2 else one
            for place, one in enumerate(changed["devices"])
        ]
    for name in ("images", "context", "description", "display_name"):
        if name in changed:
            changed[name] = None
    if "is_playing" in changed:
        changed["item"] = None
    return changed


def _hollow(entry: Any, place: int) -> Any:
    """Make every second entry null, by turns whole or only what it holds."""
    if place % 2 == 0 or not isinstance(entry, dict):
        return entry
    inner = [name for name in ("item", "track") if name in entry]
    return entry | {inner[0]: None} if inner and place % 4 == 1 else None


def _refusals(fault: Fault) -> dict[FaultKind, Refused]:
    """Word the faults that are simply an answer."""
    return {
        FaultKind.MISSING_TOKEN: Refused(401, "Access token missing"),
        FaultKind.PREMIUM: Refused(403, "Player command failed: Premium required", "PREMIUM_REQUIRED"),
        FaultKind.OWNER_PREMIUM: Refused(403, _OWNER),
        FaultKind.NOT_REGISTERED: Refused(403, _NOT_REGISTERED),
        FaultKind.FORBIDDEN: Refused(403, "Forbidden"),
        FaultKind.RESTRICTION: restriction(),
        FaultKind.NO_ACTIVE_DEVICE: no_active_device(),
        FaultKind.RATE_LIMITED: Refused(
            429, "API rate limit exceeded", retry_after=RATE_WAIT if fault.seconds is None else int(fault.seconds)
        ),
        FaultKind.QUOTA: _quota(QUOTA_WAIT if fault.seconds is None else int(fault.seconds)),
        FaultKind.SERVER_ERROR: Refused(fault.status, _MESSAGES.get(fault.status, "Server error")),
    }


def _page() -> Response:
    return Response(_PAGE, 200, mimetype="text/html")


def _quota(wait: int) -> Refused:
    return Refused(429, "You have exceeded your quota.", "QUOTA_EXCEEDED", wait)


def _refusal(refused: Refused) -> Response:
    answer = Response(json.dumps(refused.document), refused.status, mimetype="application/json")
    if refused.retry_after is not None:
        answer.headers["Retry-After"] = str(refused.retry_after)
    return answer


def _hang_up(environ: WSGIEnvironment) -> NoReturn:
    """Close the connection without a word."""
    connection: socket.socket = environ["werkzeug.socket"]
    with contextlib.suppress(OSError):  # the other side had hung up already
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError  # which tells the server that there is nobody left to answer
