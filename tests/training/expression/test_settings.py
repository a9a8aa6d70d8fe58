"""Settings refuse what cannot train, and a recipe sets all of them."""

from dataclasses import asdict, fields

import pytest

from moodtrain.errors import MoodtrainError
from moodtrain.expression.networks import MOOD_CHANNELS, SEED_CHANNELS
from moodtrain.expression.picture import Picture
from moodtrain.expression.settings import RECIPES, Settings, began_with


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"epochs": 0}, "--epochs is 0; give 1 or more"),
        ({"size": 16}, "--size is 16; give 32 or more"),
        ({"size": 50}, "--size is 50, which moodnet cannot halve three times; give a multiple of 8"),
        ({"network": "resnet"}, "--network is 'resnet'; choose one of moodnet, seed"),
        ({"optimizer": "adam"}, "--optimizer is 'adam'; choose one of adamw, sgd"),
        ({"schedule": "step"}, "--schedule is 'step'; choose one of cosine, plateau"),
        ({"color": "rgb"}, "--color is 'rgb'; choose one of gray"),
        ({"network": "seed", "color": "bgr"}, "--color is 'bgr'; choose one of gray, rgb"),
        ({"precision": "int8"}, "--precision is 'int8'; choose one of"),
        ({"mixup": -0.1}, "--mixup is -0.1; give 0 or more"),
        ({"ease": 1.5}, "--ease is 1.5; give a number from 0 to 1"),
        ({"trust": -0.1}, "--trust is -0.1; give a number from 0 to 1"),
        ({"trust": 1.1}, "--trust is 1.1; give a number from 0 to 1"),
        ({"dropout": 1.0}, r"--dropout is 1.0; give a number from 0 to 0\.99"),
        ({"average": 1.0}, "--average is 1.0; give a number from 0 to"),
        ({"smoothing": float("nan")}, "--smoothing is nan; give a number from 0 to 1"),
        ({"rate": 0.0}, "--rate is 0.0; give a number above 0"),
        ({"rate": float("nan")}, "--rate is nan; give a number above 0"),
        ({"decay": float("nan")}, "--decay is nan; give 0 or more"),
    ],
)
def test_useless_settings_are_refused(wrong, sentence):
    with pytest.raises(MoodtrainError, match=sentence):
        Settings(**wrong)


@pytest.mark.parametrize("edge", [{"mixup": 0.0}, {"ease": 1.0}, {"ease": 0.0}, {"trust": 1.0}, {"average": 0.0}])
def test_edges_are_allowed(edge):
    (name, value), *_ = edge.items()
    assert getattr(Settings(**edge), name) == value


def test_every_setting_says_what_it_is():
    assert all(setting.metadata["help"] for setting in fields(Settings))


def test_width_scales_every_stage():
    assert Settings().channels() == MOOD_CHANNELS
    assert Settings(width=MOOD_CHANNELS[0] // 2).channels() == tuple(channels // 2 for channels in MOOD_CHANNELS)
    assert Settings(network="seed").channels() == SEED_CHANNELS
    assert Settings(network="seed", width=4).channels() == (4, 8, 16, 32, 64)


def test_moodnet_recipe_is_the_defaults():
    assert Settings.of("moodnet", {}) == Settings()


def test_seed_recipe_is_that_of_the_inspiring_projects():
    seed = Settings.of("seed", {})
    assert seed.picture() == Picture(128, "rgb", 0.5, 0.5)
    assert seed.channels() == SEED_CHANNELS
    assert (seed.optimizer, seed.rate, seed.decay, seed.schedule) == ("adamw", 1e-3, 1e-4, "plateau")
    assert (seed.smoothing, seed.epochs, seed.dropout, seed.augment) == (0.1, 45, 0.5, "seed")
    assert (seed.mixup, seed.ease, seed.grow, seed.average) == (0, 0, False, 0)


@pytest.mark.parametrize("recipe", RECIPES)
def test_what_is_given_wins_over_the_recipe(recipe):
    given = {"epochs": 2, "rate": 0.5, "grow": True}
    chosen = Settings.of(recipe, given)
    assert {name: getattr(chosen, name) for name in given} == given
    changed = {name for name, value in asdict(chosen).items() if value != getattr(Settings.of(recipe, {}), name)}
    assert changed <= set(given)


def test_older_run_did_what_is_the_default_now():
    before = began_with({"network": "seed", "rate": 0.5})
    assert before == asdict(Settings(network="seed", rate=0.5))
