"""The tab Setup, drawn on the server: Spotify step by step, and everything about it once it is linked."""

from __future__ import annotations

import math
import socket
import time
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, render_template

from moodbox.music.spotify.made.words import LANGUAGES
from moodbox.music.spotify.values import Feature
from moodbox.page.desk import Desk
from moodbox.page.guard import browser, token
from moodbox.page.spotify import sentences
from moodbox.page.spotify.desk import SpotifyDesk, SpotifyView
from moodbox.page.spotify.memory import Memory
from moodbox.page.spotify.view import job_of
from moodbox.page.spotify.visit import SIGN_IN, SPEAKER, STEPS, Visit
from moodbox.page.view import view

DEMO_ID = "demo"  # the Client ID that the stand-in knows
DASHBOARD = "https://developer.spotify.com/dashboard"


def setup(desk: Desk, memory: Memory) -> Blueprint:
    """Build the routes: the page, and the part of it that is drawn again after each change."""
    routes = Blueprint("setup", __name__)

    @routes.get("/setup")
    def show() -> str:
        given = token()
        now = view(desk, desk.board.latest(), memory)
        return render_template("setup.html", token=given, now=now, **_everything(desk, memory))

    @routes.get("/setup/spotify")
    def part() -> str:
        return render_template("setup/spotify.html", **_everything(desk, memory))

    return routes


def _everything(desk: Desk, memory: Memory) -> dict[str, Any]:
    if desk.spotify is None:
        return {"place": "off"}
    visit = memory.visits.of(browser())
    spotify = desk.spotify.view()
    visit.settle(spotify.login, time.time())
    place = _place(spotify, visit)
    common = {"place": place, "spotify": spotify, "visit": visit, "words": sentences, "dashboard": DASHBOARD}
    if place == "linked":
        return {**common, **_linked(spotify)}
    return {**common, **_steps(desk.spotify, spotify, visit)}


def _place(spotify: SpotifyView, visit: Visit) -> str:
    """Say what is shown: a step ("step-1" to "step-5"), signing in once more, or how everything stands."""
    login = spotify.login
    if visit.begun is not None:
        return "again" if login.linked or login.lapsed else f"step-{SIGN_IN}"
    if login.linked:
        return "linked" if spotify.preferences.speaker or visit.skipped else f"step-{SPEAKER}"
    if login.lapsed and visit.step is None:
        return "lapsed"
    return f"step-{visit.step or 1}"


def _steps(desk: SpotifyDesk, spotify: SpotifyView, visit: Visit) -> dict[str, Any]:
    redirect = desk.redirect()
    known = visit.client_id or spotify.preferences.client_id or (DEMO_ID if spotify.demo else "")
    return {
        "redirect": redirect,
        "port": urlsplit(redirect).port,
        "client_id": known,
        "steps": STEPS,
        "host": socket.gethostname(),
        "over": visit.begun is not None and time.time() >= visit.begun.expires_at,
        "door_left": max(0, math.ceil(visit.door.closes_at - time.time())) if visit.door else 0,
    }


def _linked(spotify: SpotifyView) -> dict[str, Any]:
    budget = spotify.budget
    purposes = [(words, budget.by_purpose.get(purpose, 0)) for purpose, words in sentences.PURPOSES.items()]
    return {
        "languages": LANGUAGES,
        "features": [
            (feature, *sentences.FEATURES[feature], spotify.allowed.get(feature, False)) for feature in Feature
        ],
        "purposes": purposes,
        "job": job_of(spotify, "refresh"),
        "kinds": sentences.KINDS,
    }
