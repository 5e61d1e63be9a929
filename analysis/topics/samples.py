"""Samples and variants of counts: the same corpus, had it come out a little differently."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from analysis.text.terms import Counts
from analysis.topics.stories import told_by

Ints = npt.NDArray[np.int64]

# A term in more documents than this part of them tells few apart.
COMMON = 0.25


def story_codes(docs: "pd.Index[str]", articles: pd.DataFrame | None) -> Ints:
    """A number for the story of each document, in the order of their names; without articles each is its own."""
    story = docs.astype("str") if articles is None else told_by(docs, articles)["story"].to_numpy()
    codes: Ints = pd.factorize(story, sort=True)[0].astype(np.int64)
    return codes


def resampled(counts: Counts, stories: Ints, *, seed: int) -> Counts:
    """A bootstrap sample: as many stories, drawn with replacement, each with all its documents."""
    n = int(stories.max()) + 1
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n))[stories]
    rows = np.repeat(np.arange(len(drawn)), drawn)
    turn = np.arange(len(rows)) - np.repeat(np.cumsum(drawn) - drawn, drawn)
    names = [f"{doc}#{copy}" for doc, copy in zip(counts.docs[rows], turn, strict=True)]
    return Counts(counts.matrix[rows], pd.Index(names, dtype="str"), counts.terms)


def variants(counts: Counts) -> Iterator[tuple[str, Counts]]:
    """Counts under other customary choices of preparation (Denny & Spirling 2018), those that change anything.

    Rarer terms out, common terms out, numbers out, terms of one word only, and each term once a document.
    """
    df = np.asarray((counts.matrix > 0).sum(axis=0)).ravel()
    lowest = int(df[df > 0].min(initial=1))
    words = counts.terms.astype("str")
    kept = {
        "rare terms out": df > 2 * lowest,
        "common terms out": df <= COMMON * counts.matrix.shape[0],
        "numbers out": ~words.str.contains(r"\d").astype(bool),
        "single words only": ~words.str.contains(" ", regex=False).astype(bool),
    }
    for name, terms in kept.items():
        if 1 < terms.sum() < len(df):
            yield name, Counts(counts.matrix[:, np.flatnonzero(terms)], counts.docs, counts.terms[terms])
    if (counts.matrix.data > 1).any():
        once = sparse.csr_array((counts.matrix > 0).astype(np.int64))
        yield "each term once", Counts(once, counts.docs, counts.terms)
