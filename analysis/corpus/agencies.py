"""Which news agency an article credits, and where it says so."""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from .attached import Attached
from .countries import countries
from .tables import check_columns

AGENCIES = Path(__file__).parent / "agencies.yaml"
BYLINES = ("byline", "author", "credit")  # columns of archive exports that name who wrote an article
# A list of credits: "AFP, Handelsblatt and dpa". Members that are no agency are short names.
LIST = r"(?:[\w'. ]{{2,30}}(?:,|\sand)\s)*?{agency}(?:(?:,|\sand)\s[\w'. ]{{2,60}})*"
COLUMNS = ["doc_id", "agency", "place", "start", "end", "text"]


@dataclass(frozen=True)
class Credit:
    """One way to credit an agency: where it stands, and whether it is met in texts without capitals alone."""

    place: str
    lower: bool
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Agencies:
    """The agencies by each name that they go by, and the ways to credit them."""

    named: dict[str, str]
    name: re.Pattern[str]
    credits: tuple[Credit, ...]


def mark_agencies(articles: pd.DataFrame) -> pd.DataFrame:
    """The articles with ``agency`` filled where it was empty and a byline, dateline or credit names one.

    An agency that is there already is never changed. Several are joined in the order of the credit ("AFP, dpa").
    A name in a sentence ("according to Reuters") is no credit. Ask before ``clean``, which takes credit lines
    out. The names and patterns are data, in ``agencies.yaml``.

    ``.attrs["credits"]`` is a DataFrame ``doc_id, agency, place, start, end, text``, a row a credit that filled
    an article: ``place`` is ``byline`` (also for the columns ``byline``, ``author`` and ``credit``), ``dateline``
    or ``credit``; ``start, end`` are offsets into the article's text, -1 where a column gave it. ValueError if
    ``doc_id`` or ``text`` is missing.

    >>> told = mark_agencies(pd.DataFrame({
    ...     "doc_id": ["a", "b"], "text": ["BEIJING (AP) — Xi left.", "Xi left, according to Reuters."],
    ... }))
    >>> told.agency.tolist(), told.attrs["credits"].place.tolist()
    (['AP', ''], ['dateline'])
    """
    check_columns(articles, ["doc_id", "text"], where="articles")
    given = articles["agency"].fillna("").tolist() if "agency" in articles else [""] * len(articles)
    rows = articles.to_dict("records")
    credits = [[] if agency else _credits(row) for agency, row in zip(given, rows, strict=True)]
    found = [", ".join(dict.fromkeys(credit[1] for credit in of_one)) for of_one in credits]
    agency = [one or other for one, other in zip(given, found, strict=True)]
    marked = articles.assign(agency=pd.Series(agency, articles.index, dtype="str"))
    table = pd.DataFrame(list(chain.from_iterable(credits)), columns=COLUMNS)
    types = {"doc_id": "str", "agency": "str", "place": "str", "start": "int64", "end": "int64", "text": "str"}
    marked.attrs["credits"] = Attached(table.astype(types))
    return marked


def _credits(article: Mapping[Hashable, Any]) -> list[tuple[str, str, str, int, int, str]]:
    """The first place that credits an agency: a row for each agency named there."""
    known = agencies()
    for column in BYLINES:
        line = article.get(column)
        if isinstance(line, str) and (names := _named(line)):
            return [(article["doc_id"], name, "byline", -1, -1, line) for name in names]
    text = article["text"] if isinstance(article["text"], str) else ""
    lower = text == text.lower()
    for credit in known.credits:
        if credit.lower == lower and (found := credit.pattern.search(text)):
            span = found.start(), found.end(), found[0]
            return [(article["doc_id"], name, credit.place, *span) for name in _named(found[0])]
    return []


def _named(line: str) -> list[str]:
    """The agencies that a line names, each once."""
    known = agencies()
    return list(dict.fromkeys(known.named[found[0]] for found in known.name.finditer(line)))


@cache
def agencies() -> Agencies:
    """What ``agencies.yaml`` holds, compiled."""
    table = yaml.safe_load(AGENCIES.read_text(encoding="utf-8"))
    upper = {name: agency for agency, entry in table["agencies"].items() for name in entry["names"]}
    lower = {name: agency for agency, entry in table["agencies"].items() for name in entry.get("lower", ())}
    cities = [*table["cities"], *(name.lower() for names in countries().values() for name in names)]
    credits = tuple(
        Credit(
            entry["place"],
            "case" in entry,
            _pattern(entry["pattern"], lower if "case" in entry else upper, cities),
        )
        for entry in table["patterns"]
    )
    return Agencies(upper | lower, re.compile(_any_of(upper | lower)), credits)


def _pattern(pattern: str, names: dict[str, str], cities: list[str]) -> re.Pattern[str]:
    agency = _any_of(names)
    filled = pattern.replace("{agencies}", LIST.format(agency=agency)).replace("{agency}", agency)
    return re.compile(filled.replace("{city}", _any_of(cities)), re.DOTALL)


def _any_of(names: dict[str, str] | list[str]) -> str:
    """Longest first, as whole words."""
    return rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names, key=lambda name: (-len(name), name))))})(?!\w)"
