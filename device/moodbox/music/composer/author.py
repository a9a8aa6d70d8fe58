"""The author: who writes the pieces. The learned composer when its model can be had, the rules otherwise, and why."""

from __future__ import annotations

import logging
from pathlib import Path

from moodbox.errors import MusicError
from moodbox.events import Problem, Step
from moodbox.music.composer.compose import RULES, Writer, compose
from moodbox.music.composer.lead import write_lead
from moodbox.music.composer.score import Score

log = logging.getLogger(__name__)


class Author:
    """Compose pieces; when the model fails the rules go on, and `problem` says why. Not for more than one thread."""

    def __init__(self, bundle: Path | None = None) -> None:
        """Use the model of a bundle's folder, or the shipped one; it is opened when it is first needed."""
        self._bundle = bundle
        self._write: Writer | None = None
        self._origin = RULES
        self.problem: Problem | None = None

    @property
    def origin(self) -> str:
        """Say who writes now: "rules", or "lstm" with the version of the model."""
        self.open()
        return self._origin

    def open(self) -> None:
        """Open the model, unless that was tried before."""
        if self._write is None:
            try:
                self._write, self._origin = _learned(self._bundle)
            except MusicError as error:
                self._go_on_with_rules(error)

    def compose(self, step: Step, seed: int, seconds: float) -> Score:
        """Write a piece for a step of a programme, near `seconds` long (60 to 180)."""
        self.open()
        try:
            return compose(step, seed, seconds, self._write or write_lead, self._origin)
        except MusicError as error:
            self._go_on_with_rules(error)
            return compose(step, seed, seconds)

    def _go_on_with_rules(self, error: MusicError) -> None:
        log.warning("the learned composer cannot be used: %s", error)
        self._write, self._origin = write_lead, RULES
        cause = f"The learned composer cannot be used ({error}), so pieces are written by simpler rules"
        self.problem = Problem("composer", cause, "Install Moodbox again to bring its model back")


def _learned(bundle: Path | None) -> tuple[Writer, str]:
    """Open the model; raises MusicError. onnxruntime is imported only here, for it takes time and memory."""
    from moodbox.music.composer.neural.network import Network, shipped_bundle  # noqa: PLC0415
    from moodbox.music.composer.neural.writer import NeuralWriter  # noqa: PLC0415

    network = Network.open(bundle or shipped_bundle())
    return NeuralWriter(network), f"lstm {network.card.version}"
