"""The rule by which a made playlist is filled."""

import random
from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from moodbox.music.spotify.made.mix import SIZE, Material, artist, mix
from moodbox.music.spotify.values import Artist, Track
from moodbox.standin.things import new_id


def track(number, by=None, *, playable=True, title=None):
    who = f"artist {number if by is None else by}"
    return Track(
        f"spotify:track:{new_id('mix', number)}",
        title or f"Song {number}",
        (Artist(f"spotify:artist:{new_id(who)}", who),),
        playable=playable,
    )


def tracks(first, count, **more):
    return tuple(track(number, **more) for number in range(first, first + count))


OLD, NEW = tracks(0, 100), tracks(100, 100)


def chosen(seed=1, **material):
    return mix(Material(**material), random.Random(seed))


def uris(found):
    return [one.uri for one in found]


def test_three_old_favourites_come_with_two_new_finds():
    found = chosen(familiar=OLD, new=NEW)
    assert len(found) == SIZE
    assert len(set(found) & set(OLD)) == 30
    assert len(set(found) & set(NEW)) == 20


def test_when_one_kind_runs_out_the_other_fills():
    assert len(set(chosen(familiar=OLD, new=NEW[:5])) & set(OLD)) == 45
    assert len(set(chosen(familiar=OLD[:5], new=NEW)) & set(NEW)) == 45
    assert set(chosen(familiar=OLD[:4], new=NEW[:3])) == {*OLD[:4], *NEW[:3]}
    assert chosen() == []


def test_what_the_owner_liked_stays_and_the_rest_is_replaced():
    now = OLD[:50]
    liked = frozenset(uris(now[10:20]))
    found = chosen(now=now, liked=liked, familiar=OLD, new=NEW)
    assert found[:10] == list(now[10:20])
    assert not set(found[10:]) & set(now)
    assert len(found) == SIZE


def test_what_was_there_comes_back_only_when_nothing_else_is_left():
    found = chosen(now=OLD[:50], familiar=OLD[:60], new=NEW[:10])
    assert {*OLD[50:60], *NEW[:10]} <= set(found)
    assert len(found) == SIZE
    assert len(set(found) & set(OLD[:50])) == 30


def test_at_most_three_tracks_are_by_the_same_artist_and_kept_ones_count():
    band = tracks(300, 20, by="the band")
    found = chosen(now=band[:2], liked=frozenset(uris(band[:2])), familiar=band + OLD, new=NEW)
    assert len(set(found) & set(band)) == 3


def test_a_household_with_one_artist_still_gets_a_playlist():
    assert len(chosen(familiar=tracks(300, 20, by="the band"))) == 6


def test_more_than_three_liked_ones_of_an_artist_all_stay():
    band = tracks(300, 8, by="the band")
    found = chosen(now=band, liked=frozenset(uris(band)), familiar=OLD, new=NEW)
    assert set(band) <= set(found)


def test_a_song_is_there_once_even_when_it_is_on_two_albums():
    twice = (track(1, by=1, title="Same"), track(2, by=1, title="SAME"))
    assert len(chosen(familiar=twice, new=twice)) == 1


def test_what_cannot_be_played_or_is_no_track_is_left_out_even_when_it_was_liked():
    gone = track(1, playable=False)
    episode = Track(f"spotify:episode:{new_id('e')}", "Talk")
    now = (gone, episode)
    assert chosen(now=now, liked=frozenset(uris(now)), familiar=(*now, *OLD[2:5]), new=now) == chosen(familiar=OLD[2:5])


def test_the_same_seed_gives_the_same_list_whatever_order_the_sources_came_in():
    assert chosen(7, familiar=OLD, new=NEW) == chosen(7, familiar=OLD[::-1], new=NEW[::-1])
    assert chosen(7, familiar=OLD, new=NEW) != chosen(8, familiar=OLD, new=NEW)


def test_two_tracks_of_an_artist_do_not_follow_each_other():
    found = chosen(familiar=tracks(0, 3, by="a") + tracks(3, 3, by="b") + tracks(6, 3, by="c"))
    assert all(artist(one) != artist(other) for one, other in pairwise(found[:6]))


def test_forbidden_tracks_are_left_out_everywhere():
    material = Material(OLD[:5], frozenset(uris(OLD[:5])), OLD, NEW).without(frozenset(uris((OLD[0], NEW[0]))))
    found = mix(material, random.Random(1), size=500)
    assert OLD[0] not in found
    assert NEW[0] not in found
    assert OLD[1] in found


@given(
    now=st.lists(st.integers(0, 60), max_size=60),
    familiar=st.lists(st.integers(0, 60), max_size=80),
    new=st.lists(st.integers(0, 60), max_size=80),
    liked=st.sets(st.integers(0, 60)),
    seed=st.integers(0, 9),
)
def test_whatever_there_is_the_list_is_short_single_and_keeps_what_was_liked(now, familiar, new, liked, seed):
    def made(numbers):
        return tuple(track(number, by=number % 7, playable=number % 11 != 0) for number in numbers)

    found = chosen(
        seed,
        now=made(now),
        liked=frozenset(uris(made(liked))),
        familiar=made(familiar),
        new=made(new),
    )
    assert len(found) <= SIZE
    assert len(set(uris(found))) == len(found)
    assert all(one.playable for one in found)
    stay = [number for number in dict.fromkeys(now) if number in liked and number % 11]
    assert set(uris(made(stay))) <= set(uris(found)) or len(stay) > SIZE
    free = Counter(artist(one) for one in found if one.uri not in uris(made(stay)))
    assert all(count <= 6 for count in free.values())
