"""What stands between a press and Spotify."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from moodbox.errors import StorageError
from moodbox.music.spotify.player.gate import UNUSED, Gate
from moodbox.music.spotify.values import BudgetState, Hold, LoginState, SpeakerChoice
from tests.fakes.spotify_music import NOW, Music
from tests.fakes.spotify_speaker import BOX, KITCHEN, trouble

FREE = BudgetState(0, 300, 600)


def held(reason: str) -> BudgetState:
    return BudgetState(700, 300, 600, Hold(NOW + 3600, reason))


@pytest.fixture
def music(tmp_path: Path) -> Iterator[Music]:
    made = Music(tmp_path, KITCHEN)
    yield made
    made.database.close()


def gate(music: Music, login: LoginState | None = None, budget: BudgetState = FREE, **more) -> Gate:
    return Gate(music.shelf, lambda: login or LoginState(linked=True), lambda: budget, **more)


def test_all_is_well(music: Music):
    assert gate(music).refusal() is None


@pytest.mark.parametrize("never", [{"login": LoginState()}, {"enabled": False}])
def test_spotify_that_is_not_used_is_not_worth_a_word(music: Music, never: dict):
    refusal = gate(music, **never).refusal()
    assert refusal is not None
    assert refusal.reason == UNUSED


def test_lapsed_sign_in_asks_for_a_new_one(music: Music):
    refusal = gate(music, LoginState(lapsed=True)).refusal()
    assert refusal is not None
    assert refusal.key == "spotify-login"
    assert "sign in" in refusal.action


def test_no_speaker_is_told(music: Music):
    music.shelf.prefer(speaker=None)
    refusal = gate(music).refusal()
    assert refusal is not None
    assert refusal.key == "spotify-speaker"


@pytest.mark.parametrize("reason", ["quota", "rate", "budget"])
def test_held_calls_stop_a_plain_device(music: Music, reason: str):
    refusal = gate(music, budget=held(reason)).refusal()
    assert refusal is not None
    assert (refusal.key, refusal.retry_at) == ("spotify-quota", NOW + 3600)
    assert "asks again" in refusal.action


def test_web_api_that_is_barred_stops_a_plain_device(music: Music):
    refusal = gate(music, barred=lambda: trouble("spotify-premium")).refusal()
    assert refusal is not None
    assert refusal.key == "spotify-premium"


@pytest.mark.parametrize("speaker", [BOX])
def test_speaker_of_this_box_needs_no_web_api(music: Music, speaker: SpeakerChoice):
    music.shelf.prefer(speaker=speaker)
    assert gate(music, budget=held("quota"), barred=lambda: trouble("spotify-down")).refusal() is None


def test_broken_database_is_told_and_not_raised(music: Music):
    def broken() -> BudgetState:
        raise StorageError("the card is gone")

    refusal = Gate(music.shelf, lambda: LoginState(linked=True), broken).refusal()
    assert refusal is not None
    assert refusal.cause == "the card is gone"
