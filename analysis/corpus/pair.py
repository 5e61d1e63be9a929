"""Which texts are about a pair of countries: both named as a pair, not merely listed."""

import fnmatch
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import pandas as pd
import polars as pl
import yaml

from analysis.corpus.words import Words, words

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
Strings = npt.NDArray[np.object_]
About = Sequence[str] | Mapping[str, Sequence[str]]

# Words that may stand between the members of a list ("Russia, China, and the United States").
JOINERS = frozenset({"and", "or", "the", "as", "well"})
# Three countries in a row are a list, and a list is no relationship (codebook, rule 1).
LIST = 3
# Seas that carry a country's name without speaking of it.
PLACES = ("south china sea", "east china sea", "sea of japan", "indian ocean")
# "the two countries", "both sides": the pair, when no third country stands in the same text.
PAIRED = ("two", "both")
PAIR_NOUNS = frozenset(
    {"countries", "nations", "sides", "states", "neighbors", "neighbours", "powers", "capitals", "governments"}
    | {"leaders", "presidents", "militaries", "armies", "navies", "peoples", "economies", "giants", "partners"}
)


@cache
def countries() -> dict[str, list[str]]:
    """Each country's names in the news."""
    loaded: dict[str, list[str]] = yaml.safe_load(
        files("analysis.corpus").joinpath("countries.yaml").read_text("utf-8")
    )
    return loaded


def names(about: About) -> dict[str, list[str]]:
    """The names of the countries in ``about``, of all others after them.

    Raises:
        ValueError: not two countries, or one whose names are not known.
    """
    if len(about) != 2 or isinstance(about, str):
        raise ValueError(f"about takes two countries, not {about!r}. Write about=('Russia', 'China').")
    known = countries()
    asked = {name: list(about[name]) if isinstance(about, Mapping) else known.get(name) for name in about}
    missing = [name for name, found in asked.items() if not found]
    if missing:
        raise ValueError(
            f"about: no names are known for {missing[0]!r}. Known are {', '.join(known)}. "
            f"Give the names: about={{{missing[0]!r}: ['name', 'adjective', 'capital'], …}}."
        )
    return {name: found for name, found in asked.items() if found} | {
        name: found for name, found in known.items() if name not in asked
    }


def is_about(texts: Sequence[str], about: About) -> pd.DataFrame:
    """What each text says of the pair: ``named`` (both, outside lists) and ``meant`` ("the two countries").

    A list of three or more countries is no relationship, and the South China Sea is not China. A text is
    ``meant`` when it speaks of two together and names no third country; whether it is this pair, its
    neighbours tell, or one of the two being named (``one``).

    >>> is_about(["Russia and China agreed.", "The US, Russia and China met."], ("Russia", "China"))
       named    one  meant
    0   True   True  False
    1  False  False  False
    """
    known = names(about)
    likely = _likely(texts, list(known.values())[:2])
    said = _said([texts[at] for at in likely], known)
    return said.set_index(likely).reindex(range(len(texts)), fill_value=False)


def _likely(texts: Sequence[str], forms: Sequence[Sequence[str]]) -> Places:
    """The texts that hold the start of a name of the pair, or of "two countries": the rest need no closer look."""
    stems = {re.split(r"[*?\s-]", form)[0].lower() for pair in forms for form in pair} | {
        f"{word} " for word in PAIRED
    }
    found = pl.Series(texts, dtype=pl.String).str.contains_any(sorted(stems), ascii_case_insensitive=True)
    return np.flatnonzero(found.to_numpy())


def _said(texts: Sequence[str], known: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    found = words(texts)
    mentions = _mentions(found, known)
    free = mentions[~_listed(mentions, found)]
    pair = list(known)[:2]
    first, second = (_any(free.loc[free["country"] == name, "text"], len(texts)) for name in pair)
    third = _any(free.loc[~free["country"].isin(pair), "text"], len(texts))
    together = _any(pd.Series(_text_of(found)[_pair_words(found)]), len(texts))
    return pd.DataFrame({"named": first & second, "one": first | second, "meant": together & ~third})


def _any(texts: "pd.Series[int]", n: int) -> Flags:
    return np.bincount(texts.to_numpy(dtype=np.int64), minlength=n) > 0


def _text_of(found: Words) -> npt.NDArray[np.int64]:
    return np.repeat(np.arange(len(found.bounds) - 1), np.diff(found.bounds))


def _mentions(found: Words, known: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """A row a mention: ``text, first, last`` (word positions) and ``country``; places hide the names in them."""
    text, lowered = _text_of(found), np.array([form.lower() for form in found.forms], dtype=object)
    spans = [*_single(found, known, lowered), *_phrases(found, known, lowered, text)]
    table = pd.DataFrame(spans, columns=["first", "last", "country"]).astype({"first": int, "last": int})
    table = table.sort_values(["first", "last"], ascending=[True, False], ignore_index=True)
    inside = table["last"] <= table["last"].cummax().shift(fill_value=-1)
    table = table[~inside & (table["country"] != "")].reset_index(drop=True)
    return table.assign(text=text[table["first"]])


def _single(found: Words, known: Mapping[str, Sequence[str]], lowered: Strings) -> Iterator[tuple[int, int, str]]:
    """Names of one word, looked up once a distinct word."""
    country = np.full(len(lowered), "", dtype=object)
    for name, forms in known.items():
        for form in forms:
            if " " not in form and not form.endswith("-"):
                country[_is(form, lowered, found.forms)] = name
    named = country[found.codes] if len(country) else country
    return ((at, at, named[at]) for at in np.flatnonzero(named != "").tolist())


def _phrases(
    found: Words, known: Mapping[str, Sequence[str]], lowered: Strings, text: Places
) -> Iterator[tuple[int, int, str]]:
    """Names of several words, names that need a hyphen, and the places that are no country."""
    phrases = [("", place) for place in PLACES]
    phrases += [(name, form) for name, forms in known.items() for form in forms if not form.isalpha()]
    for name, phrase in phrases:
        parts = phrase.removesuffix("-").split()
        at = np.flatnonzero(_is(parts[0], lowered, found.forms)[found.codes])
        if phrase.endswith("-"):
            at = at[np.array([gap[:1] == "-" for gap in found.gaps], bool)[found.gap_codes[at]]]
        for step, part in enumerate(parts[1:], start=1):
            at = at[at + step < len(text)]
            at = at[_is(part, lowered, found.forms)[found.codes[at + step]] & (text[at + step] == text[at])]
        yield from ((place, place + len(parts) - 1, name) for place in at.tolist())


def _is(form: str, lowered: Strings, written: list[str]) -> Flags:
    """Which distinct words a name's word stands for."""
    if form.isupper():
        return np.array([word == form for word in written], bool)
    if "*" in form or "?" in form:
        return np.array([fnmatch.fnmatchcase(word, form) for word in lowered], bool)
    return np.asarray(lowered == form.lower(), bool)


def _listed(mentions: pd.DataFrame, found: Words) -> "pd.Series[bool]":
    """Which mentions stand in a list of three countries or more, nothing but joiners between them."""
    joiner = np.array([form.lower() in JOINERS for form in found.forms], bool)[found.codes]
    joined = np.concatenate([[0], np.cumsum(joiner)])
    first, before = mentions["first"], mentions["last"].shift(fill_value=-9) + 1
    apart = first - before
    near = (apart >= 0) & (joined[first] - joined[before.clip(lower=0)] == apart)
    run = (~(near & (mentions["text"] == mentions["text"].shift()))).cumsum()
    return mentions.groupby(run)["country"].transform("nunique") >= LIST


def _pair_words(found: Words) -> Places:
    """Where "the two countries", "both sides" and their like stand."""
    lowered = [form.lower() for form in found.forms]
    opens = np.array([form in PAIRED for form in lowered], bool)[found.codes]
    noun = np.array([form in PAIR_NOUNS for form in lowered], bool)[found.codes]
    text = _text_of(found)
    return np.flatnonzero(opens[:-1] & noun[1:] & (text[:-1] == text[1:]))
