"""The expression model: faces in, a probability for each of seven expressions out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from moodbox.bundle.contents import read_file
from moodbox.bundle.session import description_in, open_session
from moodbox.errors import ModelError
from moodbox.events import Expression, Face
from moodbox.watch.bundle import check_manifest, golden
from moodbox.watch.card import Card, read_card
from moodbox.watch.crop import cut, sharpness
from moodbox.watch.picture import Image

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Floats = NDArray[np.float32]

# int8 answers differ between kinds of CPU: x86 without VNNI saturates sums of two products (onnxruntime's page on
# quantization), which moved golden logits of a model with 8-bit weights by 0.12 on an emulated Haswell. Ours uses 7
# bits and moves by nothing that shows, but a bundle of somebody else's may not. A damaged or foreign model moves
# probabilities by far more than this.
_OTHER_CPU = 0.1


class ExpressionModel:
    """Read expressions with the self-describing model at `path`. Raises ModelError, one sentence, when it cannot."""

    def __init__(self, path: Path, threads: int) -> None:
        model = read_file(path, f"the expression model {path}", "name another file")
        check_manifest(path, model)
        self._session = open_session(model, threads, what=f"the expression model {path.name}")
        self.card = read_card(description_in(self._session))
        self._input = _check_shape(self._session, self.card)
        # value = (pixel / 255 - mean) / std, folded into one product and one sum per pixel
        std = np.array(self.card.std, np.float32).reshape(-1, 1, 1)
        self._scale = 1 / (255 * std)
        self._shift = -np.array(self.card.mean, np.float32).reshape(-1, 1, 1) / std
        self._check_golden(path)

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the label of each probability, in order."""
        return self.card.labels

    @property
    def name(self) -> str:
        """Return name and version for the owner."""
        return f"{self.card.name} {self.card.version}"

    def read(self, frame: Image, faces: Sequence[Face]) -> tuple[Expression, ...]:
        """Return the faces of a BGR frame with their probabilities and sharpness, in one batch."""
        if not faces:
            return ()
        crops = [cut(frame, face, self.card.crop, self.card.width, self.card.height) for face in faces]
        greys = [cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False) for crop in crops]
        probabilities = self.probabilities(self._batch(crops, greys))
        return tuple(
            Expression(Face(face.rect, face.score, face.landmarks, sharpness(grey)), tuple(map(float, row)))
            for face, grey, row in zip(faces, greys, probabilities, strict=True)
        )

    def probabilities(self, batch: Floats) -> NDArray[np.float64]:
        """Return softmax(logits / temperature) for prepared crops, N x 7, each row adding up to 1."""
        return self._softmax(self._logits(batch))

    def _softmax(self, given: Floats) -> NDArray[np.float64]:
        logits = given.astype(np.float64) / self.card.temperature
        if not np.isfinite(logits).all():  # never guess from a number that is none
            logits = np.zeros_like(logits)
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        return cast("NDArray[np.float64]", odds / odds.sum(axis=1, keepdims=True))

    def _batch(self, crops: Sequence[Image], greys: Sequence[Image]) -> Floats:
        """Turn crops into N x C x H x W as the model was trained."""
        if self.card.color == "gray":
            pixels = np.stack(greys)[:, None]
        else:
            stacked = np.stack(crops).transpose(0, 3, 1, 2)
            pixels = stacked[:, ::-1] if self.card.color == "rgb" else stacked
        return np.ascontiguousarray(pixels * self._scale + self._shift, dtype=np.float32)

    def _logits(self, batch: Floats) -> Floats:
        return cast("Floats", self._session.run([self.card.output], {self._input: batch})[0])

    def _check_golden(self, path: Path) -> None:
        """Compare with the answers that lie beside the model: a wrong runtime or a damaged file shows here."""
        sample = golden(path)
        if sample is None:
            return
        try:
            logits = self._logits(sample.inputs)
        except Exception as error:  # onnxruntime's own errors share no other base
            raise ModelError(
                f"the expression model {path.name} cannot read its own sample: install it again"
            ) from error
        alike = logits.shape == sample.logits.shape and np.allclose(
            self._softmax(logits), self._softmax(sample.logits), rtol=0, atol=max(sample.tolerance, _OTHER_CPU)
        )
        if not alike:
            raise ModelError(
                f"the expression model {path.name} answers otherwise than where it was made: install it again"
            )


def _check_shape(session: InferenceSession, card: Card) -> str:
    """Compare the graph with its description and return the name of its input."""
    inputs, outputs = session.get_inputs(), {output.name: output for output in session.get_outputs()}
    wanted = [card.channels, card.height, card.width]
    if len(inputs) != 1 or inputs[0].type != "tensor(float)" or list(inputs[0].shape[1:]) != wanted:
        has = "; ".join(f"{value.name} {value.type} {value.shape}" for value in inputs)
        raise ModelError(f"the expression model's input is {has}, its description says N x {wanted}: export it again")
    if isinstance(inputs[0].shape[0], int):
        raise ModelError("the expression model takes a fixed number of faces at once: export it with a free batch size")
    output = outputs.get(card.output)
    if output is None or list(output.shape[1:]) != [len(card.labels)]:
        raise ModelError(
            f"the expression model has no output `{card.output}` of {len(card.labels)} numbers: export it again"
        )
    return str(inputs[0].name)
