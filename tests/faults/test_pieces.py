"""Kept pieces in the whole box: played again, deleted while they play, and kept although something is broken."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile

from moodbox.events import PieceChosen, Snapshot, Sounding, State, Strategy
from moodbox.machine import AGAIN
from tests.fakes.short_pieces import short_take
from tests.faults.conftest import LiveHouse


def playing(key: str) -> Callable[[Snapshot], bool]:
    def true(shown: Snapshot) -> bool:
        piece = shown.playback.piece
        return shown.playback.sounding is Sounding.PLAYING and piece is not None and piece.key == key

    return true


@pytest.fixture
def house(make_house: Callable[..., LiveHouse]) -> LiveHouse:
    made = make_house(lambda settings: replace(settings, music=replace(settings.music, soundfont="none.sf2")))
    made.ready()
    return made


def test_kept_piece_is_played_again_and_counted(house: LiveHouse) -> None:
    take = short_take(2, "sad")
    house.pieces.add(take, plays=1)
    house.put(PieceChosen(take.key))
    shown = house.until(playing(take.key))
    assert (shown.state, shown.strategy, shown.playback.why) == (State.PLAYING, Strategy.MATCH, AGAIN)
    assert shown.playback.piece == take.piece
    assert house.sound(take.key) is not None
    following = house.until(lambda shown: shown.playback.piece is not None and shown.playback.piece.key != take.key)
    assert following.playback.piece is not None
    assert following.playback.piece.label == "sad"
    assert following.state is State.PLAYING
    kept = house.pieces.find(take.key)
    assert kept is not None
    assert kept.plays == 2


def test_key_that_is_gone_is_said_and_what_plays_goes_on(house: LiveHouse) -> None:
    house.short_press()
    before = house.until(lambda shown: shown.playback.sounding is Sounding.PLAYING)
    house.put(PieceChosen("0123456789abcdef"))
    shown = house.until(lambda shown: any(problem.key == "piece" for problem in shown.problems))
    assert (shown.state, shown.playback.piece, shown.words) == (State.PLAYING, before.playback.piece, before.words)


def test_piece_that_plays_can_be_deleted_and_downloaded(house: LiveHouse) -> None:
    take = short_take(3, "happy", beats=40)
    house.pieces.add(take, plays=0)
    house.put(PieceChosen(take.key))
    house.until(playing(take.key))
    for form in ("wav", "flac", "ogg"):
        data = b"".join(house.pieces.audio(take.key, form).body)
        assert soundfile.info(io.BytesIO(data)).frames == take.total
    house.pieces.delete(take.key)
    assert house.pieces.find(take.key) is None
    assert playing(take.key)(house.board.latest())


def test_database_that_cannot_be_opened_is_one_problem_and_pieces_are_kept(
    make_house: Callable[..., LiveHouse], own_state: Path
) -> None:
    (own_state / "moodbox.db").mkdir()
    house = make_house(lambda settings: replace(settings, spotify=replace(settings.spotify, enabled=False)))
    house.ready()
    take = short_take(2, "sad")
    house.pieces.add(take, plays=1)
    house.put(PieceChosen(take.key))
    shown = house.until(playing(take.key))
    assert [problem.key for problem in shown.problems if "moodbox.db" in problem.cause] == ["pieces"]
    assert house.pieces.shelf().problem is not None
    house.pieces.like(take.key, liked=True)
    assert (own_state / "pieces" / f"{take.key}.mid").exists()


def test_pieces_and_likes_outlive_the_house(make_house: Callable[..., LiveHouse]) -> None:
    house = make_house()
    take = short_take(2, "sad")
    house.pieces.add(take, plays=1)
    house.pieces.like(take.key, liked=True)
    house.close()
    again = make_house()
    kept = again.pieces.find(take.key)
    assert kept is not None
    assert kept.liked
    assert os.listdir(again.settings.box.state / "pieces") == [f"{take.key}.mid"]
