"""Pictures: the live one while somebody looks, and frames of the visitor's own webcam. None of them is stored."""

from __future__ import annotations

import time

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, Conflict, TooManyRequests, UnsupportedMediaType

from moodbox.page.desk import Desk
from moodbox.page.pace import Pace

LEASE = 2.0  # seconds of pictures that one look asks for
OLDEST = 1.5  # seconds after which a picture is not live any more
LARGEST = 300_000  # bytes of a frame; 640x480 at quality 0.8 has about 60,000
FRAMES_A_SECOND = 15.0  # a little above the ten a well-behaved page sends
FRAME_HEADER = "X-Moodbox-Frame"


def pictures(desk: Desk) -> Blueprint:
    """Build the routes for pictures and for the choice of a camera."""
    routes = Blueprint("pictures", __name__)
    pace = Pace(FRAMES_A_SECOND)

    @routes.get("/live.jpg")
    def live() -> Response:
        """Answer 204 while there is nothing newer than the frame the visitor has."""
        desk.watcher.preview(LEASE)
        preview = desk.watcher.latest_preview()
        fresh = preview is not None and time.monotonic() - preview.time <= OLDEST
        if preview is None or not fresh or str(preview.number) == request.args.get("after"):
            return Response(status=204)
        return Response(preview.jpeg, mimetype="image/jpeg", headers={FRAME_HEADER: str(preview.number)})

    @routes.post("/camera/frame")
    def frame() -> tuple[str, int]:
        if request.mimetype != "image/jpeg":
            raise UnsupportedMediaType("A frame must be a JPEG picture.")
        jpeg = request.get_data(cache=False)
        if not desk.simulated or not desk.watcher.wants_browser_frames():
            raise Conflict("The box does not look through this browser now.")
        if not pace.allows():
            raise TooManyRequests("That was too many pictures at once.")
        desk.watcher.show(jpeg)
        return "", 204

    @routes.post("/camera")
    def choose() -> tuple[str, int]:
        given = request.get_json(silent=True)
        name = given.get("camera") if isinstance(given, dict) else None
        known = [camera for camera, _ in cameras(desk)]
        if name not in known:
            raise BadRequest(f'"camera" must be one of {", ".join(known) or "none: this box has its own camera"}.')
        desk.watcher.use_camera(str(name))
        return "", 204

    return routes


def cameras(desk: Desk) -> list[tuple[str, str]]:
    """List the cameras a visitor may choose, as (name, words); a visitor can never name a path."""
    if not desk.simulated:
        return []
    offered = [
        ("browser", "This browser's webcam"),
        ("webcam", "A webcam on the box's computer"),
        ("demo", "The demo portrait, no camera"),
    ]
    chosen = desk.settings.watch.camera
    if chosen != "auto" and chosen not in dict(offered):
        offered.append((chosen, f"From the settings: {chosen}"))
    return offered
