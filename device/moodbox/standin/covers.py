"""Covers for invented music: a few soft shapes, the same for the same id."""

from __future__ import annotations

import functools
import io
import random

from flask import Blueprint, Response, abort, current_app
from PIL import Image, ImageDraw, ImageFilter

covers = Blueprint("covers", __name__)
SIDE = 320  # pixels


@functools.lru_cache(maxsize=512)
def draw(subject: str) -> bytes:
    """Draw a cover as JPEG."""
    chance = random.Random(f"cover:{subject}")

    def colour(low: int, high: int) -> tuple[int, int, int]:
        red, green, blue = (chance.randint(low, high) for _ in range(3))
        return red, green, blue

    picture = Image.new("RGB", (SIDE, SIDE), colour(15, 70))
    pen = ImageDraw.Draw(picture)
    for _ in range(chance.randint(3, 6)):
        x, y, radius = chance.randint(0, SIDE), chance.randint(0, SIDE), chance.randint(30, 150)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour(60, 240))
    picture = picture.filter(ImageFilter.GaussianBlur(chance.choice((2, 12, 30))))
    pen = ImageDraw.Draw(picture)
    height = chance.randint(40, SIDE - 40)
    pen.line((0, height, SIDE, height + chance.randint(-60, 60)), fill=colour(200, 255), width=chance.randint(2, 10))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()


@covers.get("/covers/<subject>.jpg")
def cover(subject: str) -> Response:
    """Serve a cover: the one that was uploaded for a playlist, else a drawn one."""
    if len(subject) > 64 or not subject.replace("-", "").isalnum():
        abort(404)
    world = current_app.extensions["moodbox-world"]
    playlist = world.playlists.get(f"spotify:playlist:{subject.partition('-')[0]}")
    uploaded = playlist.cover if playlist and "-" in subject else b""
    return Response(uploaded or draw(subject), mimetype="image/jpeg", headers={"Cache-Control": "max-age=86400"})
