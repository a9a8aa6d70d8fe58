"""Whether an answer is at least on the right side, pleasant or not: what the choice of music needs most."""

import numpy as np
from numpy.typing import NDArray

# Signs of the valences in device/moodbox/mood.py, in the order of LABELS (Russell & Mehrabian 1977,
# J. Research in Personality 11:273). Surprise is pleasant or not by context; there it is 0.40. Neutral is 0.
SIGNS = np.array([-1, -1, -1, 1, -1, 1, 0])


def measure(answers: NDArray[np.int64], labels: NDArray[np.int64]) -> dict[str, float]:
    """Return three shares: of faces with the right sign, of faces with the opposite sign, and a stricter one.

    `sign` counts three signs, neutral's 0 among them. `opposite` are pleasant faces taken for unpleasant ones, or the
    other way round. `charged` leaves neutral labels out, and an answer of neutral is wrong there.
    """
    said, true = SIGNS[answers], SIGNS[labels]
    charged = true != 0
    return {
        "sign": float((said == true).mean()),
        "opposite": float((said * true < 0).mean()),
        "charged": float((said == true)[charged].mean()) if charged.any() else 0.0,
    }
