"""Finding a soundfont: the one of the settings, else the best of Debian's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from moodbox.errors import MusicError

FOLDERS = (Path("/usr/share/sounds/sf2"), Path("/usr/share/sounds/sf3"), Path("/usr/share/soundfonts"))
FIRST = "TimGM6mb.sf2"  # 6 MB on disk, 31 MB in memory, loads in 0.07 s: right for a Pi with 1 GB


def find_soundfont(chosen: str = "", folders: Sequence[Path] = FOLDERS) -> Path:
    """Return the chosen soundfont, or the first of the folders; raises MusicError naming what to do."""
    if chosen:
        path = Path(chosen).expanduser()
        if not path.is_file():
            raise MusicError(f"The soundfont {path} is not there: correct music.soundfont in the settings")
        return path
    found = sorted(path for folder in folders if folder.is_dir() for path in folder.iterdir() if _is_font(path))
    if not found:
        raise MusicError("No soundfont is installed: run sudo apt install timgm6mb-soundfont")
    return min(found, key=lambda path: (path.name != FIRST, path.stat().st_size))


def _is_font(path: Path) -> bool:
    return path.suffix.lower() in {".sf2", ".sf3"} and path.is_file()
