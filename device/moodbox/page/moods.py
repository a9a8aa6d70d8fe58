"""The tab Moods, drawn on the server: which playlists play for which mood, and what never does."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from moodbox.errors import MoodboxError
from moodbox.mood import COORDINATES
from moodbox.music.spotify.made.mark import title
from moodbox.music.spotify.values import Feature
from moodbox.page import sentences
from moodbox.page.desk import Desk
from moodbox.page.failures import worded
from moodbox.page.guard import token
from moodbox.page.spotify.desk import SpotifyDesk
from moodbox.page.spotify.memory import Memory
from moodbox.page.spotify.view import barred, job_of, shown
from moodbox.page.view import view


def moods(desk: Desk, memory: Memory) -> Blueprint:
    """Build the routes: the page, and the part of it that is drawn again after each change."""
    routes = Blueprint("moods", __name__)

    @routes.get("/moods")
    def show() -> str:
        given = token()
        now = view(desk, desk.board.latest(), memory)
        return render_template("moods.html", token=given, now=now, **_everything(desk, memory))

    @routes.get("/moods/cards")
    def part() -> str:
        return render_template("moods/cards.html", **_everything(desk, memory))

    return routes


def _everything(desk: Desk, memory: Memory) -> dict[str, Any]:
    labels = [(label, sentences.adjective(label)) for label in COORDINATES]
    if desk.spotify is None:
        return {"place": "off", "moods": labels}
    now = desk.spotify.view()
    if not (now.login.linked or now.login.lapsed):
        return {"place": "unlinked", "moods": labels}
    try:
        cards = _cards(desk, desk.spotify, memory)
    except MoodboxError as error:
        return {"place": "trouble", "moods": labels, "trouble": worded(error)}
    return {
        "place": "cards",
        "moods": labels,
        "spotify": now,
        "cards": cards,
        "nothing": not any(card["playlists"] for card in cards),
        "may_make": now.allowed.get(Feature.MAKE, False),
    }


def _cards(desk: Desk, spotify: SpotifyDesk, memory: Memory) -> list[dict[str, Any]]:
    chosen, now = spotify.moods(), spotify.view()
    song = barred(desk.board.latest().playback.piece)
    cards = []
    for label in COORDINATES:
        never = spotify.never(label)
        known = {each.uri for each in never}
        cards.append(
            {
                "label": label,
                "word": sentences.adjective(label),
                "playlists": [shown(playlist, memory) for playlist in chosen.get(label, ())],
                "never": [(each.uri, each.name, each.uri.split(":")[1]) for each in never],
                "barred": [(uri, name) for uri, name in song if uri not in known],
                "job": job_of(now, label),
                "made": any(each.owned and each.name == title(label) for each in chosen.get(label, ())),
            }
        )
    return cards
