"""The tab Now, drawn on the server; its scripts keep it true afterwards."""

from __future__ import annotations

from flask import Blueprint, render_template

from moodbox.mood import COORDINATES
from moodbox.page import sentences
from moodbox.page.desk import Desk
from moodbox.page.guard import token
from moodbox.page.picture import cameras
from moodbox.page.spotify.memory import Memory
from moodbox.page.view import view


def now(desk: Desk, memory: Memory) -> Blueprint:
    """Build the route of the page."""
    routes = Blueprint("now", __name__)

    @routes.get("/")
    def show() -> str:
        return render_template(
            "now.html",
            token=token(),
            now=view(desk, desk.board.latest(), memory),
            simulated=desk.simulated,
            cameras=cameras(desk),
            camera=desk.board.latest().watch.camera_name.removesuffix(":0") or desk.settings.watch.camera,
            moods=[(label, sentences.adjective(label), *point) for label, point in COORDINATES.items()],
        )

    return routes
