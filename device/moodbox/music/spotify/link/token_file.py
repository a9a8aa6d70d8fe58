"""The token's file: whole or not there, private from creation, and never in a log."""

from __future__ import annotations

import contextlib
import json
import logging
import math
import os
import tempfile
import threading
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from moodbox import atomic
from moodbox.errors import StorageError
from moodbox.music.spotify.link.accounts import Grant

log = logging.getLogger(__name__)

NAME = "token.json"
BROKEN = "token.broken.json"  # a file that was not ours, or no longer whole; the newest one only
_VERSION = 1
_LARGEST = 65_536  # bytes


@dataclass(frozen=True, slots=True)
class Token:
    """A sign-in. Times are of the wall clock as it was then, which may have been wrong."""

    client_id: str
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    got_at: float  # when the access token came
    expires_at: float  # when it ends
    authorized_at: float  # when the owner agreed
    scopes: tuple[str, ...]
    renewing: bool = False  # a refresh was sent whose answer has not come: the refresh token may be over

    @classmethod
    def granted(cls, grant: Grant, client_id: str, now: float, scopes: tuple[str, ...] = ()) -> Self:
        """Make the token of a sign-in of now; `scopes` are those asked for, should the answer not say."""
        return cls(
            client_id=client_id,
            access=grant.access,
            refresh=grant.refresh,
            got_at=now,
            expires_at=now + grant.seconds,
            authorized_at=now,
            scopes=grant.scopes if grant.scopes is not None else scopes,
        )

    def renewed(self, grant: Grant, now: float) -> Self:
        """Make the token after a refresh: the consent stays, and so does what the answer does not replace."""
        return replace(
            self,
            access=grant.access,
            refresh=grant.refresh or self.refresh,
            got_at=now,
            expires_at=now + grant.seconds,
            scopes=grant.scopes if grant.scopes is not None else self.scopes,
            renewing=False,
        )


@dataclass(frozen=True, slots=True)
class Lapsed:
    """What stays of a sign-in that is over: enough to say so and why, nothing secret."""

    authorized_at: float
    scopes: tuple[str, ...]
    why: str  # "over", "lost" or "refused"


Record = Token | Lapsed | None


class TokenFile:
    """Read and write `folder`/token.json. Writers hold `token.lock`; readers need nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / NAME
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._record: Record = None

    def read(self) -> Record:
        """Return what the file holds now; another process may have written it. Raises StorageError."""
        with self._lock:
            try:
                self._read()
            except OSError as error:
                raise StorageError(
                    f"{self._path} cannot be read ({error.strerror}): check its owner and permissions"
                ) from error
            return self._record

    def write(self, record: Token | Lapsed) -> None:
        """Replace the file in one step. Raises StorageError."""
        document = {"version": _VERSION, "kind": type(record).__name__.lower(), **asdict(record)}
        with self._lock:
            self.make_folder()
            self._sweep()
            atomic.write_bytes(self._path, json.dumps(document, indent=1).encode(), private=True)
            self._seen, self._record = _stamp(self._path), record

    def delete(self, *others: str) -> None:
        """Delete the token, what an interrupted write or a broken file left, and `others`. Raises StorageError."""
        with self._lock:
            try:
                for name in (NAME, BROKEN, *others):
                    (self.folder / name).unlink(missing_ok=True)
            except OSError as error:
                raise StorageError(
                    f"{self._path} cannot be deleted ({error.strerror}): delete it by hand to sign out"
                ) from error
            self._sweep()
            self._seen, self._record = None, None

    def make_folder(self) -> None:
        """Make the folder, which is for the box alone. Raises StorageError."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                f"{self.folder} cannot be made ({error.strerror}): free some space or choose another folder"
            ) from error

    def check_folder(self) -> None:
        """Make sure that a token can be kept, before one is asked for. Raises StorageError."""
        self.make_folder()
        try:
            with tempfile.TemporaryFile(dir=self.folder) as file:
                file.write(bytes(4096))
        except OSError as error:
            raise StorageError(
                f"{self.folder} cannot be written ({error.strerror}): free some space or choose another folder"
            ) from error

    def _read(self) -> None:
        try:
            stamp = _stamp(self._path)
        except FileNotFoundError:
            self._seen, self._record = None, None
            return
        if stamp == self._seen:
            return
        with self._path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:  # restored from a copy, perhaps
                with contextlib.suppress(OSError):
                    os.fchmod(file.fileno(), 0o600)
            content = file.read(_LARGEST + 1)
        try:
            self._record = _record(content)
        except (ValueError, TypeError, KeyError, RecursionError):
            log.warning("%s is broken or not a sign-in of this box; it is put aside as %s", self._path, BROKEN)
            if _stamp(self._path) == stamp:  # not a new sign-in by now
                self._path.replace(self.folder / BROKEN)
            self._seen, self._record = None, None
        else:
            self._seen = stamp

    def _sweep(self) -> None:
        """Remove what writes left that were killed: they hold tokens."""
        with contextlib.suppress(OSError):
            for left in self.folder.glob(f".{NAME}.*"):
                left.unlink(missing_ok=True)


def _stamp(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def _record(content: bytes) -> Token | Lapsed:
    """Read a file's content; raises ValueError, TypeError or KeyError when it is not whole or not ours."""
    if len(content) > _LARGEST:
        raise ValueError("too long")
    document = json.loads(content)
    if document["version"] != _VERSION:
        raise ValueError("another version")
    scopes = tuple(_text(scope) for scope in document["scopes"])
    authorized_at = _time(document["authorized_at"])
    if document["kind"] == "lapsed":
        return Lapsed(authorized_at, scopes, _text(document["why"]))
    if document["kind"] != "token":
        raise ValueError("another kind")
    return Token(
        client_id=_text(document["client_id"]),
        access=_text(document["access"]),
        refresh=_text(document["refresh"]),
        got_at=_time(document["got_at"]),
        expires_at=_time(document["expires_at"]),
        authorized_at=authorized_at,
        scopes=scopes,
        renewing=document["renewing"] is True,
    )


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("not a word")
    return value


def _time(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError("not a time")
    return float(value)
