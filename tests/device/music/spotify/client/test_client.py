"""The client's calls against the stand-in: what is asked, what comes back, and what is never asked at all."""

from __future__ import annotations

import io
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.values import Order, Purpose
from moodbox.standin.things import Playlist, new_id
from tests.fakes.spotify_bench import fails, fault


def jpeg():
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(picture, "JPEG")
    return picture.getvalue()


def test_account_is_known_by_the_id_that_stays(bench):
    owner = bench.spotify.world.owner
    account = bench.client.me()
    assert (account.id, account.user, account.name) == (owner.account_id, owner.id, owner.name)
    assert bench.calls() == ["GET /me"]


def test_own_playlists_come_from_every_page_without_nulls(bench):
    world = bench.spotify.world
    expected = [uri for uri in world.followed if world.playlists[uri].owner != "spotify"]
    found = bench.client.own_playlists()
    assert [one.uri for one in found] == expected
    assert {one.uri: one.owned for one in found} == {
        uri: world.playlists[uri].readable(world.owner.id) for uri in expected
    }


def test_long_library_is_read_fifty_a_call(bench):
    world = bench.spotify.world
    for number in range(120):
        one = Playlist(new_id("long", number), f"List {number}", world.owner.id)
        world.playlists[one.uri] = one
        world.followed.append(one.uri)
    before = len(bench.spotify.calls)
    assert len(bench.client.own_playlists()) >= 120
    pages = bench.spotify.calls[before:]
    assert [call.query for call in pages] == [
        {"limit": "50", "offset": str(start)} for start in range(0, len(world.followed), 50)
    ]


def test_search_gives_ten_at_most_and_no_nulls(bench):
    lists = bench.client.search_playlists("the in music")
    tracks = bench.client.search_tracks("happy", market="DE")
    assert 0 < len(lists) <= 10
    assert 0 < len(tracks) <= 10
    first, second = bench.spotify.calls
    assert first.query == {"q": "the in music", "limit": "10", "offset": "0", "type": "playlist"}
    assert second.query["market"] == "DE"


def test_search_for_nothing_asks_nobody(bench):
    assert bench.client.search_playlists("  ") == []
    assert bench.client.search_tracks("") == []
    assert bench.spotify.calls == []


def test_playlist_is_found_by_its_id_with_its_total_and_without_its_tracks(bench):
    one = bench.client.playlist(bench.own.rsplit(":", 1)[-1])
    known = bench.spotify.world.playlists[bench.own]
    assert (one.uri, one.name, one.owned, one.total) == (bench.own, known.name, True, len(known.items))
    other = bench.client.playlist(bench.foreign)
    assert (other.owned, other.total) == (False, None)


def test_playlist_of_nonsense_asks_nobody(bench):
    for text in ("", "me", "../../me", "spotify:playlist:x?y=1"):
        assert fails(lambda text=text: bench.client.playlist(text)).key == "spotify-playlist"
    assert bench.spotify.calls == []


def test_tracks_of_an_own_playlist_are_read_only_as_far_as_asked(bench):
    made = bench.client.create_playlist("Long", "")
    for start in (0, 40, 80):
        bench.client.add_tracks(made.id, bench.songs[start : start + 40])
    before = len(bench.spotify.calls)
    assert [one.uri for one in bench.client.playlist_tracks(made.id, most=70)] == bench.songs[:70]
    assert [call.query["limit"] for call in bench.spotify.calls[before:]] == ["50", "20"]
    assert len(bench.client.playlist_tracks(made.id)) == 120


def test_tracks_of_a_foreign_playlist_are_refused_with_a_sentence(bench):
    error = fails(lambda: bench.client.playlist_tracks(bench.foreign))
    assert (error.key, error.verdict) == ("spotify-playlist", Verdict.TELL)
    assert len(bench.spotify.calls) == 1


def test_made_playlist_is_private_and_takes_tracks_and_a_cover(bench):
    made = bench.client.create_playlist("Moodbox: happy", "Made by Moodbox \N{MIDDLE DOT} abc")
    bench.client.replace_tracks(made.id, bench.songs[:5])
    bench.client.replace_tracks(made.id, bench.songs[3:6])
    bench.client.upload_cover(made.id, jpeg())
    kept = bench.spotify.world.playlists[made.uri]
    assert not kept.public
    assert [item.uri for item in kept.items] == bench.songs[3:6]
    assert kept.cover == jpeg()
    assert made.owned
    assert bench.client.playlist(made.id).description == "Made by Moodbox \N{MIDDLE DOT} abc"


def test_cover_that_is_too_large_or_no_picture_asks_nobody(bench):
    for picture in (b"\xff\xd8" + b"x" * 200_000, b"PNG"):
        assert fails(lambda picture=picture: bench.client.upload_cover(bench.own, picture)).verdict is Verdict.TELL
    assert bench.spotify.calls == []


def test_tracks_are_saved_asked_for_and_taken_out_forty_a_call(bench):
    songs = bench.songs[:50]
    for uri in songs:
        bench.spotify.world.library.pop(uri, None)
    bench.client.save(songs)
    assert bench.client.saved(songs) == [True] * 50
    bench.client.unsave(songs[:1])
    assert bench.client.saved(songs[:2]) == [False, True]
    assert [len(call.query["uris"].split(",")) for call in bench.spotify.calls] == [40, 10, 40, 10, 1, 2]


def test_liked_and_top_tracks_are_read(bench):
    assert 0 < len(bench.client.saved_tracks(most=5)) <= 5
    assert 0 < len(bench.client.top_tracks(most=50)) <= 50


def test_devices_and_what_plays(bench):
    assert bench.client.playback() is None
    assert bench.kitchen.id in {device.id for device in bench.client.devices()}
    bench.client.play(bench.kitchen.id, Order(context=bench.own))
    bench.client.shuffle(bench.kitchen.id, on=True)
    bench.client.volume(bench.kitchen.id, 0.335)
    bench.client.next(bench.kitchen.id)
    bench.client.pause(bench.kitchen.id)
    bench.client.resume(bench.kitchen.id)
    found = bench.client.playback()
    assert found is not None
    assert (found.playing, found.context, found.shuffle) == (True, bench.own, True)
    assert found.device is not None
    assert (found.device.id, found.device.volume) == (bench.kitchen.id, 0.34 if bench.kitchen.id else None)
    assert found.track is not None
    assert found.track.uri in bench.songs


def test_list_of_tracks_is_played_and_moved_to_another_device(bench):
    second = next(one for one in bench.spotify.world.devices if one.listed and one.id != bench.kitchen.id)
    bench.client.play(bench.kitchen.id, Order(tracks=tuple(bench.songs[:3])))
    bench.client.transfer(second.id, play=True)
    found = bench.client.playback()
    assert found is not None
    assert found.device is not None
    assert found.device.id == second.id
    assert found.track is not None
    assert found.track.uri == bench.songs[0]


@pytest.mark.parametrize(
    "order",
    [
        Order(),
        Order(context="spotify:playlist:x", tracks=("spotify:track:x",)),
        Order(tracks=("spotify:track:0123456789012345678901",) * 101),
        Order(tracks=("spotify:local:x",)),
    ],
    ids=["nothing", "both", "too many", "no track"],
)
def test_order_that_cannot_be_asks_nobody(bench, order):
    assert fails(lambda: bench.client.play(bench.kitchen.id, order)).verdict is Verdict.TELL
    assert bench.spotify.calls == []


def test_command_without_a_device_is_never_sent(bench):
    for ask in (bench.client.pause, bench.client.next, bench.client.resume):
        assert fails(lambda ask=ask: ask("")).key == "spotify-speaker"
    assert bench.spotify.calls == []


def test_device_id_is_data_in_the_address(bench):
    fails(lambda: bench.client.volume("a&volume_percent=100", 0.1))
    (call,) = bench.spotify.calls
    assert call.query == {"volume_percent": "10", "device_id": "a&volume_percent=100"}


@pytest.mark.parametrize(("level", "percent"), [(-1.0, 0), (0.004, 0), (1.0, 100), (7.0, 100), (float("nan"), 0)])
def test_volume_stays_between_its_ends(bench, level, percent):
    bench.client.play(bench.kitchen.id, Order(context=bench.own))
    bench.client.volume(bench.kitchen.id, level)
    assert bench.spotify.calls[-1].query["volume_percent"] == str(percent)


def test_twenty_threads_share_one_client(bench):
    def work(number):
        view = bench.client.for_(list(Purpose)[number % 4])
        if number % 2:
            return view.search_tracks(f"happy {number}")
        return view.devices()

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(work, range(60)))
    assert all(found)
    words = [call.query["q"] for call in bench.spotify.calls if call.path == "/search"]
    assert sorted(words) == sorted(f"happy {number}" for number in range(60) if number % 2)
    assert bench.client.budget().used == 60
    assert sum(bench.client.budget().by_purpose.values()) == 60


def test_token_and_words_of_faults_reach_no_log_and_no_screen(bench, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        token = bench.purse.token()
        bench.client.me()
        told = []
        for kind in ("expired_token", "owner_premium", "forbidden", "html", "cut", "server_error"):
            fault(bench, kind, times=None)
            try:
                bench.client.playlist(bench.own)
            except SpotifyError as error:
                told.append(f"{error} {error.__cause__} {error.action}")
            bench.spotify.faults.clear()
    assert len(told) == 6
    assert not [words for words in told if token in words or bench.purse.token() in words]
    assert token not in caplog.text
    assert bench.purse.token() not in caplog.text
    assert not [record for record in caplog.records if record.name.startswith(("spotipy", "urllib3", "requests"))]
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")
