from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.speaker.soloist import SoloistSpeaker
from moodbox.music.spotify.values import Order, SpeakerChoice, SpeakerKind
from moodbox.standin.soloist import SoloistServer
from moodbox.standin.world import World
from tests.fakes.listener import DEADLINE, Listener, Turned
from tests.fakes.spotify_fixtures import FakeClock

CHOICE = SpeakerChoice(SpeakerKind.SOLOIST, name="Old name")


@pytest.fixture
def speaker(soloist: SoloistServer, listener: Listener, world: World) -> Iterator[SoloistSpeaker]:
    speaker = SoloistSpeaker(soloist.folder, CHOICE, listener, clock=world.clock)
    yield speaker
    speaker.close()
    assert not speaker._line._thread.is_alive()


def _soon(seconds: float = DEADLINE) -> float:
    return time.monotonic() + seconds


def _commands(soloist: SoloistServer) -> list[str]:
    return [command.get("command", "") for command in soloist.received if command.get("command") != "get_state"]


def _failing(call: Callable[[], object]) -> SpotifyError:
    with pytest.raises(SpotifyError) as raised:
        call()
    assert raised.value.key == "spotify-speaker"
    assert raised.value.action
    return raised.value


def test_play_starts_the_playlist_shuffled(
    speaker: SoloistSpeaker, soloist: SoloistServer, world: World, contexts: list[str]
) -> None:
    speaker.play(Order(contexts[0], shuffle=True), until=_soon())
    playback = world.playback()
    assert (playback.context, playback.playing, playback.shuffle) == (contexts[0], True, True)
    assert playback.device_id == soloist.device.id
    heard = speaker.heard()
    assert (heard.connected, heard.active, heard.playing, heard.foreign) == (True, True, True, False)
    assert heard.context == contexts[0]
    assert heard.track is not None
    assert heard.track.title == world.tracks[playback.current].title
    assert _commands(soloist) == ["activate", "set_shuffle", "play"]
    assert speaker.choice.name == soloist.device.name


def test_the_same_playlist_again_starts_it_afresh(
    speaker: SoloistSpeaker, soloist: SoloistServer, world: World, contexts: list[str]
) -> None:
    speaker.play(Order(contexts[0], shuffle=True), until=_soon())
    speaker.play(Order(contexts[0], shuffle=True), until=_soon())
    assert world.playback().starts == 2
    assert _commands(soloist) == ["activate", "set_shuffle", "play", "play"]


def test_old_music_that_wakes_with_the_speaker_is_paused_first(
    speaker: SoloistSpeaker, soloist: SoloistServer, world: World, contexts: list[str]
) -> None:
    world.play(world.device("Kitchen").id, context=contexts[0])
    speaker.play(Order(contexts[1]), until=_soon())
    assert _commands(soloist) == ["activate", "pause", "play"]
    assert world.playback().context == contexts[1]
    assert not speaker.heard().foreign


def test_an_active_speaker_that_pauses_plays_at_once(
    speaker: SoloistSpeaker, soloist: SoloistServer, contexts: list[str]
) -> None:
    speaker.play(Order(contexts[0]), until=_soon())
    speaker.pause()
    assert speaker.heard().paused
    speaker.pause()  # pausing what is silent is no failure, and not even sent
    speaker.resume()
    assert speaker.heard().playing
    assert _commands(soloist) == ["activate", "play", "pause", "play"]


def test_a_single_track_plays_and_a_list_does_not(speaker: SoloistSpeaker, world: World, contexts: list[str]) -> None:
    tracks = tuple(world.contents(contexts[0])[:2])
    assert not speaker.lists
    speaker.play(Order(tracks=tracks[:1]), until=_soon())
    assert world.playback().current == tracks[0]
    assert not speaker.heard().foreign
    assert "one playlist" in _failing(lambda: speaker.play(Order(tracks=tracks), until=_soon())).cause


def test_next_and_volume(speaker: SoloistSpeaker, soloist: SoloistServer, listener: Listener, world: World) -> None:
    context = next(uri for uri in world.playlists if len(world.contents(uri)) > 3)
    speaker.play(Order(context), until=_soon())
    tracks = world.contents(context)
    speaker.next()
    listener.wait(lambda heard: heard.track is not None and heard.track.uri == tracks[1])
    speaker.set_volume(0.25)
    listener.wait(lambda heard: heard.volume == 0.25)
    assert soloist.device.volume == 25
    speaker.set_volume(7)
    assert soloist.device.volume == 100
    assert listener.threads == {"soloist"}


def test_tracks_move_on_with_the_worlds_clock(
    speaker: SoloistSpeaker, soloist: SoloistServer, listener: Listener, clock: FakeClock, contexts: list[str]
) -> None:
    world = soloist.world
    speaker.play(Order(contexts[0]), until=_soon())
    tracks = world.contents(contexts[0])
    clock.turn(world.length(tracks[0]) + 5)
    soloist.tick()
    listener.wait(lambda heard: heard.track is not None and heard.track.uri == tracks[1])
    assert speaker.ask().position == pytest.approx(5, abs=1)


def test_the_end_of_the_list_is_told(
    soloist: SoloistServer, listener: Listener, world: World, clock: FakeClock, contexts: list[str]
) -> None:
    now = Turned()
    speaker = SoloistSpeaker(soloist.folder, CHOICE, listener, now, clock=clock)
    speaker.play(Order(contexts[0]), until=now() + DEADLINE)
    tracks = world.contents(contexts[0])
    before = sum(map(world.length, tracks[:-1])) + 1
    clock.turn(before)
    now.turn(before)
    soloist.tick()
    listener.wait(lambda heard: heard.track is not None and heard.track.uri == tracks[-1])
    clock.turn(world.length(tracks[-1]))
    now.turn(world.length(tracks[-1]))
    soloist.tick()
    heard = listener.wait(lambda heard: heard.ended)
    assert not heard.playing
    assert not heard.foreign
    speaker.close()


def test_skipping_the_last_track_ends_the_list(
    speaker: SoloistSpeaker, listener: Listener, world: World, contexts: list[str]
) -> None:
    world.playlists[contexts[0]].items[1:] = []
    speaker.play(Order(contexts[0]), until=_soon())
    speaker.next()
    listener.wait(lambda heard: heard.ended and not heard.playing)


def test_falling_silent_in_the_middle_is_not_the_end_but_somebody_else(
    speaker: SoloistSpeaker, soloist: SoloistServer, listener: Listener, contexts: list[str]
) -> None:
    speaker.play(Order(contexts[0]), until=_soon())
    before = len(listener.all)
    soloist.say('{"type": "playback_changed", "status": "idle"}')
    assert not listener.wait(lambda heard: not heard.playing, after=before).ended
    soloist.say('{"type": "device_changed", "is_active": false}')
    listener.wait(lambda heard: heard.foreign and not heard.active, after=before)


def test_somebody_else_taking_over_is_foreign(
    speaker: SoloistSpeaker, soloist: SoloistServer, listener: Listener, world: World, contexts: list[str]
) -> None:
    speaker.play(Order(contexts[0]), until=_soon())
    world.play(soloist.device.id, context=contexts[1], origin="app")
    assert listener.wait(lambda heard: heard.foreign).context == contexts[1]
    speaker.play(Order(contexts[0]), until=_soon())
    assert not speaker.heard().foreign
    world.play(world.device("Kitchen").id, context=contexts[2])
    assert not listener.wait(lambda heard: heard.foreign and not heard.active).playing


def test_a_restart_in_the_middle_is_survived_and_the_state_read_again(
    speaker: SoloistSpeaker, soloist: SoloistServer, listener: Listener, world: World, contexts: list[str]
) -> None:
    speaker.play(Order(contexts[0]), until=_soon())
    before = len(listener.all)
    soloist.stop()
    listener.wait(lambda heard: not heard.connected, after=before)
    assert "not running" in _failing(lambda: speaker.play(Order(contexts[0]), until=_soon(1))).cause
    before = len(listener.all)
    soloist.start()
    world.play(soloist.device.id, context=contexts[0], local=True)
    assert listener.wait(lambda heard: heard.playing, after=before).context == contexts[0]
    assert speaker.trouble() is None


def test_a_dropped_connection_comes_back_by_itself(
    speaker: SoloistSpeaker, soloist: SoloistServer, listener: Listener, contexts: list[str]
) -> None:
    speaker.play(Order(contexts[0]), until=_soon())
    before = len(listener.all)
    soloist.drop()
    listener.wait(lambda heard: heard.playing and heard.connected, after=before)
    assert next(heard.playing for heard in listener.all[before:]) is False


def test_no_answer_is_uncertain_and_nothing_is_sent_twice(
    speaker: SoloistSpeaker, soloist: SoloistServer, contexts: list[str]
) -> None:
    speaker.play(Order(contexts[0]), until=_soon())
    soloist.received.clear()
    soloist.silence()
    began = time.monotonic()
    error = _failing(lambda: speaker.play(Order(contexts[1]), until=_soon(0.4)))
    assert time.monotonic() - began < 1.5
    assert error.uncertain
    assert _commands(soloist) == ["play"]
    soloist.silence(False)
    speaker.play(Order(contexts[2]), until=_soon())  # the late one's answer cannot be taken for this one's
    assert speaker.heard().context == contexts[2]
    assert _commands(soloist) == ["play", "play"]


def test_a_speaker_that_accepts_connections_but_never_speaks(soloist: SoloistServer, listener: Listener) -> None:
    soloist.silence()
    speaker = SoloistSpeaker(soloist.folder, CHOICE, listener)
    error = _failing(lambda: speaker.play(Order("spotify:playlist:1"), until=_soon(0.4)))
    assert not error.uncertain  # nothing was sent
    assert soloist.received == []
    speaker.close()


def test_accepted_is_not_playing(speaker: SoloistSpeaker, soloist: SoloistServer, contexts: list[str]) -> None:
    speaker.play(Order(contexts[0]), until=_soon())
    playlist = soloist.world.playlists[contexts[1]]
    playlist.items = []  # accepted, and nothing to hear
    assert _failing(lambda: speaker.play(Order(contexts[1]), until=_soon(0.7))).uncertain


def test_a_refusal_is_passed_on(speaker: SoloistSpeaker, contexts: list[str]) -> None:
    speaker.play(Order(contexts[0]), until=_soon())
    error = _failing(lambda: speaker.play(Order("spotify:playlist:" + "0" * 22), until=_soon()))
    assert "refused" in error.cause
    assert not error.uncertain
    assert not speaker.heard().foreign


def test_no_command_is_sent_after_its_time(
    speaker: SoloistSpeaker, soloist: SoloistServer, listener: Listener, contexts: list[str]
) -> None:
    listener.wait(lambda heard: heard.volume is not None)
    _failing(lambda: speaker.play(Order(contexts[0]), until=time.monotonic() - 1))
    assert _commands(soloist) == []


def test_a_new_box_must_be_picked_once(
    soloist: SoloistServer, speaker: SoloistSpeaker, listener: Listener, contexts: list[str]
) -> None:
    soloist.unpair()
    listener.wait(lambda heard: heard.connected and not heard.active)
    error = _failing(lambda: speaker.play(Order(contexts[0]), until=_soon(2)))
    assert error.verdict is Verdict.TELL
    assert error.action == f"Pick {soloist.device.name} once in the Spotify app"
    assert speaker.trouble() is not None
    assert "Pick" in _failing(speaker.ask).action
    assert "Pick" in _failing(speaker.pause).action
    soloist.pair()
    speaker.play(Order(contexts[0]), until=_soon())
    assert speaker.trouble() is None


def test_a_build_that_is_over_says_so(
    speaker: SoloistSpeaker, soloist: SoloistServer, listener: Listener, contexts: list[str]
) -> None:
    listener.wait(lambda heard: heard.connected)
    soloist.expire()
    listener.wait(lambda heard: not heard.connected, after=1)
    error = _failing(lambda: speaker.play(Order(contexts[0]), until=_soon()))
    assert "90 days" in error.cause
    assert "Update" in error.action
    trouble = speaker.trouble()
    assert trouble is not None
    assert trouble.cause == error.cause


def test_garbage_is_survived(
    speaker: SoloistSpeaker, soloist: SoloistServer, listener: Listener, contexts: list[str]
) -> None:
    speaker.play(Order(contexts[0]), until=_soon())
    for message in (
        "",
        "{",
        "[1]",
        '{"type": 7}',
        '{"type": "unheard_of"}',
        '{"type": "playback_state"}',
        '{"type": "playback_state", "status": 5, "is_active": "x", "position": 3, "item": [], "context": 1}',
        '{"type": "track_changed", "item": {"uri": 7}}',
        '{"type": "context_changed"}',
        '{"type": "position_sync", "position": {"position_ms": -5}}',
        '{"type": "volume_changed", "volume": "loud"}',
        '{"type": "options_changed", "options": []}',
        '{"type": "auth_state", "logged_in": "yes"}',
        '{"type": "error"}',
        '{"type": "command_result"}',
        "x" * 900_000,
    ):
        soloist.say(message)
    before = len(listener.all)
    soloist.say("x" * (2**20 + 1))  # too large: hang up, and read the truth again
    listener.wait(lambda heard: not heard.connected, after=before)
    speaker.play(Order(contexts[1]), until=_soon())
    assert speaker.heard().context == contexts[1]


def test_two_commands_at_once_go_one_after_the_other(
    speaker: SoloistSpeaker, soloist: SoloistServer, world: World, contexts: list[str]
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
    played = [command["uri"] for command in soloist.received if command.get("command") == "play"]
    assert sorted(played) == sorted(contexts[:3])
    assert world.playback().context == played[-1] == speaker.heard().context


def test_close_ends_a_command_that_waits(soloist: SoloistServer, listener: Listener, contexts: list[str]) -> None:
    speaker = SoloistSpeaker(soloist.folder, CHOICE, listener)
    listener.wait(lambda heard: heard.volume is not None)
    soloist.silence()
    waiting = threading.Thread(target=lambda: _swallow(lambda: speaker.play(Order(contexts[0]), until=_soon(60))))
    waiting.start()
    speaker.close()
    speaker.close()
    waiting.join(DEADLINE)
    assert not waiting.is_alive()


def _swallow(call: Callable[[], None]) -> None:
    with suppress(SpotifyError):
        call()
