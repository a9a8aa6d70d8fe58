"""Fixtures with the stand-in for Spotify; a conftest imports them by name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from moodbox.standin.standin import Standin
from tests.conftest import SHARED
from tests.fakes.spotify_spec import Spec

DOCUMENT = SHARED / "reference" / "spotify-openapi.yml"


class FakeClock:
    """A wall clock that is turned by hand."""

    def __init__(self, now: float = 1_795_262_400.0) -> None:  # 2026-11-21 12:00 UTC
        self.now = now

    def __call__(self) -> float:
        return self.now

    def turn(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


def held_to_spec(standin: Standin) -> Spec | None:
    """Check every exchange of a stand-in; None on a user's clone, which has no ../shared."""
    if not DOCUMENT.exists():
        return None
    spec = Spec(DOCUMENT)
    standin.on_exchange(spec.collect)
    return spec


@pytest.fixture
def spotify_clock() -> FakeClock:
    """Return the clock that the stand-in tells time by, standing still until it is turned."""
    return FakeClock()


@pytest.fixture
def spotify(spotify_clock: FakeClock) -> Iterator[Standin]:
    """Start a stand-in; the test fails if any call of the Web API was outside Spotify's specification."""
    with Standin(spotify_clock) as standin:
        spec = held_to_spec(standin)
        yield standin
    wrong = spec.wrong if spec else []
    assert not wrong, f"{len(wrong)} exchanges outside the specification: {wrong[:5]}"


@pytest.fixture
def live_spotify() -> Iterator[Standin]:
    """Start a stand-in on the real clock, else like `spotify`."""
    with Standin() as standin:
        spec = held_to_spec(standin)
        yield standin
    wrong = spec.wrong if spec else []
    assert not wrong, f"{len(wrong)} exchanges outside the specification: {wrong[:5]}"
