"""A lexicon as YAML text."""

from collections.abc import Mapping
from typing import Any

import yaml

from analysis.corpus.countries import About
from analysis.frames.conditions import KINDS, Condition, Negation
from analysis.frames.lexicon import OVERLAPS, Entry, Frame, Lexicon


def written(lexicon: Lexicon) -> str:
    """The YAML text of a lexicon: what ``parsed`` reads back to the same."""
    root = {
        "name": lexicon.name,
        "language": "" if lexicon.language == "en" else lexicon.language,
        "about": _about(lexicon.about),
        "source": lexicon.source,
        **_part(lexicon),
        "languages": {one.language: _filled(_part(one)) for one in lexicon.parallel},
    }
    return yaml.safe_dump(_filled(root), sort_keys=False, allow_unicode=True, width=110)


def _part(lexicon: Lexicon) -> dict[str, Any]:
    """What the lexicon of one language has of its own."""
    return {
        "lists": {name: list(members) for name, members in lexicon.lists.items()},
        "negation": _negation(lexicon.negation),
        "hedging": _negation(lexicon.hedging),
        "only": _condition(lexicon.only),
        "unless": _condition(lexicon.unless),
        "overlaps": "" if lexicon.overlaps == OVERLAPS[0] else lexicon.overlaps,
        "frames": _frames(lexicon),
    }


def _about(about: About) -> list[str] | dict[str, list[str]]:
    return {name: list(about[name]) for name in about} if isinstance(about, Mapping) else list(about)


def _frames(lexicon: Lexicon) -> dict[str, Any]:
    """The frames in order; a dot in a name puts it within another."""
    earlier: dict[str, Frame] = {}
    nodes: dict[str, dict[str, Any]] = {}
    for frame in lexicon.frames:
        outer = earlier.get(frame.name.rpartition(".")[0], Frame(""))
        own = {
            key: given for key in ("negation", "hedging") if (given := getattr(frame, key)) != getattr(outer, key)
        }
        applied = {key: "applied" if given else "ignored" for key, given in own.items()}
        entries = [_entry(entry) for entry in lexicon.entries if entry.frame == frame.name]
        nodes[frame.name] = {**_filled({"meaning": frame.meaning}), **applied, "entries": entries}
        earlier[frame.name] = frame
    return nodes


def _entry(entry: Entry) -> dict[str, Any]:
    return _filled({
        "name": entry.name, "match": list(entry.match),
        "only": _condition(entry.only), "unless": _condition(entry.unless),
        "negated": entry.negated, "hedged": entry.hedged, "yields": entry.yields,
        "weight": "" if entry.weight == 1 else entry.weight,
        "source": entry.source, "why": entry.why,
    })  # fmt: skip


def _condition(condition: Condition) -> dict[str, Any]:
    patterns = {key: list(getattr(condition, key)) for key in KINDS}
    listed = getattr(condition, "listed", 0) or ""
    return _filled({**patterns, "about": _about(condition.about), "listed": listed})


def _negation(negation: Negation) -> dict[str, Any]:
    if negation == Negation():
        return {}
    fields = {"words": list(negation.words), "scope": negation.scope, "except": list(negation.exceptions)}
    return _filled(fields | ({"behind": negation.behind} if negation.behind else {}))


def _filled(node: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value not in ("", [], {}, ())}
