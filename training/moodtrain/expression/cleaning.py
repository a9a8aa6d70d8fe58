"""The cleaning report: what a data set holds and what of it is doubtful, as text, JSON and pictures."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from moodtrain.expression import sheet
from moodtrain.expression.census import Census, Leak
from moodtrain.expression.data import LABELS, SPLITS, Faces
from moodtrain.expression.sheet import Section

WIDE = 44  # characters of words before the first figure
MOST = 4  # rows or files named before "and so many more"


def write(census: Census, faces: Faces, folder: Path) -> list[Path]:
    """Write report.txt, report.json and contact-sheet.png; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    text, data, picture = (folder / name for name in ("report.txt", "report.json", "contact-sheet.png"))
    text.write_text(told(census) + "\n", encoding="utf-8")
    data.write_text(json.dumps(asdict(census), indent=1) + "\n", encoding="utf-8")
    sheet.draw(f"{len(faces):,} faces, {census.digest[:14]}", sections(census), faces).save(picture)
    return [text, data, picture]


def told(census: Census) -> str:
    """Return the whole report as text."""
    parts = (_faces(census), _files(census), _pictures(census), _votes(census), _copies(census), _leaks(census))
    return "\n\n".join("\n".join(lines) for lines in map(list, parts) if lines)


def sections(census: Census) -> list[Section]:
    """Return what the contact sheet shows: headings and, below each, groups of rows that belong together."""
    copies = census.copies
    found: list[tuple[str, str, Sequence[Sequence[int]]]] = [
        ("Constant", "pictures of one even grey", [[row] for row in census.constant]),
        ("Almost constant", "pictures whose greys hardly differ", [[row] for row in census.faint]),
        ("No face", "pictures most FER+ voters call no face (NF)", [[row] for row in census.no_face.get("most", [])]),
        ("Equal", "groups of rows that are equal pixel for pixel", copies.groups),
        ("Nearly equal", "pairs that differ by scaling or compression", copies.near),
        ("Mirrored", "pairs of which one is the mirror image of the other", copies.mirrored),
        ("Conflicting labels", "groups of equal pictures with different labels", copies.conflicts),
        ("Conflicting labels, nearly equal", "nearly equal pairs with different labels", copies.near_conflicts),
    ]
    for leak in filter(_forward, census.leaks):
        says = f"{leak.split} rows beside the {leak.of} row they copy"
        found += [
            ("Leaks, equal", says, leak.equal),
            ("Leaks, nearly equal", says, leak.near),
            ("Leaks, mirrored", says, leak.mirrored),
        ]
    return [Section(heading, says, groups) for heading, says, groups in found if groups]


def _faces(census: Census) -> Iterator[str]:
    counts = {name: [*classes.values(), sum(classes.values())] for name, classes in census.rows.items()}
    yield f"{sum(row[-1] for row in counts.values()):,} faces, {census.digest}"
    yield _line("", *LABELS, "all")
    yield from (_line(name, *row) for name, row in counts.items())


def _files(census: Census) -> Iterator[str]:
    if census.files is None:
        return
    files = census.files
    yield "Files"
    broken = [f"{name} ({reason})" for name, reason in files.unreadable]
    yield _line("  that cannot be read, left out", len(broken), note=_some(broken))
    sizes = [f"{count} of {size}" for size, count in files.resized.items()]
    yield _line("  of another size, resized to 48 x 48", sum(files.resized.values()), note=_some(sizes))
    yield _line("  class folders without a picture", len(files.empty), note=_some(files.empty))


def _pictures(census: Census) -> Iterator[str]:
    yield "Pictures that show nothing"
    yield _line("  constant: one even grey", len(census.constant), note=_rows(census, census.constant))
    yield _line("  almost constant", len(census.faint), note=_rows(census, census.faint))


def _votes(census: Census) -> Iterator[str]:
    ballots = census.ballots.values()
    if not ballots:
        return
    yield _line("FER+ votes, those of one voter alone dropped", *census.ballots)
    yield _line("  a class has more than half", *(sum(ballot.won.values()) for ballot in ballots))
    for label in LABELS:
        yield _line(f"    {label}", *(ballot.won[label] for ballot in ballots))
    yield _line("  left out", *(sum(ballot.left_out.values()) for ballot in ballots))
    for reason in next(iter(ballots)).left_out:
        yield _line(f"    {reason}", *(ballot.left_out[reason] for ballot in ballots))
    yield _line("  the same class as the label", *(_percent(ballot.agree_all) for ballot in ballots))
    for label in LABELS:
        yield _line(f"    labelled {label}", *(_percent(ballot.agree[label]) for ballot in ballots))
    yield "FER+ voters see no face (NF)"
    for who, rows in census.no_face.items():
        yield _line(f"  {who}", len(rows), note=_rows(census, rows))


def _copies(census: Census) -> Iterator[str]:
    copies = census.copies
    yield "Copies"
    for name, count in copies.surplus.items():
        yield _line(f"  {name} rows that repeat another of them", count)
    yield _line("  groups of equal pictures", len(copies.groups), note=f"{sum(map(len, copies.groups))} rows")
    yield _line("    with different labels", len(copies.conflicts), note=_groups(census, copies.conflicts))
    yield _line("  pairs of nearly equal pictures", len(copies.near), note=_groups(census, copies.near, "~"))
    yield _line(
        "    with different labels", len(copies.near_conflicts), note=_groups(census, copies.near_conflicts, "~")
    )
    yield _line("  pairs of mirrored pictures", len(copies.mirrored), note=_groups(census, copies.mirrored, "~"))


def _leaks(census: Census) -> Iterator[str]:
    if not census.leaks:
        return
    yield _line("Leaks between splits", "equal", "near", "mirrored")
    for leak in census.leaks:
        words = f"  {leak.split} rows with a {leak.of} picture"
        yield _line(words, len(leak.equal), len(leak.near), len(leak.mirrored))
    dropped = sum(len(leak.equal) + len(leak.near) for leak in census.leaks if (leak.split, leak.of) == SPLITS[:2])
    yield f"  train leaves out {dropped} Training rows: those equal or near to PublicTest, not the mirrored ones"


def _forward(leak: Leak) -> bool:
    return SPLITS.index(leak.split) < SPLITS.index(leak.of)


def _line(words: str, *values: object, note: str = "") -> str:
    figures = "".join(f"{value:>11}" for value in values)
    return f"{words:{WIDE}}{figures}{'  ' + note if note else ''}".rstrip()


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _rows(census: Census, rows: Sequence[int]) -> str:
    return _some([_name(census, row) for row in rows])


def _groups(census: Census, groups: Sequence[Sequence[int]], sign: str = "=") -> str:
    return _some([f" {sign} ".join(_name(census, row) for row in group) for group in groups])


def _name(census: Census, row: int) -> str:
    """Name a row as its owner can find it: its file, or its position in the source."""
    return str(row) if census.files is None else census.files.names[row]


def _some(words: Sequence[str]) -> str:
    more = f" and {len(words) - MOST} more" if len(words) > MOST else ""
    return ", ".join(words[:MOST]) + more
