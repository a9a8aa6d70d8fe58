"""The contact sheet: example faces under headings, large enough to judge, each with its row and label."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from moodtrain.expression.data import LABELS, SPLITS, Faces

FACE = 96  # px, twice the size of the pictures
GAP, MARGIN = 14, 40  # px between groups and around everything
CAPTION, HEADING = 34, 62  # px below a face and above the first line of a section
COLUMNS, LINES = 12, 2  # faces beside one another and lines of a section
TOGETHER = 4  # faces of one group that are drawn
PAPER, INK, SOFT, RULE, ALARM = "#fbfaf7", "#22252b", "#7b7f88", "#d9d6cd", "#b3261e"


@dataclass(frozen=True)
class Section:
    """A heading and groups of rows that belong together."""

    heading: str
    says: str
    groups: Sequence[Sequence[int]]


def draw(title: str, sections: Sequence[Section], faces: Faces) -> Image.Image:
    """Return the sheet; of many groups it shows some from the first to the last."""
    laid = [(section, _lines(section)) for section in sections]
    width = 2 * MARGIN + COLUMNS * FACE + (COLUMNS - 1) * GAP
    height = 2 * MARGIN + 60 + sum(HEADING + len(lines) * (FACE + CAPTION + GAP) for _, lines in laid)
    image = Image.new("RGB", (width, height), PAPER)
    pen = ImageDraw.Draw(image)
    pen.text((MARGIN, MARGIN), "Cleaning report", INK, _font(30))
    pen.text((width - MARGIN, MARGIN + 28), title, SOFT, _font(16), anchor="rs")
    top = MARGIN + 60
    if not laid:
        pen.text((MARGIN, top - 10), "Nothing doubtful was found.", SOFT, _font(16))
    for section, lines in laid:
        _head(pen, section, lines, top, width)
        top += HEADING
        for line in lines:
            _place(image, pen, line, faces, top)
            top += FACE + CAPTION + GAP
    return image


def _head(pen: ImageDraw.ImageDraw, section: Section, lines: list[list[Sequence[int]]], top: int, width: int) -> None:
    shown, every = sum(map(len, lines)), len(section.groups)
    count = f"{every:,}" if shown == every else f"{shown} of {every:,} shown"
    pen.line((MARGIN, top + 8, width - MARGIN, top + 8), RULE, 1)
    pen.text((MARGIN, top + 40), section.heading, INK, _font(20), anchor="ls")
    after = MARGIN + pen.textlength(section.heading, _font(20)) + 12
    pen.text((after, top + 40), section.says, SOFT, _font(14), anchor="ls")
    pen.text((width - MARGIN, top + 40), count, SOFT, _font(14), anchor="rs")


def _lines(section: Section) -> list[list[Sequence[int]]]:
    """Return as many groups as fit into LINES, from the first to the last of the section."""
    groups = [group[:TOGETHER] for group in section.groups]
    for count in range(min(LINES * COLUMNS, len(groups)), 1, -1):
        chosen = np.linspace(0, len(groups) - 1, count).astype(int)
        lines = _flow([groups[number] for number in chosen])
        if len(lines) <= LINES:
            return lines
    return _flow(groups[:1])


def _flow(groups: Sequence[Sequence[int]]) -> list[list[Sequence[int]]]:
    lines: list[list[Sequence[int]]] = [[]]
    for group in groups:
        if sum(map(len, lines[-1])) + len(group) > COLUMNS:
            lines.append([])
        lines[-1].append(group)
    return lines


def _place(image: Image.Image, pen: ImageDraw.ImageDraw, line: list[Sequence[int]], faces: Faces, top: int) -> None:
    """Draw one line; the faces of a group touch."""
    left = MARGIN
    for group in line:
        differ = len({int(faces.labels[row]) for row in group}) > 1
        for row in group:
            face = Image.fromarray(faces.images[row]).resize((FACE, FACE), Image.Resampling.BICUBIC)
            image.paste(face, (left, top))
            label = LABELS[faces.labels[row]]
            pen.text((left, top + FACE + 4), f"{row} {label}", ALARM if differ else INK, _font(12))
            pen.text((left, top + FACE + 18), SPLITS[faces.usage[row]], SOFT, _font(11))
            left += FACE
        left += GAP


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
