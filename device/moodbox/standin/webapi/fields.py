"""The `fields` filter of playlists: "name,owner(id),items(added_at,item.uri)"."""

from __future__ import annotations

from typing import Any

from moodbox.standin.refused import Refused


def choose(document: dict[str, Any], fields: str | None) -> dict[str, Any]:
    """Return only the named fields of a document; None or "" means all."""
    if not fields:
        return document
    wanted, rest = _parse(fields)
    if rest:
        raise Refused(400, "Invalid fields")
    found: dict[str, Any] = _pick(document, wanted)
    return found


_Tree = dict[str, Any]  # name -> tree of the fields below it, {} for everything


def _parse(text: str) -> tuple[_Tree, str]:
    """Read a list of fields up to its end or closing bracket."""
    tree: _Tree = {}
    while text and not text.startswith(")"):
        end = next((place for place, letter in enumerate(text) if letter in ",()"), len(text))
        path, text = text[:end].strip(), text[end:]
        if not path:
            raise Refused(400, "Invalid fields")
        below: _Tree = {}
        if text.startswith("("):
            below, text = _parse(text[1:])
            if not text.startswith(")"):
                raise Refused(400, "Invalid fields")
            text = text[1:]
        *parents, last = path.split(".")
        place = tree
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = below
        text = text.removeprefix(",")
    return tree, text


def _pick(value: Any, tree: _Tree) -> Any:
    if isinstance(value, list):
        return [_pick(one, tree) for one in value]
    if not isinstance(value, dict) or not tree:
        return value
    barred = {name[1:] for name in tree if name.startswith("!")}
    if barred:
        return {name: one for name, one in value.items() if name not in barred}
    return {name: _pick(value[name], below) for name, below in tree.items() if name in value}
