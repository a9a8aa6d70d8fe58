from __future__ import annotations

from moodbox.music.spotify.speaker.skips import Skips


def _skip(skips: Skips, number: int, now: float, *, lasting: float = 0.5, seconds: float = 200.0) -> bool:
    uri = f"spotify:track:{number}"
    skips.begins(uri, now)
    return skips.ends(uri, seconds, now + lasting)


def test_three_skips_in_a_row_are_noticed_once() -> None:
    skips = Skips()
    assert [_skip(skips, number, number) for number in range(3)] == [False, False, True]
    assert skips.noticed(10.0)


def test_a_track_that_is_heard_between_them_clears_it() -> None:
    skips = Skips()
    told = [_skip(skips, 0, 0), _skip(skips, 1, 1), _skip(skips, 2, 2, lasting=3.0), _skip(skips, 3, 9)]
    assert not any(told)
    assert not skips.noticed(10.0)


def test_short_tracks_and_news_of_others_do_not_count() -> None:
    skips = Skips()
    assert not any(_skip(skips, number, number, seconds=2.0) for number in range(5))
    skips.begins("spotify:track:1", 20.0)
    assert not any(skips.ends(f"spotify:track:{number}", 200.0, 20.1) for number in range(2, 9))
    assert not skips.noticed(21.0)


def test_it_is_tried_again_after_ten_minutes_and_forgotten_when_there_is_sound() -> None:
    skips = Skips()
    for number in range(3):
        _skip(skips, number, number)
    assert skips.noticed(600.0)
    assert not skips.noticed(603.0)
    for number in range(3):
        _skip(skips, number, 700.0 + number)
    skips.begins("spotify:track:9", 710.0)
    skips.lasts(712.0)
    assert skips.noticed(712.0)
    skips.lasts(713.0)
    assert not skips.noticed(713.0)
