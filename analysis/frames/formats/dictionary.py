"""What a dictionary's file holds, whatever its format: nested keys, and terms with their weights and notes."""

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate, chain
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from analysis.corpus.files import YAML
from analysis.limits import FIXED, how_to_raise, limit

DEEPEST = FIXED["levels of nesting in YAML and lists"]
TOO_DEEP = f"nested more than {DEEPEST} levels deep."
DECIMAL = re.compile(r"(?<=\d),(?=\d+$)")  # as spreadsheets of half of Europe write it


class Loss(NamedTuple):
    """Something that the other side has no place for; ``frame`` and ``entry`` are empty where it is everyone's."""

    frame: str
    entry: str
    what: str
    why: str

    def __str__(self) -> str:
        named = ", ".join(filter(None, [self.frame, self.entry, self.what]))
        return f"{' '.join(named.split())}: {self.why}"


@dataclass(frozen=True)
class Term:
    """A pattern and the key above it; nested keys are joined by dots."""

    frame: str
    pattern: str
    line: int = 0
    weight: float = 1.0
    entry: str = ""
    why: str = ""
    source: str = ""

    def lost(self, what: str, why: str) -> Loss:
        return Loss(self.frame, self.pattern, what, f"line {self.line}: {why}")


@dataclass
class Dictionary:
    """A file's keys (by default those of its terms) with their meanings, its terms, and what could not be read."""

    place: str = ""
    name: str = ""
    frames: dict[str, str] = field(default_factory=dict)
    terms: list[Term] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    source: str = ""
    open: list[tuple[int, str]] = field(default_factory=list)  # the keys above this line, with their depths

    def __post_init__(self) -> None:
        self.name = self.name or Path(self.place).stem
        self.frames = self.frames or dict.fromkeys((term.frame for term in self.terms), "")

    def key(self, name: str, depth: int, line: int, meaning: str = "") -> str:
        """The full name of a key that opens; those at its depth and below close."""
        self.close(depth)
        name = one_line(name)
        plain = undotted(name)
        if plain != name:
            self.lose(f"key {name!r}", line, f"dots divide nested keys; read as {plain!r}", plain)
        self.open.append((depth, plain))
        self.frames.setdefault(self.path, meaning)
        return self.path

    def close(self, depth: int) -> None:
        while self.open and self.open[-1][0] >= depth:
            self.open.pop()

    @property
    def path(self) -> str:
        return ".".join(name for _, name in self.open)

    @property
    def families(self) -> list[str]:
        """The keys and those above them, parents first and every family together."""
        paths = {key: [*accumulate(key.split("."), "{}.{}".format)] for key in self.frames}
        place = {path: at for at, path in enumerate(dict.fromkeys(chain(*paths.values())))}
        return sorted(place, key=lambda key: [place[path] for path in accumulate(key.split("."), "{}.{}".format)])

    def lose(self, what: str, line: int, why: str, frame: str = "", entry: str = "") -> None:
        self.losses.append(Loss(frame, entry, what, f"line {line}: {why}"))


@dataclass(frozen=True)
class Format:
    """How a kind of file is read and written, and what of a lexicon it holds."""

    name: str  # as ``format=`` takes it
    title: str  # as people call it
    suffixes: tuple[str, ...]
    read: Callable[[str, str], Dictionary]  # of a text and its place
    write: Callable[[Dictionary], str]
    holds: frozenset[str] = frozenset()  # fields, as ``entry.weight``; ``patterns`` with their gaps and choices
    word: re.Pattern[str] = re.compile(r".+")  # what a word of a pattern may look like
    key: Callable[[str], str] = str  # a key as this format can write it


def broken(place: str, line: int, what: str) -> ValueError:
    """The error for a file that does not follow its format."""
    return ValueError(f"{place}, line {line}: {what}")


def number(weight: float) -> str:
    """A weight as dictionaries write it, never as 1e-07."""
    return format(Decimal(repr(float(weight))), "f").removesuffix(".0")


def as_number(written: str) -> float | None:
    """A weight as files have it, with a point or a comma; None where it is not a finite number."""
    try:
        value = float(DECIMAL.sub(".", written))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def one_line(text: str) -> str:
    """A text on one line, without the characters that no format can hold."""
    held = (" " if unicodedata.category(one) in ("Cc", "Cs", "Cn") else one for one in text)
    return " ".join("".join(held).split())


def undotted(name: str) -> str:
    """A key without dots, which in a lexicon divide nested keys."""
    return re.sub(r"\.+(?=\s|$)|^\.+", "", name).replace(".", "_") or "_"


def composed(text: str, place: str) -> Any:
    """The nodes of a YAML text, whose scalars are text; aliases may not multiply it, nor keys nest without end."""
    try:
        _check_size(text, place)
        return yaml.compose(text, YAML)
    except yaml.YAMLError as error:
        mark, problem = (getattr(error, name, None) for name in ("problem_mark", "problem"))
        what = f"not valid YAML: {problem or str(error).splitlines()[0]}."
        if "nesting depth" in str(error):  # newer versions of PyYAML stop by themselves
            what = TOO_DEEP
        raise broken(place, mark.line + 1 if mark else 1, what) from None


def _check_size(text: str, place: str) -> None:
    """Refuses a text that is nested too deep, or too large once its aliases are written out."""
    sizes: dict[str, int] = {}  # of anchored nodes, with all within them
    above: list[tuple[str | None, int]] = []  # the open nodes: their anchor, and the count at their begin
    count, most = 0, "items of a YAML file"
    for event in yaml.parse(text, YAML):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in above):
                raise broken(place, line, f"*{event.anchor} contains itself. Write it out.")
            count += sizes.get(event.anchor or "", 1)
        elif isinstance(event, yaml.NodeEvent):
            if not isinstance(event, yaml.ScalarEvent):
                above.append((event.anchor, count))
            elif event.anchor:
                sizes[event.anchor] = 1
            count += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, begin = above.pop()
            sizes[anchor or ""] = count - begin
        if count > limit(most):
            what = f"more than {limit(most):,} items once its aliases (*name) are written out"
            remedy = f"Take the aliases out, or split the file. {how_to_raise(most)}"
            raise broken(place, line, f"{what}. {remedy}")
        if len(above) > DEEPEST:
            raise broken(place, line, TOO_DEEP)
