"""Signing in to Spotify: the token and its file, the attempt, and the doors its answer may come through."""

from moodbox.music.spotify.link.login import Login

__all__ = ["Login"]
