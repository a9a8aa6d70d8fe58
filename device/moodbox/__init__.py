"""Moodbox: a mood jukebox for a shelf."""

__version__ = "0.1.0"
