"""The frozen judge: as good as published on what it never heard, and agreement counted as it should be."""

from __future__ import annotations

import numpy as np
import pytest

from bench.composing.agreement import MEAN, PRODUCT, Heard, report
from bench.composing.asked import asked
from bench.composing.features import NAMES
from bench.composing.judge import AXES, HEARD, JUDGES, quadrant, teach
from moodbox.mood import COORDINATES

pytestmark = pytest.mark.timeout(400)  # two cores that train as well


@pytest.fixture(scope="module")
def judge(corpus):
    return teach(corpus)


def _rated(corpus):
    return [{**row, **{name: float(row[name]) for name in NAMES}} for row in corpus.rows("vgmidi_eval_features.csv")]


def test_it_judges_by_26_features_without_velocity():
    assert len(HEARD) == 26
    assert not {"vel", "vel_sd"} & set(HEARD)


def test_series_it_never_heard_are_judged_as_well_as_published(judge):
    own = judge.accuracy["logistic regression"]  # music.md: .815, .69, .59 on 204 pieces; this table has 105
    assert own["arousal"] == pytest.approx(0.815, abs=0.04)
    assert own["valence"] == pytest.approx(0.69, abs=0.04)
    assert own["quadrant"] == pytest.approx(0.59, abs=0.04)
    assert judge.folds == 6  # the table's series
    assert len(judge.digest) == 16


def test_every_judge_knows_what_it_was_taught(judge, corpus):
    rows = _rated(corpus)
    told = judge.opinions(rows)
    for name in JUDGES:
        for axis in AXES:
            assert (
                np.mean([answer == int(row[axis]) for answer, row in zip(told[name][axis], rows, strict=True)]) > 0.75
            )
    lively = next(row for row in rows if row["arousal"] == "1")
    assert 0.0 <= judge.chance(lively, "arousal") <= 1.0


def test_the_report_shows_each_judge_beside_its_own_accuracy(judge, corpus):
    rows = _rated(corpus)[:4]
    shown = report(judge, Heard(("happy",) * 4, judge.opinions(rows)))
    assert [row[0] for row in shown.table.rows] == [*JUDGES, MEAN]
    assert {goal.limit for goal in shown.goals} == {90.0, 70.0, 65.0}
    assert any(judge.digest in note for note in shown.notes)


def test_signs_make_quadrants():
    assert quadrant(np.array([1, -1, -1, 1]), np.array([1, 1, -1, -1])).tolist() == [1, 2, 3, 4]


def test_a_mood_asks_for_the_signs_of_its_coordinates_and_neutral_for_nothing():
    assert {label: asked(label).quadrant for label in COORDINATES} == {
        "angry": 2, "disgust": 2, "fear": 2, "happy": 1, "sad": 3, "surprise": 1, "neutral": 0,
    }  # fmt: skip


def test_agreement_leaves_out_what_nobody_asked():
    plus, minus = np.array([1, 1, -1]), np.array([1, -1, -1])
    opinion = {"arousal": plus, "valence": minus, "quadrant": np.array([1, 3, 3])}
    heard = Heard(("happy", "sad", "neutral"), dict.fromkeys(JUDGES, opinion))
    shares = heard.shares()
    assert shares[MEAN]["arousal"] == 0.5  # happy right, sad heard lively, neutral not counted
    assert shares[MEAN]["valence"] == 1.0
    assert shares[MEAN]["quadrant"] == 1.0
    assert shares[MEAN][PRODUCT] == 0.5
    assert np.isnan(heard.shares("neutral")[MEAN]["arousal"])
    assert heard.positive("neutral", "arousal") == 0.0
