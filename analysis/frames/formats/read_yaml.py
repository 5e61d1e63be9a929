"""A lexicon from its YAML form, checked key by key; every error names file, line and remedy."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from analysis.corpus.countries import About, names
from analysis.frames.conditions import KINDS, PAIR, SCOPE, Condition, Negation, Only, Unless
from analysis.frames.formats.dictionary import composed
from analysis.frames.lexicon import OVERLAPS, Entry, Frame, Lexicon
from analysis.text.patterns import LONGEST_GAP, read_patterns

KEYS = {
    "a lexicon": (
        *("name", "language", "about", "source", "lists", "negation", "hedging"),
        *("only", "unless", "overlaps", "frames", "languages"),
    ),
    "a language": ("lists", "negation", "hedging", "only", "unless", "overlaps", "frames"),
    "a frame": ("meaning", "negation", "hedging", "entries", "frames"),
    "an entry": ("name", "match", "only", "unless", "negated", "hedged", "yields", "weight", "source", "why"),
    "only": (*KINDS, "about"),
    "unless": (*KINDS, "about", "listed"),
    "negation": ("words", "scope", "except", "behind"),
    "hedging": ("words", "scope", "except", "behind"),
}
APPLIED = {"applied": True, "heard": True, "ignored": False}  # the second is what earlier lexicons say
LONGEST_LIST = 99  # countries in one list; more is a slip
MOST_SHOWN = 80  # characters of a faulty value in an error
LINE = "\0line"  # no YAML key can be this


def parsed(text: str, place: str) -> Lexicon:
    """The lexicon a YAML text holds; ``place`` names the file in errors."""
    return _Reader(composed(text, place), place).lexicon()


def plain(node: Any, place: str) -> Any:
    """Nodes as text, lists, and mappings that know their line."""
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [plain(item, place) for item in node.value]
    mapping: dict[str, Any] = {}
    for key, value in node.value if node else ():
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise ValueError(f"{place}, line {line}: not valid YAML: a key must be a word; put quotes round it.")
        if key.value in mapping:
            raise ValueError(f"{place}, line {line}: not valid YAML: duplicate key {key.value!r}; join the two.")
        mapping[key.value] = plain(value, place)
    return {**mapping, LINE: node.start_mark.line + 1} if node else ""


class _Reader:
    """One file on its way to a lexicon; it knows its place, for errors."""

    def __init__(self, root: Any, place: str) -> None:
        self.place = place
        self.root = plain(root, place)
        self.lines: dict[str, int] = {}  # of the groups of patterns that `Lexicon.patterns` names
        if not isinstance(self.root, dict):
            raise self.error("not a lexicon; begin with 'frames:'", 1)

    def error(self, what: str, line: int) -> ValueError:
        return ValueError(f"{self.place}, line {line}: {what}.")

    def lexicon(self) -> Lexicon:
        root = self.checked(self.root, "a lexicon", self.root[LINE])
        line: int = root[LINE]
        about = self.about(root.get("about", []), line)
        name = self.string(root.get("name", Path(self.place).stem), "name", line)
        own: dict[str, Any] = {
            "name": name, "about": about, "source": self.string(root.get("source", ""), "source", line),
            "language": self.string(root.get("language", "en"), "language", line),
        }  # fmt: skip
        others = root.get("languages", {LINE: line})
        if not isinstance(others, dict):
            raise self.error("languages must be a mapping of codes to lexicons, as in 'de: {frames: …}'", line)
        first = self.part(root, own)
        parallel = []
        for code in (code for code in others if code != LINE):
            section = self.checked(others[code], "a language", others[LINE])
            parallel.append(self.part(section, own | {"language": code}))
            try:
                found = replace(first, parallel=tuple(parallel))
            except ValueError as error:
                raise self.error(str(error).removesuffix("."), section[LINE]) from None
        return found if parallel else first

    def part(self, root: dict[str, Any], own: dict[str, Any]) -> Lexicon:
        """The lexicon of one language; ``own`` is what the whole file says."""
        line: int = root[LINE]
        self.lines = {}
        self.lines |= {key: node[LINE] for key, node in root.items() if isinstance(node, dict)}
        nodes: dict[str, dict[str, Any]] = {}
        frames: dict[str, Frame] = {}
        for name, node in self.frames(root.get("frames"), line):
            if name in nodes:
                raise self.error(f"duplicate frame {name!r}, once as a name with a dot; join the two", node[LINE])
            nodes[name] = node
            frames[name] = self.frame(name, node, frames.get(name.rpartition(".")[0], Frame("")))
        found = Lexicon(
            lists=dict(self.lists(root.get("lists") or {LINE: line}, line)),
            negation=self.negation(root.get("negation"), "negation", line),
            hedging=self.negation(root.get("hedging"), "hedging", line),
            only=Only(**self.condition(root.get("only"), "only", line)),
            unless=Unless(**self.condition(root.get("unless"), "unless", line)),
            overlaps=self.choice(root.get("overlaps", OVERLAPS[0]), "overlaps", OVERLAPS, line),
            frames=tuple(frames.values()),
            entries=tuple(
                self.entry(entry, name, node[LINE], list(frames))
                for name, node in nodes.items()
                for entry in node.get("entries") or []
            ),
            **own,
        )
        self.check(found)
        return found

    def checked(self, node: Any, kind: str, line: int) -> dict[str, Any]:
        known = ", ".join(KEYS[kind])
        if not isinstance(node, dict):
            raise self.error(f"{kind} must be a mapping with {known}; found {shown(node)}", line)
        unknown = [key for key in node if key != LINE and key not in KEYS[kind]]
        if unknown:
            raise self.error(f"unknown key {unknown[0]!r} in {kind}; known are {known}", node[LINE])
        return node

    def strings(self, node: Any, what: str, line: int) -> tuple[str, ...]:
        """A list of strings; one string is a list of one."""
        items = [node] if isinstance(node, str) else node
        if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
            raise self.error(f"{what} must be a list of words or phrases; found {shown(node)}", line)
        return tuple(items)

    def string(self, node: Any, what: str, line: int) -> str:
        if not isinstance(node, str):
            raise self.error(f"{what} must be a text; found {shown(node)}", line)
        return node

    def whole(self, node: Any, what: str, least: int, most: int, line: int) -> int:
        if not re.fullmatch(r"[0-9]{1,3}", str(node)) or not least <= int(node) <= most:
            raise self.error(f"{what} from {least} to {most}, not {shown(node)}", line)
        return int(node)

    def choice(self, node: Any, what: str, known: Sequence[str], line: int) -> str:
        if node not in known:
            *most, last = map(repr, known)
            raise self.error(f"{what} is {', '.join(most)} or {last}, not {shown(node)}", line)
        return str(node)

    def frames(self, node: Any, line: int, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
        """The frames and those within them; one that is only a list of patterns is a frame with these entries."""
        if not isinstance(node, dict) or len(node) < 2:
            where = f"frame {path[:-1]!r}" if path else "a lexicon"
            raise self.error(f"{where} needs frames; write 'frames:' with at least one frame below it", line)
        if "" in node:
            raise self.error("a frame has no name; write one before its colon", node[LINE])
        for name in (key for key in node if key != LINE):
            value = node[name]
            frame = {"entries": value, LINE: node[LINE]} if isinstance(value, list) else value
            yield f"{path}{name}", self.checked(frame, "a frame", node[LINE])
            if "frames" in frame:
                yield from self.frames(frame["frames"], frame[LINE], f"{path}{name}.")

    def frame(self, name: str, node: dict[str, Any], outer: Frame) -> Frame:
        """Negation and hedging are those of the frame around, unless it has its own."""
        line = node[LINE]
        applied = {key: getattr(outer, key) for key in ("negation", "hedging")}
        for key in (key for key in applied if key in node):
            if node[key] not in (*APPLIED,):
                what = f"{key} is 'applied' or 'ignored', not {shown(node[key])}"
                raise self.error(f"frame {name!r}: {what}", line)
            applied[key] = APPLIED[node[key]]
        if not isinstance(node.get("entries") or [], list):
            raise self.error(f"frame {name!r}: entries must be a list, each with a dash before it", line)
        return Frame(name, self.string(node.get("meaning", ""), "meaning", line), **applied)

    def about(self, node: Any, line: int) -> About:
        """Two known countries, or two with names of their own."""
        if not isinstance(node, dict):
            return self.strings(node, "about", line)
        return {
            key: self.strings(forms, f"about {key!r}", node[LINE]) for key, forms in node.items() if key != LINE
        }

    def lists(self, node: Any, line: int, path: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
        """The lists; one within another bears both names, with a dot between."""
        if not isinstance(node, dict):
            raise self.error(f"lists must be a mapping of names to words; found {shown(node)}", line)
        for key in (key for key in node if key != LINE):
            name = f"{path}{key}"
            if not re.fullmatch(r"[\w.-]+", key):
                raise self.error(f"list {name!r}: a list's name is one word, so that @name means it", node[LINE])
            if isinstance(node[key], dict):
                yield from self.lists(node[key], node[LINE], f"{name}.")
            else:
                self.lines[f"list {name!r}"] = node[LINE]
                yield name, self.strings(node[key], f"list {name!r}", node[LINE])

    def entry(self, node: Any, frame: str, line: int, frames: Sequence[str]) -> Entry:
        node = {"match": node, LINE: line} if isinstance(node, str) else node
        fields = self.checked(node, "an entry", line)
        line = fields[LINE]
        match = self.strings(fields.get("match", []), "match", line)
        if not match:
            raise self.error("an entry without 'match' finds nothing; give it patterns or take it out", line)
        keys = ("name", "negated", "hedged", "yields", "source", "why")
        texts = {key: self.string(fields.get(key, ""), key, line) for key in keys}
        only = Only(**self.condition(fields.get("only"), "only", line))
        unless = Unless(**self.condition(fields.get("unless"), "unless", line))
        weight = self.weight(fields.get("weight", "1"), line)
        texts["name"] = texts["name"] or match[0]
        entry = Entry(**texts, frame=frame, match=match, only=only, unless=unless, weight=weight)
        self.note(entry, line)
        self.check_frames(entry, [name for name in frames if name != frame])
        return entry

    def note(self, entry: Entry, line: int) -> None:
        """Remembers the line of an entry; no two of a frame share a name."""
        if entry.place in self.lines:
            other = f"{entry.frame} has another entry {entry.name!r}, at line {self.lines[entry.place]}"
            raise self.error(f"{other}; join the two or name them apart", line)
        self.lines[entry.place] = line

    def check_frames(self, entry: Entry, others: Sequence[str]) -> None:
        targets = {"negated becomes": entry.negated, "hedged becomes": entry.hedged, "yields to": entry.yields}
        for what, other in targets.items():
            own = other == entry.frame and what != "yields to"  # negated or not, it counts for this frame
            if other and other not in others and not own:
                known = f"which is not another frame; found: {', '.join(others) or 'none'}"
                raise self.error(f"{entry.place} {what} {other!r}, {known}", self.lines[entry.place])

    def weight(self, node: Any, line: int) -> float:
        """How surely an entry means its frame; above 1 a share would exceed 100 %."""
        try:
            weight = float(str(node))
        except ValueError:
            weight = 0.0
        if not 0 < weight <= 1:
            what = f"weight is a number above 0, at most 1, not {shown(node)}; divide all by the largest"
            raise self.error(what, line)
        return weight

    def condition(self, node: Any, kind: str, line: int) -> dict[str, Any]:
        if node is None:
            return {}
        fields = self.checked(node, kind, line)
        line = fields[LINE]
        given: dict[str, Any] = {key: self.strings(fields.get(key, []), key, line) for key in KINDS}
        given["about"] = self.about(fields.get("about", []), line)
        if given["about"]:
            self.check_pair(given["about"], line)
        if "listed" in fields:
            what = "listed is a number of countries"
            given["listed"] = self.whole(fields["listed"], what, 2, LONGEST_LIST, line)
        return given

    def negation(self, node: Any, kind: str, line: int) -> Negation:
        if node is None:
            return Negation()
        fields = self.checked(node, kind, line)
        line = fields[LINE]
        words, exceptions = (self.strings(fields.get(key, []), key, line) for key in ("words", "except"))
        scope, behind = (
            self.whole(fields.get(key, usual), f"{kind} {key} is a number of words", least, LONGEST_GAP, line)
            for key, usual, least in (("scope", SCOPE, 1), ("behind", 0, 0))
        )
        return Negation(words, scope, exceptions, behind)

    def check_pair(self, about: About, line: int) -> None:
        try:
            names(about)
        except ValueError as error:
            raise self.error(str(error).removesuffix("."), line) from None

    def check(self, lexicon: Lexicon) -> None:
        """Reads every pattern once, so that a faulty one is reported now, with its entry."""
        if lexicon.about:
            self.check_pair(lexicon.about, self.root[LINE])
        lists = lexicon.named_lists
        if PAIR[1:] not in lists:
            self.check_opens(lexicon)
        groups = [*((f"list {name!r}", (f"@{name}",)) for name in lists), *lexicon.patterns()]
        try:
            read_patterns((pattern for _, patterns in groups for pattern in patterns), lists)
        except ValueError:
            for where, patterns in groups:  # to name the first that is faulty
                try:
                    read_patterns(patterns, lists)
                except ValueError as error:
                    line = self.lines.get(where, self.root[LINE])
                    raise self.error(f"{where}: {str(error).removesuffix('.')}", line) from None

    def check_opens(self, lexicon: Lexicon) -> None:
        """Nothing can come before a pair that is not named."""
        own: list[tuple[str, Condition]] = [
            (entry.place, condition) for entry in lexicon.entries for condition in (entry.only, entry.unless)
        ]
        for where, condition in [("only", lexicon.only), ("unless", lexicon.unless), *own]:
            if condition.opens:
                what = "opens asks what comes before the pair, and the lexicon has none; name it: "
                line = self.lines.get(where, self.root[LINE])
                raise self.error(f"{where}: {what}about: [Russia, China]", line)


def shown(node: Any) -> str:
    """What was found, in at most a line and without the lines noted in it."""
    text = repr(without_lines(node))
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def without_lines(node: Any) -> Any:
    """What ``plain`` gives, without the lines noted in it."""
    if isinstance(node, dict):
        return {key: without_lines(value) for key, value in node.items() if key != LINE}
    return [without_lines(item) for item in node] if isinstance(node, list) else node
