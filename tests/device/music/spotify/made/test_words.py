import random

import pytest

from moodbox.mood import COORDINATES
from moodbox.music.spotify.made.words import ANY, LANGUAGES, WORDS, searches


def test_every_language_has_words_for_every_mood():
    assert LANGUAGES.keys() == WORDS.keys()
    for words in (ANY, *WORDS.values()):
        assert words.keys() == COORDINATES.keys()
        assert all(len(set(of_mood)) == len(of_mood) >= 4 for of_mood in words.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_half_of_the_searches_are_in_the_owners_language(language):
    found = searches("sad", language, 4, random.Random(1))
    assert len(set(found)) == 4
    assert found[0] == WORDS[language]["sad"][0]
    assert set(found[:2]) <= set(WORDS[language]["sad"])
    assert set(found[2:]) <= set(ANY["sad"])


def test_the_same_week_searches_for_the_same():
    weeks = [tuple(searches("happy", "de", 4, random.Random(f"happy:{week}"))) for week in range(20)]
    assert weeks == [tuple(searches("happy", "de", 4, random.Random(f"happy:{week}"))) for week in range(20)]
    assert len(set(weeks)) > 5


def test_a_language_without_words_is_searched_in_english():
    assert searches("happy", "xx", 4, random.Random(1)) == searches("happy", "en", 4, random.Random(1))
