"""The page as one Flask app: closed unless opened, nothing loaded from outside, nothing changed by looking."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask

from moodbox.page.choices import choices
from moodbox.page.desk import Desk
from moodbox.page.failures import answer_failures
from moodbox.page.finger import finger
from moodbox.page.guard import guard
from moodbox.page.moods import moods
from moodbox.page.now import now
from moodbox.page.pace import Pace
from moodbox.page.picture import LARGEST, pictures
from moodbox.page.pieces.routes import pieces
from moodbox.page.setup import setup
from moodbox.page.sound import sounds
from moodbox.page.spotify.account import account
from moodbox.page.spotify.linking import linking
from moodbox.page.spotify.memory import Memory
from moodbox.page.spotify.phone import phone
from moodbox.page.spotify.picking import picking
from moodbox.page.spotify.playing import playing
from moodbox.page.spotify.speakers import speakers
from moodbox.page.stream import Streams, streams

STATIC = Path(__file__).parent / "static"
A_YEAR = 31_536_000  # seconds
CHOICES_A_SECOND = 20.0  # a volume being dragged sends ten
SPOTIFY_A_SECOND = 8.0  # nobody presses faster; what costs calls is limited again by the call budget


def create_app(desk: Desk) -> Flask:
    """Make the app that shows `desk` and puts events there."""
    # The version stands in the path, so that the modules' own relative imports carry it too.
    app = Flask("moodbox.page", static_folder=str(STATIC), static_url_path=f"/static/{_version(STATIC)}")
    app.config.update(MAX_CONTENT_LENGTH=LARGEST, SEND_FILE_MAX_AGE_DEFAULT=A_YEAR)
    guard(app)
    answer_failures(app)
    pace = Pace(CHOICES_A_SECOND)
    app.extensions["streams"] = places = Streams()
    memory = Memory()
    asked = Pace(SPOTIFY_A_SECOND)
    rooms = (
        *(now(desk, memory), moods(desk, memory), setup(desk, memory)),
        *(streams(desk, places, memory), choices(desk, pace), finger(desk, pace), pictures(desk), sounds(desk)),
        pieces(desk, memory, pace),
        *(part(desk, memory, asked) for part in (linking, phone, account, speakers, picking, playing)),
    )
    for room in rooms:
        app.register_blueprint(room)
    return app


def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
