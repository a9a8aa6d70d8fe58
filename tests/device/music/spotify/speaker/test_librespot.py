from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.speaker.librespot import LibrespotSpeaker
from moodbox.music.spotify.values import Order, SpeakerChoice, SpeakerKind
from moodbox.standin.librespot import LibrespotServer
from moodbox.standin.world import World
from tests.fakes.listener import DEADLINE, Listener
from tests.fakes.spotify_fixtures import FakeClock

CHOICE = SpeakerChoice(SpeakerKind.LIBRESPOT)


@pytest.fixture
def speaker(librespot: LibrespotServer, listener: Listener) -> Iterator[LibrespotSpeaker]:
    speaker = LibrespotSpeaker(librespot.address, CHOICE, listener)
    yield speaker
    speaker.close()
    assert not speaker._line._thread.is_alive()


def _soon(seconds: float = DEADLINE) -> float:
    return time.monotonic() + seconds


def _posts(librespot: LibrespotServer) -> list[str]:
    return [path.removeprefix("/player/") for method, path, _ in librespot.received if method == "POST"]


def _failing(call: Callable[[], object]) -> SpotifyError:
    with pytest.raises(SpotifyError) as raised:
        call()
    assert raised.value.key == "spotify-speaker"
    assert raised.value.action
    return raised.value


def test_play_starts_the_playlist_shuffled(
    speaker: LibrespotSpeaker, librespot: LibrespotServer, world: World, contexts: list[str]
) -> None:
    speaker.play(Order(contexts[0], shuffle=True), until=_soon())
    playback = world.playback()
    assert (playback.context, playback.playing, playback.shuffle) == (contexts[0], True, True)
    heard = speaker.heard()
    assert (heard.connected, heard.active, heard.playing, heard.foreign) == (True, True, True, False)
    assert heard.context == contexts[0]
    assert heard.track is not None
    assert heard.track.title == world.tracks[playback.current].title
    assert _posts(librespot) == ["shuffle_context", "play"]
    assert speaker.choice == SpeakerChoice(SpeakerKind.LIBRESPOT, librespot.device.id, librespot.device.name)


def test_the_same_playlist_again_starts_it_afresh(
    speaker: LibrespotSpeaker, librespot: LibrespotServer, world: World, contexts: list[str]
) -> None:
    speaker.play(Order(contexts[0], shuffle=True), until=_soon())
    speaker.play(Order(contexts[0], shuffle=True), until=_soon())
    assert world.playback().starts == 2
    assert _posts(librespot) == ["shuffle_context", "play", "play"]


def test_pause_resume_next_and_volume(
    speaker: LibrespotSpeaker, librespot: LibrespotServer, listener: Listener, world: World, contexts: list[str]
) -> None:
    speaker.play(Order(contexts[0]), until=_soon())
    speaker.pause()
    speaker.pause()
    assert not world.playback().playing
    listener.wait(lambda heard: heard.paused)
    speaker.resume()
    before = len(listener.all)
    speaker.next()
    tracks = world.contents(contexts[0])
    listener.wait(lambda heard: heard.track is not None and heard.track.uri == tracks[1], after=before - 1)
    speaker.set_volume(0.5)
    assert librespot.device.volume == 50
    listener.wait(lambda heard: heard.volume == 0.5)
    assert listener.threads == {"go-librespot"}


def test_tracks_move_on_and_the_end_is_told(
    speaker: LibrespotSpeaker, librespot: LibrespotServer, listener: Listener, clock: FakeClock, contexts: list[str]
) -> None:
    world = librespot.world
    speaker.play(Order(contexts[0]), until=_soon())
    tracks = world.contents(contexts[0])
    clock.turn(world.length(tracks[0]) + 5)
    librespot.tick()
    listener.wait(lambda heard: heard.track is not None and heard.track.uri == tracks[1])
    assert speaker.ask().position == pytest.approx(5, abs=1)
    clock.turn(sum(map(world.length, tracks)))
    librespot.tick()
    heard = listener.wait(lambda heard: heard.ended)
    assert not heard.playing
    assert speaker.trouble() is None


def test_somebody_else_taking_over_is_foreign(
    speaker: LibrespotSpeaker, librespot: LibrespotServer, listener: Listener, world: World, contexts: list[str]
) -> None:
    speaker.play(Order(contexts[0]), until=_soon())
    world.play(librespot.device.id, context=contexts[1], origin="app")
    listener.wait(lambda heard: heard.foreign)
    speaker.play(Order(contexts[0]), until=_soon())
    assert not speaker.heard().foreign
    world.play(world.device("Kitchen").id, context=contexts[2])
    assert not listener.wait(lambda heard: heard.foreign and not heard.active).playing


def test_a_restart_in_the_middle_is_survived_and_the_state_read_again(
    speaker: LibrespotSpeaker, librespot: LibrespotServer, listener: Listener, world: World, contexts: list[str]
) -> None:
    speaker.play(Order(contexts[0]), until=_soon())
    before = len(listener.all)
    librespot.refuse()
    listener.wait(lambda heard: not heard.connected, after=before)
    assert "not running" in _failing(lambda: speaker.play(Order(contexts[0]), until=_soon(1))).cause
    assert "not running" in str(speaker.trouble())
    before = len(listener.all)
    librespot.start()
    speaker.play(Order(contexts[1]), until=_soon())
    assert listener.wait(lambda heard: heard.playing, after=before).connected
    assert speaker.trouble() is None


def test_dropped_events_come_back(
    speaker: LibrespotSpeaker, librespot: LibrespotServer, listener: Listener, contexts: list[str]
) -> None:
    speaker.play(Order(contexts[0]), until=_soon())
    before = len(listener.all)
    librespot.drop()
    heard = listener.wait(lambda heard: heard.playing, after=before)
    assert heard.track is not None


def test_no_answer_is_uncertain_and_nothing_is_sent_twice(
    speaker: LibrespotSpeaker, librespot: LibrespotServer, contexts: list[str]
) -> None:
    speaker.play(Order(contexts[0]), until=_soon())
    librespot.received.clear()
    librespot.silence()
    began = time.monotonic()
    error = _failing(speaker.next)
    assert 2.0 < time.monotonic() - began < 4.5  # a command's own deadline is 3 s
    assert error.uncertain
    assert _posts(librespot) == ["next"]
    assert not _failing(lambda: speaker.play(Order(contexts[1]), until=_soon(0.3))).uncertain  # only asked so far
    assert _posts(librespot) == ["next"]
    librespot.silence(False)


def test_a_new_box_must_be_picked_once(librespot: LibrespotServer, listener: Listener, contexts: list[str]) -> None:
    librespot.unpair()
    speaker = LibrespotSpeaker(librespot.address, SpeakerChoice(SpeakerKind.LIBRESPOT, name="Kitchen"), listener)
    error = _failing(lambda: speaker.play(Order(contexts[0]), until=_soon()))
    assert error.verdict is Verdict.TELL
    assert error.action == "Pick Kitchen once in the Spotify app"
    assert speaker.trouble() is not None
    librespot.pair()
    speaker.play(Order(contexts[0]), until=_soon())
    assert speaker.trouble() is None
    speaker.close()


def test_an_account_without_audio_keys_is_noticed_and_silenced(
    speaker: LibrespotSpeaker, librespot: LibrespotServer, listener: Listener, world: World, contexts: list[str]
) -> None:
    librespot.no_audio_key()
    speaker.play(Order(contexts[0]), until=_soon())
    listener.wait(lambda heard: heard.ended)
    trouble = speaker.trouble()
    assert trouble is not None
    assert "no sound" in trouble.cause
    assert "Soloist" in trouble.action
    assert "pause" in _posts(librespot)
    plays = _posts(librespot).count("play")
    assert _failing(lambda: speaker.play(Order(contexts[0]), until=_soon())).cause == trouble.cause
    assert _posts(librespot).count("play") == plays  # not even tried


def test_a_refusal_is_passed_on(speaker: LibrespotSpeaker) -> None:
    error = _failing(lambda: speaker.play(Order("spotify:playlist:" + "0" * 22), until=_soon()))
    assert "refused: status 404" in error.cause
    assert not error.uncertain


def test_no_command_is_sent_after_its_time(
    speaker: LibrespotSpeaker, librespot: LibrespotServer, listener: Listener, contexts: list[str]
) -> None:
    listener.wait(lambda heard: heard.connected)
    _failing(lambda: speaker.play(Order(contexts[0]), until=time.monotonic() - 1))
    assert _posts(librespot) == []


def test_garbage_is_survived(
    speaker: LibrespotSpeaker, librespot: LibrespotServer, listener: Listener, contexts: list[str]
) -> None:
    speaker.play(Order(contexts[0]), until=_soon())
    for message in (
        "",
        "{",
        '{"type": "metadata"}',
        '{"type": "metadata", "data": [1]}',
        '{"type": "playing", "data": {"uri": 1, "play_origin": 2}}',
        '{"type": "volume", "data": {"value": "x", "max": 0}}',
        '{"type": "seek", "data": null}',
        '{"type": "shuffle_context", "data": {"value": "x"}}',
        '{"type": "not_playing"}',
        '{"type": {}}',
    ):
        librespot.say(message)
    before = len(listener.all)
    librespot.say("x" * (2**20 + 1))
    listener.wait(lambda heard: not heard.connected, after=before)
    speaker.play(Order(contexts[1]), until=_soon())
    assert speaker.heard().context == contexts[1]


def test_two_commands_at_once_go_one_after_the_other(
    speaker: LibrespotSpeaker, librespot: LibrespotServer, world: World, contexts: list[str]
) -> None:
    errors: list[SpotifyError] = []

    def play(context: str) -> None:
        try:
            speaker.play(Order(context), until=_soon())
        except SpotifyError as error:
            errors.append(error)

    threads = [threading.Thread(target=play, args=(context,)) for context in contexts[:3]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)
    assert errors == []
    played = [body["uri"] for _, path, body in librespot.received if path == "/player/play"]
    assert sorted(played) == sorted(contexts[:3])
    assert world.playback().context == played[-1] == speaker.heard().context


def test_only_this_machine_is_spoken_to(listener: Listener) -> None:
    assert "this machine only" in _failing(lambda: LibrespotSpeaker("http://192.168.1.7:3678", CHOICE, listener)).cause
