"""Frames and entries of a lexicon, the conditions under which an entry counts, and the words that negate a hit."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from typing import Any, get_origin

import numpy as np

from analysis.arrays import Flags
from analysis.arrays import Ints as Places
from analysis.corpus.countries import About
from analysis.corpus.writing import grammar
from analysis.text.tokens import HYPHENS, Tokens

KINDS = ("over", "before", "after", "passage", "opens")  # of patterns in a condition
PAIR = "@pair"  # what a passage is about, which ``opens`` comes before
NEAR = 60  # characters around a negator in which a phrase may affirm, and before a hit
STOPS = ",;:!?…—–،؛"  # marks that end a clause where a language has none of its own
SCOPE = 4  # "unlikely that Moscow and Beijing will enter into any formal alliance" needs an entry of its own


@dataclass(frozen=True)
class Part:
    """A part of a lexicon, with its fields as their types say.

    A sequence stands for a tuple, one string for a tuple of one, and a mapping for a part with these fields,
    ``except`` as in YAML.
    """

    def __post_init__(self) -> None:
        for one in fields(self):
            value, kind = getattr(self, one.name), one.type
            if get_origin(kind) is tuple:
                value = (value,) if isinstance(value, str) else tuple(value)
            elif isinstance(kind, type) and is_dataclass(kind) and isinstance(value, Mapping):
                value = kind(**{"exceptions" if key == "except" else str(key): value[key] for key in value})
            object.__setattr__(self, one.name, value)


@dataclass(frozen=True)
class Condition(Part):
    """Patterns over, before and after a hit, and what its passage holds or is about."""

    over: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    passage: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    about: About = ()

    @property
    def every(self) -> tuple[str, ...]:
        return self.over + self.before + self.after + self.passage + self.opens + ((PAIR,) if self.opens else ())


@dataclass(frozen=True)
class Only(Condition):
    """A hit counts where every kind that is given holds, each by one of its patterns."""


@dataclass(frozen=True)
class Unless(Condition):
    """A hit does not count where one of these holds, or in a list of ``listed`` countries or more (0: never)."""

    listed: int = 0


@dataclass(frozen=True)
class Negation(Part):
    """Words that negate a hit among the ``scope`` words after them, and the phrases in which they do not.

    With ``behind`` they also negate a hit among so many words before them ("sie kooperieren nicht"); 0 leaves this
    to the grammar of the language, in which the scope also ends with the clause, and verbs of denial negate.
    """

    words: tuple[str, ...] = ()
    scope: int = SCOPE
    exceptions: tuple[str, ...] = ()
    behind: int = 0


class Clauses:
    """How far words that negate or hedge reach in some tokens, by the grammar of a language; English has none."""

    def __init__(self, tokens: Tokens, language: str) -> None:
        self.tokens, self.rules = tokens, grammar(language) if language != "en" else {}

    def _texts(self, at: Places) -> "zip[tuple[str, int, int]]":
        """The text of each token, with its place in it."""
        tokens = self.tokens
        return zip([tokens.texts[text] for text in tokens.text_index[at].tolist()],
                   tokens.starts[at].tolist(), tokens.ends[at].tolist(), strict=True)  # fmt: skip

    def at(self, pattern: str, at: Places) -> Flags:
        """At which tokens the text goes on by a pattern."""
        found = re.compile(pattern, re.IGNORECASE)
        return np.array([found.match(text, start) is not None for text, start, _ in self._texts(at)], bool)

    def between(self, pattern: str, first: Places, last: Places, negators: Places) -> Flags:
        """Which hits stand in a pattern: what leads up to one, a NUL for it, and what follows to its negator."""
        ends, starts = self.tokens.ends[last].tolist(), self.tokens.starts[negators].tolist()
        rows = zip(self._texts(first), ends, starts, strict=True)
        around = [f"{text[max(at - NEAR, 0) : at]}\0{text[end:start]}" for (text, at, _), end, start in rows]
        return np.array([re.search(pattern, one, re.IGNORECASE) is not None for one in around], bool)

    def hyphened(self, at: Places) -> Flags:
        """Which tokens a hyphen joins to the next word: a negator in "no-limits" negates that word alone."""
        after = [text[end : end + 2] for text, _, end in self._texts(at)]
        return np.array([gap[:1] in HYPHENS and gap[1:].isalnum() for gap in after], bool)

    def idle(self, at: Places) -> Flags:
        """Which negators are in a phrase of the language that denies nothing: "nicht nur", "n'exclut pas"."""
        phrases, idle = re.compile("|".join(self.rules.get("affirming", ["(?!)"])), re.IGNORECASE), []
        for text, start, end in self._texts(at):
            near = phrases.finditer(text, max(start - NEAR, 0), end + NEAR)
            idle.append(any(found.start() < end <= found.end() for found in near))
        return np.array(idle, bool)

    def aside(self, at: Places) -> Places:
        """The last tokens of negators, or of the phrase between one and what it negates ("没有就劳工问题…")."""
        phrase, ends = re.compile(self.rules.get("aside", "(?!)")), at.copy()
        for number, (text, _, end) in enumerate(self._texts(at)):
            while (found := phrase.match(text, end)) and self.tokens.ends[ends[number]] < found.end():
                ends[number] += 1
        return ends

    def counted(self, *lists: str) -> Places:
        """How many tokens up to each are not in these lists of the language."""
        light = {word for name in lists for word in self.rules.get(name, ())}
        return np.cumsum(np.array([term not in light for term in self.tokens.vocabulary], bool)[self.tokens.codes])

    def reach(self, at: Places, scope: int) -> Places:
        """The last token within so many words after each that count, in its clause; "la" does not count."""
        bound = self.tokens.bounds[self.tokens.text_index[at] + 1] - 1
        if not self.rules:
            return np.asarray(np.minimum(at + scope, bound))
        counted, stop = self.counted("uncounted"), re.compile(f"[{self.rules.get('stops', STOPS)}]")
        reach = np.minimum(np.searchsorted(counted, counted[at] + scope, side="right") - 1, bound)
        for number, (text, _, end) in enumerate(self._texts(at)):
            if found := stop.search(text, end, self.tokens.ends[reach[number]]):
                within = self.tokens.starts[at[number] : reach[number] + 1]
                reach[number] = at[number] + np.searchsorted(within, found.start()) - 1
        return np.asarray(reach)


def own_values(thing: Any) -> dict[str, Any]:
    """The fields of a lexicon or of its parts that differ from their defaults."""
    usual = {
        one.name: one.default if one.default_factory is MISSING else one.default_factory() for one in fields(thing)
    }
    return {name: value for name, value in vars(thing).items() if name in usual and value != usual[name]}


@dataclass(frozen=True)
class Entry(Part):
    """Patterns that mean one thing, and the frame for which they count.

    Without ``match`` the name is the pattern. :class:`Lexicon` explains the grammar of patterns, the conditions
    (``unless={"over": ["joint venture*"]}``), and the other fields under their YAML form.

    >>> Entry("oil", "economy", match="oil*", unless={"over": ["oil painting*"]}).match
    ('oil*',)
    """

    name: str
    frame: str
    match: tuple[str, ...] = ()
    unless: Unless = field(default_factory=Unless)
    negated: str = ""
    yields: str = ""
    why: str = ""
    source: str = ""
    weight: float = 1.0
    hedged: str = ""
    only: Only = field(default_factory=Only)

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "match", self.match or (self.name,))

    @property
    def place(self) -> str:
        """How errors name it."""
        return f"entry {self.name!r} of {self.frame}"


@dataclass(frozen=True)
class Frame:
    """A frame's name, its meaning, and whether negation and hedging apply; ``near.army`` is within ``near``."""

    name: str
    meaning: str = ""
    negation: bool = True
    hedging: bool = False
