"""Read a csv file with a header, and say in one sentence what it lacks."""

import csv
from collections.abc import Iterator
from pathlib import Path

from moodtrain.errors import DataError

Row = dict[str, str | None]


def rows(path: Path, wanted: tuple[str, ...]) -> Iterator[tuple[int, Row]]:
    """Yield line number and row; raise DataError when a column of `wanted` is missing or the file is no text."""
    # some copies name their columns " Usage" and " pixels"; spreadsheets put a mark before the first one
    with path.open(newline="", encoding="utf-8-sig") as file:
        table = csv.DictReader(file, skipinitialspace=True)
        try:
            _need(table.fieldnames, wanted, path)
            for row in table:
                yield table.line_num, row
        except (UnicodeDecodeError, csv.Error) as error:
            raise DataError(f"{path}, after line {table.line_num}: this is not a csv file ({error})") from None


def _need(found: object, wanted: tuple[str, ...], path: Path) -> None:
    names = list(found) if isinstance(found, (list, tuple)) else []
    missing = [name for name in wanted if name not in names]
    if missing:
        raise DataError(f"{path} lacks the column {', '.join(missing)}; it has {', '.join(names) or 'none'}")
