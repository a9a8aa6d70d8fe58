"""Where the box may write."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from moodbox.events import Problem


def writable(state: Path) -> tuple[Path, Problem | None]:
    """Return a folder that can be written: the wanted one, else a temporary one with the problem to show."""
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=state):
            pass
    except OSError as error:
        spare = Path(tempfile.mkdtemp(prefix=f"moodbox-{time.strftime('%Y%m%d')}-"))
        cause = f"{state} cannot be written ({error.strerror}), so nothing is kept after a restart"
        return spare, Problem("disk", cause, "Make the folder writable or set box.state to another one")
    return state, None
