"""Hold every exchange with the stand-in against Spotify's own OpenAPI document (../shared/reference).

Only what is not deprecated counts, for that is what a new app may use. Beyond the document itself a request must not
hold query parameters or body fields that the document does not know: Spotify would ignore them, and so hide a mistake.
"""

from __future__ import annotations

import copy
import functools
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import openapi_core
import yaml
from jsonschema.exceptions import best_match
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.paths.exceptions import PathError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from moodbox.standin.calls import Exchange

METHODS = ("get", "put", "post", "delete")
NULL = {"type": "object", "nullable": True, "enum": [None]}

# Where Spotify answers null though its document does not say so: (schema, property, why it must be allowed).
NULLS = (
    ("PagingPlaylistObject", "items[]", "Spotify's own playlists come as null in lists and searches (spotify.md 1.3)"),
    ("PlaylistTrackObject", "item", "a track that Spotify no longer has"),
    ("CurrentlyPlayingContextObject", "item", "nothing is at hand on an active device"),
    ("CurrentlyPlayingContextObject", "context", "a list of tracks is no context"),
    ("CurrentlyPlayingObject", "context", "a list of tracks is no context"),
    ("PlayHistoryObject", "context", "a list of tracks is no context"),
    ("QueueObject", "currently_playing", "nothing is at hand"),
    ("CursorPagingObject", "next", "the last page has none, as the example beside the schema says for other pages"),
    *(("TrackObject", name, "a local file has none") for name in ("id", "href")),
    *(("SimplifiedArtistObject", name, "a local file's artist has none") for name in ("id", "href", "uri")),
    *(
        ("AlbumBase", name, "a local file's album has none")
        for name in (
            "id",
            "href",
            "uri",
            "album_type",
            "release_date",
            "release_date_precision",
            "total_tracks",
        )
    ),
)


class OutsideSpecError(AssertionError):
    """Report an exchange that Spotify's document does not allow."""


@dataclass
class _Request:
    host_url: str
    path: str
    method: str
    body: bytes | None
    content_type: str
    parameters: RequestParameters


@dataclass
class _Response:
    status_code: int
    headers: Headers
    content_type: str
    data: bytes


class Spec:
    """Check exchanges, one at a time or as the hook of a stand-in that collects what is wrong."""

    def __init__(self, document: Path) -> None:
        self._loaded = _load(document)
        self._lock = threading.Lock()
        self.checked = 0
        self.wrong: list[str] = []

    def collect(self, exchange: Exchange) -> None:
        """Note what is wrong with an exchange; hand this to `Standin.on_exchange`."""
        try:
            self.check(exchange)
        except OutsideSpecError as error:
            self.wrong.append(str(error))

    def check(self, exchange: Exchange) -> None:
        """Raise OutsideSpecError where a request or its answer is not as the document says."""
        # Spotipy asks for "/v1/me/", which Spotify takes for the "/v1/me" of its document.
        exchange = replace(exchange, path=exchange.path.rstrip("/"))
        with self._lock:  # openapi-core's caches are not made for threads
            self.checked += 1
            self._check_request(exchange)
            self._check_answer(exchange)

    def _check_request(self, exchange: Exchange) -> None:
        operation = self._operation(exchange)
        query = parse_qsl(exchange.query, keep_blank_values=True)
        known = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "query"}
        unknown = {name for name, _ in query} - known
        if unknown:
            raise OutsideSpecError(f"{_name(exchange)}: unknown query parameters {sorted(unknown)}")
        if exchange.body and "requestBody" not in operation:
            raise OutsideSpecError(f"{_name(exchange)}: takes no body")
        try:
            self._loaded.tight.validate_request(_request(exchange))
        except OpenAPIError as error:
            raise OutsideSpecError(f"{_name(exchange)}: {_words(error)}") from error

    def _operation(self, exchange: Exchange) -> dict[str, Any]:
        try:
            found = self._loaded.find(exchange.method.lower(), exchange.path)
        except PathError as error:
            raise OutsideSpecError(f"{_name(exchange)}: no operation of a new app") from error
        return found

    def _check_answer(self, exchange: Exchange) -> None:
        if exchange.status == 0 or exchange.fault in {"html", "nulls"}:
            return  # a cut connection, or an answer that is broken on purpose
        if exchange.status >= 400:
            self._check_error(exchange)
            return
        # With `fields` only the named fields are answered, so none is required.
        chosen = "fields" in dict(parse_qsl(exchange.query))
        api = self._loaded.loose if chosen else self._loaded.tight
        kind = exchange.answer_headers.get("Content-Type", "")
        answer = _Response(exchange.status, Headers(exchange.answer_headers), kind, exchange.answer)
        try:
            api.validate_response(_request(exchange), answer)
        except OpenAPIError as error:
            raise OutsideSpecError(f"the answer to {_name(exchange)}: {_words(error)}") from error

    def _check_error(self, exchange: Exchange) -> None:
        try:
            error = json.loads(exchange.answer)["error"]
            fits = isinstance(error["message"], str) and error["status"] == exchange.status
        except (ValueError, KeyError, TypeError):
            fits = False
        if not fits:
            raise OutsideSpecError(f"the answer to {_name(exchange)} is no error object: {exchange.answer[:200]!r}")


@dataclass(frozen=True)
class _Loaded:
    tight: openapi_core.OpenAPI
    loose: openapi_core.OpenAPI
    operations: dict[tuple[str, str], dict[str, Any]]  # (method, path pattern) -> operation

    def find(self, method: str, path: str) -> dict[str, Any]:
        """Return the operation of a path, or raise PathError."""
        parts = path.removeprefix("/v1").split("/")
        for (its_method, pattern), operation in self.operations.items():
            names = pattern.split("/")
            fits = len(names) == len(parts) and all(
                name == part or (name.startswith("{") and part) for name, part in zip(names, parts, strict=True)
            )
            if its_method == method and fits:
                return operation
        raise PathError(path)


@functools.cache
def _load(path: Path) -> _Loaded:
    fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=fast)  # noqa: S506 - both are safe loaders
    _adapt(document)
    loose = copy.deepcopy(document)
    for schema in _schemas(loose["components"]):
        if isinstance(schema.get("required"), list):  # a schema's; a parameter's is true or false
            del schema["required"]
        if schema.pop("discriminator", None):  # "type" may not have been asked for
            schema["anyOf"] = schema.pop("oneOf")
    operations = {
        (method, pattern): operation
        for pattern, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }
    # A cover is text, base64, though its media type is a picture's: openapi-core would leave it as bytes.
    config = openapi_core.Config(extra_media_type_deserializers={"image/jpeg": lambda data, **_: data.decode()})
    tight, wide = (openapi_core.OpenAPI.from_dict(one, config) for one in (document, loose))
    return _Loaded(tight, wide, operations)


def _adapt(document: dict[str, Any]) -> None:
    """Make the document say what it means for a new app; each step says why."""
    # Every stand-in has another port, and the check is about everything behind it.
    document["servers"] = [{"url": "/v1"}]
    # openapi-core knows no OAuth 2; what reaches the Web API is a bearer token.
    document["components"]["securitySchemes"]["oauth_2_0"] = {"type": "http", "scheme": "bearer"}
    for pattern, methods in list(document["paths"].items()):
        for method in METHODS:
            if methods.get(method, {}).get("deprecated"):  # gone for new apps (spotify.md 1.2)
                del methods[method]
        if not any(method in methods for method in METHODS):
            del document["paths"][pattern]
    for schema in _schemas(document["components"]["schemas"]):
        _without_deprecated(schema)
        _with_mapping(schema)
    for name, property_name, _ in NULLS:
        _allow_null(document["components"]["schemas"][name], property_name)
    for methods in document["paths"].values():
        for method in METHODS:
            if method in methods:
                _adapt_operation(document, methods[method])


def _adapt_operation(document: dict[str, Any], operation: dict[str, Any]) -> None:
    parameters = [_resolved(document, parameter) for parameter in operation.get("parameters", [])]
    operation["parameters"] = parameters
    for parameter in parameters:
        if parameter["schema"].get("type") == "array":
            parameter["explode"] = False  # its own text says "a comma-separated list"
    for media in operation.get("requestBody", {}).get("content", {}).values():
        if media["schema"].get("type") == "object":
            media["schema"]["additionalProperties"] = False


def _without_deprecated(schema: dict[str, Any]) -> None:
    """Take deprecated fields to be gone: new apps never get them, so they are not required and must not come."""
    gone = set()
    for part in (schema, *schema.get("allOf", ())):  # `required` may stand beside `allOf`
        for name, value in part.get("properties", {}).items():
            if isinstance(value, dict) and value.get("deprecated"):
                part["properties"][name] = {"not": {}, "deprecated": True}
                gone.add(name)
    if isinstance(schema.get("required"), list):
        schema["required"] = [name for name in schema["required"] if name not in gone]
        if not schema["required"]:
            del schema["required"]


def _with_mapping(schema: dict[str, Any]) -> None:
    """Name the schemas that "track" and "episode" mean: there is none of that very name."""
    if "discriminator" in schema:
        base = "#/components/schemas/"
        schema["discriminator"]["mapping"] = {"track": f"{base}TrackObject", "episode": f"{base}EpisodeObject"}


def _allow_null(schema: dict[str, Any], name: str) -> None:
    for part in [schema, *schema.get("allOf", [])]:
        properties = part.get("properties", {})
        if name.endswith("[]") and name[:-2] in properties:
            properties[name[:-2]]["items"] = {"anyOf": [NULL, properties[name[:-2]]["items"]]}
            return
        if name in properties:
            properties[name] = {"anyOf": [NULL, properties[name]]}
            return
    raise KeyError(name)  # the document changed: look again whether the exception is still needed


def _schemas(value: Any) -> Iterator[dict[str, Any]]:
    """Walk over everything that may be a schema."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _schemas(one)


def _resolved(document: dict[str, Any], parameter: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in parameter:
        return parameter
    found: dict[str, Any] = document["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[-1]]
    return found


def _request(exchange: Exchange) -> _Request:
    parts = urlsplit(exchange.url)
    headers = Headers(exchange.headers)
    query = ImmutableMultiDict(parse_qsl(exchange.query, keep_blank_values=True))
    return _Request(
        f"{parts.scheme}://{parts.netloc}",
        exchange.path,
        exchange.method.lower(),
        exchange.body or None,
        headers.get("Content-Type", "").lower(),
        RequestParameters(query=query, header=headers),
    )


def _name(exchange: Exchange) -> str:
    return f"{exchange.method} {exchange.path}" + (f"?{exchange.query}" if exchange.query else "")


def _words(error: BaseException) -> str:
    """Say what is wrong, down to the field; the error's own text holds the whole document."""
    words = []
    cause: BaseException | None = error
    while cause is not None:
        found = list(getattr(cause, "schema_errors", ()))
        words += [f"{'.'.join(map(str, one.absolute_path))}: {_innermost(one).message[:200]}" for one in found[:3]]
        cause = cause.__cause__
    return "; ".join(words) or str(error)[:300]


def _innermost(error: Any) -> Any:
    return best_match([error]) or error
