from moodbox.music.spotify.values import BudgetState, Feature, Hold, LoginState, Playlist, Purpose, SpeakerKind
from moodbox.page.spotify import sentences


def test_everything_that_can_be_named_has_words():
    assert set(sentences.PURPOSES) == set(Purpose)
    assert set(sentences.FEATURES) == set(Feature)
    assert set(sentences.KINDS) == set(SpeakerKind)


def test_one_call_and_one_song_are_not_many():
    assert sentences.budget_words(BudgetState(1, 300, 600)).startswith("1 call in")
    assert sentences.playlist_words(Playlist("x", "y", "Ana", total=1)) == "by Ana · 1 song"
    assert sentences.playlist_words(Playlist("x", "y")) == ""


def test_sign_in_without_a_date_is_still_one():
    assert sentences.until_words(LoginState(linked=True)) == "Signed in."
    assert "(1 day left)" in sentences.until_words(LoginState(linked=True, expires_at=1e9, days_left=1))
    assert "(today)" in sentences.until_words(LoginState(linked=True, expires_at=1e9, days_left=0))


def test_reason_for_held_calls_that_nobody_knows_still_reads_well():
    assert sentences.hold_words(Hold(1e9, "weather")).startswith("Calls are held back, until ")
