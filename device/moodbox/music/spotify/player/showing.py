"""What the page is told of Spotify's music: a record that turns becomes a `Playback`. Pure."""

from __future__ import annotations

from moodbox.events import Piece, Playback, Problem, Sounding
from moodbox.music.spotify.player.spin import Spin
from moodbox.music.spotify.values import Track, is_uri

NAME = "spotify"
FOREIGN = "Chosen in the Spotify app."
MOVED = "Moved to another speaker in the Spotify app."


def piece(track: Track, label: str) -> Piece:
    """Show a track as a piece; its key is its URI."""
    link = ""
    if is_uri(track.uri):
        _, kind, number = track.uri.split(":")
        link = f"https://open.spotify.com/{kind}/{number}"
    artists = tuple(artist.name for artist in track.artists)
    uris = tuple(artist.uri for artist in track.artists)
    return Piece(track.uri, track.title, label, track.seconds, NAME, artists, track.cover, track.uri, link, uris)


def showing(spin: Spin | None, *, output: str, volume: float, problems: tuple[Problem, ...], now: float) -> Playback:
    """Lay out what plays on the speaker `output`."""
    if spin is None:
        return Playback(Sounding.SILENT, NAME, time=now, volume=volume, output=output, problems=problems)
    record, known = spin.record, spin.known
    position = known.position + (max(0.0, now - known.at) if known.playing else 0.0)
    return Playback(
        Sounding.PAUSED if spin.paused else Sounding.PLAYING,
        NAME,
        piece(known.track, spin.label) if known.track else None,
        min(position, known.track.seconds) if known.track and known.track.seconds else position,
        now,
        _step(spin),
        volume,
        MOVED if record.foreign and not known.active else record.why,
        record.sources[spin.at] if record.sources else record.source,
        output,
        audible=True,
        problems=problems,
        about=spin.about,
    )


def _step(spin: Spin) -> int:
    record = spin.record
    if record.places:
        return record.places[spin.at].step
    return len(record.steps) - 1 if record.last else 0
