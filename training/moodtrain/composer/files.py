"""The MIDI files of folders and zips, each with the split it belongs to.

An index (CSV with columns id and split) keeps song cycles together; files without one are split by their name.
"""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from moodtrain.errors import DataError

SPLITS = ("train", "val", "test")
_INSTEAD = "give a folder or zip that holds .mid files with --data"


@dataclass(frozen=True)
class File:
    """One MIDI file."""

    name: str  # unlike any other's
    split: str
    data: bytes
    source: str  # the folder or zip it lay in


def read(sources: Iterable[Path]) -> list[File]:
    """Read every MIDI file of some folders or zips, by their names; raises DataError where there is none."""
    found = [file for source in sources for file in _files(source)]
    if not found:
        raise DataError(f"no MIDI files there; {_INSTEAD}")
    twice = {name for name, count in Counter(file.name for file in found).items() if count > 1}
    return [File(f"{f.source}/{f.name}", f.split, f.data, f.source) if f.name in twice else f for f in found]


def _files(source: Path) -> Iterator[File]:
    """Yield the MIDI files of a folder or zip in the order of their names."""
    if not source.exists():
        raise DataError(f"{source} does not exist; {_INSTEAD}")
    splits = _index(source)
    for name, data in sorted(_named(_zipped(source) if source.is_file() else _lying(source)).items()):
        split = splits.get(PurePosixPath(name).name) or _split(name, known=bool(splits))
        yield File(name, split, data, source.stem)


def _named(found: dict[PurePosixPath, bytes]) -> dict[str, bytes]:
    """Name files by themselves, and where two are named alike by their folders as well."""
    counts = Counter(path.stem for path in found)
    return {path.stem if counts[path.stem] == 1 else str(path.with_suffix("")): data for path, data in found.items()}


def _zipped(source: Path) -> dict[PurePosixPath, bytes]:
    try:
        with zipfile.ZipFile(source) as archive:
            return {PurePosixPath(name): archive.read(name) for name in archive.namelist() if _is_midi(name)}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{source} cannot be read as a zip ({error}); {_INSTEAD}") from error


def _lying(source: Path) -> dict[PurePosixPath, bytes]:
    paths = (path for path in source.rglob("*") if _is_midi(path.name) and path.is_file())
    return {PurePosixPath(path.relative_to(source).as_posix()): path.read_bytes() for path in paths}


def _is_midi(name: str) -> bool:
    return name.lower().endswith((".mid", ".midi")) and not PurePosixPath(name).name.startswith(".")


def _index(source: Path) -> dict[str, str]:
    """Read the splits of the index beside a source: x_midi.zip has x_index.csv, a folder has index.csv in it."""
    beside = source.with_name(source.stem.removesuffix("_midi") + "_index.csv")
    path = beside if source.is_file() else source / "index.csv"
    if not path.exists():
        return {}
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read as CSV ({error}); mend it or take it away") from error
    return {row["id"]: row["split"] for row in rows if row.get("id") and row.get("split") in SPLITS}


def _split(name: str, *, known: bool) -> str:
    """Choose by the name, a tenth each to val and test; beside an index what it does not name is not used for tests."""
    if known:
        return "train"
    share = int(sha256(name.encode()).hexdigest()[:8], 16) / 16**8
    return "val" if share < 0.1 else "test" if share < 0.2 else "train"
