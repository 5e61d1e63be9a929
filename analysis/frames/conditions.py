"""Frames and entries of a lexicon, the conditions under which an entry counts, and the words that negate a hit."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, TypeVar

from analysis.corpus.countries import About

KINDS = ("over", "before", "after", "passage", "opens")  # of patterns in a condition
PAIR = "@pair"  # what a passage is about, which ``opens`` comes before
Kind = TypeVar("Kind")
SCOPE = 4  # "unlikely that Moscow and Beijing will enter into any formal alliance" needs an entry of its own


@dataclass(frozen=True)
class Condition:
    """Patterns over, before and after a hit, and what its passage holds or is about."""

    over: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    passage: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    about: About = ()

    def __post_init__(self) -> None:
        for kind in KINDS:
            object.__setattr__(self, kind, strings(getattr(self, kind)))

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
class Negation:
    """Words that negate a hit among the ``scope`` words after them, and the phrases in which they do not.

    With ``behind`` they also negate a hit among so many words before them ("sie kooperieren nicht").
    """

    words: tuple[str, ...] = ()
    scope: int = SCOPE
    exceptions: tuple[str, ...] = ()
    behind: int = 0

    def __post_init__(self) -> None:
        for name in ("words", "exceptions"):
            object.__setattr__(self, name, strings(getattr(self, name)))


def strings(value: str | Sequence[str]) -> tuple[str, ...]:
    """Several strings as a tuple; one string as a tuple of one."""
    return (value,) if isinstance(value, str) else tuple(value)


def given_as(kind: type[Kind], value: Kind | Mapping[str, Any]) -> Kind:
    """The value as this type; a mapping holds its fields, ``except`` for ``exceptions`` as in YAML."""
    if not isinstance(value, Mapping):
        return value
    return kind(**{"exceptions" if key == "except" else key: given for key, given in value.items()})


def own_values(thing: Any) -> dict[str, Any]:
    """The fields of a lexicon or of its parts that differ from their defaults."""
    usual = {
        one.name: one.default if one.default_factory is MISSING else one.default_factory() for one in fields(thing)
    }
    return {name: value for name, value in vars(thing).items() if name in usual and value != usual[name]}


@dataclass(frozen=True)
class Entry:
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
        object.__setattr__(self, "match", strings(self.match) or (self.name,))
        object.__setattr__(self, "unless", given_as(Unless, self.unless))
        object.__setattr__(self, "only", given_as(Only, self.only))

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
