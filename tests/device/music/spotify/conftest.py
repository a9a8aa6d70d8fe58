"""The stand-in for every test of the Spotify room."""

from tests.fakes.spotify_fixtures import live_spotify, spotify, spotify_clock

__all__ = ["live_spotify", "spotify", "spotify_clock"]
