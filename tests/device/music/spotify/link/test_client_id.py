"""The Client ID as people copy it."""

import pytest

from moodbox.errors import LinkError
from moodbox.music.spotify.link.client_id import client_id

REAL = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("typed", [REAL, f"  {REAL}\n", f'"{REAL}"', REAL.upper()])
def test_client_id_is_taken_as_copied(typed):
    assert client_id(typed, demo=False) == REAL


@pytest.mark.parametrize("typed", ["", "  ", REAL[:-1], f"{REAL}0", f"{REAL[:-1]}g", "demo", f"{REAL}\n{REAL}"])
def test_what_is_no_client_id_is_refused_in_a_sentence(typed):
    with pytest.raises(LinkError, match="Client ID"):
        client_id(typed, demo=False)


def test_demo_takes_its_own_ids_and_real_ones():
    assert client_id(" demo ", demo=True) == "demo"
    assert client_id("demo-2", demo=True) == "demo-2"
    assert client_id(REAL, demo=True) == REAL
    with pytest.raises(LinkError):
        client_id("demo/../x", demo=True)
