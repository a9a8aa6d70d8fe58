"""The network that writes lead sheets: one token and a mood's condition in, the logits of the next token out.

It is opened once and kept: opening takes about 0.1 s and 20 MB, most of which is onnxruntime itself.
"""

from __future__ import annotations

import importlib.resources
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from moodbox.bundle.contents import read_contents
from moodbox.bundle.golden import read_golden
from moodbox.bundle.session import description_in, first_line, open_session
from moodbox.errors import ModelError, MusicError
from moodbox.music.composer.neural.card import CUES, Card, read_card

if TYPE_CHECKING:
    from onnxruntime import InferenceSession, NodeArg

Floats = NDArray[np.float32]

_INPUTS = ("token", "condition", "h", "c")
_OUTPUTS = ("logits", "h_out", "c_out")
_LONGEST_SAMPLE = 2000  # tokens; more would make the box slow to start


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What the network remembers of the music so far; its arrays [L,1,H] cannot be written, so it may be kept."""

    h: Floats
    c: Floats


@dataclass(frozen=True, slots=True)
class Golden:
    """Tokens [T] and a condition [4] with the logits [T,V] after each token, from a zero state, and how far is fine."""

    tokens: NDArray[np.int64]
    condition: Floats
    logits: Floats
    tolerance: float


class Network:
    """A composer's model, ready to run; several pieces may be written by turns, each with states of its own."""

    def __init__(self, card: Card, session: InferenceSession) -> None:
        """Take a description and a session that fit each other; `open` checks that they do."""
        self.card = card
        self._session = session
        self._tokens = np.arange(len(card.vocabulary), dtype=np.int64).reshape(-1, 1)
        zeros = _frozen(np.zeros((card.layers, 1, card.hidden), np.float32))
        self._start = State(zeros, zeros)

    @classmethod
    def open(cls, folder: Path, threads: int = 1) -> Network:
        """Load the bundle in a folder. Raises MusicError, one sentence, when it is not whole, sound and ours."""
        what = f"the composer's model {folder}"
        try:
            contents = read_contents(folder, what)
            session = open_session(contents.model, threads, what=what, arena=False)
            card = read_card(description_in(session))
            _check_graph(session, card)
            golden = _golden(contents.golden, card, f"the sample of {what}")
        except ModelError as error:
            raise MusicError(str(error)) from error
        network = cls(card, session)
        network._check_golden(golden, what)
        return network

    def start(self) -> State:
        """Return the state before the first token."""
        return self._start

    def step(self, token: int, condition: Floats, state: State) -> tuple[Floats, State]:
        """Return the logits [V] of what follows a token, and the new state. Raises MusicError when one is no number."""
        if not 0 <= token < len(self._tokens):
            raise MusicError(f"the composer's model has no token {token}: install the model again")
        feeds = {"token": self._tokens[token], "condition": condition.reshape(1, -1), "h": state.h, "c": state.c}
        try:
            logits, h, c = self._session.run(_OUTPUTS, feeds)
        except Exception as error:  # onnxruntime's own errors share no other base
            raise MusicError(f"the composer's model failed ({first_line(error)}): install it again") from error
        # an LSTM's activations and int8 both make numbers of a condition that is none: the logits would not show it
        if not (np.isfinite(logits).all() and np.isfinite(condition).all()):
            raise MusicError("the composer's model gave what is no number: install it again")
        return cast("Floats", logits[0]), State(_frozen(h), _frozen(c))

    def _check_golden(self, golden: Golden, what: str) -> None:
        """Compare with the answers of where the model was made: a wrong runtime or a foreign sample shows here."""
        state = self._start
        for token, wanted in zip(golden.tokens, golden.logits, strict=True):
            logits, state = self.step(int(token), golden.condition, state)
            shapes = {state.h.shape, state.c.shape} == {self._start.h.shape} and logits.shape == wanted.shape
            if not shapes or np.abs(logits - wanted).max() > golden.tolerance:
                raise MusicError(f"{what} answers otherwise than where it was made: install it again")


def shipped_bundle() -> Path:
    """Name the folder of the composer's model that came with this program."""
    return Path(str(importlib.resources.files("moodbox") / "models" / "composer"))


def _frozen(array: Floats) -> Floats:
    array.flags.writeable = False
    return array


def _check_graph(session: InferenceSession, card: Card) -> None:
    """Compare the graph with its description. Raises ModelError."""
    state = ("tensor(float)", (card.layers, None, card.hidden))
    inputs = dict(
        zip(_INPUTS, (("tensor(int64)", (None,)), ("tensor(float)", (None, len(CUES))), state, state), strict=True)
    )
    outputs = dict(zip(_OUTPUTS, (("tensor(float)", (None, len(card.vocabulary))), state, state), strict=True))
    has = {value.name: value for value in session.get_inputs()}
    gives = {value.name: value for value in session.get_outputs()}
    if set(has) != set(inputs) or not all(_fits(has[name], *wanted) for name, wanted in inputs.items()):
        raise ModelError(f"the composer's model takes {_told(has)}, not as its description says: export it again")
    if not set(gives) >= set(outputs) or not all(_fits(gives[name], *wanted) for name, wanted in outputs.items()):
        raise ModelError(f"the composer's model gives {_told(gives)}, not as its description says: export it again")


def _fits(value: NodeArg, kind: str, wanted: tuple[int | None, ...]) -> bool:
    """Compare a value with its type and sizes; None is the batch. A size that the graph leaves open is seen later."""
    pairs = zip(value.shape, wanted, strict=False)
    sizes = all(not isinstance(size, int) or size == (1 if asked is None else asked) for size, asked in pairs)
    return value.type == kind and len(value.shape) in (0, len(wanted)) and sizes


def _told(values: dict[str, NodeArg]) -> str:
    return "; ".join(f"{value.name} {value.type} {value.shape}" for value in values.values())[:300]


def _golden(content: bytes, card: Card, what: str) -> Golden:
    tokens, condition, logits, tolerance = read_golden(content, ("tokens", "condition", "logits", "tolerance"), what)
    words = len(card.vocabulary)
    shapes = tokens.ndim == 1 and condition.shape == (len(CUES),) and logits.shape == (len(tokens), words)
    kinds = tokens.dtype == np.int64 and {array.dtype for array in (condition, logits, tolerance)} == {
        np.dtype(np.float32)
    }
    if not shapes or not kinds or tolerance.size != 1 or not 0 < len(tokens) <= _LONGEST_SAMPLE:
        raise ModelError(f"{what} has other sizes than its model: install the model again")
    numbers = all(np.isfinite(array).all() for array in (condition, logits, tolerance))
    if not numbers or not ((tokens >= 0) & (tokens < words)).all():
        raise ModelError(f"{what} holds what is no number or no token: install the model again")
    golden = Golden(tokens, condition, logits, float(tolerance.item()))
    if not 0 <= golden.tolerance < logits.std():  # a sample that any answer fits proves nothing
        raise ModelError(f"{what} allows any answer: install the model again")
    return golden
