"""The scribe: reads and writes a lead sheet token by token, and can hear what it would write without being asked.

The condition is stressed as in classifier-free guidance (Ho & Salimans 2022, arXiv:2207.12598): the network runs
twice, with the mood's condition and with none, and the difference between both is made larger.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moodbox.music.composer.neural.network import Network, State
from moodbox.music.composer.neural.sampler import Logits, nucleus

STRESS = 1.3  # 1 is the condition as it was learnt; more makes plain music that never leaves the tonic


@dataclass(frozen=True, slots=True)
class Place:
    """Where the writing stands: what the network remembers, asked and unasked, and what it would write next [V]."""

    asked: State
    unasked: State
    logits: Logits


class Scribe:
    """Write with one network under one condition; every choice comes from the given random numbers."""

    def __init__(self, network: Network, start: int, rng: random.Random) -> None:
        """Begin a piece; `start` is the token that begins all."""
        self._network, self._rng = network, rng
        self._none = np.zeros(len(network.card.scales), np.float32)
        self._condition = self._none
        state = network.start()
        self.place = Place(state, state, np.zeros(len(network.card.vocabulary)))
        self._begin = start

    def steer(self, condition: npt.NDArray[np.float32]) -> None:
        """Write under another condition (4 standardised numbers) from here on."""
        self._condition = condition

    def begin(self) -> None:
        """Read the token that begins a piece."""
        self.read(self._begin)

    def read(self, token: int) -> None:
        """Take a token as written."""
        asked, after = self._network.step(token, self._condition, self.place.asked)
        unasked, other = self._network.step(token, self._none, self.place.unasked)
        self.place = Place(after, other, unasked + STRESS * (asked - unasked).astype(np.float64))

    def write(self, bias: Logits, temperature: float) -> int:
        """Draw a token under a bias (V numbers, -inf for what may not come), take it as written and return it."""
        token = nucleus(self.place.logits / temperature + bias, self._rng)
        self.read(token)
        return token
