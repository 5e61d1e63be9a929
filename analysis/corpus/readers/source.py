"""What is to be read, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pandas as pd

EXCERPT = 80  # characters of an unparsed item that are shown: a headline's length, enough to find it again


class Refused(ValueError):
    """A file that would harm the machine, or a field that nobody knows: reading stops, nothing is guessed."""


class Unparsed(NamedTuple):
    """An item that could not be read: its place in the file, why, how it begins, and the file."""

    place: str
    reason: str
    excerpt: str
    source: str = ""


@dataclass(frozen=True)
class Source:
    """A file to read: where its bytes lie, and the name by which a person knows it.

    A member of an archive lies in a scratch folder; its name is that of the archive and its own. ``fields``
    are labels of an export that the reader does not know and the user does.
    """

    path: Path
    name: str
    encoding: str | None = None
    fields: frozenset[str] = field(default=frozenset())

    def __str__(self) -> str:
        return self.name

    @property
    def suffix(self) -> str:
        """The ending of the name in lower case, with its dot."""
        return Path(self.name).suffix.lower()


@dataclass(frozen=True)
class Rows:
    """The table as it stands in a file, its rows labelled as a person counts them, and what became no row.

    ``facts`` has the ``source``, ``item`` and ``encoding`` of each row, once several files are one table.
    """

    table: pd.DataFrame
    encoding: str
    unparsed: tuple[Unparsed, ...] = ()
    facts: pd.DataFrame = field(default_factory=pd.DataFrame)


Reader = Callable[[Source], Rows]


def excerpt(text: str) -> str:
    """The beginning of a text on one line.

    >>> excerpt("  Two\\n lines ")
    'Two lines'
    """
    line = " ".join(text[: 4 * EXCERPT].split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1] + "…"
