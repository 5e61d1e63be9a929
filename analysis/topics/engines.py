"""The engines behind fit_topics, and topics that begin with the words of a frame."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.decomposition import LatentDirichletAllocation

from analysis.arrays import Floats, Places
from analysis.corpus.provenance import optional
from analysis.text.patterns import Steps, read_patterns
from analysis.text.places import find_patterns
from analysis.text.tokens import tokenize
from analysis.topics.variational import WORD_PRIOR, nmf_lda, row_shares, variational_steps

# gensim's defaults, one pass in chunks of 2000, are made for millions of documents. On News Articles (20 topics)
# coherence is .143 after one pass, .184 after three, .219 after ten, .222 after ten in ten chunks each. Chunks
# matter most where documents are few: three topics planted in 150 were missed by ten passes over all at once.
PASSES = 10
CHUNKS = 10
CHUNK = 2000
ROUNDS = 1000  # of sampling, as usually reported for tomotopy. Its other settings are its defaults
UNSEEN = 1e-12  # probability of a word that a topic was never sampled for


def fit_sklearn(matrix: Any, k: int, seed: int) -> tuple[Floats, Floats]:
    """Topics × terms and documents × topics of ``LatentDirichletAllocation`` in batch mode."""
    model = LatentDirichletAllocation(k, learning_method="batch", random_state=seed)
    shares = model.fit_transform(matrix)
    return row_shares(model.components_), shares


def fit_gensim(matrix: Any, k: int, seed: int) -> tuple[Floats, Floats]:
    """Topics × terms and documents × topics of ``LdaModel`` after ten passes."""
    from gensim.models import LdaModel

    documents = bags(matrix)
    # Neighbours in canonical order resemble each other: chunks of them would train on one subject after another.
    order = np.random.default_rng(seed).permutation(len(documents))
    names, chunk = dict(enumerate(map(str, range(matrix.shape[1])))), min(CHUNK, -(-len(documents) // CHUNKS))
    model = LdaModel(
        [documents[row] for row in order], k, id2word=names, chunksize=chunk, passes=PASSES, eval_every=None,
        random_state=seed,
    )  # fmt: skip
    # Inference draws random numbers, too: reset, so that shares do not depend on how many the training drew.
    model.random_state = np.random.RandomState(seed)
    shares, _ = model.inference(documents)
    return row_shares(model.get_topics().astype(np.float64)), row_shares(shares.astype(np.float64))


def fit_tomotopy(matrix: Any, k: int, seed: int) -> tuple[Floats, Floats]:
    """Topics × terms and documents × topics of ``LDAModel`` after a thousand rounds of Gibbs sampling."""
    peer = optional("tomotopy", "engine='tomotopy'", ", or choose another engine")
    model = peer.LDAModel(k=k, seed=seed)
    for document in bags(matrix):
        model.add_doc([str(column) for column, times in document for _ in range(times)])
    model.train(ROUNDS, workers=1)
    words = np.full((k, matrix.shape[1]), UNSEEN)
    words[:, list(map(int, model.used_vocabs))] = [model.get_topic_word_dist(topic) for topic in range(k)]
    shares = np.array([document.get_topic_dist() for document in model.docs], dtype=np.float64)
    return row_shares(words), row_shares(shares)


def bags(matrix: Any) -> list[list[tuple[int, int]]]:
    """The matrix in gensim's form: a list of columns and counts for each document."""
    return [
        list(zip(matrix.indices[start:end].tolist(), matrix.data[start:end].tolist(), strict=True))
        for start, end in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True)
    ]


ENGINES: dict[str, Callable[[Any, int, int], tuple[Floats, Floats | None]]] = {
    "nmf-lda": lambda matrix, k, _: (nmf_lda(matrix, k), None),
    "sklearn": fit_sklearn, "gensim": fit_gensim, "tomotopy": fit_tomotopy,
}  # fmt: skip

CAUTION = (
    "Keyword topics are not measured frames until hand coding has validated them: topic models find what is "
    "written about, a frame is how it is presented (Nicholls & Culpepper 2021; Eshima, Imai & Sasaki 2024)."
)

Keywords = Any | Mapping[str, Sequence[str]]  # a lexicon (its labels, entries, read patterns), or topics by name
Claims = dict[str, Places]  # the columns of each frame's keywords


def claimed_terms(keywords: Keywords, terms: "pd.Index[Any]", k: int) -> tuple[Claims, tuple[str, ...]]:
    """The terms of each frame, as positions in `terms`, and the patterns without one, such as those with gaps."""
    if isinstance(keywords, Mapping):
        patterns = {str(frame): list(words) for frame, words in keywords.items()}
        read: Mapping[str, list[Steps]] = read_patterns(word for words in patterns.values() for word in words)
    else:
        patterns = {frame: [] for frame in keywords.labels}
        for entry in keywords.entries:
            patterns[entry.frame] += entry.match
        read = keywords.read
    matches = _matches({pattern: read[pattern] for group in patterns.values() for pattern in group}, terms)
    claims = {
        frame: np.array(sorted(set().union(*(matches[pattern] for pattern in group))), dtype=np.intp)
        for frame, group in patterns.items()
    }
    if without := [frame for frame, columns in claims.items() if not len(columns)]:
        raise ValueError(
            f"keywords: no keyword of {without[0]!r} is among the {len(terms)} terms of counts. "
            "Use single words, lower min_df, or count runs of words with ngrams=2."
        )
    if len(claims) > k:
        raise ValueError(
            f"k: {k} topics are too few for {len(claims)} frames. Ask for more: texts have other subjects, too."
        )
    if len(claims) < k and len(np.unique(np.concatenate([*claims.values()]))) == len(terms):
        raise ValueError(
            f"keywords: they include all {len(terms)} terms of counts, which leaves no word for other topics. "
            f"Ask for k={len(claims)}, or count more words."
        )
    return claims, tuple(pattern for pattern, columns in matches.items() if not columns)


def keyword_lda(matrix: Any, k: int, claims: Sequence[Places]) -> Floats:
    """Topics × terms: the frames in their order, then topics that begin as in ``nmf_lda``."""
    counts, frames = matrix.astype(np.float64), len(claims)
    occurrences, length = (np.asarray(counts.sum(axis=axis)).ravel() for axis in (0, 1))
    claimed = np.zeros((k, counts.shape[1]))
    start = np.tile(occurrences, (k, 1))  # a sample may lack the keywords of a frame: it begins with all words
    for row, columns in enumerate(claims):
        claimed[row, columns] = 1.0
        part = np.asarray(counts[:, columns].sum(axis=1)).ravel() / length
        if part.any():
            start[row] = counts.T @ part
    if k - frames > 1:
        start[frames:] = nmf_lda(counts, k - frames)
    start[frames:, claimed.any(axis=0)] = 0.0  # keywords begin with their frames
    # A keyword's prior: as if it had occurred in its topic once more as often as in all texts.
    raised = occurrences * claimed / np.maximum(claimed.sum(axis=0), 1.0)
    return variational_steps(row_shares(start), matrix, prior=WORD_PRIOR + raised)


def _matches(patterns: Mapping[str, list[Steps]], terms: "pd.Index[Any]") -> dict[str, set[int]]:
    """The terms that each pattern matches from end to end."""
    tokens = tokenize(terms.astype("str").tolist())
    readings = [(pattern, steps) for pattern, given in patterns.items() for steps in given]
    runs = [(pattern, steps) for pattern, steps in readings if not any(step.gap for step in steps)]
    spans = find_patterns(tokens, [steps for _, steps in runs])
    term = tokens.text_index[spans["first"]]
    entire = (tokens.bounds[term] == spans["first"]) & (tokens.bounds[term + 1] == spans["last"] + 1)
    matches: dict[str, set[int]] = {pattern: set() for pattern in patterns}
    for run, column in zip(spans["pattern"][entire], term[entire], strict=True):
        matches[runs[run][0]].add(int(column))
    return matches
