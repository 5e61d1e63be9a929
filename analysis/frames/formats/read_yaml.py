"""A lexicon from its YAML form, checked key by key; every error names file, line and remedy."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from analysis.corpus.countries import About, names
from analysis.corpus.files import shipped
from analysis.frames.conditions import PAIR
from analysis.frames.formats.dictionary import broken, composed
from analysis.frames.lexicon import OVERLAPS, Entry, Frame, Lexicon
from analysis.text.patterns import LONGEST_GAP, read_patterns

APPLIED, CHOICES = ("applied", "ignored"), {"overlaps": OVERLAPS}
MOST_SHOWN = 80  # characters of a faulty value in an error
# Of what a number is, its least and its most; more than 99 countries in one list are a slip.
NUMBERS = {"scope": ("words", 1, LONGEST_GAP), "behind": ("words", 0, LONGEST_GAP), "listed": ("countries", 2, 99)}


class Lined(dict[str, Any]):
    """A mapping of a YAML file, and the line in which it begins."""

    def __init__(self, line: int, items: Mapping[str, Any] | None = None) -> None:
        super().__init__(items or {})
        self.line = line


def parsed(text: str, place: str) -> Lexicon:
    """The lexicon a YAML text holds; ``place`` names the file in errors."""
    root = plain(composed(text, place), place)
    if not isinstance(root, Lined):
        raise broken(place, 1, "not a lexicon; begin with 'frames:'.")
    return _Reader(root, place).lexicon()


def plain(node: Any, place: str) -> Any:
    """Nodes as text, lists, and mappings that know their line."""
    if node is None:
        return ""
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [plain(item, place) for item in node.value]
    mapping = Lined(node.start_mark.line + 1)
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise broken(place, line, "not valid YAML: a key must be a word; put quotes round it.")
        if key.value in mapping:
            raise broken(place, line, f"not valid YAML: duplicate key {key.value!r}; join the two.")
        mapping[key.value] = plain(value, place)
    return mapping


def keys_of(part: str) -> dict[str, str]:
    """The keys of a part of a lexicon, and how each is read: by the method of this name."""
    kinds: dict[str, str] = shipped("analysis.frames.formats", "fields.yaml")["keys"][part]
    return kinds


class _Reader:
    """One file on its way to a lexicon; it knows its place, for errors."""

    def __init__(self, root: Lined, place: str) -> None:
        self.root, self.place = root, place
        self.lines: dict[str, int] = {}  # of the groups of patterns that `Lexicon.patterns` names

    def error(self, what: str, line: int) -> ValueError:
        return broken(self.place, line, f"{what.removesuffix('.')}.")

    @contextmanager
    def at(self, line: int, where: str = "") -> Iterator[None]:
        """Errors raised within name this line."""
        try:
            yield
        except ValueError as error:
            raise self.error(f"{where}{error}", line) from None

    def lexicon(self) -> Lexicon:
        found = first = self.part(self.root, "a lexicon", self.root.line, {"name": Path(self.place).stem})
        others = self.root.get("languages", Lined(0))
        if not isinstance(others, Lined):
            what = "languages must be a mapping of codes to lexicons, as in 'de: {frames: …}'"
            raise self.error(what, self.root.line)
        for code, node in others.items():
            own = {key: getattr(first, key) for key in ("name", "about", "source")}
            one = self.part(node, "a language", others.line, own | {"language": code})
            with self.at(node.line):
                found = replace(found, parallel=(*found.parallel, one))
        return found

    def part(self, given: Any, kind: str, line: int, own: dict[str, Any]) -> Lexicon:
        """The lexicon of one language; ``own`` is what the file says or is called outside it."""
        root = self.checked(given, kind, line)
        self.lines = {key: node.line for key, node in root.items() if isinstance(node, Lined)}
        own |= {key: value for key, value in self.values(root, kind, line).items() if value}
        nodes: dict[str, Lined] = {}
        frames: dict[str, Frame] = {}
        for name, node in self.frames(root.get("frames"), root.line):
            if name in nodes:
                raise self.error(f"duplicate frame {name!r}, once as a name with a dot; join the two", node.line)
            nodes[name] = node
            frames[name] = self.frame(name, node, frames.get(name.rpartition(".")[0], Frame("")))
        entries = [
            self.entry(entry, name, node.line, list(frames))
            for name, node in nodes.items()
            for entry in node.get("entries") or []
        ]
        found = Lexicon(frames=tuple(frames.values()), entries=tuple(entries), **own)
        self.check_patterns(found)
        return found

    def checked(self, node: Any, part: str, line: int) -> Lined:
        keys = keys_of(part)
        if not isinstance(node, Lined):
            kind = "a list of patterns, or a mapping" if part == "a frame" else "a mapping"
            raise self.error(f"{part} must be {kind} with {', '.join(keys)}; found {shown(node)}", line)
        if unknown := [key for key in node if key not in keys]:
            raise self.error(f"unknown key {unknown[0]!r} in {part}; known are {', '.join(keys)}", node.line)
        return node

    def values(self, given: Any, part: str, line: int) -> Lined:
        """What a part holds, each key read by its kind."""
        node = self.checked(given, part, line)
        read = {key: kind for key, kind in keys_of(part).items() if kind and key in node}
        return Lined(node.line, {key: getattr(self, kind)(node, key, part) for key, kind in read.items()})

    def within(self, of: Lined, key: str, _: str) -> Lined:
        return self.values(of[key], key, of.line)

    def words(self, of: Lined, key: str, _: str, what: str = "") -> tuple[str, ...]:
        """A list of strings; one string is a list of one."""
        items = [of[key]] if isinstance(of[key], str) else of[key]
        if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
            raise self.error(f"{what or key} must be a list of words or phrases; found {shown(of[key])}", of.line)
        return tuple(items)

    def text(self, of: Lined, key: str, _: str) -> str:
        if not isinstance(of[key], str):
            raise self.error(f"{key} must be a text; found {shown(of[key])}", of.line)
        return str(of[key])

    def number(self, of: Lined, key: str, part: str) -> int:
        what, least, most = NUMBERS[key]
        if not re.fullmatch(r"[0-9]{1,3}", str(of[key])) or not least <= int(of[key]) <= most:
            limits = f"must be a number of {what} from {least} to {most}"
            raise self.error(f"{part} {key} {limits}; found {shown(of[key])}", of.line)
        return int(of[key])

    def weight(self, of: Lined, key: str, _: str) -> float:
        """How surely an entry means its frame; above 1 a share would exceed 100 %."""
        with suppress(ValueError):
            if 0 < (weight := float(str(of[key]))) <= 1:
                return weight
        what = f"weight must be above 0 and at most 1; found {shown(of[key])}; divide all by the largest"
        raise self.error(what, of.line)

    def choice(self, of: Lined, key: str, _: str, where: str = "") -> str:
        if of[key] not in (known := CHOICES.get(key, APPLIED)):
            *most, last = map(repr, known)
            raise self.error(f"{where}{key} must be {', '.join(most)} or {last}; found {shown(of[key])}", of.line)
        return str(of[key])

    def about(self, of: Lined, key: str, part: str) -> About:
        """Two known countries, or two with names of their own."""
        found: About
        if isinstance(given := of[key], Lined):
            found = {name: self.words(given, name, part, f"about {name!r}") for name in given}
        else:
            found = self.words(of, key, part)
        if found:
            with self.at(of.line):
                names(found)
        return found

    def lists(self, of: Lined, key: str, _: str, path: str = "") -> dict[str, tuple[str, ...]]:
        """The lists; one within another has both names, with a dot between."""
        node, found = of[key] or Lined(of.line), dict[str, tuple[str, ...]]()
        if not isinstance(node, Lined):
            raise self.error(f"lists must be a mapping of names to words; found {shown(node)}", of.line)
        for within in node:
            name = f"{path}{within}"
            if not re.fullmatch(r"[\w.-]+", within):
                raise self.error(f"list {name!r}: a list's name is one word, so that @name means it", node.line)
            if isinstance(node[within], Lined):
                found |= self.lists(node, within, "", f"{name}.")
            else:
                self.lines[f"list {name!r}"] = node.line
                found[name] = self.words(node, within, "", f"list {name!r}")
        return found

    def frames(self, node: Any, line: int, path: str = "") -> Iterator[tuple[str, Lined]]:
        """The frames and those within them; one that is only a list of patterns is a frame with these entries."""
        if not isinstance(node, Lined) or not node:
            where = f"frame {path[:-1]!r}" if path else "a lexicon"
            raise self.error(f"{where} needs frames; write 'frames:' with at least one frame below it", line)
        if "" in node:
            raise self.error("a frame has no name; write one before its colon", node.line)
        for name, value in node.items():
            given = Lined(node.line, {"entries": value}) if isinstance(value, list) else value
            frame = self.checked(given, "a frame", node.line)
            yield f"{path}{name}", frame
            if "frames" in frame:
                yield from self.frames(frame["frames"], frame.line, f"{path}{name}.")

    def frame(self, name: str, node: Lined, outer: Frame) -> Frame:
        """Negation and hedging are those of the frame around, unless it has its own."""
        where = f"frame {name!r}: "
        applied = {key: getattr(outer, key) for key in ("negation", "hedging")}
        for key in (key for key in applied if key in node):
            earlier = node[key] == "heard"  # as earlier lexicons have it
            applied[key] = earlier or self.choice(node, key, "", where) == "applied"
        if not isinstance(node.get("entries") or [], list):
            raise self.error(f"{where}entries must be a list, each with a dash before it", node.line)
        return Frame(name, **applied, **self.values(node, "a frame", node.line))

    def entry(self, node: Any, frame: str, line: int, frames: Sequence[str]) -> Entry:
        """An entry whose name no other of its frame has, and which refers to known frames."""
        fields = self.values(Lined(line, {"match": node}) if isinstance(node, str) else node, "an entry", line)
        if not fields.get("match"):
            raise self.error("an entry has no 'match'; give it patterns or remove it", fields.line)
        fields["name"] = fields.get("name") or fields["match"][0]
        entry = Entry(frame=frame, **fields)
        if entry.place in self.lines:
            other = f"{frame} has another entry {entry.name!r}, at line {self.lines[entry.place]}"
            raise self.error(f"{other}; join the two or name them apart", fields.line)
        self.lines[entry.place] = fields.line
        others = [name for name in frames if name != frame]
        for key, what in {"negated": "becomes", "hedged": "becomes", "yields": "to"}.items():
            other, own = getattr(entry, key), [frame] * (key != "yields")  # negated or not, it counts for this one
            if other and other not in others + own:
                known = f"which is not another frame; found: {', '.join(others) or 'none'}"
                raise self.error(f"{entry.place} {key} {what} {other!r}, {known}", fields.line)
        return entry

    def check_patterns(self, lexicon: Lexicon) -> None:
        """Reads every pattern once, so that a faulty one is reported now, with its entry."""
        lists = lexicon.named_lists
        groups = [*((f"list {name!r}", (f"@{name}",)) for name in lists), *lexicon.patterns()]
        try:
            read_patterns((pattern for _, patterns in groups for pattern in patterns), lists)
        except ValueError:
            for where, patterns in groups:  # to name the first that is faulty
                line = self.lines.get(where, self.root.line)
                if PAIR in patterns and PAIR[1:] not in lists:
                    what = "opens and @pair need a pair, which the lexicon does not name"
                    raise self.error(f"{where}: {what}; add about: [Russia, China]", line) from None
                with self.at(line, f"{where}: "):
                    read_patterns(patterns, lists)


def shown(node: Any) -> str:
    """What was found, in at most a line."""
    text = repr(node)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
