"""Links as people paste them."""

import pytest

from moodbox.errors import LinkError
from moodbox.music.spotify.links import playlist_id

ID = "37i9dQZF1DX3rxVfibe1L0"


@pytest.mark.parametrize(
    "pasted",
    [
        f"https://open.spotify.com/playlist/{ID}",
        f"https://open.spotify.com/playlist/{ID}?si=abc123&pt=x",
        f"https://open.spotify.com/intl-de/playlist/{ID}#top",
        f"  <https://open.spotify.com/intl-pt-br/playlist/{ID}>\n",
        f"spotify:playlist:{ID}",
        ID,
    ],
)
def test_every_form_of_a_playlist_link_is_read(pasted):
    assert playlist_id(pasted) == ID


@pytest.mark.parametrize("kind", ["album", "artist", "track"])
def test_link_of_something_else_is_named(kind):
    for link in (
        f"https://open.spotify.com/{kind}/{ID}",
        f"spotify:{kind}:{ID}",
        f"https://open.spotify.com/intl-de/{kind}/{ID}",
    ):
        with pytest.raises(LinkError, match=f"Spotify {kind}: paste the link of a playlist"):
            playlist_id(link)


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "happy",
        f"https://evil.example/playlist/{ID}",
        f"https://open.spotify.com.evil.example/playlist/{ID}",
        f"spotify:playlist:{ID}x",
        "../../etc/passwd",
    ],
)
def test_anything_else_is_refused(pasted):
    with pytest.raises(LinkError, match="no link of a Spotify playlist"):
        playlist_id(pasted)
