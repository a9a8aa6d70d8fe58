"""RAF-DB, the aligned pictures of its basic part (Li et al., CVPR 2017): a list file and one folder of pictures."""

from pathlib import Path

from moodtrain.errors import DataError
from moodtrain.expression.faces import LABELS, Faces
from moodtrain.expression.readers import pictures
from moodtrain.expression.readers.pictures import Picture

LIST = Path("EmoLabel") / "list_patition_label.txt"  # spelt so by its authors
ALIGNED = Path("Image") / "aligned"
NUMBERED = {"1": "surprise", "2": "fear", "3": "disgust", "4": "happy", "5": "sad", "6": "angry", "7": "neutral"}
USAGES = {"train": 0, "test": 1}  # the test split is the one measured on: PublicTest
WHERE = "give the folder that holds EmoLabel and Image/aligned with --data"


def read(root: Path) -> Faces:
    """Read the pictures of the list, in its order; train becomes Training, test PublicTest."""
    if not (root / LIST).is_file():
        raise DataError(f"{root / LIST} is not there; {WHERE}")
    try:
        lines = (root / LIST).read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise DataError(f"{root / LIST} is not a text file; fetch RAF-DB again") from None
    listed = [_picture(text, root, number) for number, text in enumerate(lines, start=1) if text.strip()]
    if not listed:
        raise DataError(f"{root / LIST} names no picture; fetch RAF-DB again")
    _distinct(listed, root)
    missing = [picture.path for picture in listed if not picture.path.is_file()]
    if missing:
        first = missing[0].relative_to(root).as_posix()
        raise DataError(
            f"{root / LIST} names {len(missing)} of {len(listed)} pictures that are not there, the first is {first}; "
            f"unpack aligned.zip, {WHERE}"
        )
    return pictures.gather(root, listed)


def _picture(text: str, root: Path, line: int) -> Picture:
    """Return what a line such as `train_00001.jpg 5` says."""
    name, *numbers = text.split()
    stem, usage = Path(name).stem, USAGES.get(name.split("_")[0])
    if usage is None or len(numbers) != 1 or numbers[0] not in NUMBERED:
        raise DataError(f"{root / LIST}, line {line}: {text!r} is not like 'train_00001.jpg 5', numbers go from 1 to 7")
    return Picture(root / ALIGNED / f"{stem}_aligned.jpg", LABELS.index(NUMBERED[numbers[0]]), usage)


def _distinct(listed: list[Picture], root: Path) -> None:
    seen = set()
    for picture in listed:
        if picture.path in seen:
            raise DataError(f"{root / LIST} names {picture.path.name} twice; fetch RAF-DB again")
        seen.add(picture.path)
