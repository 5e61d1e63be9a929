"""What a coder looks at in a passage: the lexicon's hits, their context, and the terms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.corpus.pair import is_about
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import find_frames
from analysis.frames.shares import text_frames
from analysis.frames.telling import names_in, telling_terms, tokens_of
from analysis.text.terms import Counts
from analysis.text.tokens import Tokens, tokenize

Floats = npt.NDArray[np.float64]
Encoder = Callable[[list[str]], Floats]


@dataclass(frozen=True)
class Seen:
    """Some passages as a coder sees them.

    Attributes:
        given: a row a passage, columns named for people: what needs no learning.
        counts: the terms of each passage, without the names of countries and numbers.
    """

    given: pd.DataFrame
    counts: Counts

    def rows(self, at: npt.NDArray[np.intp]) -> "Seen":
        """Some of the passages."""
        counts = Counts(self.counts.matrix[at], self.counts.docs[at], self.counts.terms)
        return Seen(self.given.iloc[at], counts)


def seen(texts: Sequence[str], lexicon: Lexicon, encode: Encoder | None = None) -> Seen:
    """What there is to see in each text.

    ``given`` holds, as 0 and 1: ``frame …`` where the lexicon gives the passage the frame; ``entry …`` for its
    hits whether or not the passage names the pair, ``negated …`` for those denied; ``pair named``, ``pair alone``,
    ``pair meant``, ``pair word`` (one of the two at least), ``others named``, ``negation``; and ``embedding …`` if
    asked for.

    >>> from analysis.frames.formats import load_lexicon
    >>> row = seen(["Russia and China are not friends."], load_lexicon()).given.iloc[0]
    >>> row[row > 0].index.tolist()
    ['frame pragmatism', 'entry pragmatism: friendship', 'negated alliance', 'pair named', 'pair alone',
     'pair word', 'negation']
    """
    texts = list(texts)
    tokens = tokenize(texts)
    blocks = [text_frames(texts, lexicon).add_prefix("frame "), _hits(texts, lexicon)]
    if lexicon.about:
        blocks.append(is_about(texts, lexicon.about).add_prefix("pair "))
    blocks.append(_context(tokens, lexicon))
    if encode is not None:
        vectors = encode(texts)
        blocks.append(pd.DataFrame(vectors, columns=[f"embedding {at}" for at in range(vectors.shape[1])]))
    return Seen(pd.concat(blocks, axis=1).astype(float), telling_terms(tokens, names_in(tokens, lexicon)))


def _context(tokens: Tokens, lexicon: Lexicon) -> pd.DataFrame:
    known = {"pair word": "pair", "others named": "others"}
    patterns = {name: [f"@{names}"] for name, names in known.items() if names in lexicon.named_lists}
    patterns["negation"] = list(lexicon.negation.words)
    held = {name: tokens_of(tokens, words, lexicon) for name, words in patterns.items()}
    n = len(tokens.docs)
    return pd.DataFrame({name: np.bincount(tokens.text[at], minlength=n) > 0 for name, at in held.items()})


def _hits(texts: list[str], lexicon: Lexicon) -> pd.DataFrame:
    """Text × entry, and × frame denied; hits count also where the pair is not named, which other columns tell."""
    anywhere = replace(lexicon, about=(), lists=lexicon.named_lists)
    ids = [str(at) for at in range(len(texts))]
    hits = find_frames(pd.DataFrame({"passage_id": ids, "doc_id": ids, "start": 0, "text": texts}), anywhere)
    names = "entry " + hits["frame"].astype("str") + ": " + hits["entry"]
    names = names.mask(hits["negated"], "negated " + hits["frame"].astype("str"))
    columns = [f"entry {entry.frame}: {entry.name}" for entry in lexicon.entries]
    columns += [f"entry {entry.negated}: {entry.name}" for entry in lexicon.entries if entry.negated]
    columns = list(dict.fromkeys([*columns, *(f"negated {label}" for label in lexicon.labels)]))
    held = np.zeros((len(texts), len(columns)))
    held[hits["passage_id"].astype(int), pd.Index(columns).get_indexer(pd.Index(names))] = 1.0
    return pd.DataFrame(held, columns=columns)
