"""FER+ votes, fer2013new.csv of microsoft/FERPlus: ten people looked at every row of fer2013.csv (arXiv:1608.01041)."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moodtrain.errors import DataError
from moodtrain.expression.faces import VOTES
from moodtrain.expression.readers import table


def read(path: Path, expect: int) -> NDArray[np.uint8]:
    """Return expect x 10 votes; row n speaks of row n of fer2013.csv, because the image names skip and repeat."""
    if not path.is_file():
        raise DataError(f"{path} is not there; give the path of FER+ fer2013new.csv with --votes")
    votes = [_votes(row, path, line) for line, row in table.rows(path, VOTES)]
    if len(votes) != expect:
        raise DataError(
            f"{path} has {len(votes)} rows but there are {expect} faces; votes are joined by position, give whole files"
        )
    return np.array(votes, np.uint8)


def _votes(row: table.Row, path: Path, line: int) -> list[int]:
    try:
        return list(bytes(int(row[name] or "") for name in VOTES))  # bytes refuse what is below 0 or above 255
    except ValueError:
        raise DataError(f"{path}, line {line}: a vote is not a whole number from 0 up; download it again") from None
