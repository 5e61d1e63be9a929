"""Which texts are about a pair of countries: both named as a pair, not merely listed."""

import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.arrays import Flags
from analysis.arrays import Ints as Places
from analysis.corpus.countries import About, countries, names
from analysis.corpus.mentions import LIST, Named, listed, named, runs
from analysis.corpus.words import INVISIBLE, Texts, strings
from analysis.corpus.writing import grammar

FULL_WIDTH = "[\uff21-\uff5a]"
QUOTES = "[«»“”„「」]"
REACH = 3  # passages after both were named within which an act of one is meant for the other
OPENING = 4  # words before a name that opens a text
TITLE = 3  # words in quotes that may be a name


def is_about(texts: Sequence[str], about: About, language: str = "en") -> pd.DataFrame:
    """What each text says of the pair, in boolean columns.

    ``named``: it names both, outside lists; ``alone``: and no third country; ``meant``: it does not name both,
    but speaks of a relationship ("mutual trust", "gas from Russia") and of no third country, or of two ("both
    sides") and names no two whom it could mean. Whether it is this pair's, the passages before it tell. A list
    of three or more countries does not count, and the South China Sea is not China. ``acts``: it names one of the
    two and no other country, and speaks of political action, so that the other may be meant; ``near`` and
    ``close``: within how many passages an act, or a relationship, is this pair's. ``subject``: it names one of the
    two and no other, and opens with what this one does or says. ``both``: it speaks of two countries; ``sure``: it
    speaks of a relationship and of two, or names one; ``other``: it names two or more, and others; ``only``:
    which of the two it names alone. ``subject`` and ``sure`` hold of no English text: there they brought in what
    one country did by itself.

    >>> is_about(["Russia and China agreed.", "The US, Russia and China met.", "Both sides won."],
    ...          ("Russia", "China"))[["named", "alone", "meant"]]
       named  alone  meant
    0   True   True  False
    1  False  False  False
    2  False  False   True
    """
    known = names(about, language)
    return _said(named(texts, known, language), len(texts), list(known)[:2], language)


def _said(found: Named, n: int, pair: list[str], language: str) -> pd.DataFrame:
    mentions, text = found.mentions, found.seen.text
    free = mentions[~listed(found)]
    ours = mentions["country"].isin(pair)
    first, second = (_any(free.loc[free["country"] == name, "text"], n) for name in pair)
    third = _any(mentions.loc[~ours, "text"], n)
    count, apart = (_countries(table, n) for table in (mentions, free))
    kinds = ("both", "each", "many", "relational", "reacts", "acts", "speaker", "called", "things", "home", "weak")
    both, each, many, relational, reacts, acts, speaker, called, things, home, weak = (
        _any(text[found.kinds[kind][0]], n) for kind in kinds
    )
    far = grammar(language).get("far", True)
    both_named = first & second & ~(far & things & ~acts & ~relational & ~reacts)  # a match between the two
    towards = _any(text[_towards(found, mentions.loc[ours, "first"].to_numpy(dtype=np.int64))], n)
    quoted = far & _quoted(found, n)
    # Who speaks is named, and to whom the sentences before show; or neither is: "he said".
    related = relational | (weak & (acts | (count == 1))) | (towards & ~home) | ((reacts | quoted) & (count == 1))
    related |= speaker & quoted & (count == 0)
    paired = (both | each) & ~both_named & (count < 2)
    related &= ~both_named & ~third & ~many & ~called  # "the national team of Spain lost to Morocco"
    one = (count == 1) & ~third
    acting = one & ~many & ~called & ~home
    return pd.DataFrame(
        {
            "named": both_named,
            "alone": both_named & ~third,
            "meant": paired | related,
            "only": np.select([first & ~second, second & ~first], pair, ""),
            "sure": far & related & (one | paired),
            "acts": acts & acting,
            "subject": far & _subject(found, mentions[ours], n, language) & acting & (acts | ~things),
            "near": REACH if far else 1,
            "close": REACH if far else REACH - 1,
            "both": both & paired,
            "other": (apart > 1) & _any(free.loc[~free["country"].isin(pair), "text"], n),
        }
    )


def _subject(found: Named, ours: pd.DataFrame, n: int, language: str) -> Flags:
    """The texts that open with one of the names and a predicate beside it: it acts or speaks."""
    seen, (starts, ends) = found.seen, found.kinds["predicates"]
    rules = grammar(language)
    first, last = (ours[end].to_numpy(dtype=np.int64) for end in ("first", "last"))
    place, previous = first - np.searchsorted(seen.text, seen.text[first]), np.maximum(first - 1, 0)
    after = np.isin(last + 1, starts) & seen.tied[last]
    before = np.isin(previous, ends) & seen.tied[previous] & (rules.get("verb", "after") == "both")
    tied = np.isin(seen.words.codes[previous], seen.kinds(rules.get("not subject", ())))
    if "small adjectives" in rules:  # "Un actor turco murió", but "El ministro turco dijo"
        small = seen.of(form.islower() for form in seen.words.forms)
        cased = _any(seen.text[~small], n)[seen.text[first]]
        tied |= small[first] & cased & ~np.isin(previous, found.kinds["acts"][1])
    return _any(seen.text[first[(after | before) & (place <= OPENING) & ~(tied & (place > 0))]], n)


def _countries(mentions: pd.DataFrame, n: int) -> Places:
    """How many countries each text names."""
    return np.asarray(mentions.groupby("text")["country"].nunique().reindex(range(n), fill_value=0))


def _any(texts: "pd.Series[int] | Places", n: int) -> Flags:
    return np.bincount(np.asarray(texts, dtype=np.int64), minlength=n) > 0


def _towards(found: Named, start: Places) -> Places:
    """The names after a word like "with" or "from", an article between them or not ("from the Kremlin")."""
    before, articles = (
        np.isin(np.arange(len(found.seen.text)), found.kinds[kind][1]) for kind in ("towards", "articles")
    )
    at = np.concatenate([start, start[articles[start - 1]] - 1])  # the first word has none before it
    at = at[at > 0]
    return np.asarray(at[before[at - 1] & (found.seen.text[at - 1] == found.seen.text[at])])


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
    column, pair = strings(texts), list(names(about).values())[:2]
    return _holding(column, map(_own_word, pair[0])) & _holding(column, map(_own_word, pair[1]))


def _own_word(form: str) -> str:
    """A pattern for the longest run of plain letters in a name, by itself unless more letters may belong to it.

    Only these can be looked up without regard to case.
    """
    word = max(re.findall(r"[a-z0-9]+", form.lower()), key=len, default="")
    return rf"(?:^|[^a-z0-9]){word}(?:[^a-z0-9]|$)" if word and not {"*", "?"} & set(form) else word


def _holding(texts: pa.Array, wanted: Iterable[str]) -> Flags:
    """The texts with one of the patterns, or with a character that may hide one: invisible or of full width."""
    pattern = "|".join([FULL_WIDTH, *sorted({*wanted, *map(re.escape, INVISIBLE)})])
    return np.asarray(pc.match_substring_regex(texts, pattern, ignore_case=True).to_numpy(zero_copy_only=False))
