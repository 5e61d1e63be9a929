"""The terms of passages that may tell a frame: no stop words, no numbers, no names of countries."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from analysis.frames.lexicon import Lexicon
from analysis.text.patterns import read_patterns
from analysis.text.places import find_patterns
from analysis.text.stopwords import english
from analysis.text.terms import Counts, count_terms
from analysis.text.tokens import Tokens

Flags = npt.NDArray[np.bool_]

MASK = ""  # what stands in the place of a word that does not count; sorts before every word


def tokens_of(tokens: Tokens, patterns: Sequence[str], lexicon: Lexicon) -> Flags:
    """Which tokens belong to a match of the patterns, which may use the lexicon's lists."""
    read = read_patterns(patterns, lexicon.named_lists)
    found = find_patterns(tokens, [steps for every in read.values() for steps in every])
    return covered(len(tokens), found["first"].to_numpy(dtype=np.int64), found["last"].to_numpy(dtype=np.int64))


def covered(n: int, first: npt.NDArray[np.int64], last: npt.NDArray[np.int64]) -> Flags:
    """Which of n places lie in one of the spans, ends included.

    >>> covered(5, np.array([1]), np.array([2])).tolist()
    [False, True, True, False, False]
    """
    edges = np.zeros(n + 1, dtype=np.int64)
    np.add.at(edges, first, 1)
    np.add.at(edges, last + 1, -1)
    return np.asarray(np.cumsum(edges)[:-1] > 0)


def names_in(tokens: Tokens, lexicon: Lexicon) -> Flags:
    """Which tokens name a country: they tell the corpus, not the frame."""
    lists = [f"@{name}" for name in ("pair", "others") if name in lexicon.named_lists]
    return tokens_of(tokens, lists, lexicon)


def telling_terms(tokens: Tokens, masked: Flags, *, min_df: int = 1) -> Counts:
    """Words and pairs of neighbours, none of them masked.

    >>> from analysis.text.tokens import tokenize
    >>> tokens = tokenize(["Xi and the gas deal of 2014"])
    >>> telling_terms(tokens, tokens.starts == 0).terms.tolist()
    ['deal', 'gas', 'gas deal']
    """
    hidden = replace(
        tokens,
        codes=np.where(masked, 0, tokens.codes + 1).astype(tokens.codes.dtype),
        vocabulary=np.concatenate([np.array([MASK], dtype=object), tokens.vocabulary]),
    )
    numbers = {term for term in tokens.vocabulary.tolist() if not any(map(str.isalpha, term))}
    return count_terms(hidden, stopwords=english() | numbers | {MASK}, ngrams=2, min_df=min_df)
