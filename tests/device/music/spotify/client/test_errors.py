"""The error map of spotify.md 1.6, line by line."""

from __future__ import annotations

import pytest

from moodbox.music.spotify.client import errors
from moodbox.music.spotify.client.errors import Refusal
from moodbox.music.spotify.failure import Verdict

NOW = 1_000_000.0
PLAY = "me/player/play"

MAP = [
    (Refusal(401, "me", "The access token expired"), Verdict.LATER, "spotify-down", None),
    (Refusal(403, PLAY, "Premium required", "PREMIUM_REQUIRED"), Verdict.TELL, "spotify-premium", None),
    (
        Refusal(403, "me", "Active premium subscription required for the owner of the app."),
        Verdict.TELL,
        "spotify-setup",
        NOW + 3600,
    ),
    (Refusal(403, "me", "User not registered in the Developer Dashboard"), Verdict.TELL, "spotify-setup", None),
    (
        Refusal(403, "me", "Check settings on developer.spotify.com/dashboard, the user may not be registered."),
        Verdict.TELL,
        "spotify-setup",
        None,
    ),
    (Refusal(403, "playlists/x/items", "Forbidden"), Verdict.TELL, "spotify-playlist", None),
    (Refusal(403, PLAY, "Forbidden"), Verdict.TELL, "spotify-setup", None),
    (Refusal(403, "me/tracks", "Insufficient client scope"), Verdict.SIGN_IN, "spotify-login", None),
    (Refusal(403, "me/player/pause", "Restriction violated"), Verdict.IGNORE, "spotify-speaker", None),
    (Refusal(403, "me/player/pause", "No", "ALREADY_PAUSED"), Verdict.IGNORE, "spotify-speaker", None),
    (Refusal(403, "me/player/volume", "No", "VOLUME_CONTROL_DISALLOW"), Verdict.IGNORE, "spotify-speaker", None),
    (Refusal(404, PLAY, "No active device found", "NO_ACTIVE_DEVICE"), Verdict.TELL, "spotify-speaker", None),
    (Refusal(404, PLAY, "Device not found"), Verdict.TELL, "spotify-speaker", None),
    (Refusal(400, PLAY, "Invalid device id"), Verdict.TELL, "spotify-speaker", None),
    (Refusal(404, "playlists/x", "Resource not found"), Verdict.TELL, "spotify-playlist", None),
    (Refusal(400, PLAY, "Invalid context uri"), Verdict.TELL, "spotify-playlist", None),
    (Refusal(404, "me/nothing", "Service not found"), Verdict.TELL, "spotify-setup", None),
    (Refusal(400, "search", "Invalid limit"), Verdict.TELL, "spotify-setup", None),
    (Refusal(429, "me", retry_after=7.0), Verdict.LATER, "spotify-busy", NOW + 7),
    (Refusal(429, "me"), Verdict.LATER, "spotify-busy", NOW + 30),
    (Refusal(429, "me", reason="QUOTA_EXCEEDED", retry_after=48_925.0), Verdict.LATER, "spotify-quota", NOW + 48_925),
    (Refusal(429, "me", reason="QUOTA_EXCEEDED"), Verdict.LATER, "spotify-quota", NOW + 3600),
    (Refusal(500, "me"), Verdict.LATER, "spotify-down", None),
    (Refusal(503, "me"), Verdict.LATER, "spotify-down", None),
    (Refusal(302, "me"), Verdict.LATER, "spotify-down", None),
]


@pytest.mark.parametrize(("refusal", "verdict", "key", "retry_at"), MAP, ids=lambda one: str(one)[:60])
def test_each_refusal_has_its_verdict(refusal, verdict, key, retry_at):
    error = errors.refused(refusal, NOW)
    assert (error.verdict, error.key, error.retry_at) == (verdict, key, retry_at)
    assert (error.status, error.reason) == (refusal.status, refusal.reason)
    assert error.cause
    assert error.action


def test_every_sentence_is_for_the_owner():
    for refusal, *_ in MAP:
        error = errors.refused(refusal, NOW)
        for words in (error.cause, error.action):
            assert words[0].isupper()
            assert not words.endswith(".")
            assert not any(jargon in words for jargon in ("40", "HTTP", "token", "JSON", "URI", "endpoint"))


def test_blips_are_told_from_what_lasts():
    assert Refusal(401, PLAY, "Access token missing").token_missing
    assert not Refusal(401, "me/playlists", "Access token missing").token_missing
    assert not Refusal(401, PLAY, "The access token expired").token_missing
    assert Refusal(403, PLAY, "", "PREMIUM_REQUIRED").premium
    owner = Refusal(403, PLAY, "Active premium subscription required for the owner of the app.", "PREMIUM_REQUIRED")
    assert owner.owner_premium
    assert not owner.premium


def test_error_said_again_is_another_object_of_a_call_that_was_not_made():
    first = errors.down("Spotify did not answer", uncertain=True)
    second = first.again()
    assert second is not first
    assert (second.cause, second.key, second.uncertain) == (first.cause, first.key, False)
