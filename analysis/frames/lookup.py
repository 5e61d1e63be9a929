"""A lexicon applied as quanteda applies a dictionary: each text as the keys found in it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.arrays import in_spans
from analysis.corpus.tables import refuse_unknown
from analysis.frames.lexicon import Lexicon
from analysis.text.patterns import CASE
from analysis.text.places import find_patterns
from analysis.text.tokens import Tokens, tokenize

Matches = npt.NDArray[np.int64]  # a row per match: key, first token, last token

WORD_START = re.compile(r"(?<![^\s(|])(?=[^\s()@…~|=.])")


def quanteda_lookup(
    texts: pd.DataFrame | Sequence[str] | Tokens,
    lexicon: Lexicon,
    *,
    exclusive: bool | str = True,
    nested_scope: str = "key",
    levels: int | Iterable[int] | None = None,
    capkeys: bool | None = None,
    case_insensitive: bool = True,
) -> list[list[str]]:
    """Keys found in each text, in the order of their places: what quanteda's ``tokens_lookup`` gives.

    Patterns alone are looked up: exclusions, negation and what the lexicon is about are ignored, unlike in
    ``find_frames``. Of overlapping matches of one key the longest counts, then the first. Keys are the frames'
    names; those that begin at one word come in the lexicon's order. It differs where the tokens do: they hold no
    punctuation; "US" is not "us", while "US", "U.S." and "USA" are one term.

    Parameters
    ----------
    texts : sequence of str, DataFrame or Tokens
        Texts, a table with a column ``text``, or tokens.
    exclusive : bool or str
        True for keys alone, False to keep the other words, or a text in place of each: quanteda's ``nomatch``.
    capkeys, case_insensitive
        As in quanteda (Benoit et al. 2018, JOSS 3(30)).
    nested_scope : {"key", "dictionary"}
        A match whose words longer ones hold already counts where these have other keys (``"key"``), or nowhere.
    levels : int or iterable of int, optional
        Which of nested keys count, the outermost 1; by default all.

    Returns
    -------
    list of lists of str
        The keys in each text, and the words between them if asked for.

    Examples
    --------
    >>> from analysis.frames.lexicon import Entry, Frame, Lexicon
    >>> paper, city = Entry("p", "paper", ("new york times",)), Entry("c", "city", ("new york",))
    >>> press = Lexicon("press", (Frame("paper"), Frame("city")), (paper, city))
    >>> texts = ["The New York Times is a New York paper."]
    >>> quanteda_lookup(texts, press, exclusive=False, nested_scope="dictionary")
    [['The', 'PAPER', 'is', 'a', 'CITY', 'paper']]
    """
    refuse_unknown("nested_scope", nested_scope, "a scope", ("key", "dictionary"))
    if lexicon.parallel:
        found, remedy = ", ".join(lexicon.each), f"Give one of them, as in lexicon.each[{lexicon.language!r}]."
        raise ValueError(f"quanteda_lookup: the lexicon is of several languages. Found: {found}. {remedy}")
    tokens = texts if isinstance(texts, Tokens) else tokenize(texts)
    key_of = _keys(lexicon, levels)
    keys = list(dict.fromkeys(key_of.values()))
    wanted = lexicon if case_insensitive else _cased(lexicon)
    kept = _kept(_matches(tokens, wanted, key_of, keys), across=nested_scope == "dictionary")
    shown = [key.upper() for key in keys] if (exclusive is False if capkeys is None else capkeys) else keys
    return _lists(tokens, kept, shown, exclusive)


def _keys(lexicon: Lexicon, levels: int | Iterable[int] | None) -> dict[str, str]:
    """The key of each frame that has one at these levels."""
    parts = {frame.name: frame.name.split(".") for frame in lexicon.frames}
    every = range(1, max(map(len, parts.values()), default=1) + 1)
    wanted = sorted(every if levels is None else {levels} if isinstance(levels, int) else set(levels))
    if not wanted or wanted[0] < 1:
        raise ValueError(f"quanteda_lookup: levels are counted from 1, the outermost key. Found: {wanted}.")
    folded = {name: ".".join(keys[at - 1] for at in wanted if at <= len(keys)) for name, keys in parts.items()}
    return {name: key for name, key in folded.items() if key}


def _cased(lexicon: Lexicon) -> Lexicon:
    """The lexicon with every word to be found only as it is written."""

    def cased(patterns: Iterable[str]) -> tuple[str, ...]:
        return tuple(WORD_START.sub(CASE, pattern) for pattern in patterns)

    lists = {name: cased(members) for name, members in lexicon.named_lists.items()}
    entries = tuple(replace(entry, match=cased(entry.match)) for entry in lexicon.entries)
    return Lexicon(lexicon.name, lexicon.frames, entries, lists=lists)


def _matches(tokens: Tokens, lexicon: Lexicon, key_of: dict[str, str], keys: list[str]) -> Matches:
    read = [
        (keys.index(key_of[entry.frame]), steps)
        for entry in lexicon.entries
        if entry.frame in key_of
        for pattern in entry.match
        for steps in lexicon.read[pattern]
    ]
    found = find_patterns(tokens, [steps for _, steps in read])
    key = np.array([key for key, _ in read], dtype=np.int64)[found["pattern"].to_numpy()]
    return np.column_stack([key, found["first"], found["last"]]).astype(np.int64)


def _kept(matches: Matches, *, across: bool) -> Matches:
    """Of overlapping matches of one key the longest, then the first; ``across``: as in quanteda's C++ code."""
    key, first, last = matches.T
    order = np.lexsort([key, first, first - last])
    taken: set[tuple[int, int]] = set()  # key and token
    over: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)  # the spans that took a token
    keep = []
    for at, (own, start, end) in zip(order.tolist(), matches[order].tolist(), strict=True):
        span = {(own, token) for token in range(start, end + 1)}
        within = across and all(over[token] - {(start, end)} for token in range(start, end + 1))
        if within or not taken.isdisjoint(span):
            continue
        keep.append(at)
        taken |= span
        for token in range(start, end + 1):
            over[token].add((start, end))
    return matches[keep]


def _lists(tokens: Tokens, kept: Matches, shown: list[str], exclusive: bool | str) -> list[list[str]]:
    """The keys in each text, and if they are shown the words without one, by their places."""
    found = [(first, key, shown[key]) for key, first, _ in kept.tolist()]
    left = [] if exclusive is True else np.flatnonzero(~in_spans(len(tokens), kept[:, 1], kept[:, 2])).tolist()
    for at in left:
        word = tokens.texts[tokens.text_index[at]][tokens.starts[at] : tokens.ends[at]]
        found.append((at, 0, exclusive if isinstance(exclusive, str) else word))
    lists: list[list[str]] = [[] for _ in tokens.docs]
    for at, _, word in sorted(found):
        lists[tokens.text_index[at]].append(word)
    return lists
