"""Holding the lock of the playlists, with a sentence for the owner when somebody else holds it too long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from moodbox.errors import StorageError
from moodbox.lock import FileLock
from moodbox.music.spotify.failure import SpotifyError, Verdict


@contextmanager
def held(lock: FileLock) -> Iterator[None]:
    """Hold a lock; raises SpotifyError when it cannot be had in time, StorageError when its file cannot be opened."""
    with ExitStack() as stack:
        try:
            stack.enter_context(lock)
        except StorageError as error:
            if not is_taken(error):
                raise
            raise SpotifyError(
                "The box is still busy with its Spotify playlists",
                "Nothing need be done: it goes on in a minute",
                Verdict.LATER,
                key="spotify-busy",
            ) from error
        yield


def is_taken(error: StorageError) -> bool:
    """Tell a lock that somebody else holds from a file that cannot be opened."""
    return isinstance(error.__cause__, BlockingIOError)
