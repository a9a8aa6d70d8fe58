"""What the page says about kept pieces in words."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from moodbox.mood import COORDINATES
from moodbox.page.pieces.desk import Shelf
from moodbox.page.sentences import adjective

FORMS = {  # what each file is good for
    "mid": ("MIDI", "The notes"),
    "wav": ("WAV", "Plays everywhere"),
    "flac": ("FLAC", "Lossless, smaller"),
    "ogg": ("OGG", "Small, for a phone"),
}
NONE = {  # of a list that is empty though others are not: what it is, and what to do
    "liked": ("None is liked yet", "The heart beside a piece puts it here. Liked pieces are the last to make way."),
    "": ("Nothing here", "There is no such piece any more."),
}
KILO, MEGA, GIGA = 1e3, 1e6, 1e9


def moment_words(at: float, now: float, zone: tzinfo | None = None) -> str:
    """Say when, as people do: "Today 14:05", "Yesterday 21:40", "12 November, 08:15"; `zone` None is this machine's."""
    then, today = local(at, zone), local(now, zone)
    if then is None or today is None:
        return "Some day"
    clock = f"{then:%H:%M}"
    if then.date() == today.date():
        return f"Today {clock}"
    if then.date() == today.date() - timedelta(days=1):
        return f"Yesterday {clock}"
    day = f"{then.day} {then:%B}"
    return f"{day}, {clock}" if then.year == today.year else f"{day} {then.year}"


def local(at: float, zone: tzinfo | None = None) -> datetime | None:
    """Return a moment with its offset; None for a time that no calendar has."""
    try:
        return datetime.fromtimestamp(at, zone) if zone else datetime.fromtimestamp(at).astimezone()
    except (OverflowError, ValueError, OSError):
        return None


def length_words(seconds: float) -> str:
    """Write a length: "1:32"."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def length_spoken(seconds: float) -> str:
    """Say a length: "1 minute 32 seconds"."""
    whole = max(0, round(seconds))
    parts = [(whole // 60, "minute"), (whole % 60, "second")]
    return " ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count) or "0 seconds"


def size_words(size: float) -> str:
    """Write a size on disk as people compare it, on one line: "34 MB"."""
    if size >= GIGA:
        number, unit = f"{size / GIGA:.1f}".removesuffix(".0"), "GB"
    elif size >= MEGA:
        number, unit = f"{size / MEGA:.0f}", "MB"
    else:
        number, unit = f"{size / KILO:.0f}", "kB"
    return f"{number}\N{NO-BREAK SPACE}{unit}"


def space_words(shelf: Shelf) -> str:
    """Say how much is kept, and how much of the room for it is taken."""
    kept = f"{count_words(shelf.total)} and {'its' if shelf.total == 1 else 'their'} sound take"
    verb = f"{kept}s" if shelf.total == 1 else kept
    return f"{verb} {size_words(shelf.size)} of the {size_words(shelf.limit)} they may take."


def count_words(count: int) -> str:
    """Count pieces."""
    return "1 piece" if count == 1 else f"{count} pieces"


def none_words(show: str) -> tuple[str, str]:
    """Say that a list is empty, and what would fill it."""
    if show in COORDINATES:
        word = adjective(show)
        return f"Nothing for {word} yet", f"Look {word} and press the button, or choose that mood on Now first."
    return NONE.get(show, NONE[""])


def plays_words(plays: int) -> str:
    """Say how often a piece was played."""
    times = {0: "not played yet", 1: "played once", 2: "played twice"}
    return times.get(plays, f"played {plays} times")
