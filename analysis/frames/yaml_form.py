"""The YAML form of a lexicon: checked key by key, with file, line and remedy in every complaint."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from analysis.frames.lexicon import SCOPE, Entry, Frame, Lexicon, Negation, Unless
from analysis.text.patterns import read_patterns

LINE = "\0line"  # no YAML key can be this
KEYS = {
    "a lexicon": ("name", "about", "source", "lists", "negation", "unless", "frames"),
    "a frame": ("meaning", "negation", "entries"),
    "an entry": ("name", "match", "unless", "negated", "why"),
    "unless": ("over", "before", "after"),
    "negation": ("words", "scope", "except"),
}


class _Lined(yaml.BaseLoader):
    """Loads every scalar as text ("no" is a word here, not false) and mappings that remember their line."""


def _mapping(loader: _Lined, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key, _ in node.value:
        if key.value in seen:
            raise yaml.MarkedYAMLError(
                problem=f"key {key.value!r} stands twice; join the two", problem_mark=key.start_mark
            )
        seen.add(key.value)
    return {**loader.construct_mapping(node, deep=True), LINE: node.start_mark.line + 1}


_Lined.add_constructor("tag:yaml.org,2002:map", _mapping)


class _Reader:
    """One file on its way to a lexicon; it knows where it is, for complaints."""

    def __init__(self, text: str, place: str) -> None:
        self.place = place
        try:
            self.root = yaml.load(text, _Lined)  # text alone, no objects
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise self.error(f"not valid YAML: {error.problem}", line) from None
        if not isinstance(self.root, dict):
            raise self.error("holds no lexicon; begin with 'frames:'", 1)

    def error(self, what: str, line: int) -> ValueError:
        return ValueError(f"{self.place}, line {line}: {what}.")

    def checked(self, node: Any, kind: str, line: int) -> dict[str, Any]:
        """The mapping, if it is one and all its keys are known."""
        if not isinstance(node, dict):
            raise self.error(f"{kind} must be a mapping with {_among(KEYS[kind])}; found {node!r}", line)
        unknown = [key for key in node if key != LINE and key not in KEYS[kind]]
        if unknown:
            raise self.error(f"unknown key {unknown[0]!r} in {kind}; known are {_among(KEYS[kind])}", node[LINE])
        return node

    def strings(self, node: Any, what: str, line: int) -> tuple[str, ...]:
        """A list of strings; one string is a list of one."""
        found = [node] if isinstance(node, str) else node
        if not isinstance(found, list) or not all(isinstance(item, str) and item for item in found):
            raise self.error(f"{what} must be a list of words or phrases; found {node!r}", line)
        return tuple(found)

    def lexicon(self) -> Lexicon:
        root = self.checked(self.root, "a lexicon", self.root[LINE])
        line = root[LINE]
        frames = root.get("frames")
        if not isinstance(frames, dict) or len(frames) < 2:
            raise self.error("a lexicon needs frames; write 'frames:' with at least one frame below it", line)
        # A frame that is only a list of patterns is a frame with these entries.
        at = frames.pop(LINE)
        frames = {
            str(key): {"entries": node, LINE: at} if isinstance(node, list) else node
            for key, node in frames.items()
        }
        lists = root.get("lists") or {LINE: line}
        found = Lexicon(
            name=root.get("name", Path(self.place).stem),
            about=self.strings(root.get("about", []), "about", line),
            lists={
                key: self.strings(value, f"list {key!r}", lists[LINE])
                for key, value in lists.items()
                if key != LINE
            },
            negation=self.negation(root.get("negation"), line),
            unless=self.unless(root.get("unless"), line),
            source=root.get("source", ""),
            frames=tuple(self.frame(name, node, at) for name, node in frames.items()),
            entries=tuple(
                self.entry(entry, name, node[LINE])
                for name, node in frames.items()
                for entry in node.get("entries") or []
            ),
        )
        self.check(found)
        return found

    def frame(self, name: str, node: Any, line: int) -> Frame:
        found = self.checked(node, "a frame", line)
        heard = found.get("negation", "heard")
        if heard not in ("heard", "ignored"):
            raise self.error(f"frame {name!r}: negation is 'heard' or 'ignored', not {heard!r}", found[LINE])
        if not isinstance(found.get("entries") or [], list):
            raise self.error(f"frame {name!r}: entries must be a list, each with a dash before it", found[LINE])
        return Frame(name, found.get("meaning", ""), heard == "heard")

    def entry(self, node: Any, frame: str, line: int) -> Entry:
        if isinstance(node, str):
            return Entry(node, frame, (node,))
        found = self.checked(node, "an entry", line)
        match = self.strings(found.get("match", []), "match", found[LINE])
        if not match:
            raise self.error(
                "an entry without 'match' finds nothing; give it patterns or take it out", found[LINE]
            )
        return Entry(
            name=found.get("name", match[0]),
            frame=frame,
            match=match,
            unless=self.unless(found.get("unless"), found[LINE]),
            negated=found.get("negated", ""),
            why=found.get("why", ""),
        )

    def unless(self, node: Any, line: int) -> Unless:
        if node is None:
            return Unless()
        found = self.checked(node, "unless", line)
        return Unless(*(self.strings(found.get(key, []), key, found[LINE]) for key in KEYS["unless"]))

    def negation(self, node: Any, line: int) -> Negation:
        if node is None:
            return Negation()
        found = self.checked(node, "negation", line)
        scope = str(found.get("scope", SCOPE))
        if not scope.isdecimal() or scope == "0":
            raise self.error(f"negation scope is a number of words, 1 or more, not {scope!r}", found[LINE])
        words, exceptions = (self.strings(found.get(key, []), key, found[LINE]) for key in ("words", "except"))
        return Negation(words, int(scope), exceptions)

    def check(self, lexicon: Lexicon) -> None:
        """Reads every pattern once, so that a broken one is told now, with its entry."""
        try:
            lists = lexicon.named_lists
        except ValueError as error:
            raise self.error(str(error).removesuffix("."), self.root[LINE]) from None
        for where, patterns in lexicon.patterns():
            try:
                read_patterns(patterns, lists)
            except ValueError as error:
                raise ValueError(f"{self.place}, {where}: {error}") from None
        for entry in lexicon.entries:
            if entry.negated and entry.negated not in lexicon.labels:
                raise ValueError(
                    f"{self.place}, entry {entry.name!r}: negated becomes {entry.negated!r}, which is no frame; "
                    f"frames are {_among(lexicon.labels)}."
                )


def _among(words: Sequence[str]) -> str:
    return ", ".join(words)


def parsed(text: str, place: str) -> Lexicon:
    """The lexicon a YAML text holds; ``place`` names the file in complaints."""
    return _Reader(text, place).lexicon()


def written(lexicon: Lexicon) -> str:
    """The YAML text of a lexicon: what ``parsed`` reads back to the same."""
    frames = {frame.name: _frame(frame, lexicon) for frame in lexicon.frames}
    root = {
        "name": lexicon.name,
        "about": list(lexicon.about),
        "source": lexicon.source,
        "lists": {name: list(members) for name, members in lexicon.lists.items()},
        "negation": _negation(lexicon.negation),
        "unless": _unless(lexicon.unless),
        "frames": frames,
    }
    return yaml.safe_dump(_filled(root), sort_keys=False, allow_unicode=True, width=110)


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
            "why": entry.why,
        }
    )


def _unless(unless: Unless) -> dict[str, Any]:
    return _filled({key: list(getattr(unless, key)) for key in KEYS["unless"]})


def _negation(negation: Negation) -> dict[str, Any]:
    if not negation.words:
        return {}
    return _filled({"words": list(negation.words), "scope": negation.scope, "except": list(negation.exceptions)})


def _filled(node: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value not in ("", [], {}, ())}
