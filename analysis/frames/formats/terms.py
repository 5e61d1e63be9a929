"""What a dictionary's file holds, whatever its format: keys, and terms with their weights and notes."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

LINE_ENDS = re.compile(r"\r\n|\r|\n")  # not str.splitlines, which also splits at form feeds within a line


class Loss(NamedTuple):
    """Something that the other side has no place for; ``frame`` and ``entry`` are empty where it is everyone's."""

    frame: str
    entry: str
    what: str
    why: str


@dataclass(frozen=True)
class Term:
    """A pattern and the key it stands under; nested keys are joined by dots."""

    frame: str
    pattern: str
    line: int = 0
    weight: float = 1.0
    entry: str = ""
    why: str = ""
    source: str = ""


@dataclass(frozen=True)
class Dictionary:
    """A file's keys with their meanings, its terms, and what in it could not be read."""

    name: str
    frames: dict[str, str] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    losses: tuple[Loss, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Format:
    """How a kind of file is read and written, and what of a lexicon it holds.

    Attributes:
        name: as ``format=`` takes it; ``title``: as people call it.
        read: text and place to what the file holds; ``write``: the other way round.
        holds: fields that have a place in it (``entry.weight``, ``frame.meaning``, …), and ``patterns`` where it
            takes them with their gaps and choices.
        word: what a word of a pattern may look like.
        key: a key as this format can write it.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    read: Callable[[str, str], Dictionary]
    write: Callable[[Dictionary], str]
    holds: frozenset[str] = frozenset()
    word: re.Pattern[str] = re.compile(r".+")
    key: Callable[[str], str] = str


def broken(place: str, line: int, what: str) -> ValueError:
    """The complaint about a file that does not follow its format."""
    return ValueError(f"{place}, line {line}: {what}")


def lines(text: str) -> list[tuple[int, str]]:
    """Lines that are not blank, with their numbers."""
    return [(number, line) for number, line in enumerate(LINE_ENDS.split(text), 1) if line.strip()]


def number(weight: float) -> str:
    """A weight as dictionaries write it, never as 1e-07.

    >>> number(1.0), number(0.5), number(1e-7)
    ('1', '0.5', '0.0000001')
    """
    return format(Decimal(repr(float(weight))), "f").removesuffix(".0")


def one_line(text: str) -> str:
    """A text on one line, without the characters that no format can hold."""
    return " ".join(
        "".join(" " if unicodedata.category(sign) in ("Cc", "Cs", "Cn") else sign for sign in text).split()
    )
