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
from analysis.corpus.mentions import LIST, listed, mentions_of, runs, text_of
from analysis.corpus.words import INVISIBLE, Texts, Words, strings, words

# "the two countries", "both sides"; "two days" speaks of no pair.
PAIRED = {
    "both|two": "countries|nations|sides|states|neighbou?rs|powers|capitals|governments|leaders|presidents"
    "|militaries|armies|navies|peoples|economies|giants|partners",
    "neither|either": "country|nation|side|state|neighbou?r|power|capital|government|leader|president|party",
    "the": "two",
    "each": "other",
    "one": "another",
}
# Words that need two: nobody is a partner, a rival or mutual alone.
RELATIONAL = (
    r"bilateral\w*|mutual\w*|joint\w*|together|relations|relationships?|ties|partner\w*|ally|allies|alliances?"
    r"|friend\w*|rapport|rival\w*|cooperat\w*"
)
# What one country has from, with or towards the other ("gas from Russia").
TOWARDS = "with|to|from|for|on|towards?"
# One of these stands in every text with such a word, names of the pair apart.
TELLERS = (
    "both", "two", "either", "each other", "one another", "bilateral", "mutual", "joint", "together", "relation",
    "ties", "partner", "ally", "allies", "alliance", "friend", "rapport", "rival", "cooperat",
)  # fmt: skip


def is_about(texts: Sequence[str], about: About) -> pd.DataFrame:
    """What each text says of the pair, in boolean columns.

    ``named``: it names both, outside lists; ``alone``: and no third country; ``meant``: it does not name both,
    but speaks of a relationship ("mutual trust", "gas from Russia") and of no third country, or of two ("both
    sides") and names no two whom it could mean. Whether it is this pair's, the passages before it tell. A list
    of three or more countries does not count, and the South China Sea is not China.

    >>> is_about(["Russia and China agreed.", "The US, Russia and China met.", "Both sides won."],
    ...          ("Russia", "China"))
       named  alone  meant
    0   True   True  False
    1  False  False  False
    2  False  False   True
    """
    known = names(about)
    likely = _likely(texts, list(known.values())[:2])
    said = _said([texts[at] for at in likely], known)
    return said.set_index(likely).reindex(range(len(texts)), fill_value=False)


def enumerations(texts: Sequence[str], *, least: int = LIST) -> pd.DataFrame:
    """Where ``least`` countries or more stand in a row, nothing but joiners between them.

    Returns:
        ``text`` (its place in ``texts``), ``start``, ``end`` (characters, from the first name to the last).

    >>> enumerations(["Today the US, Russia and China met."])
       text  start  end
    0     0     10   30
    """
    found = words(texts)
    mentions = mentions_of(found, countries())
    ends = {"text": ("text", "first"), "first": ("first", "first"), "last": ("last", "last")}
    groups = mentions.groupby(runs(mentions, found)).agg(**ends, countries=("country", "nunique"))
    first, last = (groups.loc[groups["countries"] >= least, end].to_numpy(dtype=int) for end in ("first", "last"))
    return pd.DataFrame(
        {"text": text_of(found)[first], "start": found.starts[first], "end": found.ends[last]}, dtype="int64"
    )


def may_name_both(texts: Texts, about: About) -> Flags:
    """The texts that hold a word of a name of each country: no other text has a passage about the two."""
    column, pair = strings(texts), list(names(about).values())[:2]
    return _holding(column, map(_teller, pair[0])) & _holding(column, map(_teller, pair[1]))


def _likely(texts: Sequence[str], forms: Sequence[Sequence[str]]) -> Places:
    """The texts that hold a word of a name of the pair, or of a relationship: the rest need no closer look."""
    return np.flatnonzero(
        _holding(strings(texts), [*(_teller(form) for pair in forms for form in pair), *TELLERS])
    )


def _holding(texts: pa.Array, wanted: Iterable[str]) -> Flags:
    """The texts with one of the words, or with a character that may break a word invisibly."""
    pattern = "|".join(map(re.escape, sorted({*wanted, *INVISIBLE})))
    return np.asarray(pc.match_substring_regex(texts, pattern, ignore_case=True).to_numpy(zero_copy_only=False))


def _teller(form: str) -> str:
    """The longest run of plain letters in a name; only these can be looked up without regard to case."""
    return max(re.findall(r"[a-z0-9]+", form.lower()), key=len, default="")


def _said(texts: Sequence[str], known: dict[str, list[str]]) -> pd.DataFrame:
    found = words(texts)
    text, n = text_of(found), len(texts)
    mentions = mentions_of(found, known)
    free = mentions[~listed(mentions, found)]
    ours = mentions["country"].isin(list(known)[:2])
    first, second = (_any(free.loc[free["country"] == name, "text"], n) for name in list(known)[:2])
    third = _any(mentions.loc[~ours, "text"], n)
    named_in = mentions.groupby("text")["country"].nunique().reindex(range(n), fill_value=0).to_numpy()
    related = _any(pd.Series(text[relation_places(found, text, mentions.loc[ours, "first"])]), n)
    paired = _any(pd.Series(text[paired_places(found, text)]), n)
    named = first & second
    meant = ~named & (related & ~third | paired & (named_in < 2))
    return pd.DataFrame({"named": named, "alone": named & ~third, "meant": meant})


def _any(texts: "pd.Series[int]", n: int) -> Flags:
    return np.bincount(texts.to_numpy(dtype=np.int64), minlength=n) > 0


def relation_places(found: Words, text: Places, named: "pd.Series[int]") -> Places:
    """The words at which a relationship is spoken of; ``named`` are the words where a name of the pair begins."""
    start = named.to_numpy(dtype=np.int64)
    article = start[_flags(found, "the")[start - 1]] - 1  # "from the Kremlin"; the first word has none before it
    after = np.concatenate([start, article])
    after = after[after > 0]
    towards = after[_flags(found, TOWARDS)[after - 1] & (text[after - 1] == text[after])]
    alone = np.flatnonzero(_flags(found, RELATIONAL))
    return np.unique(np.concatenate([alone, towards, paired_places(found, text)]))


def paired_places(found: Words, text: Places) -> Places:
    """The words where "both sides", "each other" and their like begin."""
    pairs = [_flags(found, first)[:-1] & _flags(found, second)[1:] for first, second in PAIRED.items()]
    return np.flatnonzero(np.any(pairs, axis=0) & (text[:-1] == text[1:]))


def _flags(found: Words, pattern: str) -> Flags:
    """Which words match, asked once a distinct form."""
    wanted = re.compile(pattern, re.IGNORECASE)
    return np.array([wanted.fullmatch(form) is not None for form in found.forms], bool)[found.codes]
