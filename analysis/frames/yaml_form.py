"""The YAML form of a lexicon: checked key by key, with file, line and remedy in every complaint."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from analysis.corpus.countries import About
from analysis.frames.lexicon import SCOPE, Entry, Frame, Lexicon, Negation, Unless
from analysis.text.patterns import LONGEST_GAP, read_patterns

LINE = "\0line"  # no YAML key can be this
KEYS = {
    "a lexicon": ("name", "about", "source", "lists", "negation", "unless", "frames"),
    "a frame": ("meaning", "negation", "entries"),
    "an entry": ("name", "match", "unless", "negated", "yields", "why"),
    "unless": ("over", "before", "after"),
    "negation": ("words", "scope", "except"),
}


class _Lined(yaml.BaseLoader):
    """Loads every scalar as text ("no" is a word here, not false) and mappings that remember their line."""


def _mapping(loader: _Lined, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.MarkedYAMLError(
                problem="a key must be a word; put quotes round it", problem_mark=key.start_mark
            )
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
        except (yaml.YAMLError, RecursionError) as error:
            raise self.error(f"not valid YAML: {str(error).splitlines()[0]}", 1) from None
        if not isinstance(self.root, dict):
            raise self.error("holds no lexicon; begin with 'frames:'", 1)

    def error(self, what: str, line: int) -> ValueError:
        return ValueError(f"{self.place}, line {line}: {what}.")

    def checked(self, node: Any, kind: str, line: int) -> dict[str, Any]:
        """The mapping, if it is one and all its keys are known."""
        if not isinstance(node, dict):
            raise self.error(f"{kind} must be a mapping with {_among(KEYS[kind])}; found {_shown(node)}", line)
        unknown = [key for key in node if key != LINE and key not in KEYS[kind]]
        if unknown:
            raise self.error(f"unknown key {unknown[0]!r} in {kind}; known are {_among(KEYS[kind])}", node[LINE])
        return node

    def strings(self, node: Any, what: str, line: int) -> tuple[str, ...]:
        """A list of strings; one string is a list of one."""
        found = [node] if isinstance(node, str) else node
        if not isinstance(found, list) or not all(isinstance(item, str) and item for item in found):
            raise self.error(f"{what} must be a list of words or phrases; found {_shown(node)}", line)
        return tuple(found)

    def string(self, node: Any, what: str, line: int) -> str:
        if not isinstance(node, str):
            raise self.error(f"{what} must be a text; found {_shown(node)}", line)
        return node

    def lexicon(self) -> Lexicon:
        root = self.checked(self.root, "a lexicon", self.root[LINE])
        line = root[LINE]
        frames = self.frames(root.get("frames"), line)
        found = Lexicon(
            name=self.string(root.get("name", Path(self.place).stem), "name", line),
            about=self.about(root.get("about", []), line),
            lists=self.lists(root.get("lists") or {}, line),
            negation=self.negation(root.get("negation"), line),
            unless=self.unless(root.get("unless"), line),
            source=self.string(root.get("source", ""), "source", line),
            frames=tuple(self.frame(name, node, line) for name, node in frames.items()),
            entries=tuple(
                self.entry(entry, name, node[LINE])
                for name, node in frames.items()
                for entry in node.get("entries") or []
            ),
        )
        self.check(found)
        return found

    def frames(self, node: Any, line: int) -> dict[str, Any]:
        """The frames; one that is only a list of patterns is a frame with these entries."""
        if not isinstance(node, dict) or len(node) < 2:
            raise self.error("a lexicon needs frames; write 'frames:' with at least one frame below it", line)
        if "" in node:
            raise self.error("a frame has no name; write one before its colon", node[LINE])
        return {
            key: {"entries": value, LINE: node[LINE]} if isinstance(value, list) else value
            for key, value in node.items()
            if key != LINE
        }

    def about(self, node: Any, line: int) -> About:
        """Two known countries, or two with names of their own."""
        if not isinstance(node, dict):
            return self.strings(node, "about", line)
        return {
            key: self.strings(forms, f"about {key!r}", node[LINE]) for key, forms in node.items() if key != LINE
        }

    def lists(self, node: Any, line: int) -> dict[str, tuple[str, ...]]:
        if not isinstance(node, dict):
            raise self.error(f"lists must be a mapping of names to words; found {_shown(node)}", line)
        unreadable = [key for key in node if key != LINE and not re.fullmatch(r"[\w.-]+", key)]
        if unreadable:
            raise self.error(
                f"list {unreadable[0]!r}: a list's name is one word, so that @name means it", node[LINE]
            )
        return {
            key: self.strings(value, f"list {key!r}", node[LINE]) for key, value in node.items() if key != LINE
        }

    def frame(self, name: str, node: Any, line: int) -> Frame:
        found = self.checked(node, "a frame", line)
        heard = found.get("negation", "heard")
        if heard not in ("heard", "ignored"):
            raise self.error(f"frame {name!r}: negation is 'heard' or 'ignored', not {heard!r}", found[LINE])
        if not isinstance(found.get("entries") or [], list):
            raise self.error(f"frame {name!r}: entries must be a list, each with a dash before it", found[LINE])
        return Frame(name, self.string(found.get("meaning", ""), "meaning", found[LINE]), heard == "heard")

    def entry(self, node: Any, frame: str, line: int) -> Entry:
        if isinstance(node, str):
            return Entry(node, frame, (node,))
        found = self.checked(node, "an entry", line)
        match = self.strings(found.get("match", []), "match", found[LINE])
        if not match:
            raise self.error(
                "an entry without 'match' finds nothing; give it patterns or take it out", found[LINE]
            )
        name, *rest = (
            self.string(found.get(key, ""), key, found[LINE]) for key in ("name", "negated", "yields", "why")
        )
        return Entry(name or match[0], frame, match, self.unless(found.get("unless"), found[LINE]), *rest)

    def unless(self, node: Any, line: int) -> Unless:
        if node is None:
            return Unless()
        found = self.checked(node, "unless", line)
        return Unless(*(self.strings(found.get(key, []), key, found[LINE]) for key in KEYS["unless"]))

    def negation(self, node: Any, line: int) -> Negation:
        if node is None:
            return Negation()
        found = self.checked(node, "negation", line)
        scope = found.get("scope", str(SCOPE))
        if not re.fullmatch(r"[0-9]{1,3}", str(scope)) or not 1 <= int(scope) <= LONGEST_GAP:
            raise self.error(
                f"negation scope is a number of words from 1 to {LONGEST_GAP}, not {_shown(scope)}", found[LINE]
            )
        words, exceptions = (self.strings(found.get(key, []), key, found[LINE]) for key in ("words", "except"))
        return Negation(words, int(scope), exceptions)

    def check(self, lexicon: Lexicon) -> None:
        """Reads every pattern once, so that a broken one is told now, with its entry."""
        try:
            lists = lexicon.named_lists
        except ValueError as error:
            raise self.error(str(error).removesuffix("."), self.root[LINE]) from None
        for where, patterns in [*((f"list {name!r}", [f"@{name}"]) for name in lists), *lexicon.patterns()]:
            try:
                read_patterns(patterns, lists)
            except ValueError as error:
                raise ValueError(f"{self.place}, {where}: {error}") from None
        names = Counter((entry.frame, entry.name) for entry in lexicon.entries)
        for (frame, name), times in names.items():
            if times > 1:
                raise ValueError(
                    f"{self.place}: {frame} has {times} entries {name!r}. Join them or name them apart."
                )
        for entry in lexicon.entries:
            others = [label for label in lexicon.labels if label != entry.frame]
            for said, other in (("negated becomes", entry.negated), ("yields to", entry.yields)):
                if other and other not in others:
                    raise ValueError(
                        f"{self.place}, entry {entry.name!r} of {entry.frame}: {said} {other!r}, "
                        f"which is no other frame; there is {_among(others) or 'none'}."
                    )


def _shown(node: Any) -> str:
    """What was found, without the lines noted in it."""
    return repr(_bare(node))


def _bare(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _bare(value) for key, value in node.items() if key != LINE}
    return [_bare(item) for item in node] if isinstance(node, list) else node


def _among(words: Sequence[str]) -> str:
    return ", ".join(words)


def parsed(text: str, place: str) -> Lexicon:
    """The lexicon a YAML text holds; ``place`` names the file in complaints."""
    return _Reader(text, place).lexicon()
