"""What the box itself makes of a bundle: its own code, alone in a process, where no training code is loaded."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moodtrain.errors import GateError

TIME_LIMIT = 120  # seconds; it takes about one, and a busy machine ten times as long

# It stands here as text because the two packages never import each other: they meet in files and processes.
_PROGRAM = """
import json, sys
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
foreign = sorted({"torch", "onnx", "moodtrain"} & set(sys.modules))
print(json.dumps({"answers": answers.tolist(), "foreign": foreign}))
"""


def read(bundle: Path) -> NDArray[np.float64]:
    """Return the probabilities, N x 7, that the box gives for a bundle's golden samples; raise GateError if none.

    Opening it, the box compares digests with the manifest, graph with description, and golden samples with answers.
    """
    order = [sys.executable, "-I", "-c", _PROGRAM, str(bundle)]
    try:
        done = subprocess.run(order, capture_output=True, text=True, timeout=TIME_LIMIT, check=False)  # noqa: S603  (ours)
    except subprocess.TimeoutExpired:
        raise GateError(f"the box did not answer in {TIME_LIMIT} seconds") from None
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        if "No module named 'moodbox'" in last[0]:
            raise GateError("the device's own code, moodbox, is not installed beside this; run make setup")
        raise GateError(f"the box refuses it: {last[0]}")
    told = json.loads(done.stdout)
    if told["foreign"]:
        raise GateError(f"the device's own code loads {', '.join(told['foreign'])}, which no box has")
    return np.array(told["answers"], np.float64)
