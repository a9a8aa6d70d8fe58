"""A workbench for every test of made playlists."""

import pytest

from tests.fakes.workbench import Workbench


@pytest.fixture
def bench(spotify, spotify_clock, tmp_path):
    bench = Workbench(spotify, tmp_path, spotify_clock)
    yield bench
    bench.close()
