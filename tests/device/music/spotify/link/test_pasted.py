"""What people paste, and what they paste instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox.errors import LinkError
from moodbox.music.spotify.link.pasted import Answer, read

GOOD = Answer(state="the-state", code="AQD-the_code")


@pytest.mark.parametrize(
    "pasted",
    [
        "http://127.0.0.1:8888/callback?code=AQD-the_code&state=the-state",
        "https://192.168.1.20:8443/callback?code=AQD-the_code&state=the-state",
        "127.0.0.1:8888/callback?state=the-state&code=AQD-the_code",
        "?code=AQD-the_code&state=the-state",
        "code=AQD-the_code&state=the-state",
        "  code=AQD-the_code&state=the-state \n",
        '"http://127.0.0.1:8888/callback?code=AQD-the_code&state=the-state"',
        "<http://127.0.0.1:8888/callback?code=AQD-the_code&state=the-state>",
        "http://127.0.0.1:8888/callback?code=AQD-\nthe_code&st\r\nate=the-state",
        "http://127.0.0.1:8888/callback?code=AQD-the_code&amp;state=the-state",
        "http://127.0.0.1:8888/callback?code=AQD-the_code&state=the-state#_=_",
    ],
)
def test_answer_is_read_in_every_form(pasted):
    assert read(pasted) == GOOD


def test_refusal_is_read():
    assert read("http://127.0.0.1:8888/callback?error=access_denied&state=s") == Answer(
        state="s", error="access_denied"
    )
    assert read("error=<script>&state=s").error == "unknown"


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("", "Nothing was pasted"),
        (" \n", "Nothing was pasted"),
        ("hello", "not the address"),
        ("https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M", "not the address"),
        ("code=abc", "state="),
        ("state=abc", "not the address"),
        ("code=a&code=b&state=c", "not the address"),
        ("code=a&state=b&state=c", "not the address"),
        ("code=a%00b&state=c", "not the address"),
        ("code=" + "a" * 9000 + "&state=b", "not the address"),
        ("&".join(f"a{i}=1" for i in range(40)), "not the address"),
        ("https://accounts.spotify.com/authorize?client_id=1&response_type=code&state=x", "sign in there first"),
    ],
)
def test_anything_else_gets_a_sentence(pasted, words):
    with pytest.raises(LinkError, match=words):
        read(pasted)


@given(st.text(max_size=300))
def test_no_text_breaks_it(pasted):
    try:
        answer = read(pasted)
    except LinkError as error:
        assert str(error)  # noqa: PT017 - whichever way it ends
    else:
        assert answer.error or (answer.code and answer.state)


def test_answer_hides_what_it_holds():
    assert "AQD" not in repr(GOOD)
    assert "the-state" not in repr(GOOD)
