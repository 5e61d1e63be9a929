"""The YAML form of a lexicon: checked key by key, with file, line and remedy in every complaint."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.corpus.countries import About, names
from analysis.frames.grammar.yaml_nodes import LINE, Nodes, among, shown
from analysis.frames.lexicon import KINDS, OVERLAPS, PAIR, SCOPE, Entry, Frame, Lexicon, Negation, Only, Unless
from analysis.text.patterns import LONGEST_GAP, Lists, read_patterns

KEYS = {
    "a lexicon": (
        *("name", "about", "source", "lists", "negation", "hedging", "only", "unless", "overlaps", "frames"),
    ),
    "a frame": ("meaning", "negation", "hedging", "entries", "frames"),
    "an entry": ("name", "match", "only", "unless", "negated", "hedged", "yields", "weight", "source", "why"),
    "only": (*KINDS, "about"),
    "unless": (*KINDS, "about", "listed"),
    "negation": ("words", "scope", "except"),
    "hedging": ("words", "scope", "except"),
}
LONGEST_LIST = 99  # countries in one list; more is a slip


class _Reader(Nodes):
    """One file on its way to a lexicon; it knows where it is, for complaints."""

    def __init__(self, text: str, place: str) -> None:
        super().__init__(text, place, KEYS)
        self.lines: dict[str, int] = {}  # where `Lexicon.patterns` says a pattern stands

    def lexicon(self) -> Lexicon:
        root = self.checked(self.root, "a lexicon", self.root[LINE])
        line: int = root[LINE]
        self.lines |= {key: node[LINE] for key, node in root.items() if isinstance(node, dict)}
        frames = self.distinct(self.frames(root.get("frames"), line))
        found = Lexicon(
            name=self.string(root.get("name", Path(self.place).stem), "name", line),
            about=self.about(root.get("about", []), line),
            lists=dict(self.lists(root.get("lists") or {LINE: line}, line)),
            negation=self.negation(root.get("negation"), "negation", line),
            hedging=self.negation(root.get("hedging"), "hedging", line),
            only=Only(**self.condition(root.get("only"), "only", line)),
            unless=Unless(**self.condition(root.get("unless"), "unless", line)),
            overlaps=self.choice(root.get("overlaps", OVERLAPS[0]), "overlaps", OVERLAPS, line),
            source=self.string(root.get("source", ""), "source", line),
            frames=self.named_frames(frames),
            entries=tuple(
                self.entry(entry, name, node[LINE])
                for name, node in frames.items()
                for entry in node.get("entries") or []
            ),
        )
        self.check(found)
        return found

    def frames(self, node: Any, line: int, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
        """The frames and those within them; one that is only a list of patterns is a frame with these entries."""
        if not isinstance(node, dict) or len(node) < 2:
            where = f"frame {path[:-1]!r}" if path else "a lexicon"
            raise self.error(f"{where} needs frames; write 'frames:' with at least one frame below it", line)
        if "" in node:
            raise self.error("a frame has no name; write one before its colon", node[LINE])
        for name in (key for key in node if key != LINE):
            value = node[name]
            found = {"entries": value, LINE: node[LINE]} if isinstance(value, list) else value
            yield f"{path}{name}", self.checked(found, "a frame", node[LINE])
            if "frames" in found:
                yield from self.frames(found["frames"], found[LINE], f"{path}{name}.")

    def distinct(self, frames: Iterator[tuple[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for name, node in frames:
            if name in found:
                raise self.error(
                    f"frame {name!r} stands twice, once as a name with a dot; join the two", node[LINE]
                )
            found[name] = node
        return found

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

    def named_frames(self, nodes: dict[str, dict[str, Any]]) -> tuple[Frame, ...]:
        """The frames by name; one within another hears what that one hears, unless it says otherwise."""
        found: dict[str, Frame] = {}
        for name, node in nodes.items():
            found[name] = self.frame(name, node, found.get(name.rpartition(".")[0], Frame("")))
        return tuple(found.values())

    def frame(self, name: str, node: dict[str, Any], outer: Frame) -> Frame:
        line = node[LINE]
        heard = {
            key: self.choice(
                node.get(key, ("ignored", "heard")[getattr(outer, key)]),
                f"frame {name!r}: {key}",
                ("heard", "ignored"),
                line,
            )
            for key in ("negation", "hedging")
        }
        if not isinstance(node.get("entries") or [], list):
            raise self.error(f"frame {name!r}: entries must be a list, each with a dash before it", line)
        meaning = self.string(node.get("meaning", ""), "meaning", line)
        return Frame(name, meaning, **{key: said == "heard" for key, said in heard.items()})

    def choice(self, node: Any, what: str, known: tuple[str, ...], line: int) -> str:
        if node not in known:
            *most, last = map(repr, known)
            raise self.error(f"{what} is {among(most)} or {last}, not {shown(node)}", line)
        return str(node)

    def entry(self, node: Any, frame: str, line: int) -> Entry:
        bare: dict[str, Any] = {"match": node, LINE: line}
        found = bare if isinstance(node, str) else self.checked(node, "an entry", line)
        line = found[LINE]
        match = self.strings(found.get("match", []), "match", line)
        if not match:
            raise self.error("an entry without 'match' finds nothing; give it patterns or take it out", line)
        keys = ("name", "negated", "hedged", "yields", "source", "why")
        said = {key: self.string(found.get(key, ""), key, line) for key in keys}
        entry = Entry(
            **(said | {"name": said["name"] or match[0]}),
            frame=frame,
            match=match,
            only=Only(**self.condition(found.get("only"), "only", line)),
            unless=Unless(**self.condition(found.get("unless"), "unless", line)),
            weight=self.weight(found.get("weight", "1"), line),
        )
        self.note(entry, line)
        return entry

    def note(self, entry: Entry, line: int) -> None:
        """Remembers where an entry stands; no two of a frame bear one name."""
        if entry.place in self.lines:
            raise self.error(
                f"{entry.frame} has another entry {entry.name!r}, at line {self.lines[entry.place]}; "
                "join the two or name them apart",
                line,
            )
        self.lines[entry.place] = line

    def weight(self, node: Any, line: int) -> float:
        """How surely an entry speaks for its frame; above 1 a share would be none."""
        try:
            weight = float(str(node))
        except ValueError:
            weight = 0.0
        if not 0 < weight <= 1:
            raise self.error(
                f"weight is a number above 0, at most 1, not {shown(node)}; divide all by the largest", line
            )
        return weight

    def condition(self, node: Any, kind: str, line: int) -> dict[str, Any]:
        if node is None:
            return {}
        found = self.checked(node, kind, line)
        line = found[LINE]
        given: dict[str, Any] = {key: self.strings(found.get(key, []), key, line) for key in KINDS}
        given["about"] = self.about(found.get("about", []), line)
        if given["about"]:
            self.pair(given["about"], line)
        if "listed" in found:
            given["listed"] = self.whole(found["listed"], "listed is a number of countries", 2, LONGEST_LIST, line)
        return given

    def pair(self, about: About, line: int) -> None:
        try:
            names(about)
        except ValueError as error:
            raise self.error(str(error).removesuffix("."), line) from None

    def negation(self, node: Any, kind: str, line: int) -> Negation:
        if node is None:
            return Negation()
        found = self.checked(node, kind, line)
        line = found[LINE]
        scope = self.whole(
            found.get("scope", str(SCOPE)), f"{kind} scope is a number of words", 1, LONGEST_GAP, line
        )
        words, exceptions = (self.strings(found.get(key, []), key, line) for key in ("words", "except"))
        return Negation(words, scope, exceptions)

    def check(self, lexicon: Lexicon) -> None:
        """Reads every pattern once, so that a broken one is told now, with its entry."""
        if lexicon.about:
            self.pair(lexicon.about, self.root[LINE])
        lists = lexicon.named_lists
        if PAIR[1:] not in lists:
            self.check_opens(lexicon)
        groups = [*((f"list {name!r}", (f"@{name}",)) for name in lists), *lexicon.patterns()]
        try:
            read_patterns((pattern for _, patterns in groups for pattern in patterns), lists)
        except ValueError:
            self.complain(groups, lists)
        for entry in lexicon.entries:
            self.check_frames(entry, [frame.name for frame in lexicon.frames if frame.name != entry.frame])

    def check_opens(self, lexicon: Lexicon) -> None:
        """Nothing stands before a pair that is not named."""
        own = [(entry.place, condition) for entry in lexicon.entries for condition in (entry.only, entry.unless)]
        for where, condition in [("only", lexicon.only), ("unless", lexicon.unless), *own]:
            if condition.opens:
                raise self.error(
                    f"{where}: opens asks what stands before the pair, and there is none; name it: "
                    "about: [Russia, China]",
                    self.lines.get(where, self.root[LINE]),
                )

    def complain(self, groups: list[tuple[str, tuple[str, ...]]], lists: Lists) -> None:
        """Finds the first group with a pattern that cannot be read, and tells its place."""
        for where, patterns in groups:
            try:
                read_patterns(patterns, lists)
            except ValueError as error:
                line = self.lines.get(where, self.root[LINE])
                raise self.error(f"{where}: {str(error).removesuffix('.')}", line) from None

    def check_frames(self, entry: Entry, others: list[str]) -> None:
        """An entry becomes, or yields to, a frame that is there."""
        said = {"negated becomes": entry.negated, "hedged becomes": entry.hedged, "yields to": entry.yields}
        for what, other in said.items():
            own = other == entry.frame and what != "yields to"  # said or denied, it speaks for this frame
            if other and other not in others and not own:
                raise self.error(
                    f"{entry.place} {what} {other!r}, which is no other frame; there is {among(others) or 'none'}",
                    self.lines[entry.place],
                )


def parsed(text: str, place: str) -> Lexicon:
    """The lexicon a YAML text holds; ``place`` names the file in complaints."""
    return _Reader(text, place).lexicon()
