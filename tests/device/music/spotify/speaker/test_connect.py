from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.speaker.connect import ConnectSpeaker
from moodbox.music.spotify.values import Heard, Order, Purpose, SpeakerChoice, SpeakerKind
from moodbox.standin.standin import Standin
from moodbox.standin.things import Device
from tests.fakes.listener import Listener, Turned
from tests.fakes.spotify_bench import Bench, fails, fault
from tests.fakes.spotify_fixtures import FakeClock

PLAY = "PUT /me/player/play"
SHUFFLE = "PUT /me/player/shuffle"
DEVICES = "GET /me/player/devices"


@pytest.fixture
def bench(spotify: Standin, spotify_clock: FakeClock, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(spotify, spotify_clock, tmp_path, deadline=5.0)
    yield bench
    bench.close()


@pytest.fixture
def now() -> Turned:
    return Turned()


@pytest.fixture
def kitchen(bench: Bench) -> Device:
    return bench.spotify.world.device("Kitchen")


@pytest.fixture
def open_(bench: Bench, now: Turned, listener: Listener) -> Callable[..., ConnectSpeaker]:
    def open_(device: Device | None = None, **rest: Any) -> ConnectSpeaker:
        choice = rest.pop("choice", None) or _choice(device)
        return ConnectSpeaker(bench.client, choice, listener, now, **{"wait": now.turn, **rest})

    return open_


def _choice(device: Device | None) -> SpeakerChoice:
    assert device is not None
    return SpeakerChoice(SpeakerKind.CONNECT, device.id, device.name)


def _calls(bench: Bench) -> list[str]:
    return [f"{call.method} {call.path.removeprefix('/v1')}" for call in bench.spotify.calls]


def test_match_shuffles_then_plays_and_the_next_one_only_plays(open_, bench, kitchen, now) -> None:
    speaker = open_(kitchen)
    assert speaker.lists
    speaker.play(Order(bench.own, shuffle=True), until=now() + 2)
    assert _calls(bench) == [SHUFFLE, PLAY]
    speaker.play(Order(bench.own, shuffle=True), until=now() + 2)
    assert _calls(bench) == [SHUFFLE, PLAY, PLAY]
    playback = bench.spotify.world.playback()
    assert (playback.device_id, playback.context, playback.shuffle) == (kitchen.id, bench.own, True)
    assert speaker.heard() == Heard(connected=True, active=True, playing=True, at=now(), context=bench.own)
    assert speaker.trouble() is None


def test_lift_plays_its_tracks_in_their_order(open_, bench, kitchen, now) -> None:
    speaker = open_(kitchen)
    speaker.play(Order(bench.own, shuffle=True), until=now() + 2)
    tracks = tuple(bench.songs[:5])
    speaker.play(Order(tracks=tracks), until=now() + 2)
    playback = bench.spotify.world.playback()
    assert [playback.current, *playback.upcoming] == list(tracks)
    assert not speaker.ask().foreign


def test_asking_costs_one_call_of_the_poll_and_time_does_the_rest(open_, bench, kitchen, now) -> None:
    speaker = open_(kitchen)
    speaker.play(Order(bench.own), until=now() + 2)
    bench.moved(20)
    before = dict(bench.budget.state().by_purpose)
    heard = speaker.ask()
    spent = bench.budget.state().by_purpose
    assert spent.get(Purpose.POLL, 0) - before.get(Purpose.POLL, 0) == 1
    assert sum(spent.values()) - sum(before.values()) == 1
    assert heard.track is not None
    assert heard.track.uri == bench.spotify.world.playback().current
    assert (heard.playing, heard.foreign, heard.volume) == (True, False, 0.6)
    now.turn(30)
    assert speaker.heard().position == pytest.approx(50, abs=1)
    now.turn(10_000)
    assert speaker.heard().position == heard.track.seconds
    assert len(_calls(bench)) == 3


def test_a_speaker_that_dropped_out_of_the_list_wakes_by_its_id(open_, bench, kitchen, now) -> None:
    world = bench.spotify.world
    world.sleep(kitchen.id)
    speaker = open_(kitchen)
    speaker.play(Order(bench.own, shuffle=True), until=now() + 2)
    assert DEVICES not in _calls(bench)
    bench.moved(1)
    assert world.playback().playing
    assert not world.playback().shuffle  # it slept when it was to be told
    assert speaker.ask().playing
    assert world.playback().shuffle
    calls = len(_calls(bench))
    speaker.ask()
    assert len(_calls(bench)) == calls + 1


def test_a_deep_sleeper_that_comes_back_is_played_on_once_more(open_, bench, kitchen, now) -> None:
    world = bench.spotify.world
    world.sleep(kitchen.id, deep=True)

    def wait(seconds: float) -> None:
        now.turn(seconds)
        world.wake(kitchen.id)

    speaker = open_(kitchen, wait=wait)
    speaker.play(Order(bench.own), until=now() + 10)
    assert world.playback().playing
    assert _calls(bench).count(PLAY) == 2
    assert _calls(bench).count(DEVICES) == 2


def test_a_deep_sleeper_that_stays_away_is_the_owners_business(open_, bench, kitchen, now) -> None:
    bench.spotify.world.sleep(kitchen.id, deep=True)
    restarts: list[float] = []
    speaker = open_(kitchen, restart=lambda: restarts.append(now()) or True)
    until = now() + 2.2
    error = fails(lambda: speaker.play(Order(bench.own), until=until))
    assert error.verdict is Verdict.TELL
    assert error.key == "spotify-speaker"
    assert "choose Kitchen once" in error.action
    assert now() <= until
    assert _calls(bench).count(PLAY) == 1
    assert _calls(bench).count(DEVICES) == 2
    assert speaker.trouble() is error
    fails(lambda: speaker.play(Order(bench.own), until=now() + 60))
    assert _calls(bench).count(DEVICES) == 5
    assert restarts == [1_000.0]
    bench.spotify.world.wake(kitchen.id)
    speaker.play(Order(bench.own), until=now() + 2)
    assert speaker.trouble() is None


def test_a_client_that_was_installed_again_is_found_by_its_name(open_, bench, kitchen, now) -> None:
    speaker = open_(kitchen)
    new = bench.spotify.world.reinstall(kitchen.id)
    speaker.play(Order(bench.own), until=now() + 5)
    assert bench.spotify.world.playback().device_id == new
    assert speaker.choice == SpeakerChoice(SpeakerKind.CONNECT, new, "Kitchen")


def test_two_devices_of_that_name_are_not_guessed_between(open_, bench, kitchen, now) -> None:
    speaker = open_(kitchen)
    world = bench.spotify.world
    world.reinstall(kitchen.id)
    world.rename(world.device("Living room").id, "Kitchen")
    assert "asleep" in fails(lambda: speaker.play(Order(bench.own), until=now() + 5)).cause
    assert not world.playback().playing


def test_a_renamed_device_is_known_by_its_id(open_, bench, kitchen, now) -> None:
    speaker = open_(kitchen)
    bench.spotify.world.rename(kitchen.id, "Cellar")
    speaker.play(Order(bench.own), until=now() + 2)
    assert DEVICES not in _calls(bench)
    assert speaker.ask().active
    assert speaker.choice.name == "Cellar"


def test_a_choice_by_name_only_is_looked_up(open_, bench, kitchen, now) -> None:
    speaker = open_(choice=SpeakerChoice(SpeakerKind.CONNECT, name="Kitchen"))
    speaker.play(Order(bench.own), until=now() + 2)
    assert speaker.choice.id == kitchen.id
    speaker.pause()
    assert not bench.spotify.world.playback().playing
    assert _calls(bench).count(DEVICES) == 1


def test_nothing_chosen_is_said_without_a_call(open_, bench, now) -> None:
    speaker = open_(choice=SpeakerChoice(SpeakerKind.CONNECT))
    assert "No speaker" in fails(lambda: speaker.play(Order(bench.own), until=now() + 2)).cause
    assert _calls(bench) == []


def test_a_restricted_device_is_the_owners_business(open_, bench, now) -> None:
    speaker = open_(choice=SpeakerChoice(SpeakerKind.CONNECT, name="Car"))
    assert "takes no commands" in fails(lambda: speaker.play(Order(bench.own), until=now() + 2)).cause
    assert PLAY not in _calls(bench)


def test_no_call_after_its_time(open_, bench, kitchen, now) -> None:
    fails(lambda: open_(kitchen).play(Order(bench.own, shuffle=True), until=now() - 0.1))
    assert _calls(bench) == []


def test_pause_resume_next_and_volume(open_, bench, kitchen, now) -> None:
    speaker = open_(kitchen)
    world = bench.spotify.world
    speaker.play(Order(bench.own), until=now() + 2)
    tracks = world.contents(bench.own)
    speaker.next()
    assert world.playback().current == tracks[1]
    speaker.set_volume(0.3)
    assert kitchen.volume == 30
    speaker.pause()
    speaker.pause()
    assert not world.playback().playing
    assert speaker.heard().paused
    speaker.resume()
    assert world.playback().playing
    assert speaker.heard().playing
    world.sleep(kitchen.id)
    speaker.pause()  # gone is silent, too
    speaker.resume()
    bench.moved(1)
    assert world.playback().playing


def test_a_fixed_volume_is_found_out_and_not_asked_for_again(open_, bench, now) -> None:
    speaker = open_(bench.spotify.world.device("Phone"))
    speaker.play(Order(bench.own), until=now() + 2)
    speaker.ask()
    calls = len(_calls(bench))
    assert fails(lambda: speaker.set_volume(0.3)).verdict is Verdict.IGNORE
    assert len(_calls(bench)) == calls


def test_somebody_elses_music_is_foreign(open_, bench, kitchen, now) -> None:
    speaker = open_(kitchen)
    world = bench.spotify.world
    assert not speaker.ask().foreign  # silence
    speaker.play(Order(bench.own), until=now() + 2)
    assert not speaker.ask().foreign
    world.play(world.device("Living room").id, context=bench.foreign)
    heard = speaker.ask()
    assert (heard.foreign, heard.active, heard.playing) == (True, False, False)
    world.play(kitchen.id, context=bench.foreign)
    heard = speaker.ask()
    assert (heard.foreign, heard.active, heard.playing) == (True, True, True)
    speaker.play(Order(tracks=tuple(bench.songs[:3])), until=now() + 2)
    assert not speaker.ask().foreign
    world.play(kitchen.id, uris=bench.songs[5:6])
    assert speaker.ask().foreign


def test_the_end_of_the_list_and_somebodys_pause_are_two_things(open_, bench, kitchen, now) -> None:
    speaker = open_(kitchen)
    world = bench.spotify.world
    speaker.play(Order(bench.own), until=now() + 2)
    bench.moved(5)
    world.pause(kitchen.id)
    heard = speaker.ask()
    assert (heard.paused, heard.ended) == (True, False)
    world.resume(kitchen.id)
    speaker.ask()
    bench.moved(sum(map(world.length, world.contents(bench.own))))
    heard = speaker.ask()
    assert (heard.playing, heard.paused, heard.ended) == (False, False, True)
    assert speaker.ask().ended
    speaker.play(Order(bench.own), until=now() + 2)
    assert not speaker.ask().ended


def test_an_answer_that_was_cut_off_is_uncertain_and_the_music_is_known_later(open_, bench, kitchen, now) -> None:
    speaker = open_(kitchen)
    fault(bench, "cut", path="/me/player/play", after=True)
    error = fails(lambda: speaker.play(Order(bench.own), until=now() + 2))
    assert error.uncertain
    assert _calls(bench).count(PLAY) == 1
    assert bench.spotify.world.playback().starts == 1
    assert not speaker.ask().foreign


def test_other_failures_are_passed_on_as_they_are(open_, bench, kitchen, now) -> None:
    speaker = open_(kitchen)
    speaker.play(Order(bench.own), until=now() + 2)
    fault(bench, "premium", times=None)
    error = fails(lambda: speaker.play(Order(bench.own), until=now() + 2))
    assert error.key == "spotify-premium"
    assert DEVICES not in _calls(bench)
    assert speaker.trouble() is None  # not the speaker's


def test_close_ends_waiting_and_later_orders(bench, kitchen, listener) -> None:
    speaker = ConnectSpeaker(bench.client, _choice(kitchen), listener)
    speaker.close()
    speaker.close()
    with pytest.raises(SpotifyError):
        speaker.play(Order(bench.own), until=1e12)
    assert PLAY not in _calls(bench)
    assert listener.all == []
