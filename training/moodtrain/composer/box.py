"""What the box itself makes of a composer's bundle."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moodtrain import box

_PROGRAM = """
import sys
from pathlib import Path
import numpy as np
from moodbox.errors import MusicError
from moodbox.music.composer.neural.network import Network

bundle = Path(sys.argv[1])
try:
    network = Network.open(bundle)
except MusicError as error:
    sys.exit(str(error))
found, state = [], network.start()
with np.load(bundle / "golden.npz") as sample:
    for token in sample["tokens"]:
        logits, state = network.step(int(token), sample["condition"], state)
        found.append(logits)
answers = np.array(found)
"""


def read(bundle: Path) -> NDArray[np.float64]:
    """Return the T x V logits that the box gives for a bundle's golden sample; raise GateError if none.

    Opening it, the box compares digests with the manifest, graph with description, and golden sample with answers.
    """
    return np.array(box.ask(_PROGRAM, bundle), np.float64)
