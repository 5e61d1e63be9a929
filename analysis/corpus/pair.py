"""Which texts are about a pair of countries: both named as a pair, not merely listed."""

import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.arrays import Flags, Ints
from analysis.corpus.countries import About, countries, names
from analysis.corpus.mentions import LIST, Named, listed, named, runs
from analysis.corpus.people import with_people
from analysis.corpus.words import INVISIBLE, Texts, holding, strings
from analysis.corpus.writing import grammar

FULL_WIDTH = "[\uff21-\uff5a]"
QUOTES = "[«»“”„「」]"
# Points for and against a passage that does not name both being about the two: what it speaks of and, last, where
# it is. They were fitted to 3,000 sentences of 270 made-up articles in eight languages, the same for all, so that
# few sentences on one country alone are added in 17,500 of English news.
POINTS = {"two": 5, "relation": 3, "answer": 3, "quote": 3, "weak": 2, "act": 2, "opens": 2, "one": 1}
POINTS |= {"towards": 1, "third": -4, "aside": -5, "main": 2, "near": 1, "even": 1}
# Points from which it is about the two. One less makes the smaller of precision and recall larger, in 170 made-up
# articles, where it is less here; in English, too, but there real news adds much on one country alone.
ENOUGH, LESS = 6, {"de": 5, "es": 5, "ru": 5}
# Where one less is enough between passages about the two: what is added there is more often right than wrong.
BETWEEN = ("de", "fr")
OPENING = 4  # words before a name that opens a text
TITLE = 3  # words in quotes that may be a name


def is_about(
    texts: Sequence[str], about: About, language: str = "en", *, articles: Ints | None = None
) -> pd.DataFrame:
    """Facts on the pair in each text, in boolean columns; ``articles`` numbers the article of each.

    ``named``: it names both, outside lists of three countries or more; ``alone``: and no third; ``meant``: it does
    not, but speaks of a relationship ("mutual trust", "gas from Russia") and of no third country, or of two ("both
    sides") and names no two whom it could mean. Whether it is this pair's, the passages before it tell. The South
    China Sea is not China. ``only``: which of the two it names without the other; ``others``: it names two
    countries or more, and not the two alone. The other columns are facts that have ``POINTS``, of which ``enough``
    are needed.

    >>> is_about(["Russia and China agreed.", "The US, Russia and China met.", "Both sides won."],
    ...          ("Russia", "China"))[["named", "alone", "meant"]]
       named  alone  meant
    0   True   True  False
    1  False  False  False
    2  False  False   True
    """
    known = names(about, language)
    found = named(texts, known, language)
    found = found if articles is None else with_people(found, articles, language)
    return _said(found, len(texts), list(known)[:2], language)


def _said(found: Named, n: int, pair: list[str], language: str) -> pd.DataFrame:
    mentions, text = found.mentions, found.seen.text
    free = mentions[~listed(found)]
    ours = mentions["country"].isin(pair)
    first, second = (_any(free.loc[free["country"] == name, "text"], n) for name in pair)
    third, count = _any(mentions.loc[~ours, "text"], n), _countries(mentions, n)
    others = _any(free.loc[~free["country"].isin(pair), "text"], n) & (_countries(free, n) > 1)
    word = {kind: _any(text[places], n) for kind, (places, _) in found.kinds.items()}
    two, relation = _any(text[_two(found)], n) | word["each"], word["relational"]
    deeds = word["acts"] | relation | word["reacts"]
    both = first & second & ~(word["things"] & ~deeds)  # a match between the two
    towards = _any(text[_towards(found, mentions.loc[ours, "first"].to_numpy(dtype=np.int64))], n)
    alone, quoted = (count == 1) & ~third, _quoted(found, n)
    facts = {
        "two": two,
        "relation": relation,
        "weak": word["weak"] & (word["acts"] | alone) & ~relation,
        "quote": quoted | word["speaker"],
        "act": word["acts"],
        "one": alone | (word["officials"] & (count == 0)),
        "answer": word["reacts"],
        "towards": towards & alone,
        "opens": alone & _subject(found, mentions[ours], n, language),
        "third": third,
        "aside": word["things"] | word["called"] | word["home"] | _any(text[_within(found, mentions[ours])], n),
    }
    related = relation | (towards & ~word["home"]) | ((word["weak"] | word["reacts"]) & alone)
    related |= quoted & word["speaker"] & (count == 0)
    meant = (two & (count < 2)) | (related & ~third & ~word["many"] & ~word["called"])
    only = np.select([first & ~second, second & ~first], pair, "")
    named_so = {"named": both, "alone": both & ~third, "meant": meant & ~both, "only": only, "others": others}
    named_so["enough"] = LESS.get(language, ENOUGH)
    return pd.DataFrame(named_so | facts)


def _subject(found: Named, ours: pd.DataFrame, n: int, language: str) -> Flags:
    """The texts that open with one of the names and a predicate beside it: it acts or speaks."""
    seen, (starts, ends) = found.seen, found.kinds["predicates"]
    rules = grammar(language)
    first, last = (ours[end].to_numpy(dtype=np.int64) for end in ("first", "last"))
    place, previous = first - np.searchsorted(seen.text, seen.text[first]), np.maximum(first - 1, 0)
    after = np.isin(last + 1, starts) & seen.tied[last]
    before = np.isin(previous, ends) & seen.tied[previous] & (rules.get("verb", "after") == "both")
    tied = seen.among(rules.get("not subject", ()))[previous]
    tied |= np.isin(previous, found.kinds["within"][1])
    if "small adjectives" in rules:  # "Un actor turco murió", but "El ministro turco dijo"
        small = seen.of(form.islower() for form in seen.words.forms)
        cased = _any(seen.text[~small], n)[seen.text[first]]
        tied |= small[first] & cased & ~np.isin(previous, found.kinds["acts"][1])
    return _any(seen.text[first[(after | before) & (place <= OPENING) & ~(tied & (place > 0))]], n)


def _two(found: Named) -> Ints:
    """Where "both sides" and the like begin, but for those of a thing: of a letter, not of the border."""
    (first, last), (start, end) = found.kinds["both"], found.kinds["halves"]
    theirs = np.concatenate([found.kinds["shared"][0], found.mentions["first"].to_numpy(dtype=np.int64)])
    of_things = start[~np.isin(end + 1, theirs)]
    return first[~np.isin(last, of_things) & ~np.isin(last + 1, of_things)]


def _countries(mentions: pd.DataFrame, n: int) -> Ints:
    """How many countries each text names."""
    return np.asarray(mentions.groupby("text")["country"].nunique().reindex(range(n), fill_value=0))


def _any(texts: "pd.Series[int] | Ints", n: int) -> Flags:
    return np.bincount(np.asarray(texts, dtype=np.int64), minlength=n) > 0


def _towards(found: Named, start: Ints) -> Ints:
    """The names after a word like "with" or "from", an article between them or not ("from the Kremlin")."""
    before, articles = (
        np.isin(np.arange(len(found.seen.text)), found.kinds[kind][1]) for kind in ("towards", "articles")
    )
    at = np.concatenate([start, start[articles[start - 1]] - 1])  # the first word has none before it
    at = at[at > 0]
    return np.asarray(at[before[at - 1] & (found.seen.text[at - 1] == found.seen.text[at])])


def _within(found: Named, ours: pd.DataFrame) -> Ints:
    """The names by which a text says first where something is: "In Poland …", "But in Poland itself …"."""
    starts, text = found.seen.words.bounds, found.seen.text
    first = ours["first"].to_numpy(dtype=np.int64)
    opening = starts[text[first]]
    before = np.isin(np.arange(len(text)), found.kinds["within"][1])
    near = [before[np.maximum(first - back, 0)] & (first - back - opening <= 1) for back in (1, 2)]
    after = np.isin(ours["last"] + 1, found.kinds["there"][0]) & (first - opening <= OPENING)
    return np.asarray(first[after | (near[0] & (first > opening)) | (near[1] & (first > opening + 1))])


def _quoted(found: Named, n: int) -> Flags:
    """The texts with a quote; a name in a quote of a few words is a title, and what it names does not speak."""
    seen, mentions = found.seen, found.mentions
    marks = np.flatnonzero(seen.gaps(rf"(?s).*{QUOTES}.*"))  # the words before a quotation mark
    at = np.searchsorted(marks, mentions["first"])
    opens, closes = (np.append(np.append(-2, marks), len(seen.text) + TITLE)[at + one] for one in (0, 1))
    title = (closes - opens <= TITLE) & (mentions["last"].to_numpy(dtype=np.int64) <= closes)
    return _any(seen.text[marks], n) & ~_any(mentions.loc[title, "text"], n)


def enumerations(texts: Sequence[str], *, least: int = LIST, language: str = "en") -> pd.DataFrame:
    """Where ``least`` countries or more stand in a row: the ``text``'s place, and the characters of the row in it.

    >>> enumerations(["Today the US, Russia and China met."])
       text  start  end
    0     0     10   30
    """
    found = named(texts, countries(language), language)
    ends = {"text": ("text", "first"), "first": ("first", "first"), "last": ("last", "last")}
    groups = found.mentions.groupby(runs(found)).agg(**ends, countries=("country", "nunique"))
    first, last = groups.loc[groups["countries"] >= least, ["first", "last"]].to_numpy(dtype=int).T
    words = found.seen.words
    rows = {"text": found.seen.text[first], "start": words.starts[first], "end": words.ends[last]}
    return pd.DataFrame(rows, dtype="int64")


def may_name_both(texts: Texts, about: About) -> Flags:
    """The English texts that hold a word of a name of each country: no other has a passage about the two."""
    column, (first, second, *_) = strings(texts), names(about).values()
    return _naming(column, first) & _naming(column, second)


def _own_word(form: str) -> str:
    """A pattern for the longest run of plain letters in a name, by itself unless more letters may belong to it.

    Only these can be looked up without regard to case.
    """
    word = max(re.findall(r"[a-z0-9]+", form.lower()), key=len, default="")
    return rf"(?:^|[^a-z0-9]){word}(?:[^a-z0-9]|$)" if word and not {"*", "?"} & set(form) else word


def _naming(texts: pa.Array, forms: Iterable[str]) -> Flags:
    """The texts with a word of a name, or with a character that may hide one: invisible or of full width."""
    patterns = {*map(_own_word, forms), *map(re.escape, INVISIBLE)}
    return holding(texts, "|".join([FULL_WIDTH, *sorted(patterns)]), ignore_case=True)
