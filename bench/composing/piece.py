"""A piece under judgement: what was ordered, what was written, and everything measured on its notes and sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.composing.asked import step_of
from bench.composing.features import features
from bench.composing.key import Key, heard_key
from bench.composing.statistics import statistics
from bench.composing.transcript import Transcript, of_score
from moodbox.events import Step
from moodbox.mood import COORDINATES
from moodbox.music.composer.author import Author
from moodbox.music.composer.score import Score

LABELS = tuple(COORDINATES)
SEED_FORMULA = f"seed = 7,000,000 + 1,000 * (place of the mood in {', '.join(LABELS)}, from 0) + number of the piece"


@dataclass(frozen=True, slots=True)
class Order:
    """One piece to be written: number `number` of a mood."""

    label: str
    number: int
    seconds: float

    @property
    def seed(self) -> int:
        """Return the fixed seed, see `SEED_FORMULA`."""
        return 7_000_000 + 1_000 * LABELS.index(self.label) + self.number

    @property
    def step(self) -> Step:
        """Return what a match of that mood plays."""
        return step_of(self.label)

    @property
    def name(self) -> str:
        """Name the piece's files."""
        return f"{self.label}-{self.number:02d}"


@dataclass(frozen=True)
class Piece:
    """A written piece; everything is of its notes."""

    order: Order
    score: Score
    transcript: Transcript
    features: dict[str, float]
    statistics: dict[str, float]
    key: Key


def orders(labels: Sequence[str], pieces: int, seconds: float) -> list[Order]:
    """List so many pieces of every mood."""
    return [Order(label, number, seconds) for label in labels for number in range(pieces)]


def write(order: Order, author: Author) -> Piece:
    """Compose an order and measure its notes."""
    score = author.compose(order.step, order.seed, order.seconds)
    transcript = of_score(score)
    key = heard_key(transcript.notes)
    return Piece(order, score, transcript, features(transcript), statistics(transcript), key)
