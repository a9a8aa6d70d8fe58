"""The check against Spotify's document finds what is outside it."""

from dataclasses import replace

import pytest

from moodbox.standin.standin import Standin
from tests.fakes.spotify_caller import Caller
from tests.fakes.spotify_fixtures import held_to_spec
from tests.fakes.spotify_spec import NULLS, OutsideSpecError, Spec


@pytest.fixture
def spec(shared_path):
    return Spec(shared_path("reference", "spotify-openapi.yml"))


@pytest.fixture
def seen(spec):
    """Give a caller and the list of its exchanges, none of them checked."""
    exchanges = []
    with Standin(local_speakers=False) as standin:
        standin.on_exchange(exchanges.append)
        yield Caller(standin), exchanges


@pytest.mark.parametrize(
    "asked",
    [
        ("GET", "/markets", {}, "no operation"),
        ("GET", "/playlists/x/tracks", {}, "no operation"),
        ("PUT", "/playlists/x/followers", {}, "no operation"),
        ("GET", "/me?fields=id", {}, "unknown query parameters"),
        ("PUT", "/me/library", {"json": {"uris": ["spotify:track:x"]}}, "takes no body"),
        ("PUT", "/me/library", {}, "uris"),
        ("GET", "/search?q=a&type=playlist&limit=50", {}, "50"),
        ("GET", "/search?q=a&type=song", {}, "song"),
        ("POST", "/me/playlists", {"json": {"public": False}}, "name"),
        ("POST", "/me/playlists", {"json": {"name": "x", "mood": "happy"}}, "mood"),
        ("POST", "/playlists/x/items", {"json": ["spotify:track:x"]}, "object"),
        ("PUT", "/me/player/play", {"json": {"uris": "spotify:track:x"}}, "array"),
        ("PUT", "/me/player/volume?volume_percent=loud", {}, "volume_percent"),
    ],
)
def test_requests_outside_the_document_are_found(spec, seen, asked):
    method, path, rest, words = asked
    call, exchanges = seen
    call(method, path, **rest)
    with pytest.raises(OutsideSpecError, match=words):
        spec.check(exchanges[-1])


def test_a_request_without_a_token_is_found(spec, seen):
    call, exchanges = seen
    call("GET", "/me")
    spec.check(exchanges[-1])
    headers = {name: value for name, value in exchanges[-1].headers.items() if name != "Authorization"}
    with pytest.raises(OutsideSpecError):
        spec.check(replace(exchanges[-1], headers=headers))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'"Mila"', b"17"),  # a name that is a number
        (b'"type":"user"', b'"type":"user","product":"premium"'),  # a field that is gone
        (b"{", b"["),  # no JSON at all
    ],
)
def test_answers_outside_the_document_are_found(spec, seen, before, after):
    call, exchanges = seen
    call("GET", "/me")
    assert before in exchanges[-1].answer
    with pytest.raises(OutsideSpecError, match="the answer to"):
        spec.check(replace(exchanges[-1], answer=exchanges[-1].answer.replace(before, after, 1)))


def test_an_error_that_is_no_error_object_is_found(spec, seen):
    call, exchanges = seen
    call("GET", "/playlists/0000000000000000000000")
    spec.check(exchanges[-1])
    with pytest.raises(OutsideSpecError, match="no error object"):
        spec.check(replace(exchanges[-1], answer=b'{"error": "not_found"}'))


def test_every_exception_says_why():
    assert all(reason for _, _, reason in NULLS)
    assert len({(schema, name) for schema, name, _ in NULLS}) == len(NULLS)


def test_a_stand_in_that_is_held_to_it_collects_what_is_wrong(shared_path):
    shared_path("reference", "spotify-openapi.yml")
    with Standin(local_speakers=False) as standin:
        spec, call = held_to_spec(standin), Caller(standin)
        call("GET", "/me")
        call("GET", "/markets")
        assert spec.checked == 2
        assert len(spec.wrong) == 1
