"""The jukebox through the real parts: sign-in, client, catalogue and speakers, against the stand-in for Spotify."""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from moodbox.events import Playback, PlaybackChanged, Sounding, Strategy
from moodbox.mood import mood_by_hand
from moodbox.music.composer.player import ComposerPlayer
from moodbox.music.jukebox import Jukebox
from moodbox.music.planner import plan
from moodbox.music.spotify.parts import Parts
from moodbox.music.spotify.values import FEATURE_SCOPES, SCOPES, Feature, Purpose, SpeakerChoice, SpeakerKind
from moodbox.settings import MusicSettings, SpotifySettings
from moodbox.standin.standin import Fault, FaultKind, Standin
from tests.fakes.sound_device import SoundDevice

MUSIC = MusicSettings(seconds=60.0, soundfont="none.sf2")
SECONDS = 30.0  # longest wait on a busy machine
WAIT = 10.0  # for Spotify; the two seconds of the settings are for a machine that does nothing else
KINDS = list(SpeakerKind)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def agree(url: str) -> str:
    """Agree on the stand-in's page; return the address that the browser is sent to."""
    ticket = requests.get(url, timeout=10).text.partition('name="ticket" value="')[2].partition('"')[0]
    answer = {"ticket": ticket, "answer": "agree"}
    sent = requests.post(url.partition("?")[0], data=answer, timeout=10, allow_redirects=False)
    return sent.headers["Location"]


class House:
    """A linked box with playlists for sad, neutral and happy, and one speaker."""

    def __init__(self, folder: Path, spotify: Standin, kind: SpeakerKind) -> None:
        assert spotify.soloist is not None
        assert spotify.librespot is not None
        self.spotify, self.kind = spotify, kind
        settings = SpotifySettings(
            loopback_port=free_port(), soloist=str(spotify.soloist.folder), librespot=spotify.librespot.address
        )
        self.parts = Parts(settings, folder, spotify.hosts)
        self._link()
        self._choose(kind)
        self.news: queue.SimpleQueue[PlaybackChanged] = queue.SimpleQueue()
        self.jukebox = Jukebox(
            lambda tell: self.parts.player(MUSIC.volume, tell),
            lambda tell: ComposerPlayer(MUSIC, state=folder, on_change=tell, opener=SoundDevice(connected=False).open),
            on_change=self.news.put,
            wait_seconds=WAIT,
        )

    def _link(self) -> None:
        scopes = [*SCOPES, *(scope for feature in Feature for scope in FEATURE_SCOPES[feature])]
        begun = self.parts.login.begin("browser", self.spotify.client_id, tuple(dict.fromkeys(scopes)))
        self.parts.login.finish("browser", agree(begun.url))
        self.parts.account()

    def _choose(self, kind: SpeakerKind) -> None:
        api, shelf = self.parts.api.for_(Purpose.PAGE), self.parts.shelf
        shelf.meet_playlists(api.own_playlists(), "library", whole_library=True)
        own = [one for one in shelf.library() if one.owned and (one.total or 0) >= 6][:3]
        for label, playlist in zip(("sad", "neutral", "happy"), own, strict=True):
            shelf.choose(label, [playlist.uri])
            shelf.fill(playlist.uri, api.playlist_tracks(playlist.id), playlist.snapshot)
        names = {SpeakerKind.SOLOIST: "soloist", SpeakerKind.LIBRESPOT: "librespot"}
        world = self.spotify.world
        device = world.local_device(names[kind]) if kind in names else world.device("Kitchen")
        assert device is not None
        shelf.prefer(speaker=SpeakerChoice(kind, device.id, device.name), ceiling=0.5)

    def press(self, label: str = "sad", strategy: Strategy = Strategy.MATCH, run: int = 1) -> None:
        self.jukebox.play(plan(mood_by_hand(label, 0.0), strategy), run)

    def until(self, ready: Callable[[Playback], bool]) -> Playback:
        end = time.monotonic() + SECONDS
        while True:
            playback = self.news.get(timeout=max(0.0, end - time.monotonic())).playback
            if ready(playback):
                return playback

    def falls_silent(self) -> None:
        """Wait until the speaker does what it was told."""
        end = time.monotonic() + SECONDS
        while self.spotify.world.playback().playing:
            assert time.monotonic() < end
            threading.Event().wait(0.02)

    def close(self) -> None:
        self.jukebox.close()
        self.parts.close()


@pytest.fixture
def house(tmp_path: Path, live_spotify: Standin, request: pytest.FixtureRequest) -> Iterator[House]:
    made = House(tmp_path, live_spotify, getattr(request, "param", SpeakerKind.CONNECT))
    yield made
    made.close()


def sings(playback: Playback) -> bool:
    return playback.sounding is Sounding.PLAYING and playback.player == "spotify" and playback.piece is not None


def composes(playback: Playback) -> bool:
    return playback.sounding is Sounding.PLAYING and playback.player == "composer"


@pytest.mark.parametrize("house", KINDS, indirect=True)
@pytest.mark.parametrize("strategy", list(Strategy))
def test_press_plays_and_every_button_works(house: House, strategy: Strategy):
    world = house.spotify.world
    house.press(strategy=strategy)
    playback = house.until(sings)
    assert playback.piece is not None
    assert playback.piece.label == "sad"
    assert playback.piece.link.startswith("https://open.spotify.com/track/")
    assert playback.source
    assert world.playback().playing
    house.jukebox.pause()
    house.until(lambda said: said.sounding is Sounding.PAUSED)
    house.falls_silent()
    house.jukebox.resume()
    first = house.until(sings).piece
    house.jukebox.next()
    second = house.until(lambda said: sings(said) and said.piece != first).piece
    assert second is not None
    house.jukebox.stop()
    house.until(lambda said: said.sounding is Sounding.SILENT)
    house.falls_silent()
    written = [playlist for playlist in world.playlists.values() if playlist.name == "Moodbox: lift"]
    local = house.kind is not SpeakerKind.CONNECT
    assert len(written) == (strategy is Strategy.LIFT and local)


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (Fault(FaultKind.QUOTA, times=None), "spotify-quota"),
        (Fault(FaultKind.PREMIUM, times=None), "spotify-premium"),
        (Fault(FaultKind.CUT, times=None), "spotify-down"),
    ],
)
def test_spotify_that_refuses_is_replaced_with_the_reason(house: House, fault: Fault, key: str):
    house.spotify.faults.add(fault)
    house.press()
    playback = house.until(composes)
    assert key in {problem.key for problem in playback.problems}
    assert playback.why.endswith("so here is music of the box's own.")
    assert not house.spotify.world.playback().playing


def test_spotify_that_comes_back_is_used_by_the_next_press(house: House):
    house.spotify.faults.add(Fault(FaultKind.SERVER_ERROR, times=None, path="/me/player/play"))
    house.press()
    house.until(composes)
    house.spotify.faults.clear()
    house.jukebox.next()
    assert house.until(sings).problems == ()


@pytest.mark.parametrize("house", [SpeakerKind.SOLOIST, SpeakerKind.LIBRESPOT], indirect=True)
def test_speaker_of_this_box_needs_no_web_api_for_a_match(house: House):
    house.spotify.faults.add(Fault(FaultKind.QUOTA, times=None))
    house.press()
    house.until(sings)
    before = len(house.spotify.calls)
    house.jukebox.next()
    house.until(sings)
    assert len(house.spotify.calls) == before


@pytest.mark.parametrize("house", [SpeakerKind.LIBRESPOT], indirect=True)
def test_speaker_of_this_box_that_dies_is_replaced(house: House):
    house.press()
    house.until(sings)
    assert house.spotify.librespot is not None
    house.spotify.librespot.close()
    playback = house.until(composes)
    assert playback.why == "go-librespot is not running, so here is music of the box's own."
