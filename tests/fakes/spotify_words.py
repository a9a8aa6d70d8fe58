"""Playlists and tracks for tests of the catalogue, each made from a word."""

from moodbox.music.spotify.values import Artist, Playlist, Track


def uri(kind: str, word: str) -> str:
    """Make a valid URI that tells its word."""
    return f"spotify:{kind}:{''.join(filter(str.isalnum, word)):x<22}"


def playlist(word: str, **values: object) -> Playlist:
    return Playlist(uri("playlist", word), word, **{"owned": True, **values})


def track(word: str, artist: str = "somebody", **values: object) -> Track:
    artists = (Artist(uri("artist", artist), artist),)
    return Track(uri("track", word), word, **{"artists": artists, "seconds": 200.0, **values})
