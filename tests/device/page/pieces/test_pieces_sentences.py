from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from moodbox.mood import COORDINATES
from moodbox.page.pieces import sentences
from moodbox.page.pieces.desk import Shelf
from moodbox.page.sentences import composer_words

NO_BREAK = "\N{NO-BREAK SPACE}"
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 21, 16, 30, tzinfo=BERLIN).timestamp()


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ((2026, 11, 21, 14, 5), "Today 14:05"),
        ((2026, 11, 21, 0, 0), "Today 00:00"),
        ((2026, 11, 20, 23, 59), "Yesterday 23:59"),
        ((2026, 11, 19, 23, 59), "19 November, 23:59"),
        ((2026, 1, 2, 8, 7), "2 January, 08:07"),
        ((2025, 11, 12, 8, 7), "12 November 2025"),
        ((2026, 11, 22, 9, 0), "22 November, 09:00"),  # from under a clock that was wrong
    ],
)
def test_moment_is_said_as_people_say_it(when, words):
    assert sentences.moment_words(datetime(*when, tzinfo=BERLIN).timestamp(), NOW, BERLIN) == words


def test_days_are_those_of_the_place_and_not_of_greenwich():
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC).timestamp()
    assert sentences.moment_words(late, NOW, BERLIN) == "Today 00:30"
    assert sentences.moment_words(late, NOW, UTC) == "Yesterday 23:30"


def test_yesterday_is_the_day_before_also_when_the_clocks_change():
    sunday = datetime(2026, 10, 25, 12, 0, tzinfo=BERLIN).timestamp()  # a day of 25 hours
    assert sentences.moment_words(sunday - 12.5 * 3600, sunday, BERLIN) == "Today 00:30"
    assert sentences.moment_words(sunday - 13.5 * 3600, sunday, BERLIN) == "Yesterday 23:30"


@pytest.mark.parametrize("at", [1e18, -1e18, float("nan"), float("inf")])
def test_moment_that_no_calendar_has_is_some_day(at):
    assert sentences.moment_words(at, NOW, BERLIN) == "Some day"
    assert sentences.moment_words(at, NOW) == "Some day"


def test_machine_zone_is_used_when_none_is_given():
    assert sentences.moment_words(NOW, NOW).startswith("Today ")
    assert sentences.local(NOW).utcoffset() == datetime.fromtimestamp(NOW).astimezone().utcoffset()
    assert sentences.local(NOW, BERLIN).utcoffset() == timedelta(hours=1)


@pytest.mark.parametrize(
    ("seconds", "short", "spoken"),
    [
        (92.2, "1:32", "1 minute 32 seconds"),
        (60.0, "1:00", "1 minute"),
        (59.6, "1:00", "1 minute"),
        (121.0, "2:01", "2 minutes 1 second"),
        (0.0, "0:00", "0 seconds"),
    ],
)
def test_length_is_written_short_and_spoken_long(seconds, short, spoken):
    assert sentences.length_words(seconds) == short
    assert sentences.length_spoken(seconds) == spoken


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 kB"), (12_300, "12 kB"), (34_400_000, "34 MB"), (1_250_000_000, "1.2 GB"), (2_000_000_000, "2 GB")],
)
def test_size_is_rounded_to_what_people_compare(size, words):
    assert sentences.size_words(size) == words.replace(" ", NO_BREAK)


def test_space_is_told_in_a_sentence():
    assert sentences.space_words(Shelf((), 0, 12, 34_000_000, 500_000_000)) == (
        f"12 pieces and their sound take 34{NO_BREAK}MB of the 500{NO_BREAK}MB they may take."
    )
    assert sentences.space_words(Shelf((), 0, 1, 34_000_000, 500_000_000)).startswith("1 piece and its sound takes 34")


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ("rules", "by the box's rules"),
        ("lstm", "by the box's composer"),
        ("lstm 2026.11.1", "by the box's composer"),
        ("somebody", "by somebody"),
    ],
)
def test_composer_is_named_for_people(origin, words):
    assert composer_words(origin) == words


def test_every_list_says_why_it_is_empty_and_what_to_do():
    said = {sentences.none_words(show) for show in ("", "liked", *COORDINATES)}
    assert len(said) == 2 + len(COORDINATES)
    assert sentences.none_words("fear") == (
        "Nothing for afraid yet",
        "Look afraid and press the button, or choose that mood on Now first.",
    )


def test_plays_are_counted_in_words():
    assert [sentences.plays_words(plays) for plays in range(4)] == [
        *("not played yet", "played once", "played twice", "played 3 times"),
    ]
