"""Topics: words that occur together, the share of each document they make up, and how they are fitted."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.arrays import Floats, Ints, Places
from analysis.corpus.language import language_name, languages_of_words
from analysis.corpus.tables import check_whole, places_in, refuse_duplicates, refuse_unknown
from analysis.numbers import listed
from analysis.text.terms import Canonical, Counts, aligned_to, canonical, checked
from analysis.topics.engines import (
    CAUTION,
    ENGINES,
    Keywords,
    claimed_terms,
    document_shares,
    keyword_lda,
    perplexity,
)

MOSTLY = 0.5  # where more of a text's words are unknown, its shares describe the smaller part of it
KEYWORD_TOPIC = "keyword topic"  # what the columns of shares are called that need a caution


@dataclass(frozen=True, eq=False)
class Topics:
    """Topics as words and as shares of documents, numbered by falling mean share.

    Attributes
    ----------
    words : DataFrame
        Topic × term, rows sum to 1: the probability of each term in the topic.
    shares : DataFrame
        ``doc_id`` × topic, rows sum to 1: how much of a document each topic makes up.
    left_out : tuple
        Documents without a term of these topics; they have no shares.
    unknown_terms, unknown_words : int
        Terms, and words of running text, that these topics do not know (see ``transform``).
    keywords, unused : mapping, tuple
        The terms that each keyword topic began with, and keywords that are not among the counted terms.
    caution : str
        Printed wherever the shares of keyword topics are shown, as the column ``caution`` of tables.
    settings : mapping
        What the engine was given: ``engine`` and ``seed``. Empty for models of other packages.
    """

    words: pd.DataFrame
    shares: pd.DataFrame
    left_out: tuple[Any, ...] = ()
    unknown_terms: int = 0
    unknown_words: int = 0
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    caution: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)

    def transform(self, counts: Counts) -> "Topics":
        """These topics with the shares of other documents; a document's do not depend on the others.

        Terms are matched by name. Unknown ones are ignored and counted, with a warning if they are more than half
        of the words. "nmf-lda" gives its own documents the same shares again.

        Examples
        --------
        >>> import analysis as an
        >>> topics = an.fit_topics(an.count_terms(an.tokenize(["gas oil " * 9] * 30 + ["army navy " * 9] * 10)), 2)
        >>> topics.transform(an.count_terms(an.tokenize(["gas gas oil drone", "navy"]))).unknown_words
        1
        """
        words = self.words[sorted(self.words.columns)]
        matrix = aligned_to(counts, words.columns)
        rows = np.flatnonzero(np.diff(matrix.indptr))
        if not len(rows):
            raise ValueError(
                f"counts: no document has a term of these topics ({len(words.columns)} terms). "
                "Count the new documents as the fitted ones were counted: same language, same n-grams."
            )
        values = document_shares(words.to_numpy(), matrix[rows])
        shares = pd.DataFrame(values, index=counts.docs[rows], columns=self.shares.columns)
        occurrences = checked(counts).sum(axis=0)
        strange = ~counts.terms.isin(words.columns) & (occurrences > 0)
        unknown, total = int(occurrences[strange].sum()), int(occurrences.sum())
        if unknown > MOSTLY * total:
            warnings.warn(
                f"{unknown} of {total} words are unknown to these topics: the shares describe the others only. "
                "Count the new documents as the fitted ones were counted, or fit topics to both.",
                stacklevel=2,
            )
        left_out, terms = tuple(counts.docs.delete(rows).tolist()), int(strange.sum())
        return replace(self, shares=shares, left_out=left_out, unknown_terms=terms, unknown_words=unknown)

    def perplexity(self, counts: Counts, *, seed: int = 0) -> float:
        """Held-out perplexity: the number of equally likely words that the topics leave to choose from.

        Lower is better; ``inf`` means that a word is impossible. Document completion (Wallach et al. 2009): half
        of each document's words, drawn at random, gives its topic shares; the perplexity is that of the other
        half. Documents with fewer than two known words are ignored.
        """
        return perplexity(self.words, counts, seed=seed)

    def named(self, names: Mapping[str, str]) -> "Topics":
        """These topics under names of your own, for some or for all; tables and figures then carry the names."""
        if wrong := [name for name in names.values() if not isinstance(name, str) or not name.strip()]:
            raise ValueError(f"names: a name must have letters, such as 'energy'. Found: {wrong[0]!r}.")
        for name in names:
            refuse_unknown("names", name, "a topic", self.words.index)
        labels = self.words.index.map(lambda topic: names.get(topic, topic)).rename("topic")
        refuse_duplicates("names: the name", labels, "Give each topic its own.")
        keywords = {names.get(topic, topic): terms for topic, terms in self.keywords.items()}
        shares = self.shares.set_axis(labels.rename(self.shares.columns.name), axis=1)
        return replace(self, words=self.words.set_axis(labels), shares=shares, keywords=keywords)


def columns_of(terms: "pd.Index[Any]", counts: Counts) -> Ints:
    """The column of each of these terms of topics."""
    wrong = "of these topics is missing. Give the counts that they were fitted to, or others of the same terms."
    return places_in(counts.terms, terms, "counts: term", wrong)


def labelled(
    words: Floats, shares: Floats, counts: Counts, taken: Canonical, *, first: tuple[str, ...] = (), **fields: Any
) -> Topics:
    """``Topics`` from arrays in the order of `counts`: those called `first`, then the others by falling share."""
    size, likeliest = -shares.mean(axis=0).round(6), words.argmax(axis=1)
    # Shares that differ only in the last digits are ordered by their likeliest word, on every machine.
    others = np.lexsort((likeliest[len(first) :], size[len(first) :])) + len(first)
    order = np.concatenate([np.arange(len(first)), others]).astype(np.intp)
    width = len(str(len(others)))
    names = pd.Index([*first, *(f"topic {number:0{width}}" for number in range(1, len(others) + 1))], name="topic")
    columns = names.rename(KEYWORD_TOPIC) if fields.get("caution") else names
    by_row, by_column = np.argsort(taken.rows), np.argsort(taken.columns)
    terms = counts.terms[taken.columns[by_column]].rename("term")
    return Topics(
        pd.DataFrame(words[np.ix_(order, by_column)], index=names, columns=terms),
        pd.DataFrame(shares[np.ix_(by_row, order)], index=counts.docs[taken.rows[by_row]], columns=columns),
        left_out=tuple(counts.docs.delete(taken.rows).tolist()),
        **fields,
    )


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
        raise ValueError("counts: no term was counted. Lower min_df or raise max_df in count_terms.")
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
    named = [
        language_name(code) for code, n in found.most_common() if n >= STRAY * found.total()
    ]  # few words: a guess
    if len(named) < 2:
        return ""
    return (
        f"counts: the documents are in several languages ({listed(named)}): topics then separate the languages. "
        "Fit the documents of each language by themselves."
    )
