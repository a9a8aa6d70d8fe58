"""What the owner liked here."""

from tests.fakes.spotify_words import track


def test_likes_with_their_moods_the_oldest_first(shelf, clock):
    for word, label in (("b", "happy"), ("a", ""), ("c", "sad")):
        clock.now += 1
        shelf.like(track(word), label)
    assert list(shelf.likes().items()) == [(track("b").uri, "happy"), (track("a").uri, ""), (track("c").uri, "sad")]
    assert shelf.track(track("b").uri) == track("b")


def test_last_like_names_the_mood(shelf):
    shelf.like(track("a"), "happy")
    shelf.like(track("a"), "sad")
    assert shelf.likes() == {track("a").uri: "sad"}


def test_like_taken_back(shelf):
    shelf.like(track("a"), "happy")
    shelf.unlike(track("a").uri)
    shelf.unlike(track("a").uri)
    assert shelf.likes() == {}
