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


def is_about(texts: Sequence[str], about: About, language: str = "en") -> pd.DataFrame:
    """What each text says of the pair, in boolean columns.

    ``named``: it names both, outside lists; ``alone``: and no third country; ``meant``: it does not name both,
    but speaks of a relationship ("mutual trust", "gas from Russia") and of no third country, or of two ("both
    sides") and names no two whom it could mean. Whether it is this pair's, the passages before it tell. A list
    of three or more countries does not count, and the South China Sea is not China. ``both``: it speaks of two, in
    a language in which these may have been named further back; ``other``: it names two or more, and others.

    >>> is_about(["Russia and China agreed.", "The US, Russia and China met.", "Both sides won."],
    ...          ("Russia", "China"))[["named", "alone", "meant"]]
       named  alone  meant
    0   True   True  False
    1  False  False  False
    2  False  False   True
    """
    known = names(about, language)
    likely = _likely(texts, list(known.values())[:2], language)
    said = _said(named([texts[at] for at in likely], known, language), len(likely), list(known)[:2], language)
    return said.set_index(likely).reindex(range(len(texts)), fill_value=False)


def _said(found: Named, n: int, pair: list[str], language: str) -> pd.DataFrame:
    mentions, rules = found.mentions, grammar(language)
    free = mentions[~listed(found)]
    ours = mentions["country"].isin(pair)
    first, second = (_any(free.loc[free["country"] == name, "text"], n) for name in pair)
    third = _any(mentions.loc[~ours, "text"], n)
    count, apart = (
        table.groupby("text")["country"].nunique().reindex(range(n), fill_value=0).to_numpy()
        for table in (mentions, free)
    )
    paired, relational, reacts = (
        _any(found.seen.text[found.kinds[kind][0]], n) for kind in ("both", "relational", "reacts")
    )
    both_named = first & second
    towards = _any(found.seen.text[_towards(found, mentions.loc[ours, "first"].to_numpy(dtype=np.int64))], n)
    towards &= ~_any(found.seen.text[found.kinds["called"][0]], n)  # "the national team of Spain lost to Morocco"
    far = rules.get("far", True)
    quoted = far & _quoted(found, n)
    related = relational | towards | ((reacts | quoted) & (count == 1))
    paired &= ~both_named & (count < 2)
    return pd.DataFrame(
        {
            "named": both_named,
            "alone": both_named & ~third,
            "meant": paired | (~both_named & related & ~third),
            "both": paired & far,
            "other": (apart > 1) & _any(free.loc[~free["country"].isin(pair), "text"], n),
        }
    )


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
    """The texts with a quotation mark: who speaks is named, and to whom the sentences before it show."""
    return _any(found.seen.text[found.seen.gaps(rf"(?s).*{QUOTES}.*")], n)


def enumerations(texts: Sequence[str], *, least: int = LIST, language: str = "en") -> pd.DataFrame:
    """Where ``least`` countries or more stand in a row, nothing but joiners between them.

    Returns:
        ``text`` (its place in ``texts``), ``start``, ``end`` (characters, from the first name to the last).

    >>> enumerations(["Today the US, Russia and China met."])
       text  start  end
    0     0     10   30
    """
    found = named(texts, countries(language), language)
    ends = {"text": ("text", "first"), "first": ("first", "first"), "last": ("last", "last")}
    groups = found.mentions.groupby(runs(found)).agg(**ends, countries=("country", "nunique"))
    first, last = (groups.loc[groups["countries"] >= least, end].to_numpy(dtype=int) for end in ("first", "last"))
    rows = {
        "text": found.seen.text[first],
        "start": found.seen.words.starts[first],
        "end": found.seen.words.ends[last],
    }
    return pd.DataFrame(rows, dtype="int64")


def may_name_both(texts: Texts, about: About) -> Flags:
    """The English texts that hold a word of a name of each country: no other has a passage about the two."""
    column, pair = strings(texts), list(names(about).values())[:2]
    return _holding(column, map(_own_word, pair[0])) & _holding(column, map(_own_word, pair[1]))


def _own_word(form: str) -> str:
    """A pattern for the longest run of plain letters in a name, by itself unless more letters may belong to it."""
    word = _teller(form)
    return rf"(?:^|[^a-z0-9]){word}(?:[^a-z0-9]|$)" if word and not {"*", "?"} & set(form) else word


def _likely(texts: Sequence[str], forms: Sequence[Sequence[str]], language: str) -> Places:
    """The English texts with a word of a name of the pair, or of a relationship: the rest need no closer look."""
    if language != "en":
        return np.arange(len(texts))
    rules = grammar(language)
    further = [word for form in [*rules["both"], *rules["relational"]] for word in _tellers(form)]
    return np.flatnonzero(
        _holding(strings(texts), map(re.escape, [*(_teller(form) for pair in forms for form in pair), *further]))
    )


def _tellers(form: str) -> list[str]:
    """One of these words is in every text with such a phrase."""
    return max(
        (list(map(_teller, word.split("|"))) for word in form.split(" ")), key=lambda word: min(map(len, word))
    )


def _holding(texts: pa.Array, wanted: Iterable[str]) -> Flags:
    """The texts with one of the patterns, or with a character that may hide one: invisible or of full width."""
    pattern = "|".join([FULL_WIDTH, *sorted({*wanted, *map(re.escape, INVISIBLE)})])
    return np.asarray(pc.match_substring_regex(texts, pattern, ignore_case=True).to_numpy(zero_copy_only=False))


def _teller(form: str) -> str:
    """The longest run of plain letters in a name; only these can be looked up without regard to case."""
    return max(re.findall(r"[a-z0-9]+", form.lower()), key=len, default="")
