"""A client on the stand-in for Spotify, that never really sleeps."""

from __future__ import annotations

import threading
import time

import pytest

from tests.fakes.spotify_bench import Bench
from tests.fakes.spotify_fixtures import spotify, spotify_clock

__all__ = ["spotify", "spotify_clock"]  # whose every exchange is held to Spotify's document


@pytest.fixture
def no_sleep(monkeypatch):
    """Fail whoever really sleeps on the test's own thread."""
    really, here = time.sleep, threading.current_thread()

    def sleep(seconds):
        assert threading.current_thread() is not here, f"slept {seconds} s"
        really(seconds)

    monkeypatch.setattr(time, "sleep", sleep)


@pytest.fixture
def bench(spotify, spotify_clock, tmp_path, no_sleep):
    bench = Bench(spotify, spotify_clock, tmp_path, deadline=5.0)
    yield bench
    bench.close()


@pytest.fixture
def hasty(spotify, spotify_clock, tmp_path, no_sleep):
    """A bench whose calls must be over within half a second."""
    bench = Bench(spotify, spotify_clock, tmp_path, deadline=0.5)
    yield bench
    bench.close()
