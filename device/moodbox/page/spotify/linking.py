"""Linking an account: begin, finish, and going back a step."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.exceptions import BadRequest

from moodbox.music.spotify.values import FEATURE_SCOPES, Feature
from moodbox.page.desk import Desk
from moodbox.page.fields import field, one_of, text
from moodbox.page.guard import browser
from moodbox.page.pace import Pace
from moodbox.page.spotify.memory import Memory
from moodbox.page.spotify.phone import close_door
from moodbox.page.spotify.routes import NOTHING, blueprint, room
from moodbox.page.spotify.visit import SIGN_IN, Visit

LONGEST_ID = 200  # characters of a Client ID as pasted, so that the sentence about it is ours and not "too long"
LONGEST_ADDRESS = 8192  # characters of a pasted address; a real one has about 500


def linking(desk: Desk, memory: Memory, pace: Pace) -> Blueprint:
    """Build the routes of linking."""
    routes = blueprint("linking", memory, pace)

    @routes.post("/spotify/link/step")
    def step() -> tuple[str, int]:
        """Go to a step before the sign-in; the later ones are reached by doing what is asked."""
        number = field("step")
        if isinstance(number, bool) or number not in range(1, SIGN_IN):
            raise BadRequest(f'"step" must be a number from 1 to {SIGN_IN - 1}.')
        close_door(room(desk), visit()).leave()
        visit().step = number
        return NOTHING

    @routes.post("/spotify/link/begin")
    def begin() -> tuple[str, int]:
        """Begin signing in: with the Client ID that was typed, or with the one that is known."""
        spotify, here = room(desk), visit()
        now = spotify.view()
        typed = text("client_id", most=LONGEST_ID)
        here.client_id = typed or here.client_id
        known = typed or now.preferences.client_id
        features = kept_features(now.login.scopes)
        begun = spotify.begin_link(browser(), known, features)
        close_door(spotify, here).begin(begun, known, features, now.login)
        return NOTHING

    @routes.post("/spotify/link/allow")
    def allow() -> tuple[str, int]:
        """Begin signing in for one more feature."""
        spotify, wanted = room(desk), Feature(one_of("feature", Feature))
        now = spotify.view()
        features = tuple(feature for feature in Feature if feature in (*kept_features(now.login.scopes), wanted))
        begun = spotify.begin_link(browser(), now.preferences.client_id, features)
        close_door(spotify, visit()).begin(begun, now.preferences.client_id, features, now.login)
        return NOTHING

    @routes.post("/spotify/link/finish")
    def finish() -> tuple[str, int]:
        room(desk).finish_link(browser(), text("pasted", most=LONGEST_ADDRESS))
        visit().leave()
        return NOTHING

    @routes.post("/spotify/link/cancel")
    def cancel() -> tuple[str, int]:
        close_door(room(desk), visit()).leave()
        return NOTHING

    def visit() -> Visit:
        return memory.visits.of(browser())

    return routes


def kept_features(scopes: tuple[str, ...]) -> tuple[Feature, ...]:
    """List what the owner allowed before, so that signing in again loses none of it."""
    return tuple(feature for feature in Feature if set(FEATURE_SCOPES[feature]) <= set(scopes))
