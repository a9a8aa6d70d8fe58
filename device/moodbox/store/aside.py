"""Broken databases: moved aside instead of deleted, a few are kept for whoever may want to save something."""

from __future__ import annotations

import time
from pathlib import Path

_KEPT = 3  # older ones make way: a dying card must not fill itself with them
_COMPANIONS = ("-wal", "-shm")  # what SQLite keeps beside a file; a lost log may hold the latest commits


def move_aside(path: Path, now: float) -> Path:
    """Rename a database with its companions to `<name>.broken-<date>` and return that; raises OSError."""
    name = f"{path.name}.broken-{time.strftime('%Y%m%d-%H%M%S', time.localtime(now))}"
    target, number = path.with_name(name), 1
    while target.exists():  # a clock without a battery may tell the same time twice
        number += 1
        target = path.with_name(f"{name}-{number}")
    # Companions first: a log left beside a new database would be taken for its own.
    for companion in _COMPANIONS:
        beside = path.with_name(path.name + companion)
        if beside.exists():
            beside.replace(target.with_name(target.name + companion))
    path.replace(target)
    for old in _kept(path)[:-_KEPT]:
        _delete(old)
    return target


def delete_aside(path: Path) -> None:
    """Delete every database that was moved aside; raises OSError."""
    for old in _kept(path):
        _delete(old)


def _kept(path: Path) -> list[Path]:
    """Return what was moved aside, the oldest first."""
    prefix = f"{path.name}.broken-"
    found = [file for file in path.parent.iterdir() if file.name.startswith(prefix)]
    return sorted((file for file in found if not file.name.endswith(_COMPANIONS)), key=lambda file: file.name)


def _delete(path: Path) -> None:
    for file in (path, *(path.with_name(path.name + companion) for companion in _COMPANIONS)):
        file.unlink(missing_ok=True)
