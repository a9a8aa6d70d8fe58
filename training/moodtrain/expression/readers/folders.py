"""A folder per class, in one heap or below a folder per split."""

from collections.abc import Iterator
from pathlib import Path

from moodtrain.errors import DataError
from moodtrain.expression.faces import LABELS, SPLITS, Faces
from moodtrain.expression.readers import pictures
from moodtrain.expression.readers.pictures import Picture

SPELLINGS = {
    "angry": ("anger",),
    "disgust": ("disgusted",),
    "fear": ("fearful", "afraid", "scared"),
    "happy": ("happiness", "joy"),
    "sad": ("sadness",),
    "surprise": ("surprised",),
    "neutral": (),
}
CLASSES = {name: LABELS.index(label) for label, others in SPELLINGS.items() for name in (label, *others)}
# the split that training is measured on is called PublicTest, as in FER2013
LEARNT, MEASURED, HELD = {"training", "train"}, {"publictest", "validation", "valid", "val"}, {"privatetest"}
TEST = {"test", "testing"}  # the held-back split beside a folder of MEASURED, otherwise the one measured on
IGNORED = {"__MACOSX", "Thumbs.db", "desktop.ini"}


def read(root: Path) -> Faces:
    """Read every picture below folders named after classes; without folders of splits all is Training."""
    found: list[Picture] = []
    empty: list[str] = []
    for usage, folder in _splits(root):
        for label, place in _classes(folder):
            held = [Picture(path, label, usage) for path in _files(place)]
            found += held
            if not held:
                empty.append(place.relative_to(root).as_posix())
    return pictures.gather(root, found, empty)


def _splits(root: Path) -> list[tuple[int, Path]]:
    """Return (split, folder) in the order of SPLITS; the root itself as Training when no folder has a split's name."""
    known = LEARNT | MEASURED | HELD | TEST
    names = {_plain(folder) for folder in inside(root)}
    if not names & known:
        return [(0, root)]
    test = 2 if names & MEASURED else 1
    usages = dict.fromkeys(LEARNT, 0) | dict.fromkeys(MEASURED, 1) | dict.fromkeys(HELD, 2) | dict.fromkeys(TEST, test)
    for folder in inside(root):
        if _plain(folder) not in usages:
            allowed = f"the splits are {', '.join(SPLITS)}, train, validation and test"
            raise DataError(f"{folder} stands beside folders of splits but is none; {allowed}")
    return sorted((usages[_plain(folder)], folder) for folder in inside(root))


def _classes(root: Path) -> Iterator[tuple[int, Path]]:
    """Yield (label, folder); raise DataError for a folder that names no class."""
    for folder in inside(root):
        if folder.name.lower() not in CLASSES:
            allowed = "; ".join(" or ".join((label, *SPELLINGS[label])) for label in LABELS)
            raise DataError(f"{folder} is not named after a class; rename or remove it, allowed are {allowed}")
        yield CLASSES[folder.name.lower()], folder


def inside(root: Path) -> list[Path]:
    """Return the folders in a folder, but for those that systems leave behind."""
    return [path for path in sorted(root.iterdir()) if path.is_dir() and _wanted(path)]


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and _wanted(path)]


def _wanted(path: Path) -> bool:
    return not path.name.startswith(".") and path.name not in IGNORED


def _plain(folder: Path) -> str:
    """Return a name without capitals and joints: `Public_Test` is `publictest`."""
    return folder.name.lower().replace("_", "").replace("-", "").replace(" ", "")
