"""A lexicon as YAML text."""

from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any

import yaml

from analysis.frames.conditions import Negation, own_values
from analysis.frames.formats.read_yaml import keys_of
from analysis.frames.lexicon import Frame, Lexicon


def written(lexicon: Lexicon) -> str:
    """The YAML text of a lexicon: what ``parsed`` reads back to the same."""
    root = _part(lexicon, "a lexicon")
    if lexicon.parallel:
        root["languages"] = {one.language: _part(one, "a language") for one in lexicon.parallel}
    return yaml.safe_dump(root, sort_keys=False, allow_unicode=True, width=110)


def _part(thing: Any, part: str) -> dict[str, Any]:
    """The keys of a part of a lexicon that have a value of their own, in their order."""
    own = own_values(thing)
    if isinstance(thing, Negation):
        own = {"scope": thing.scope, **own, "except": thing.exceptions}
    if isinstance(thing, Lexicon):
        own["frames"] = _frames(thing)
    return {key: _plain(own[key], key) for key in keys_of(part) if own.get(key)}


def _plain(value: Any, key: str) -> Any:
    if is_dataclass(value):
        return _part(value, key)
    if isinstance(value, Mapping):
        return {name: _plain(held, name) for name, held in value.items()}
    return list(value) if isinstance(value, tuple) else value


def _frames(lexicon: Lexicon) -> dict[str, Any]:
    """The frames in order; a dot in a name puts it within another."""
    earlier: dict[str, Frame] = {}
    nodes: dict[str, dict[str, Any]] = {}
    for frame in lexicon.frames:
        outer = earlier.get(frame.name.rpartition(".")[0], Frame(""))
        nodes[frame.name] = {"meaning": frame.meaning} if frame.meaning else {}
        for key in ("negation", "hedging"):
            if (given := getattr(frame, key)) != getattr(outer, key):
                nodes[frame.name][key] = "applied" if given else "ignored"
        entries = [_part(entry, "an entry") for entry in lexicon.entries if entry.frame == frame.name]
        nodes[frame.name]["entries"] = entries
        earlier[frame.name] = frame
    return nodes
