"""The page's view of Spotify: plain values and finished words, for the templates, the stream and the scripts alike."""

from __future__ import annotations

import hashlib
from typing import Any

from moodbox.events import Piece, Playback, Sounding
from moodbox.mood import COORDINATES
from moodbox.music.spotify.values import Feature, Playlist, SpeakerChoice, is_uri
from moodbox.page.spotify import sentences
from moodbox.page.spotify.desk import Job, SpeakerOffer, SpotifyDesk, SpotifyView
from moodbox.page.spotify.memory import Memory

View = dict[str, Any]


def stamps(spotify: SpotifyDesk | None, playback: Playback, memory: Memory) -> View | None:
    """Give each tab a short text that changes when what it shows does; None without Spotify."""
    if spotify is None:
        return None
    now = spotify.view()
    piece = playback.piece
    return {
        "setup": _digest(now, memory.changes),
        "moods": _digest(now.login, now.jobs, now.allowed, now.account, memory.changes, piece and piece.uri),
        "linked": now.login.linked,
        "speaker": now.preferences.speaker.name if now.preferences.speaker else "",
    }


def song(spotify: SpotifyDesk | None, playback: Playback, memory: Memory) -> View | None:
    """Lay out a song of Spotify's; None while the box plays its own music, or nothing."""
    piece = playback.piece
    if spotify is None or piece is None or not piece.uri or playback.sounding is Sounding.SILENT:
        return None
    return {
        "uri": piece.uri,
        "title": piece.title,
        "artists": ", ".join(piece.artists),
        "cover": memory.gallery.path(piece.cover),
        "link": piece.link if piece.link.startswith("https://open.spotify.com/") else "",
        "playlist": playback.source,
        "speaker": playback.output,
        "label": piece.label if piece.label in COORDINATES else "",
        "liked": spotify.liked(piece.uri),
        "may_like": spotify.view().allowed.get(Feature.LIKE, False),
    }


def shown(playlist: Playlist, memory: Memory) -> View:
    """Lay out a playlist."""
    return {
        "uri": playlist.uri,
        "id": playlist.id,
        "name": playlist.name or "A playlist without a name",
        "words": sentences.playlist_words(playlist),
        "cover": memory.gallery.path(playlist.cover),
        "whole": not playlist.owned,
    }


def offered(offer: SpeakerOffer, chosen: SpeakerChoice | None) -> View:
    """Lay out a speaker that may be chosen."""
    choice = offer.choice
    same = (
        chosen is not None and chosen.kind is choice.kind and (chosen.id or chosen.name) == (choice.id or choice.name)
    )
    return {
        "kind": choice.kind,
        "id": choice.id,
        "name": choice.name,
        "words": offer.words,
        "here": offer.here,
        "chosen": same,
    }


def job_of(now: SpotifyView, name: str) -> Job | None:
    """Find the job of a mood, or the weekly one."""
    return next((job for job in now.jobs if job.name == name), None)


def barred(piece: Piece | None) -> list[tuple[str, str]]:
    """List what can be barred of the song that plays, as (URI, name): itself and its artists."""
    if piece is None or not is_uri(piece.uri, "track"):
        return []
    artists = zip(piece.artist_uris, piece.artists, strict=False)
    return [(piece.uri, piece.title), *((uri, name) for uri, name in artists if is_uri(uri, "artist"))]


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
