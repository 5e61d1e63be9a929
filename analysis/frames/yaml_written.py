"""A lexicon as YAML text."""

from collections.abc import Mapping
from typing import Any

import yaml

from analysis.corpus.countries import About
from analysis.frames.lexicon import Entry, Frame, Lexicon, Negation, Unless


def written(lexicon: Lexicon) -> str:
    """The YAML text of a lexicon: what ``parsed`` reads back to the same."""
    frames = {frame.name: _frame(frame, lexicon) for frame in lexicon.frames}
    root = {
        "name": lexicon.name,
        "about": _about(lexicon.about),
        "source": lexicon.source,
        "lists": {name: list(members) for name, members in lexicon.lists.items()},
        "negation": _negation(lexicon.negation),
        "unless": _unless(lexicon.unless),
        "frames": frames,
    }
    return yaml.safe_dump(_filled(root), sort_keys=False, allow_unicode=True, width=110)


def _about(about: About) -> list[str] | dict[str, list[str]]:
    return {name: list(about[name]) for name in about} if isinstance(about, Mapping) else list(about)


def _frame(frame: Frame, lexicon: Lexicon) -> dict[str, Any]:
    entries = [_entry(entry) for entry in lexicon.entries if entry.frame == frame.name]
    heard = "" if frame.negation else "ignored"
    return {**_filled({"meaning": frame.meaning, "negation": heard}), "entries": entries}


def _entry(entry: Entry) -> dict[str, Any]:
    return _filled(
        {
            "name": entry.name,
            "match": list(entry.match),
            "unless": _unless(entry.unless),
            "negated": entry.negated,
            "yields": entry.yields,
            "why": entry.why,
        }
    )


def _unless(unless: Unless) -> dict[str, Any]:
    return _filled({key: list(getattr(unless, key)) for key in ("over", "before", "after")})


def _negation(negation: Negation) -> dict[str, Any]:
    if negation == Negation():
        return {}
    return _filled({"words": list(negation.words), "scope": negation.scope, "except": list(negation.exceptions)})


def _filled(node: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value not in ("", [], {}, ())}
