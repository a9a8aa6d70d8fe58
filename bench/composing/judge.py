"""The frozen judge: three classifiers that hear valence and arousal in 26 features of a piece, taught by people.

Taught on 105 game pieces that about 30 people each rated (`vgmidi_eval_features.csv`, published +1/-1 labels), never
on a piece of ours. Frozen: plain settings of the library, fixed seeds, a digest of settings and data in every report.
Of the 29 features `vel` and `vel_sd` are left out because they tell how the rated files were typed, and `dur_s`
because how long a piece lasts is asked for and not heard in it: that leaves music.md's 26.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import sklearn
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from bench.composing.corpus import Corpus
from bench.composing.features import NAMES

TABLE = "vgmidi_eval_features.csv"
HEARD = tuple(name for name in NAMES if name not in {"vel", "vel_sd", "dur_s"})
AXES = ("arousal", "valence", "quadrant")
JUDGES = ("logistic regression", "SVM", "forest")
FOLDS = 8  # as music.md; fewer where the table has fewer series
_SEED, _TREES = 5, 300

Labels = npt.NDArray[np.int64]
Opinions = dict[str, dict[str, Labels]]  # judge -> axis -> a label for every piece


@dataclass(frozen=True)
class Judge:
    """Three judges that have been taught; `accuracy` is judge -> axis -> share right in series never heard."""

    accuracy: dict[str, dict[str, float]]
    folds: int
    pieces: int
    digest: str
    _models: dict[str, dict[str, Any]]

    def opinions(self, pieces: Sequence[Mapping[str, float]]) -> Opinions:
        """Judge pieces by their features."""
        table = _table(pieces)
        return {name: {axis: np.asarray(model.predict(table)) for axis, model in of.items()}
                for name, of in self._models.items()}  # fmt: skip

    def chance(self, piece: Mapping[str, float], axis: str) -> float:
        """Return the probability that a piece is heard as +1 on arousal or valence: mean of regression and forest."""
        table = _table([piece])
        models = (self._models[name][axis] for name in (JUDGES[0], JUDGES[2]))
        return float(np.mean([model.predict_proba(table)[0, 1] for model in models]))


@cache
def teach(corpus: Corpus) -> Judge:
    """Teach the judges and measure them with whole game series held out."""
    rows = corpus.rows(TABLE)
    table = _table([{name: float(row[name]) for name in HEARD} for row in rows])
    answers = {axis: np.array([int(row[axis]) for row in rows]) for axis in AXES}
    series = np.array([row["series"] for row in rows])
    folds = min(FOLDS, len(set(series)))
    accuracy: dict[str, dict[str, float]] = {name: {} for name in JUDGES}
    models: dict[str, dict[str, Any]] = {name: {} for name in JUDGES}
    for axis, wanted in answers.items():
        for name, model in _untaught().items():
            told = cross_val_predict(model, table, wanted, groups=series, cv=GroupKFold(folds))
            accuracy[name][axis] = float((told == wanted).mean())
            models[name][axis] = model.fit(table, wanted)
    data = (corpus.folder / TABLE).read_bytes()
    return Judge(accuracy, folds, len(rows), _digest(data), models)


def quadrant(valence: Labels, arousal: Labels) -> Labels:
    """Name the quadrant of two signs: 1 V+A+, 2 V-A+, 3 V-A-, 4 V+A-."""
    return np.where(arousal > 0, np.where(valence > 0, 1, 2), np.where(valence > 0, 4, 3))


def _untaught() -> dict[str, Any]:
    return {
        JUDGES[0]: make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=5000)),
        JUDGES[1]: make_pipeline(StandardScaler(), SVC(C=1.0, kernel="rbf", gamma="scale")),
        JUDGES[2]: RandomForestClassifier(_TREES, random_state=_SEED),
    }


def _table(pieces: Sequence[Mapping[str, float]]) -> npt.NDArray[np.float64]:
    return np.array([[piece[name] for name in HEARD] for piece in pieces], np.float64).reshape(-1, len(HEARD))


def _digest(data: bytes) -> str:
    settings = repr((HEARD, AXES, FOLDS, {name: str(model) for name, model in _untaught().items()}))
    return hashlib.sha256(settings.encode() + sklearn.__version__.encode() + data).hexdigest()[:16]
