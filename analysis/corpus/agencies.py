"""Which news agency an article credits, and in which words."""

import re
from collections.abc import Hashable, Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from .countries import countries
from .files import shipped
from .words import holding, strings

REACH = 1200  # characters from the end in which a closing credit or rule may begin; the longest measured has 679
BYLINES = ("byline", "author", "credit")  # columns of archive exports that name who wrote an article
# A list of credits: "AFP, Handelsblatt and dpa". Members that are not agencies are short names.
LIST = r"(?:[\w'. ]{{2,30}}(?:,|\sand)\s)*?{agency}(?:(?:,|\sand)\s[\w'. ]{{2,60}})*"


class Way(NamedTuple):
    """One way to credit an agency: its place, and whether it is for texts without capitals; None: for all."""

    place: str
    lower: bool | None
    pattern: re.Pattern[str]
    contains: tuple[str, ...] = ("",)  # a text that holds none of these words is not searched

    def match(self, text: str) -> re.Match[str] | None:
        """The first credit of this kind; one that ends the text is looked for only in its last lines."""
        if not any(word in text for word in self.contains):
            return None
        if self.pattern.pattern.startswith(r"\A"):
            return self.pattern.match(text)
        closing = self.pattern.pattern.endswith((r"\Z", r"\Z)"))
        return self.pattern.search(text, max(len(text.rstrip()) - REACH, 0) if closing else 0)


class Agencies(NamedTuple):
    """The agencies by each name that they go by, and the ways to credit them."""

    named: dict[str, str]
    name: re.Pattern[str]
    anywhere: str  # matches, in RE2, at least where the name does: words end at letters beyond ASCII there
    ways: tuple[Way, ...]


class Credit(NamedTuple):
    """The agencies that an article credits, where, and in which words."""

    agencies: tuple[str, ...]
    place: str
    text: str


def credited(articles: pd.DataFrame) -> pd.DataFrame:
    """The articles with ``agency`` filled where it was empty, and in ``agency_credit`` the words that name it.

    A byline, dateline or credit line names an agency; a name in a sentence ("according to Reuters") does not. An
    agency that is given stays. Several are joined in the order of the credit ("AFP, dpa"). The names and patterns
    are data, in ``agencies.yaml``. Look before boilerplate is removed, for credit lines go with it.

    >>> found = credited(pd.DataFrame({
    ...     "doc_id": ["a", "b"], "text": ["BEIJING (AP) — Xi left.", "Xi left, according to Reuters."],
    ... }))
    >>> found[["agency", "agency_credit"]].to_numpy().tolist()
    [['AP', 'BEIJING (AP) —'], ['', '']]
    """
    filled, credits = (
        articles[name].astype("str").fillna("").tolist() if name in articles else [""] * len(articles)
        for name in ("agency", "agency_credit")
    )
    likely = holding(strings(articles["text"]), agencies().anywhere)
    columns = {name: articles[name].array for name in ("text", *BYLINES) if name in articles}
    for name in columns.keys() & set(BYLINES):
        likely |= np.array([isinstance(line, str) and line != "" for line in columns[name]], dtype=bool)
    for at in np.flatnonzero(likely).tolist():  # one by one: all at once would copy all texts
        if not filled[at] and (found := credit({name: column[at] for name, column in columns.items()})):
            filled[at], credits[at] = ", ".join(found.agencies), found.text.strip()
    return articles.assign(
        agency=pd.Series(filled, articles.index, dtype="str"),
        agency_credit=pd.Series(credits, articles.index, dtype="str"),
    )


def credit(article: Mapping[Hashable, Any]) -> Credit | None:
    """The first place in an article that credits an agency: ``byline``, ``author``, ``credit``, then ``text``."""
    for column in BYLINES:
        line = article.get(column)
        if isinstance(line, str) and (names := _named(line)):
            return Credit(names, "byline", line)
    text = article["text"] if isinstance(article["text"], str) else ""
    lower = text == text.lower()
    for way in agencies().ways:
        if way.lower in (None, lower) and (match := way.match(text)):
            return Credit(_named(match[0]), way.place, match[0])
    return None


def _named(line: str) -> tuple[str, ...]:
    """The agencies that a line names, each once."""
    return tuple(dict.fromkeys(agencies().named[match[0]] for match in agencies().name.finditer(line)))


@cache
def agencies() -> Agencies:
    """What ``agencies.yaml`` holds, compiled."""
    table = shipped(__package__, "agencies.yaml")
    upper, lower, native = (
        {name: agency for agency, entry in table["agencies"].items() for name in entry.get(kind, ())}
        for kind in ("names", "lower", "native")
    )
    cities = [*table["cities"], *(name.lower() for names in countries(leaders=False).values() for name in names)]
    parts, ways = {"{native}": _any_native(native), "{city}": _any_of(cities)}, list[Way]()
    for entry in table["patterns"]:
        pattern, agency = entry["pattern"], _any_of(lower if "case" in entry else upper)
        kind = None if "{native}" in pattern else "case" in entry
        for mark, part in (parts | {"{agencies}": LIST.format(agency=agency), "{agency}": agency}).items():
            pattern = pattern.replace(mark, part)
        contains = tuple(entry.get("contains", [""]))
        ways.append(Way(entry["place"], kind, re.compile(pattern, re.DOTALL), contains))
    name = re.compile(f"{_any_of(upper | lower)}|{_any_native(native)}")
    every = upper | lower | native
    apart = [re.sub(r"^(?=\w)|(?<=\w)$", r"\\b", re.escape(one), flags=re.ASCII) for one in sorted(upper | lower)]
    return Agencies(every, name, "|".join([*apart, *map(re.escape, sorted(native))]), tuple(ways))


def _any_native(names: Iterable[str]) -> str:
    """Longest first, wherever they are."""
    return f"(?:{'|'.join(map(re.escape, sorted(names, key=lambda name: (-len(name), name))))})"


def _any_of(names: Iterable[str]) -> str:
    """Longest first, as complete words."""
    return rf"(?<!\w){_any_native(names)}(?!\w)"
