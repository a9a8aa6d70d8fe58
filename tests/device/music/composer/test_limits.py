"""Limits: sound before pieces, old before new, liked ones last, and never what plays."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from moodbox.music.composer.limits import Stock, pieces_to_drop, sounds_to_drop, too_many
from moodbox.page.pieces.desk import KeptPiece


def stock(
    key: str, made: float = 0.0, *, played: float = 0.0, liked: bool = False, sound: int = 0, held: bool = False
) -> Stock:
    return Stock(KeptPiece(key, key, "happy", 0.0, 0.0, 60.0, "rules", made, played, 1, liked), 10, sound, held)


STOCKS = st.lists(
    st.builds(
        stock,
        st.text("abcdef", min_size=1, max_size=6),
        st.floats(0, 9),
        played=st.floats(0, 9),
        liked=st.booleans(),
        sound=st.sampled_from([0, 100, 200]),
        held=st.booleans(),
    ),
    unique_by=lambda one: one.piece.key,
)


def test_oldest_that_nobody_likes_make_way_for_the_count() -> None:
    kept = [stock("a", 1, liked=True), stock("b", 2), stock("c", 3, held=True), stock("d", 4), stock("e", 5)]
    assert too_many(kept, 3) == ["b", "d"]
    assert too_many(kept, 5) == []


def test_liked_pieces_never_make_way_for_the_count() -> None:
    assert too_many([stock("a", liked=True), stock("b", liked=True)], 1) == []


def test_sound_not_played_for_longest_goes_first() -> None:
    kept = [stock("a", 1, played=9, sound=100), stock("b", 2, played=3, sound=100), stock("c", 3, played=4, sound=100)]
    assert sounds_to_drop(kept, 0) == []
    assert sounds_to_drop(kept, 1) == ["b"]
    assert sounds_to_drop(kept, 101) == ["b", "c"]


def test_liked_pieces_make_way_for_the_disk_but_last() -> None:
    kept = [stock("a", 1, liked=True), stock("b", 2), stock("c", 3)]
    assert pieces_to_drop(kept, 15) == ["b", "c"]
    assert pieces_to_drop(kept, 25) == ["b", "c", "a"]


@given(STOCKS, st.integers(0, 2000))
def test_what_goes_is_enough_and_no_more_and_never_held(kept: list[Stock], excess: int) -> None:
    by_key = {one.piece.key: one for one in kept}
    for choose, freed in (
        (sounds_to_drop, lambda one: one.sound),
        (pieces_to_drop, lambda one: one.midi + one.sound),
    ):
        gone = [by_key[key] for key in choose(kept, excess)]
        assert not any(one.held for one in gone)
        assert sum(map(freed, gone[:-1])) < max(1, excess)
        if sum(map(freed, gone)) < excess:
            assert len(gone) == sum(1 for one in kept if not one.held and freed(one))
