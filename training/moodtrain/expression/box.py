"""What the box itself makes of a bundle of faces' expressions."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moodtrain import box

_PROGRAM = """
import sys
from pathlib import Path
import numpy as np
from moodbox.errors import ModelError
from moodbox.watch.expression import ExpressionModel

try:
    model = ExpressionModel(Path(sys.argv[1]) / "model.onnx", threads=1)
except ModelError as error:
    sys.exit(str(error))
with np.load(Path(sys.argv[1]) / "golden.npz") as samples:
    answers = model.probabilities(samples["input"])
"""


def read(bundle: Path) -> NDArray[np.float64]:
    """Return the probabilities, N x 7, that the box gives for a bundle's golden samples; raise GateError if none.

    Opening it, the box compares digests with the manifest, graph with description, and golden samples with answers.
    """
    return np.array(box.ask(_PROGRAM, bundle), np.float64)
