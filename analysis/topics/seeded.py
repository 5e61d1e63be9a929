"""Keyword-assisted topics: a topic for each frame, begun from the frame's words."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.text.patterns import Steps, read_patterns
from analysis.text.places import find_patterns
from analysis.text.terms import Counts
from analysis.text.tokens import tokenize
from analysis.topics.canonical import Canonical, canonical
from analysis.topics.inference import inferred
from analysis.topics.result import Topics
from analysis.topics.variational import WORD_PRIOR, normal, settled
from analysis.topics.warm import warm

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

CAUTION = (
    "Keyword-assisted topics measure no frame until people have validated them: topic models find what is written "
    "about, frames are how it is told (Nicholls & Culpepper 2021; Eshima, Imai & Sasaki 2024)."
)
# A keyword is held to speak for its topic as firmly as if it had been read there this many times as often again.
STRENGTH = 1.0
# Other subjects than the frames' there must be, or every word of the corpus becomes a frame's.
EXTRA = 5


class Frames(Protocol):
    """What a lexicon hands over: frames in order, entries with their patterns, and the patterns read."""

    @property
    def labels(self) -> list[str]: ...
    @property
    def entries(self) -> Sequence[Any]: ...
    @property
    def read(self) -> Mapping[str, list[Steps]]: ...


def fit_seeded_topics(
    counts: Counts,
    keywords: Frames | Mapping[str, Sequence[str]],
    *,
    k_extra: int = EXTRA,
    strength: float = STRENGTH,
    seed: int = 0,
) -> Topics:
    """A topic for each frame, begun from its words, and ``k_extra`` others: ``Topics`` as from ``fit_topics``.

    **These are not measurements of frames.** Topics are what is written about; whether a keyword-assisted one
    follows a frame must be shown by hand coding (Nicholls & Culpepper 2021, *Political Communication* 38; Eshima,
    Imai & Sasaki 2024, *American Journal of Political Science* 68). ``shares.attrs["caution"]`` says so and every
    plot repeats it; ``convergence`` sets them beside the lexicon and the coders.

    Latent Dirichlet allocation by variational inference in which a keyword's prior in its topic is raised by
    ``strength`` times its occurrences, shared among the frames that claim it (seeded priors; Jagarlamudi, Daumé
    & Udupa 2012). Topics begin with the words of texts that hold their keywords, the others as in the warm
    engine; nothing is left to chance, and ``seed`` is ignored.

    Args:
        counts: what ``count_terms`` returns; with ``ngrams=2`` patterns of two words count too.
        keywords: a lexicon, or ``{topic: [pattern, …]}``. Single words and runs of words that are terms of
            ``counts`` take part; patterns with gaps, negation and exceptions do not: ``shares.attrs["keywords"]``
            lists the terms of each frame, ``shares.attrs["unused"]`` the patterns without one.
        k_extra: other topics, for what the texts are about besides.
        strength: of the prior; 0 only begins with the keywords.
        seed: of no effect, for a call like that of ``fit_topics``.

    Returns:
        Topics: the frames in their order, then ``topic 1`` … by falling share.

    Raises:
        ValueError: a frame without any keyword among the terms, a negative strength or ``k_extra``, fewer than two
            topics in all, more topics than documents or terms, other topics where keywords claim every term, or
            weights instead of counts.

    >>> import analysis as an
    >>> texts = ["gas oil price tariff " * 4, "army drill navy tank " * 4, "rain snow sun wind " * 4]
    >>> counts = an.count_terms(an.tokenize(texts * 20))
    >>> topics = an.fit_seeded_topics(counts, {"security": ["army"], "economy": ["tariff*"]}, k_extra=1)
    >>> topics.shares.head(3).round(1)
    topic  security  economy  topic 1
    0           0.0      1.0      0.0
    1           1.0      0.0      0.0
    2           0.0      0.0      1.0
    """
    del seed
    taken = canonical(counts)
    terms = counts.terms[taken.columns]
    claimed, unused = _claimed(keywords, terms)
    _check(taken, claimed, k_extra, strength)
    prior, start = _begun(taken.matrix.astype(np.float64), list(claimed.values()), k_extra, strength)
    words = settled(start, taken.matrix, prior=prior)
    table = _named(words, inferred(words, taken.matrix), list(claimed), counts, taken)
    table.shares.attrs["keywords"] = {frame: terms[at].tolist() for frame, at in claimed.items()}
    table.shares.attrs["unused"], table.shares.attrs["caution"] = unused, CAUTION
    return table


def _claimed(
    keywords: Frames | Mapping[str, Sequence[str]], terms: "pd.Index[Any]"
) -> tuple[dict[str, Ints], list[str]]:
    """The terms of each frame, and the patterns that match none."""
    if isinstance(keywords, Mapping):
        patterns = {str(frame): list(found) for frame, found in keywords.items()}
        read: Mapping[str, list[Steps]] = read_patterns(
            pattern for found in patterns.values() for pattern in found
        )
    else:
        patterns = {frame: [] for frame in keywords.labels}
        for entry in keywords.entries:
            patterns[entry.frame] += entry.match
        read = keywords.read
    found = _terms({pattern: read[pattern] for group in patterns.values() for pattern in group}, terms)
    unused = [pattern for pattern, at in found.items() if not at]
    return {
        frame: np.array(sorted(set().union(*(found[pattern] for pattern in group))), dtype=np.intp)
        for frame, group in patterns.items()
    }, unused


def _terms(patterns: Mapping[str, list[Steps]], terms: "pd.Index[Any]") -> dict[str, set[int]]:
    """The terms that each pattern stands for, from end to end: words, or runs of words without a gap."""
    spoken = tokenize(terms.astype("str").tolist())
    runs = [
        (pattern, steps)
        for pattern, readings in patterns.items()
        for steps in readings
        if not any(step.gap for step in steps)
    ]
    at = find_patterns(spoken, [steps for _, steps in runs])
    text = spoken.text[at["first"]]
    whole = (spoken.bounds[text] == at["first"]) & (spoken.bounds[text + 1] == at["last"] + 1)
    found: dict[str, set[int]] = {pattern: set() for pattern in patterns}
    for run, term in zip(at["pattern"][whole], text[whole], strict=True):
        found[runs[run][0]].add(int(term))
    return found


def _check(taken: Canonical, claimed: dict[str, Ints], k_extra: int, strength: float) -> None:
    if strength < 0 or k_extra < 0:
        raise ValueError(f"strength={strength}, k_extra={k_extra}: neither can be below 0.")
    without = [frame for frame, at in claimed.items() if not len(at)]
    if without:
        raise ValueError(
            f"keywords: none of {without[0]!r} is among the {len(taken.columns)} terms of counts. "
            "Use single words, lower min_df, or count runs of words with ngrams=2."
        )
    k = len(claimed) + k_extra
    documents, terms = taken.matrix.shape
    if not 2 <= k <= min(documents, terms):
        raise ValueError(
            f"{k} topics in all: ask for 2 up to the {documents} documents and {terms} terms there are."
        )
    if k_extra and len(np.unique(np.concatenate([*claimed.values()]))) == terms:
        raise ValueError(
            f"keywords: they claim all {terms} terms of counts, which leaves no word to begin another topic with. "
            "Ask for k_extra=0, or count more words."
        )


def _begun(matrix: Any, claimed: list[Ints], k_extra: int, strength: float) -> tuple[Floats, Floats]:
    """The prior and the start, both topics × terms."""
    said = np.asarray(matrix.sum(axis=0)).ravel()
    claims = np.zeros((len(claimed) + k_extra, len(said)))
    for row, at in enumerate(claimed):
        claims[row, at] = 1.0
    raised = strength * said * claims / np.maximum(claims.sum(axis=0), 1.0)
    start = np.zeros_like(claims)
    for row, at in enumerate(claimed):
        near = np.asarray(matrix[:, at].sum(axis=1)).ravel() / np.asarray(matrix.sum(axis=1)).ravel()
        start[row] = matrix.T @ near
    if k_extra:
        start[len(claimed) :] = warm(matrix, k_extra) if k_extra > 1 else said / said.sum()
        start[len(claimed) :, claims.any(axis=0)] = 0.0  # keywords begin with their frames
    return WORD_PRIOR + raised, normal(start)


def _named(words: Floats, shares: Floats, frames: list[str], counts: Counts, taken: Canonical) -> Topics:
    """The frames in their order, the others by falling share; documents and terms in the order of ``counts``."""
    others = len(frames) + np.argsort(-shares[:, len(frames) :].mean(axis=0).round(6), kind="stable")
    order = np.concatenate([np.arange(len(frames)), others])
    width = len(str(len(others)))
    names = pd.Index([*frames, *(f"topic {at:0{width}}" for at in range(1, len(others) + 1))], name="topic")
    by_row, by_column = np.argsort(taken.rows), np.argsort(taken.columns)
    table = pd.DataFrame(shares[np.ix_(by_row, order)], index=counts.docs[taken.rows[by_row]], columns=names)
    table.attrs["left_out"] = counts.docs.delete(taken.rows).tolist()
    spoken = counts.terms[taken.columns[by_column]].rename("term")
    return Topics(pd.DataFrame(words[np.ix_(order, by_column)], index=names, columns=spoken), table)
