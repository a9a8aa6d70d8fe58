"""The tab Pieces: what the box wrote and kept, listed, liked, played again, downloaded and deleted.

Everything works by links and plain forms too; a script's request carries JSON and is answered with 204.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import tzinfo
from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import BadRequest, Conflict, NotFound, TooManyRequests
from werkzeug.routing import BaseConverter

from moodbox.errors import MoodboxError
from moodbox.events import PieceChosen
from moodbox.page.desk import Desk
from moodbox.page.failures import worded
from moodbox.page.fields import truth
from moodbox.page.guard import SAFE, token
from moodbox.page.pace import Pace
from moodbox.page.pieces import sentences
from moodbox.page.pieces.desk import FORMS, KeptPiece, PiecesDesk
from moodbox.page.pieces.files import MIDI, send
from moodbox.page.pieces.question import Question
from moodbox.page.pieces.view import KEY, Almanac, filters, shelf_view
from moodbox.page.spotify.memory import Memory
from moodbox.page.view import view

GONE = "This piece is not kept any more."
Answer = Response | str | tuple[str, int]


class PieceKey(BaseConverter):
    """A piece's name in an address; anything else is no address of ours."""

    regex = KEY


class FileForm(BaseConverter):
    """The ending of a file that can be downloaded."""

    regex = "|".join((MIDI, *FORMS))


def pieces(
    desk: Desk, memory: Memory, pace: Pace, clock: Callable[[], float] = time.time, zone: tzinfo | None = None
) -> Blueprint:
    """Build the routes; `pace` limits changes. `clock` (Unix time) and `zone` are for tests."""
    routes = Blueprint("pieces", __name__)
    routes.record_once(lambda state: state.app.url_map.converters.update(piece=PieceKey, form=FileForm))
    almanac = Almanac(clock, zone)

    @routes.before_request
    def slow_down() -> None:
        if request.method not in SAFE and not pace.allows():
            raise TooManyRequests("That was too much at once: wait a second.")

    @routes.get("/pieces")
    def show() -> Response:
        given = token()
        now = view(desk, desk.board.latest(), memory)
        page = Response(
            render_template("pieces.html", token=given, now=now, simulated=desk.simulated, **_list(desk, almanac))
        )
        return _with_origin(page)

    @routes.get("/pieces/list")
    def part() -> str:
        return render_template("pieces/list.html", token=token(), **_list(desk, almanac))

    @routes.get("/pieces/<piece:key>.<form:form>")
    def download(key: str, form: str) -> Response:
        _kept(desk, key)
        return send(_room(desk).midi(key) if form == MIDI else _room(desk).audio(key, form))

    @routes.post("/pieces/<piece:key>/like")
    def like(key: str) -> Answer:
        _kept(desk, key)
        _room(desk).like(key, liked=_truth("liked"))
        return _done(memory, key)

    @routes.post("/pieces/<piece:key>/play")
    def play(key: str) -> Answer:
        _kept(desk, key)
        desk.put(PieceChosen(key))
        return _done(memory, key)

    @routes.post("/pieces/<piece:key>/delete")
    def delete(key: str) -> Answer:
        """Delete when the visitor is sure; a form that does not say so is asked first."""
        piece = _kept(desk, key)
        if not request.is_json and "sure" not in request.form:
            return _ask(piece, view(desk, desk.board.latest(), memory))
        if not _truth("sure"):
            raise BadRequest("Nothing was deleted.")
        _room(desk).delete(key)
        return _done(memory, "")

    return routes


def _room(desk: Desk) -> PiecesDesk:
    if desk.pieces is None:
        raise Conflict("This box keeps no pieces.")
    return desk.pieces


def _kept(desk: Desk, key: str) -> KeptPiece:
    piece = _room(desk).find(key)
    if piece is None:
        raise NotFound(GONE)
    return piece


def _list(desk: Desk, almanac: Almanac) -> dict[str, Any]:
    asked = Question.read(request.args)
    common = {"asked": asked, "filters": filters(asked), "forms": sentences.FORMS}
    if desk.pieces is None:
        return {**common, "place": "off"}
    try:
        shelf = desk.pieces.shelf(**asked.wanted)
    except MoodboxError as error:
        return {**common, "place": "trouble", "trouble": worded(error)}
    shown = shelf_view(shelf, asked, desk.board.latest().playback, almanac)
    return {**common, "place": "pieces" if shelf.total else "empty", "shelf": shown}


def _truth(name: str) -> bool:
    """Read a true or false from a script's JSON or a form's field."""
    if request.is_json:
        return truth(name)
    given = request.form.get(name)
    if given not in ("true", "false"):
        raise BadRequest(f'"{name}" must be true or false.')
    return given == "true"


def _done(memory: Memory, key: str) -> Answer:
    """Let every window look again; a form goes back to the list that it stood in."""
    memory.changed()
    if request.is_json:
        return "", 204
    place = f"#row-{key}" if key else ""
    return Response(status=303, headers={"Location": f"/pieces{Question.read(request.form).query}{place}"})


def _ask(piece: KeptPiece, now: dict[str, Any]) -> Response:
    asked = Question.read(request.form)
    return _with_origin(Response(render_template("pieces/sure.html", token=token(), now=now, piece=piece, asked=asked)))


def _with_origin(page: Response) -> Response:
    """Let the page's plain forms say where they come from: under "no-referrer" a browser sends `Origin: null`."""
    page.headers["Referrer-Policy"] = "same-origin"
    return page
