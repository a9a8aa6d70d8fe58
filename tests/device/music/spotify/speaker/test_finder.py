from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.speaker.connect import ConnectSpeaker
from moodbox.music.spotify.speaker.finder import find, open_speaker, soloist_folder
from moodbox.music.spotify.speaker.librespot import LibrespotSpeaker
from moodbox.music.spotify.speaker.soloist import SoloistSpeaker
from moodbox.music.spotify.values import SpeakerChoice, SpeakerKind
from moodbox.standin.librespot import LibrespotServer
from moodbox.standin.soloist import SoloistServer
from moodbox.standin.standin import Standin
from tests.fakes.listener import Listener
from tests.fakes.spotify_bench import Bench, fault
from tests.fakes.spotify_fixtures import FakeClock

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def bench(spotify: Standin, spotify_clock: FakeClock, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(spotify, spotify_clock, tmp_path, deadline=5.0)
    yield bench
    bench.close()


def test_local_speakers_come_first_and_only_once(bench: Bench, spotify: Standin) -> None:
    offers = find(str(spotify.soloist.folder), spotify.librespot.address, bench.client)
    assert [offer.choice.kind for offer in offers[:2]] == [SpeakerKind.SOLOIST, SpeakerKind.LIBRESPOT]
    assert offers[0].words == "Moodbox, Spotify Soloist on this box"
    assert offers[1].choice.id == spotify.librespot.device.id
    assert offers[0].here
    assert offers[1].here
    others = {offer.choice.name: offer for offer in offers[2:]}
    assert set(others) == {"Kitchen", "Living room", "Phone"}  # the car takes no commands
    assert others["Kitchen"].words == "Kitchen, a speaker of your account"
    assert others["Kitchen"].here
    assert len(bench.spotify.calls) == 1


def test_nobody_anywhere_is_an_empty_list(tmp_path: Path) -> None:
    assert find(str(tmp_path), NOBODY, None) == []


def test_new_ones_say_what_to_do(soloist: SoloistServer, librespot: LibrespotServer) -> None:
    soloist.unpair()
    librespot.unpair()
    first, second = find(str(soloist.folder), librespot.address, None)
    assert first.words == "Spotify Soloist on this box: Pick Moodbox once in the Spotify app"
    assert second.words == "go-librespot on this box: Pick go-librespot once in the Spotify app"
    assert first.here
    assert second.here


def test_a_soloist_that_is_over_says_so(soloist: SoloistServer) -> None:
    soloist.expire()
    (offer,) = find(str(soloist.folder), NOBODY, None)
    assert "90 days" in offer.words
    assert not offer.here


def test_silent_ones_cost_a_second_each(soloist: SoloistServer, librespot: LibrespotServer) -> None:
    soloist.silence()
    librespot.silence()
    began = time.monotonic()
    offers = find(str(soloist.folder), librespot.address, None)
    assert time.monotonic() - began < 4.0  # two seconds and a busy machine
    assert [offer.here for offer in offers] == [False, False]
    assert all("does not answer" in offer.words for offer in offers)


def test_an_address_elsewhere_is_not_spoken_to(tmp_path: Path) -> None:
    (offer,) = find(str(tmp_path), "http://192.168.1.7:3678", None)
    assert "this machine only" in offer.words
    assert not offer.here


def test_a_failing_account_hides_no_local_speaker(bench: Bench, soloist: SoloistServer, tmp_path: Path) -> None:
    fault(bench, "premium", times=None, path="/me/player/devices", method="GET")
    assert len(find(str(soloist.folder), NOBODY, bench.client)) == 1
    with pytest.raises(SpotifyError):
        find(str(tmp_path), NOBODY, bench.client)


def test_the_chosen_one_is_opened(
    bench: Bench, soloist: SoloistServer, librespot: LibrespotServer, listener: Listener
) -> None:
    for kind, made in (
        (SpeakerKind.SOLOIST, SoloistSpeaker),
        (SpeakerKind.LIBRESPOT, LibrespotSpeaker),
        (SpeakerKind.CONNECT, ConnectSpeaker),
    ):
        speaker = open_speaker(
            SpeakerChoice(kind, "x", "X"),
            soloist=str(soloist.folder),
            librespot=librespot.address,
            api=bench.client,
            on_heard=listener,
        )
        assert isinstance(speaker, made)
        assert speaker.choice.kind is kind
        speaker.close()


def test_soloist_keeps_its_data_where_it_does_by_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert soloist_folder("") == tmp_path / ".local" / "share" / "soloist"
    assert soloist_folder("~/here") == tmp_path / "here"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert soloist_folder("") == tmp_path / "data" / "soloist"
