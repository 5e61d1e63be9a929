"""Features of a classifier: the lexicon's hits, their context, the terms, embeddings if any."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd

from analysis.arrays import Floats, Places
from analysis.corpus.pair import is_about
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import find_frames, text_passages
from analysis.frames.shares import text_frames
from analysis.frames.suggest import informative_terms, names_in, tokens_of
from analysis.text.terms import Counts
from analysis.text.tokens import Tokens, tokenize

Encoder = Callable[[list[str]], Floats]
FRAME = "frame "  # before the name of a column that holds the lexicon's own label


@dataclass(frozen=True)
class Seen:
    """Some passages as a classifier sees them.

    ``given`` has a row per passage, columns named for people: what needs no learning. ``counts`` are the terms of
    each passage, without the names of countries and numbers.
    """

    given: pd.DataFrame
    counts: Counts

    def rows(self, rows: Places) -> Seen:
        counts = Counts(self.counts.matrix[rows], self.counts.docs[rows], self.counts.terms)
        return Seen(self.given.iloc[rows], counts)

    def words(self) -> Seen:
        """The terms alone: what a plain TF-IDF model sees."""
        return Seen(self.given[[]], self.counts)

    @property
    def of_lexicon(self) -> Floats:
        """Passages × labels: 1 where the lexicon gives the label."""
        return self.given.filter(regex=f"^{FRAME}").to_numpy(dtype=float)


def seen(texts: Sequence[str], lexicon: Lexicon, encode: Encoder | None = None) -> Seen:
    """What there is to see in each text.

    ``given`` holds, as 0 and 1: ``frame …`` where the lexicon gives the passage the frame; ``entry …`` for its
    hits whether or not the passage names the pair, ``negated …`` for those negated; ``pair named``,
    ``pair alone``, ``pair meant``, ``pair word`` (one of the two at least), ``others named``, ``negation``; and
    ``embedding …`` if asked for.

    >>> from analysis.frames.formats.files import read_lexicon
    >>> row = seen(["Russia and China are not friends."], read_lexicon("russia-china")).given.iloc[0]
    >>> row[row > 0].index.tolist()
    ['frame pragmatism', 'entry pragmatism: friendship', 'negated alliance', 'pair named', 'pair alone',
     'pair word', 'negation']
    """
    texts = list(texts)
    tokens = tokenize(texts)
    blocks = [text_frames(texts, lexicon).add_prefix(FRAME), _hits(texts, lexicon)]
    if lexicon.about:
        blocks.append(is_about(texts, lexicon.about)[["named", "alone", "meant"]].add_prefix("pair "))
    blocks.append(_context(tokens, lexicon))
    if encode is not None:
        vectors = encode(texts)
        blocks.append(pd.DataFrame(vectors, columns=[f"embedding {at}" for at in range(vectors.shape[1])]))
    return Seen(pd.concat(blocks, axis=1).astype(float), informative_terms(tokens, names_in(tokens, lexicon)))


def _context(tokens: Tokens, lexicon: Lexicon) -> pd.DataFrame:
    known = {"pair word": "pair", "others named": "others"}
    patterns = {name: [f"@{names}"] for name, names in known.items() if names in lexicon.named_lists}
    patterns["negation"] = list(lexicon.negation.words)
    held = {name: tokens_of(tokens, words, lexicon) for name, words in patterns.items()}
    n = len(tokens.docs)
    return pd.DataFrame({name: np.bincount(tokens.text_index[at], minlength=n) > 0 for name, at in held.items()})


def _hits(texts: list[str], lexicon: Lexicon) -> pd.DataFrame:
    """Text × entry, and × frame negated; hits count also where the pair is not named, as other columns show."""
    anywhere = replace(lexicon, about=(), lists=lexicon.named_lists)
    hits = find_frames(text_passages(texts), anywhere)
    names = "entry " + hits["frame"].astype("str") + ": " + hits["entry"]
    names = names.mask(hits["negated"], "negated " + hits["frame"].astype("str"))
    columns = [f"entry {entry.frame}: {entry.name}" for entry in lexicon.entries]
    columns += [f"entry {entry.negated}: {entry.name}" for entry in lexicon.entries if entry.negated]
    columns = list(dict.fromkeys([*columns, *(f"negated {label}" for label in lexicon.labels)]))
    held = np.zeros((len(texts), len(columns)))
    held[hits["passage_id"].astype(int), pd.Index(columns).get_indexer(pd.Index(names))] = 1.0
    return pd.DataFrame(held, columns=columns)


def encoder(embeddings: str | Callable[[list[str]], Any] | None) -> Encoder | None:
    """A function from texts to vectors of length 1: of a model by name or path, or one's own.

    >>> encode = encoder(lambda texts: [[3, 4] for text in texts])
    >>> encode(["Russia", "China"]).tolist()
    [[0.6, 0.8], [0.6, 0.8]]
    """
    if embeddings is None:
        return None
    encode = _model(embeddings) if isinstance(embeddings, str) else embeddings

    def vectors(texts: list[str]) -> Floats:
        found = np.asarray(encode(texts), dtype=np.float64)
        if found.ndim != 2 or len(found) != len(texts) or not np.isfinite(found).all():
            raise ValueError(
                "embeddings: one vector of finite numbers per text is needed. "
                f"Found: an array of shape {found.shape} for {len(texts)} texts."
            )
        length = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(np.divide(found, length, out=np.zeros_like(found), where=length > 0))

    return vectors


def _model(name: str) -> Callable[[list[str]], Any]:
    try:
        package = import_module("sentence_transformers")
    except ImportError:
        raise ImportError(
            f"embeddings={name!r} needs sentence-transformers, which is not installed. Run pip install "
            "sentence-transformers, pass a function of your own from texts to vectors, or leave embeddings out."
        ) from None
    model = package.SentenceTransformer(name)
    return lambda texts: model.encode(texts, show_progress_bar=False, convert_to_numpy=True)
