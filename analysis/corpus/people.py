"""Persons whom an article introduces by office and country: from there on they are names of that country in it."""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.arrays import Flags, Ints, in_spans
from analysis.corpus.mentions import Named
from analysis.corpus.phrases import Seen
from analysis.corpus.writing import folded, grammar

LONGEST = 5  # words of a person's name
SHORTEST = 3  # letters of a part of a name that means the person by itself
PARTICLE = re.compile("van|von|de[rnl]?|dell?a|d[iau]|dos|l[ae]|[ae]l|b[ie]n|ibn|ould|abu|zu|ten")  # within a name
BLANK, COMMA = r"[\s\u00a0'’.-]{1,2}", r",\s?|\s?[(–—]\s?"


def with_people(found: Named, articles: Ints, language: str) -> Named:
    """The mentions with those of persons, and ``officials`` of no country; ``articles`` numbers that of each text.

    A name that a person of each country has counts for neither.

    >>> from analysis.corpus.countries import names
    >>> from analysis.corpus.mentions import named
    >>> texts = ["Der polnische Minister Marek Zawadzki kam.", "Zawadzki sprach.", "Zawadzki schwieg."]
    >>> found = named(texts, names(("Poland", "Ukraine"), "de"), "de")
    >>> with_people(found, np.array([0, 0, 1]), "de").mentions
       text  first  last country
    0     0      1     1  Poland
    1     1      6     6  Poland
    """
    if "offices" not in grammar(language):
        return found
    columns = ["article", "part", "surname", "at", "country"]
    people = pd.DataFrame(_introduced(found, articles, language), columns=columns)
    if people.empty:
        return found
    facts = {"at": ("at", "min"), "surname": ("surname", "max"), "country": ("country", "first")}
    people = people.groupby(["article", "part"], as_index=False).agg(**facts, several=("country", "nunique"))
    again = _alone(found, articles, language).merge(people[people["several"] < 2], on=["article", "part"])
    again = again[(again["at"] < again["first"]) & (again["surname"] | ~again["further"])]
    known = again["country"].notna()
    mentions = pd.concat([found.mentions, again.loc[known, list(found.mentions)]])
    first, last = (again.loc[~known, end].to_numpy(dtype=np.int64) for end in ("first", "last"))
    return found._replace(
        mentions=mentions.sort_values(["first", "last"], ignore_index=True),
        kinds={**found.kinds, "officials": (first, last)},
    )


def _introduced(found: Named, articles: Ints, language: str) -> Iterator[tuple[int, str, bool, int, str | None]]:
    """The parts of the names of persons: in which article, whether of a surname, from which word on, of whom."""
    seen, least = found.seen, grammar(language).get("least name", 1)
    large, blank, comma = _large(found, language), seen.gaps(BLANK) & seen.follows, seen.gaps(COMMA) & seen.follows
    for first, last, country in zip(*_offices(found, language), strict=True):
        # "Inés Valcárcel, ministre espagnole", or "la ministre espagnole Inés Valcárcel", a comma between or not.
        ahead = _name(seen, large, blank, first - 1, -1) if first and comma[first - 1] else []
        behind = _name(seen, large, blank, last + 1, 1) if blank[last] or comma[last] else []
        name = behind if len(behind) >= (2 if comma[last] else least) else []
        name = ahead if len(ahead) > 1 and (comma[last] or not name) else name
        forms = [_form(seen, at) for at in name]
        for nth, form in enumerate(forms):
            if len(form) >= SHORTEST and form[:1].isupper():
                surname = nth > 0 or len(forms) == 1
                yield int(articles[seen.text[last]]), _plain(form, language), surname, max(last, *name), country


def _offices(found: Named, language: str) -> tuple[Ints, Ints, list[str | None]]:
    """The first and last words of titles, with words like "of" and "foreign affairs", and the country they name.

    One between two countries ("the ambassador of Poland to Ukraine") is left out.
    """
    seen, rules, mentions = found.seen, grammar(language), found.mentions
    title, field, link = (seen.among(rules.get(kind, ())) for kind in ("offices", "ministries", "office links"))
    member = title | field | link | _of_mentions(found)
    tied = member[1:] & member[:-1] & (seen.gaps(BLANK) & seen.follows)[:-1]
    run = np.cumsum(np.append(True, ~tied))[: len(member)] - 1
    own = mentions.groupby(run[mentions["first"]])["country"].agg(["first", "nunique"])
    own = own.reindex(np.unique(run[title]))
    own = own[~own["nunique"].gt(1)]
    first, last = np.searchsorted(run, own.index), np.searchsorted(run, own.index, "right") - 1
    kept = ~link[last]
    country = own["first"].astype(object).where(own["first"].notna(), None)
    return first[kept], last[kept], country[kept].tolist()


def _of_mentions(found: Named) -> Flags:
    return in_spans(len(found.seen.text), *(found.mentions[end].to_numpy() for end in ("first", "last")))


def _large(found: Named, language: str) -> Flags:
    """Which words may be of a person's name: with a capital, of no title and of no country."""
    seen, rules = found.seen, grammar(language)
    large = seen.of(form[:1].isupper() for form in seen.words.forms)
    return np.asarray(large & ~seen.among([*rules["offices"], *rules["ministries"]]) & ~_of_mentions(found), bool)


def _name(seen: Seen, large: Flags, blank: Flags, at: int, step: int) -> list[int]:
    """The words of a name from a word on, or back: those with a capital, and particles between them."""
    name: list[int] = []
    for place in range(at, at + step * LONGEST, step):
        if not 0 <= place < len(large) or (name and not blank[min(place, place - step)]):
            break
        if not large[place] and (not name or not PARTICLE.fullmatch(_form(seen, place))):
            break
        name.append(place)
    while name and not large[name[-1]]:
        name.pop()
    return name[::step]


def _alone(found: Named, articles: Ints, language: str) -> pd.DataFrame:
    """The words that may name a person by themselves; ``further`` where the next may be of the name, too."""
    seen = found.seen
    large = _large(found, language)
    after = np.append(False, np.isin(np.arange(len(large)), found.kinds["articles"][1]))[:-1]
    at = np.flatnonzero(large & ~after)
    parts = np.array([_plain(form, language) for form in seen.words.forms], dtype=object)
    further = np.append(large[1:] & seen.gaps(BLANK)[:-1] & seen.follows[:-1], False)
    columns = {"text": seen.text[at], "first": at, "last": at, "part": parts[seen.words.codes[at]]}
    return pd.DataFrame(columns | {"article": articles[seen.text[at]], "further": further[at]})


def _form(seen: Seen, place: int) -> str:
    form: str = seen.words.forms[seen.words.codes[place]]
    return form


def _plain(form: str, language: str) -> str:
    """A name without the endings of its cases."""
    return re.sub(grammar(language).get("name endings", "$"), "", folded(form))
