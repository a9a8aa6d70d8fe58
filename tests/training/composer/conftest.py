"""A folder of small songs, and a tiny network that learnt them."""

from dataclasses import replace
from pathlib import Path

import pytest

from moodtrain.composer.settings import Settings
from moodtrain.composer.train import train
from tests.training.composer import midis


@pytest.fixture(scope="session")
def songs(tmp_path_factory) -> Path:
    """Return a folder of 24 songs: 16 to learn, 4 for val, 4 for test."""
    return midis.folder(tmp_path_factory.mktemp("music") / "songs")


@pytest.fixture(scope="session")
def settings(songs) -> Settings:
    """Return settings that train in about a second; tests choose their own --out."""
    small = {"embedding": 8, "hidden": 16, "layers": 2, "batch": 4, "length": 32, "threads": 1}
    return Settings(data=str(songs), epochs=3, rate=1e-2, average=0.9, **small)


@pytest.fixture(scope="session")
def trained(settings, tmp_path_factory) -> Path:
    """Return the checkpoint of a tiny network that knows the songs."""
    return train(
        replace(settings, epochs=40, rate=2e-2, dropout=0.0, blur=0.02, out=str(tmp_path_factory.mktemp("trained")))
    )
