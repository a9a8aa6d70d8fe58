"""What goes over the wire: only calls that a new app of 2026 may make, exactly as Spotify's document has them."""

from __future__ import annotations

import io
import logging

import pytest
from PIL import Image

from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.values import Order
from tests.fakes.spotify_spec import Spec

# The table of spotify.md 1.5, as far as the box calls it.
EXPECTED = [
    "GET /me",
    "GET /me/playlists",
    "GET /search",
    "GET /search",
    "GET /playlists/{own}",
    "GET /playlists/{own}/items",
    "POST /me/playlists",
    "POST /playlists/{made}/items",
    "PUT /playlists/{made}/items",
    "PUT /playlists/{made}/images",
    "GET /me/tracks",
    "GET /me/top/tracks",
    "PUT /me/library",
    "GET /me/library/contains",
    "DELETE /me/library",
    "GET /me/player/devices",
    "GET /me/player",
    "PUT /me/player/play",
    "PUT /me/player/play",
    "PUT /me/player/play",
    "PUT /me/player/shuffle",
    "PUT /me/player/volume",
    "POST /me/player/next",
    "PUT /me/player/pause",
    "PUT /me/player",
    "GET /me/player",
]


def call_everything(bench):
    """Make every call of the client once; returns the id of the made playlist."""
    client, kitchen, songs = bench.client, bench.kitchen.id, bench.songs
    client.me()
    client.own_playlists()
    client.search_playlists("rainy window")
    client.search_tracks("garden", market="DE")
    client.playlist(bench.own)
    client.playlist_tracks(bench.own, most=5, market="DE")
    made = client.create_playlist("Moodbox: happy", "Made by Moodbox")
    client.add_tracks(made.id, songs[:2])
    client.replace_tracks(made.id, songs[:100])
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(picture, "JPEG")
    client.upload_cover(made.id, picture.getvalue())
    client.saved_tracks(most=5)
    client.top_tracks(most=5)
    client.save(songs[:40])
    client.saved(songs[:40])
    client.unsave(songs[:40])
    client.devices()
    client.playback()
    client.play(kitchen, Order(context=bench.own))
    client.play(kitchen, Order(tracks=tuple(songs[:100])))
    client.resume(kitchen)
    client.shuffle(kitchen, on=False)
    client.volume(kitchen, 0.5)
    client.next(kitchen)
    client.pause(kitchen)
    client.transfer(kitchen, play=True)
    client.playback()
    return made.id


def test_calls_are_those_of_the_reference_and_no_others(bench):
    made = call_everything(bench)
    own = bench.own.rsplit(":", 1)[-1]
    calls = [call.replace(made, "{made}").replace(own, "{own}") for call in bench.calls()]
    assert calls == EXPECTED


def test_every_exchange_fits_the_document_of_spotify(bench, shared_path):
    spec = Spec(shared_path("reference", "spotify-openapi.yml"))
    bench.spotify.on_exchange(spec.collect)
    call_everything(bench)
    assert spec.checked == len(EXPECTED)
    assert spec.wrong == []


def test_bodies_and_queries_have_the_safe_form(bench):
    made = call_everything(bench)
    songs = bench.songs
    sent = {}
    for call in bench.spotify.calls:
        sent.setdefault(f"{call.method} {call.path.replace(made, '{made}')}", []).append((call.query, call.body))
    ((_, body),) = sent["POST /me/playlists"]
    assert body["public"] is False
    assert sent["POST /playlists/{made}/items"] == [({}, {"uris": songs[:2]})]
    assert sent["PUT /playlists/{made}/items"] == [({}, {"uris": songs[:100]})]
    for change in ("PUT", "DELETE"):
        assert sent[f"{change} /me/library"] == [({"uris": ",".join(songs[:40])}, None)]
    device = {"device_id": bench.kitchen.id}
    assert sent["PUT /me/player/play"] == [
        (device, {"context_uri": bench.own}),
        (device, {"uris": songs[:100]}),
        (device, None),
    ]
    assert sent["PUT /me/player/shuffle"] == [(device | {"state": "false"}, None)]
    assert sent["PUT /me/player/volume"] == [(device | {"volume_percent": "50"}, None)]
    assert sent["PUT /me/player"] == [({}, {"device_ids": [bench.kitchen.id], "play": True})]
    (german, plain) = ("market", [call for call in bench.spotify.calls if call.path != "/search"])
    assert sum(german in call.query for call in plain) == 1  # only where it was asked for


@pytest.mark.parametrize("scopes", [(), ("user-read-playback-state",)])
def test_missing_permission_asks_for_another_sign_in(bench, scopes):
    bench.purse._scopes = scopes
    bench.purse._token = bench.purse._fresh()
    with pytest.raises(SpotifyError) as raised:
        bench.client.top_tracks()
    assert raised.value.key == "spotify-login"


def test_loggers_below_are_quiet_as_soon_as_there_is_a_client(bench):
    for name in ("spotipy.client", "spotipy.oauth2", "urllib3.connectionpool", "requests.sessions"):
        assert logging.getLogger(name).getEffectiveLevel() >= logging.WARNING
