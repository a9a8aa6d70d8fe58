"""The Web API as a new app in development mode meets it (spotify.md 1.2 to 1.5)."""

from __future__ import annotations

from moodbox.standin.webapi import gone, library, player, playlists, profile, search
from moodbox.standin.webapi.base import api

__all__ = ["api", "gone", "library", "player", "playlists", "profile", "search"]
