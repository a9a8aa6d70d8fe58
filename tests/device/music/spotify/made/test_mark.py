from dataclasses import replace

from moodbox.music.spotify.made.mark import bears, description, earlier_mark, new_mark, title
from moodbox.music.spotify.values import Playlist

MARK = new_mark()
OURS = Playlist(f"spotify:playlist:{'a' * 22}", title("lift"), owned=True, description=description(MARK))


def test_a_mark_is_never_given_twice_and_survives_every_way_of_writing_it():
    marks = {new_mark() for _ in range(1_000)}
    assert len(marks) == 1_000
    assert all(len(mark) == 16 and mark.isalnum() and mark == mark.lower() for mark in marks)


def test_a_playlist_is_known_by_its_mark_however_spotify_writes_what_stands_around_it():
    assert OURS.description == f"Made by Moodbox · {MARK}"
    assert bears(OURS, MARK)
    assert bears(replace(OURS, name="Uphill", description=f"Made by Moodbox &middot; {MARK}"), MARK)


def test_somebody_elses_playlist_with_the_mark_is_not_ours():
    assert not bears(replace(OURS, owned=False), MARK)
    assert not bears(OURS, new_mark())


def test_the_mark_of_an_earlier_life_is_read_from_a_playlist_that_still_has_its_name():
    assert earlier_mark(OURS, "lift") == MARK
    assert earlier_mark(replace(OURS, description=f"Made by Moodbox &#183; {MARK}"), "lift") == MARK
    assert earlier_mark(OURS, "happy") == ""
    assert earlier_mark(replace(OURS, owned=False), "lift") == ""
    assert earlier_mark(replace(OURS, description="Made by hand"), "lift") == ""
