"""A Spotify that is slow, away, or speaks nonsense: every call ends in time, with one sentence."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from moodbox.music.spotify.client.client import Client
from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.values import Hosts, Order, Purpose
from moodbox.standin.things import Playlist, new_id
from tests.fakes.spotify_bench import fails, fault

IN_TIME = 1.5  # s for a call whose deadline is 0.5, on a machine that is busy with other tests


def test_slow_answer_ends_at_the_deadline(hasty):
    fault(hasty, "slow", times=None)
    for ask, uncertain in (
        (hasty.client.me, False),
        (lambda: hasty.press.play(hasty.kitchen.id, Order(context=hasty.own)), True),
        (lambda: hasty.press.volume(hasty.kitchen.id, 0.5), True),
    ):
        begun = time.monotonic()
        error = fails(ask)
        assert time.monotonic() - begun < IN_TIME
        assert (error.verdict, error.key, error.uncertain) == (Verdict.LATER, "spotify-down", uncertain)
    assert len(hasty.spotify.calls) == 0  # none is through: each was sent once and waits there


def test_call_behind_others_ends_at_its_own_deadline_and_is_not_counted(hasty):
    with ThreadPoolExecutor(1) as pool:
        with hasty.client._line._lock:
            begun = time.monotonic()
            error = pool.submit(lambda: fails(hasty.press.devices)).result(10)
            assert time.monotonic() - begun < IN_TIME
        assert (error.verdict, error.key, error.uncertain) == (Verdict.LATER, "spotify-busy", False)
        assert hasty.client.budget().used == 0
        assert pool.submit(hasty.press.devices).result(10)


def test_whole_list_is_read_within_one_deadline_except_for_the_weekly_job(spotify, bench):
    world = spotify.world
    for number in range(120):
        one = Playlist(new_id("long", number), f"List {number}", world.owner.id)
        world.playlists[one.uri] = one
        world.followed.append(one.uri)
    client = Client(spotify.hosts, bench.purse, bench.budget, deadline=1.5)
    fault(bench, "slow", path="/me/playlists", seconds=0.6, times=None)
    assert len(client.for_(Purpose.WEEKLY).own_playlists()) >= 120  # three pages
    assert fails(client.own_playlists).key == "spotify-down"
    client.close()


def test_spotify_that_cannot_be_reached_is_asked_three_times_and_then_every_twenty_seconds(bench):
    now = [0.0]
    port = bench.spotify.root.rsplit(":", 1)[-1]
    hosts = Hosts(api=f"http://127.0.0.1:{port}/v1")
    client = Client(hosts, bench.purse, bench.budget, clock=bench.clock, monotonic=lambda: now[0])
    bench.spotify.close()
    for _ in range(3):
        error = fails(client.me)
        assert (error.verdict, error.key, error.uncertain) == (Verdict.LATER, "spotify-offline", False)
    used = client.budget().used
    assert used == 3
    assert fails(client.me).cause == error.cause
    now[0] += 19.0
    assert fails(client.me).cause == error.cause
    assert client.budget().used == used
    bench.spotify.start()
    now[0] += 2.0
    assert client.me().id
    assert client.me().id
    client.close()


def test_unreachable_start_of_music_is_certain_to_be_none(bench):
    bench.spotify.close()
    error = fails(lambda: bench.press.play("x", Order(context="spotify:playlist:0123456789012345678901")))
    assert (error.key, error.uncertain) == ("spotify-offline", False)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"[" * 100_000),
        (200, b"null"),
        (200, b'"text"'),
        (200, b"\xff\xfe\x00"),
        (403, b'{"error": "forbidden"}'),
        (403, b'{"error": null}'),
        (403, b"[1, 2]"),
        (500, b"[" * 100_000),
        (302, b""),
        (418, b"tea"),
    ],
    ids=str,
)
def test_junk_of_any_kind_becomes_one_sentence(bench, monkeypatch, status, body):
    def answer(environ, start_response):
        start_response(f"{status} Junk", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, answer, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    client = Client(
        Hosts(api=f"http://127.0.0.1:{server.port}/v1"), bench.purse, bench.budget, sleep=lambda _seconds: None
    )
    try:
        for ask in (client.me, client.own_playlists, lambda: client.create_playlist("A", "")):
            error = fails(ask)
            assert error.cause
            assert isinstance(error, SpotifyError)
    finally:
        client.close()
        server.shutdown()
        thread.join(5)
        server.server_close()


def test_untrusted_certificate_names_the_clock_and_the_network(bench, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate is not yet valid")

    monkeypatch.setattr(requests.Session, "request", refuse)
    error = fails(bench.client.me)
    assert (error.verdict, error.key) == (Verdict.LATER, "spotify-offline")
    assert "clock" in error.cause
