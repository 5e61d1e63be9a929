"""A lexicon from its YAML form, checked key by key; every error names file, line and remedy."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from analysis.corpus.countries import About, names
from analysis.corpus.files import shipped
from analysis.frames.conditions import KINDS, PAIR, SCOPE, Condition, Negation, Only, Unless
from analysis.frames.formats.dictionary import broken, composed
from analysis.frames.lexicon import OVERLAPS, Entry, Frame, Lexicon
from analysis.text.patterns import LONGEST_GAP, read_patterns

APPLIED = ("applied", "ignored")
LONGEST_LIST = 99  # countries in one list; more is a slip
MOST_SHOWN = 80  # characters of a faulty value in an error


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
        root = self.checked(self.root, "a lexicon", self.root.line)
        own: dict[str, Any] = {"about": self.about(root)}
        usual = {"name": Path(self.place).stem, "source": "", "language": "en"}
        own |= {key: self.text(root, key, otherwise) or otherwise for key, otherwise in usual.items()}
        others = root.get("languages", Lined(root.line))
        if not isinstance(others, Lined):
            what = "languages must be a mapping of codes to lexicons, as in 'de: {frames: …}'"
            raise self.error(what, root.line)
        found = first = self.part(root, own)
        parallel = []
        for code in others:
            section = self.checked(others[code], "a language", others.line)
            parallel.append(self.part(section, own | {"language": code}))
            with self.at(section.line):
                found = replace(first, parallel=tuple(parallel))
        return found

    def part(self, root: Lined, own: dict[str, Any]) -> Lexicon:
        """The lexicon of one language; ``own`` is what the whole file says."""
        self.lines = {key: node.line for key, node in root.items() if isinstance(node, Lined)}
        nodes: dict[str, Lined] = {}
        frames: dict[str, Frame] = {}
        for name, node in self.frames(root.get("frames"), root.line):
            if name in nodes:
                raise self.error(f"duplicate frame {name!r}, once as a name with a dot; join the two", node.line)
            nodes[name] = node
            frames[name] = self.frame(name, node, frames.get(name.rpartition(".")[0], Frame("")))
        found = Lexicon(
            lists=dict(self.lists(root.get("lists") or Lined(root.line), root.line)),
            negation=self.negation(root, "negation"),
            hedging=self.negation(root, "hedging"),
            only=Only(**self.condition(root, "only")),
            unless=Unless(**self.condition(root, "unless")),
            overlaps=self.choice(root, "overlaps", OVERLAPS),
            frames=tuple(frames.values()),
            entries=tuple(
                self.entry(entry, name, node.line, list(frames))
                for name, node in nodes.items()
                for entry in node.get("entries") or []
            ),
            **own,
        )
        self.check(found)
        return found

    def checked(self, node: Any, kind: str, line: int) -> Lined:
        keys = shipped("analysis.frames.formats", "fields.yaml")["keys"][kind]
        known = ", ".join(keys)
        if not isinstance(node, Lined):
            raise self.error(f"{kind} must be a mapping with {known}; found {shown(node)}", line)
        if unknown := [key for key in node if key not in keys]:
            raise self.error(f"unknown key {unknown[0]!r} in {kind}; known are {known}", node.line)
        return node

    def words(self, of: Lined, key: str, what: str = "") -> tuple[str, ...]:
        """A list of strings; one string is a list of one."""
        given = of.get(key, [])
        items = [given] if isinstance(given, str) else given
        if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
            raise self.error(f"{what or key} must be a list of words or phrases; found {shown(given)}", of.line)
        return tuple(items)

    def text(self, of: Lined, key: str, usual: str = "") -> str:
        given = of.get(key, usual)
        if not isinstance(given, str):
            raise self.error(f"{key} must be a text; found {shown(given)}", of.line)
        return given

    def whole(self, of: Lined, key: str, what: str, usual: int, least: int, most: int) -> int:
        given = of.get(key, usual)
        if not re.fullmatch(r"[0-9]{1,3}", str(given)) or not least <= int(given) <= most:
            raise self.error(f"{what} from {least} to {most}; found {shown(given)}", of.line)
        return int(given)

    def choice(self, of: Lined, key: str, known: Sequence[str], where: str = "") -> str:
        """One of some words, the first by default."""
        given = of.get(key, known[0])
        if given not in known:
            *most, last = map(repr, known)
            raise self.error(f"{where}{key} must be {', '.join(most)} or {last}; found {shown(given)}", of.line)
        return str(given)

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
            applied[key] = earlier or self.choice(node, key, APPLIED, where) == "applied"
        if not isinstance(node.get("entries") or [], list):
            raise self.error(f"{where}entries must be a list, each with a dash before it", node.line)
        return Frame(name, self.text(node, "meaning"), **applied)

    def about(self, of: Lined) -> About:
        """Two known countries, or two with names of their own."""
        given = of.get("about")
        if not isinstance(given, Lined):
            return self.words(of, "about")
        return {key: self.words(given, key, f"about {key!r}") for key in given}

    def lists(self, node: Any, line: int, path: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
        """The lists; one within another has both names, with a dot between."""
        if not isinstance(node, Lined):
            raise self.error(f"lists must be a mapping of names to words; found {shown(node)}", line)
        for key, value in node.items():
            name = f"{path}{key}"
            if not re.fullmatch(r"[\w.-]+", key):
                raise self.error(f"list {name!r}: a list's name is one word, so that @name means it", node.line)
            if isinstance(value, Lined):
                yield from self.lists(value, node.line, f"{name}.")
            else:
                self.lines[f"list {name!r}"] = node.line
                yield name, self.words(node, key, f"list {name!r}")

    def entry(self, node: Any, frame: str, line: int, frames: Sequence[str]) -> Entry:
        given = Lined(line, {"match": node}) if isinstance(node, str) else node
        fields = self.checked(given, "an entry", line)
        match = self.words(fields, "match")
        if not match:
            what = "an entry has no 'match'; give it patterns or remove it"
            raise self.error(what, fields.line)
        texts = {key: self.text(fields, key) for key in ("name", "negated", "hedged", "yields", "source", "why")}
        only, unless = Only(**self.condition(fields, "only")), Unless(**self.condition(fields, "unless"))
        texts["name"] = texts["name"] or match[0]
        weight = self.weight(fields)
        entry = Entry(**texts, frame=frame, match=match, only=only, unless=unless, weight=weight)
        self.check_entry(entry, fields.line, [name for name in frames if name != frame])
        return entry

    def check_entry(self, entry: Entry, line: int, others: Sequence[str]) -> None:
        """No two entries of a frame share a name, and one refers to known frames."""
        if entry.place in self.lines:
            other = f"{entry.frame} has another entry {entry.name!r}, at line {self.lines[entry.place]}"
            raise self.error(f"{other}; join the two or name them apart", line)
        self.lines[entry.place] = line
        targets = {"negated becomes": entry.negated, "hedged becomes": entry.hedged, "yields to": entry.yields}
        for what, other in targets.items():
            own = other == entry.frame and what != "yields to"  # negated or not, it counts for this frame
            if other and other not in others and not own:
                known = f"which is not another frame; found: {', '.join(others) or 'none'}"
                raise self.error(f"{entry.place} {what} {other!r}, {known}", line)

    def weight(self, of: Lined) -> float:
        """How surely an entry means its frame; above 1 a share would exceed 100 %."""
        given = of.get("weight", "1")
        try:
            weight = float(str(given))
        except ValueError:
            weight = 0.0
        if not 0 < weight <= 1:
            what = f"weight must be above 0 and at most 1; found {shown(given)}; divide all by the largest"
            raise self.error(what, of.line)
        return weight

    def condition(self, of: Lined, kind: str) -> dict[str, Any]:
        if kind not in of:
            return {}
        fields = self.checked(of[kind], kind, of.line)
        given: dict[str, Any] = {key: self.words(fields, key) for key in KINDS}
        given["about"] = self.about(fields)
        if given["about"]:
            with self.at(fields.line):
                names(given["about"])
        if "listed" in fields:
            given["listed"] = self.whole(fields, "listed", "listed must be a number", 0, 2, LONGEST_LIST)
        return given

    def negation(self, of: Lined, kind: str) -> Negation:
        if kind not in of:
            return Negation()
        fields = self.checked(of[kind], kind, of.line)
        words, exceptions = (self.words(fields, key) for key in ("words", "except"))
        scope, behind = (
            self.whole(fields, key, f"{kind} {key} must be a number of words", usual, least, LONGEST_GAP)
            for key, usual, least in (("scope", SCOPE, 1), ("behind", 0, 0))
        )
        return Negation(words, scope, exceptions, behind)

    def check(self, lexicon: Lexicon) -> None:
        """Reads every pattern once, so that a faulty one is reported now, with its entry."""
        if lexicon.about:
            with self.at(self.root.line):
                names(lexicon.about)
        lists = lexicon.named_lists
        if PAIR[1:] not in lists:
            self.check_opens(lexicon)
        groups = [*((f"list {name!r}", (f"@{name}",)) for name in lists), *lexicon.patterns()]
        try:
            read_patterns((pattern for _, patterns in groups for pattern in patterns), lists)
        except ValueError:
            for where, patterns in groups:  # to name the first that is faulty
                with self.at(self.line_of(where), f"{where}: "):
                    read_patterns(patterns, lists)

    def check_opens(self, lexicon: Lexicon) -> None:
        """Nothing can come before a pair that is not named."""
        own: list[tuple[str, Condition]] = [
            (entry.place, condition) for entry in lexicon.entries for condition in (entry.only, entry.unless)
        ]
        for where, condition in [("only", lexicon.only), ("unless", lexicon.unless), *own]:
            if condition.opens:
                what = "opens needs a pair, which the lexicon does not name; add "
                raise self.error(f"{where}: {what}about: [Russia, China]", self.line_of(where))

    def line_of(self, where: str) -> int:
        return self.lines.get(where, self.root.line)


def shown(node: Any) -> str:
    """What was found, in at most a line."""
    text = repr(node)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
