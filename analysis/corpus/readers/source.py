"""Files to read, and the rows and unread items that result."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pandas as pd

# What reading found, as columns; a table that has them all was read and written by this package.
FACTS = ["outlet_given", "date_given", "source", "item", "encoding", "read_as", "problem"]
OURS = {"doc_id", *FACTS}
IDS = ("doc_id", "passage_id", "story_id", "copy_of")  # 007 is not 7
HALF_PAIR = re.compile("[\ud800-\udfff]")  # half of a character that takes two: JSON may hold it, text may not
FULL = 0.85  # of the longest line: the last line of a paragraph mostly ends further in
MOST_ABSENT = 10_000  # a row each; archives give 500 documents at once, and a larger number is a damaged one
EXCERPT = 80  # characters of an unparsed item that are shown: a headline's length, enough to find it again


class Refused(ValueError):
    """A file that would harm the machine: reading stops."""


@contextmanager
def damage_of(
    name: object, kind: str, *errors: type[Exception], again: str = "Export it again."
) -> Iterator[None]:
    """Turns a library's error on a damaged file into a ValueError that says so; Refused and MemoryError pass."""
    try:
        yield
    except Exception as error:
        if isinstance(error, Refused | MemoryError) or not isinstance(error, errors or Exception):
            raise
        reason = str(error).partition("\n")[0].rstrip(".")
        raise ValueError(f"{name}: the {kind} is incomplete or damaged: {reason}. {again}") from None


class Unparsed(NamedTuple):
    """An item that could not be read: its place in the file, the reason, how it begins, and the file."""

    place: str
    reason: str
    excerpt: str
    source: str = ""


@dataclass(frozen=True)
class Source:
    """A file to read: where its bytes lie, and the name by which a person knows it, with that of its archive."""

    path: Path
    name: str
    encoding: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict, hash=False)  # our names to those of the file
    problem: str = ""  # why it cannot be read at all: a link out of the folder, a damaged member
    not_ids: str | None = None  # of a piece of a file: why the ids of all pieces are not used, "" where they are

    def __str__(self) -> str:
        return self.name

    @property
    def suffix(self) -> str:
        """The ending of the name in lower case, with its dot."""
        return Path(self.name).suffix.lower()


@dataclass(frozen=True)
class Rows:
    """The table of a file, its rows labelled as a person counts them, and the items that became no row."""

    table: pd.DataFrame
    encoding: str
    unparsed: tuple[Unparsed, ...] = ()
    recognised: Mapping[str, str] = field(default_factory=dict)  # the file's names to ours
    notes: tuple[str, ...] = ()  # hints for the reader
    facts: pd.DataFrame = field(default_factory=pd.DataFrame)  # source, item, encoding and read_as of each row


def excerpt(text: str) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text[: 4 * EXCERPT].split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1] + "…"


def item_rows(items: Iterable[tuple[Mapping[str, str], str]], encoding: str = "", *, only: str = "") -> Rows:
    """The records of an export as "item 1", "item 2" …, or the ``only`` one by its name, with all that any has.

    One with a reason beside it is an unparsed item.
    """
    read, unparsed = dict[str, Mapping[str, str]](), list[Unparsed]()
    for place, (fields, reason) in ((only or f"item {n}", item) for n, item in enumerate(items, start=1)):
        if reason:
            unparsed.append(Unparsed(place, reason, excerpt(" ".join(fields.values()))))
        else:
            read[place] = fields
    table = pd.DataFrame(list(read.values()), index=list(read), dtype="object")
    missing = [name for name in ("outlet", "date", "title", "text") if name not in table]
    return Rows(table.assign(**dict.fromkeys(missing, "")).fillna(""), encoding, tuple(unparsed))


def absent(number: int, why: str) -> list[tuple[dict[str, str], str]]:
    """As many items that were listed or counted and are not in the file; one in place of very many."""
    return [({}, why)] * number if number <= MOST_ABSENT else [({}, f"{number:,} more {why}")]


def paragraphs(lines: Sequence[str]) -> str:
    """Lines between blank ones as paragraphs; lines as they are without blank ones."""
    if "" not in lines[1:-1]:
        return "\n".join(line for line in lines if line)
    joined = "\n".join(line or "\0" for line in lines).split("\0")
    return "\n".join(" ".join(part.split()) for part in joined if part.strip())


def unwrapped(text: str) -> str:
    """Lines of a page as paragraphs: one ends where a line that is not full ends a sentence."""
    lines = text.split("\n")
    full = FULL * max(map(len, lines))
    ends = [bool(re.search(r"[.!?:][\"”»’')]?$", line)) and len(line) < full for line in lines]
    return "".join(line + ("\n" if end else " ") for line, end in zip(lines, ends, strict=True)).strip()


def address_host(url: str) -> str:
    """The host of an address without "www.", or nothing where it is not an address."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def place_of(label: object) -> str:
    """The place of a row or item as a person counts it."""
    return label if isinstance(label, str) else f"row {label}"
