"""Topics: words that occur together, and the share of each document they make up."""

import warnings
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.arrays import Floats, Places
from analysis.corpus.language import language_name, languages_of_words
from analysis.corpus.tables import check_whole, refuse_unknown
from analysis.numbers import listed
from analysis.text.terms import Counts, canonical
from analysis.topics.engines import CAUTION, ENGINES, Keywords, claimed_terms, keyword_lda
from analysis.topics.result import Topics, labelled
from analysis.topics.variational import document_shares

Engine = Literal["nmf-lda", "sklearn", "gensim", "tomotopy"]
DEFAULT: Engine = "nmf-lda"

# A corpus too small for k gives other topics when sampled again. Measured on News Articles by fitting two disjoint
# samples (5 and 10 topics, 3 draws each): of the 20 likeliest words of matched topics 15% are the same at 2
# documents a topic, 24% at 10, 31% at 20, 47% at 50; and at 50 with texts cut short, 22% at a median of 7 counted
# words, 31% at 16. The limits are where that part passes a quarter.
FEW_DOCUMENTS = 20
FEW_WORDS = 10
ASKED, STRAY = 100, 0.1  # documents whose language is looked at; a smaller part of them is a quotation


def fit_topics(
    counts: Counts, k: int, *, keywords: Keywords | None = None, engine: Engine = DEFAULT, seed: int | None = None
) -> Topics:
    """`k` topics of the counted documents, with the share of each topic in each document.

    The same counts give the same bytes in any order of rows and columns, under any names of documents, on any
    number of threads (but for tomotopy). A warning says where documents or their words are few, and where
    documents are in several languages, so that topics separate the languages.

    Parameters
    ----------
    counts : Counts
        As returned by ``count_terms``; ``min_df=5, max_df=0.5`` leaves out terms that topics cannot use.
    k : int
        Number of topics, 2 or more; the frames of `keywords` are among them.
    keywords : Lexicon or mapping, optional
        A lexicon, or ``{topic: [pattern, …]}``: one topic per frame, which begins with the frame's words; the
        other topics are free. With ``ngrams=2`` in ``count_terms`` patterns of two words count, too; patterns with
        gaps and conditions of entries do not (``Topics.unused``). **These are not measurements of frames**:
        ``Topics.caution`` says so wherever they are shown.
    engine : str
        All fit latent Dirichlet allocation (Blei, Ng & Jordan 2003). "nmf-lda" starts from a factorisation of the
        TF-IDF weights and takes variational steps until one changes less than a twentieth of a topic's words; it
        has no random start, and keywords need it. "sklearn" and "gensim" are variational, too, and start at
        random. "tomotopy" (an extra) samples a thousand rounds; runs with the same seed have differed.
    seed : int, optional
        Only for the engines that start at random (default 0).

    Returns
    -------
    Topics
        Frames in their order, other topics by falling share.

    Notes
    -----
    The prior of a keyword is raised in its topic and shared among the frames that claim it (seeded priors;
    Jagarlamudi, Daumé & Udupa 2012). ``convergence`` compares such topics with frames and coders.

    Examples
    --------
    >>> import analysis as an
    >>> texts = ["gas oil price " * 4] * 30 + ["army drill navy " * 4] * 10
    >>> counts = an.count_terms(an.tokenize(texts))
    >>> an.fit_topics(counts, 2).shares.round(2).iloc[[0, 39]]
    topic  topic 1  topic 2
    0         0.96     0.04
    39        0.04     0.96
    >>> an.fit_topics(counts, 2, keywords={"security": ["army"], "economy": ["oil"]}).shares.iloc[[0]].round(1)
    keyword topic  security  economy
    0                   0.0      1.0
    """
    k, settings = check_whole("k", k, 2), _settings(engine, keywords, seed)
    taken = canonical(counts)
    _check(taken.matrix, k)
    terms = counts.terms[taken.columns]
    claims, unused = ({}, ()) if keywords is None else claimed_terms(keywords, terms, k)
    for problem in (_few(taken.matrix, k), _languages(taken.matrix, terms)):
        if problem:
            warnings.warn(problem, stacklevel=2)
    words, shares = _fitted(taken.matrix, k, settings, list(claims.values()))
    shares = document_shares(words, taken.matrix) if shares is None else shares
    return labelled(
        words, shares, counts, taken, first=tuple(claims), settings=settings, unused=unused,
        keywords={frame: tuple(terms[columns].tolist()) for frame, columns in claims.items()},
        caution=CAUTION if claims else "",
    )  # fmt: skip


def fit_words(
    counts: Counts, k: int, settings: Mapping[str, Any], *, keywords: Mapping[str, tuple[str, ...]] | None = None
) -> pd.DataFrame:
    """The words of ``fit_topics`` with these settings and keyword terms: its shares take a third of the time."""
    taken = canonical(counts)
    _check(taken.matrix, k)
    terms = counts.terms[taken.columns]
    claims = [np.flatnonzero(terms.isin(own)) for own in (keywords or {}).values()]
    return pd.DataFrame(_fitted(taken.matrix, k, settings, claims)[0], columns=terms)


def _fitted(
    matrix: Any, k: int, settings: Mapping[str, Any], claims: list[Places]
) -> tuple[Floats, Floats | None]:
    """Topics × terms and, where the engine finds them with these, documents × topics."""
    with threadpool_limits(1):  # threads would add floats in another order
        if claims:
            return keyword_lda(matrix, k, claims), None
        return ENGINES[settings["engine"]](matrix, k, settings.get("seed", 0))


def _settings(engine: str, keywords: Keywords | None, seed: int | None) -> dict[str, Any]:
    """What the engine is given; arguments without effect are refused."""
    refuse_unknown("engine", engine, "an engine", ENGINES)
    if isinstance(keywords, Mapping) and not keywords:
        raise ValueError("keywords: no frame is given. Give {'economy': ['trade', 'bank*']}, or leave it out.")
    if keywords is not None and engine != DEFAULT:
        raise ValueError(f"engine: keywords need {DEFAULT!r}. Found: {engine!r}.")
    if engine == DEFAULT:
        if seed is not None:
            raise ValueError(
                f"seed: {DEFAULT!r} has no random start, so a seed has no effect. Found: {seed!r}. Leave it out."
            )
        return {"engine": engine}
    return {"engine": engine, "seed": check_whole("seed", 0 if seed is None else seed, 0, 2**32 - 1)}


def _check(matrix: Any, k: int) -> None:
    documents, terms = matrix.shape
    if not terms:
        raise ValueError("counts: no document has a term. Lower min_df or raise max_df in count_terms.")
    if k > min(documents, terms):
        raise ValueError(
            f"k: {k} topics are too many for {documents} documents and {terms} terms. "
            "Ask for fewer, or count passages instead of articles."
        )


def _few(matrix: Any, k: int) -> str:
    """That documents are too few or too short; empty where they are not."""
    documents, words = matrix.shape[0], int(np.median(matrix.sum(axis=1)))
    few = documents < FEW_DOCUMENTS * k
    needed = f"{FEW_DOCUMENTS} documents a topic and {FEW_WORDS} words" if few else f"{FEW_WORDS} words"
    remedy = "a smaller k, passages in place of few articles," if few else "longer units,"
    if not few and words >= FEW_WORDS:
        return ""
    return (
        f"{documents} documents (median {words} words) are too {'few' if few else 'short'} for {k} topics; a new "
        f"sample would probably give different ones. Use at least {needed} a document: {remedy} or short texts "
        "joined."
    )


def _languages(matrix: Any, terms: "pd.Index[Any]") -> str:
    """Warning on documents in several languages: they share few words, so that topics separate languages."""
    rows = np.linspace(0, matrix.shape[0] - 1, min(matrix.shape[0], ASKED)).astype(int)
    found = languages_of_words([" ".join(map(str, terms[matrix[[row]].indices])) for row in rows])
    parts = [(code, n / found.total()) for code, n in found.most_common() if n >= STRAY * found.total()]
    named = [f"{language_name(code)} {part:.0%}".replace("%", " %") for code, part in parts]
    if len(parts) < 2:
        return ""
    return (
        f"counts: the documents are in several languages ({listed(named)}): topics then separate the languages. "
        "Fit the documents of each language by themselves."
    )
