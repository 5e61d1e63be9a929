"""Quality: whether words of a topic co-occur and are exclusive, and what may be concluded from topics."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.arrays import Floats, Ints, in_spans
from analysis.corpus.stories import document_stories
from analysis.corpus.tables import places_in
from analysis.text.terms import Counts
from analysis.text.tokens import Tokens
from analysis.topics.fit import FEW_DOCUMENTS, FEW_WORDS, Topics, columns_of
from analysis.topics.reading import frex
from analysis.topics.stability import FEW_STORIES, TOP, Stability, too_few, with_stability

ONE_OUTLET, ONE_STORY = "one outlet's", "one story's"
ALONE = 2 / 3  # above this, all others together have less than half of the first one's part
NPMI_WINDOW, CV_WINDOW = 10, 110  # running words, for each measure (Röder, Both & Hinneburg 2015)
NOT_COUNTED = "is missing. Give the tokens that were counted; runs of words (ngrams) have no windows."
EPSILON = 1e-12  # gensim's: the logarithm of 0 does not exist


def topic_quality(
    topics: Topics, counts: Counts, *, articles: pd.DataFrame | None = None, tokens: Tokens | None = None,
    stability: Stability | None = None,
) -> pd.DataFrame:  # fmt: skip
    """One row per topic: its size, how coherent its words are, and where it comes from.

    Parameters
    ----------
    topics, counts
        As returned by ``fit_topics``, and the counts that they were fitted to, or others of the same terms.
    articles : DataFrame, optional
        ``doc_id, outlet`` and ``story_id``: a story that several outlets printed then weighs once, ``documents``
        counts stories, and ``outlet, outlet_share`` (were all outlets equally large) and ``story, story_share``
        are those with the largest part in the topic; ``note`` is "one outlet's" or "one story's" where that part
        is above two thirds.
    tokens : Tokens, optional
        The tokens that were counted. Adds coherence in running text (Röder, Both & Hinneburg 2015): ``npmi`` in
        windows of 10 words, where pairs that never meet count -1, and ``c_v`` in windows of 110. gensim's differ
        by up to .08 on news: a word that leaves a window is gone there, even if the window holds it again.
    stability : Stability, optional
        Adds the column ``stable``.

    Returns
    -------
    DataFrame
        ``label`` and

        - ``share``: its mean share of a document.
        - ``coherence``: mean normalised pointwise mutual information (Bouma 2009) of the pairs among its ten
          likeliest words, over the documents of `counts`: 1 if they only occur together, 0 if as often as by
          chance, -1 if never. Of the simple measures it agrees best with people (Lau, Newman & Baldwin 2014).
        - ``exclusivity``: mean of the topic's part in these words, were all topics equally frequent: 1 if no other
          topic uses them, 1/k if all do.
        - ``frex``: mean of these words' FREX scores, from 0 to 1 (see ``top_words``).
        - ``documents``: effective number of documents that it comes from (inverse Simpson index of their shares).

    Examples
    --------
    >>> import analysis as an
    >>> trade = "gas oil price bank loan market tariff currency pipeline export"
    >>> arms = "army navy drill missile tank jet defence soldier weapon rocket"
    >>> counts = an.count_terms(an.tokenize([trade] * 30 + [arms] * 10))
    >>> an.topic_quality(an.fit_topics(counts, 2), counts).round(1)
         label  share  coherence  exclusivity  frex  documents
    0  topic 1    0.7        1.0          1.0   1.0       30.9
    1  topic 2    0.3        1.0          1.0   1.0       13.0
    """
    words = topics.words.to_numpy()
    top = np.argsort(-words, axis=1, kind="stable")[:, :TOP]
    groups = [topics.words.columns[row] for row in top]
    weight, weights, by_story = np.ones(len(topics.shares)), None, topics.shares
    if articles is not None:
        sources, counted = (document_stories(docs, articles) for docs in (topics.shares.index, counts.docs))
        weight, weights = sources["weight"].to_numpy(), counted["weight"].to_numpy()
        mass = topics.shares.mul(weight, axis=0)
        by_story = mass.groupby(sources["story"]).sum()
    table = pd.DataFrame({
        "label": topics.words.index,
        "share": np.average(topics.shares.to_numpy(), axis=0, weights=weight),
        "coherence": [npmi(together_in_documents(row, counts, weights)) for row in groups],
        "exclusivity": np.take_along_axis(words / words.sum(axis=0), top, axis=1).mean(axis=1),
        "frex": np.take_along_axis(frex(words), top, axis=1).mean(axis=1),
        "documents": (by_story.sum() ** 2 / (by_story**2).sum()).to_numpy(),
    })  # fmt: skip
    if tokens is not None:
        table["npmi"] = [npmi(pairs) for pairs in together_in_windows(groups, tokens, NPMI_WINDOW)]
        table["c_v"] = [c_v(pairs) for pairs in together_in_windows(groups, tokens, CV_WINDOW)]
    if articles is not None:
        outlets = mass.groupby(sources["outlet"]).sum().div(sources.groupby("outlet")["weight"].sum(), axis=0)
        for name, sides in {"outlet": outlets, "story": by_story}.items():
            part = sides / sides.sum()
            table[name], table[f"{name}_share"] = part.idxmax().to_numpy(), part.max().to_numpy()
        alone = [table["story_share"] > ALONE, table["outlet_share"] > ALONE]
        table["note"] = np.select(alone, [ONE_STORY, ONE_OUTLET], "")
    return with_stability(table, stability)


def together_in_documents(words: "pd.Index[str]", counts: Counts, weights: Floats | None = None) -> Floats:
    """Share of documents that contain both words, words × words; on the diagonal, the one word."""
    present: Any = (counts.matrix[:, columns_of(words, counts)] > 0).astype(np.float64)
    one = np.ones(present.shape[0]) if weights is None else weights
    return np.asarray((present.T @ present.multiply(one[:, None])).toarray() / one.sum())


def together_in_windows(groups: "list[pd.Index[str]]", tokens: Tokens, window: int) -> Iterator[Floats]:
    """For each group of words: share of windows that contain both, words × words; a shorter text is one window."""
    lengths = np.diff(tokens.bounds.astype(np.int64))
    each = np.where(lengths > 0, np.maximum(lengths - window + 1, 1), 0)  # a text without a word has none
    starts, total = np.concatenate([[0], np.cumsum(each)]), int(each.sum())  # the first window of each text
    if not total:
        raise ValueError("tokens: they are empty. Give the tokens that were counted.")
    order = np.argsort(tokens.codes, kind="stable")
    firsts = np.searchsorted(tokens.codes[order], np.arange(len(tokens.vocabulary) + 1))
    vocabulary = pd.Index(tokens.vocabulary)
    marks: dict[int, npt.NDArray[np.uint64]] = {}
    for words in groups:
        codes = places_in(vocabulary, words, "tokens: word", NOT_COUNTED)
        for code in set(codes.tolist()) - set(marks):
            marks[code] = _containing(order[firsts[code] : firsts[code + 1]], tokens, starts, total, window)
        held = np.array([marks[code] for code in codes.tolist()])
        yield np.bitwise_count(held[:, None] & held).sum(axis=2) / total


def _containing(places: Ints, tokens: Tokens, starts: Ints, total: int, window: int) -> npt.NDArray[np.uint64]:
    """A bit for each window: whether it contains the word at these places."""
    text = tokens.text_index[places]
    within = places - tokens.bounds[text]
    first = starts[text] + np.maximum(within - window + 1, 0)
    last = np.minimum(starts[text] + within, starts[text + 1] - 1)
    bits = np.packbits(in_spans(total, first, last))
    return np.asarray(np.pad(bits, (0, -len(bits) % 8)).view(np.uint64))


def npmi(together: Floats) -> float:
    """Mean normalised pointwise mutual information over pairs of words (Bouma 2009)."""
    one, other = np.triu_indices(len(together), k=1)
    both, alone = together[one, other], together.diagonal()
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.log(both / (alone[one] * alone[other])) / -np.log(both)
    # The limits: words that never meet, and words that are in every document.
    return float(np.mean(np.select([both == 0, both == 1], [-1.0, 1.0], values)))


def c_v(together: Floats) -> float:
    """Mean cosine between each word's vector of NPMI and that of all words together (Röder et al. 2015)."""
    alone = together.diagonal()
    with np.errstate(divide="ignore", invalid="ignore"):
        vectors = np.log((together + EPSILON) / np.outer(alone, alone)) / -np.log(together + EPSILON)
    vectors = np.nan_to_num(vectors, nan=0.0, posinf=0.0, neginf=0.0)
    total = vectors.sum(axis=0)
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(total)
    return float(np.mean(np.divide(vectors @ total, lengths, out=np.zeros(len(total)), where=lengths > 0)))


NEVER = "A topic is what is reported; a frame is how. Only hand coding can show whether a topic tracks a frame."


def topic_limits(
    topics: Topics, counts: Counts, articles: pd.DataFrame, *, stability: Stability | None = None
) -> pd.DataFrame:
    """What may be concluded from topics.

    Parameters
    ----------
    topics, counts, articles, stability
        As for ``topic_quality``.

    Returns
    -------
    DataFrame
        ``conclusion, allowed, because``, a row per claim.

    Examples
    --------
    >>> import analysis as an
    >>> articles = pd.DataFrame({"doc_id": [f"d{at:02}" for at in range(60)], "outlet": ["AP", "BBC"] * 30,
    ...     "text": ["gas oil price " * 4] * 30 + ["army drill navy " * 4] * 30})
    >>> counts = an.count_terms(an.tokenize(articles))
    >>> an.topic_limits(an.fit_topics(counts, 2), counts, articles)["allowed"].tolist()
    [True, True, True, True, False, False]
    """
    sources = document_stories(topics.shares.index, articles)
    stories = sources["story"].nunique()
    enough = f"{stories:,} stories were fitted, if they were chosen regardless of what they say."
    others = too_few(stories) if stories < FEW_STORIES else enough
    fitted = f"{len(topics.shares):,} documents of {stories:,} stories were fitted."
    rows = [
        ("The topics sort what these texts say.", True, fitted),
        ("Other news of the kind has these topics.", stories >= FEW_STORIES, others),
        ("Outlets differ in these topics.", *_outlets(sources)),
        ("The shares of a document are known.", *_shares(topics, counts)),
        ("Every topic exists.", *_each(topics, stability)),
        ("A topic is a frame.", False, NEVER),
    ]
    return pd.DataFrame(rows, columns=["conclusion", "allowed", "because"])


def _outlets(sources: pd.DataFrame) -> tuple[bool, str]:
    stories = sources.groupby("outlet")["story"].nunique()
    if len(stories) < 2:
        return False, "There is only one outlet."
    if single := stories.index[stories < 2].tolist():
        return False, f"One story cannot represent an outlet: {', '.join(single)}."
    return True, "Every outlet has two stories or more; the intervals of compare_outlets show how surely."


def _shares(topics: Topics, counts: Counts) -> tuple[bool, str]:
    documents, k = topics.shares.shape
    words = int(np.median(counts.matrix.sum(axis=1))) if counts.matrix.shape[0] else 0
    if words < FEW_WORDS:
        return False, f"The median document has {words} counted words; at least {FEW_WORDS} are needed."
    if documents < FEW_DOCUMENTS * k:
        return False, f"{documents} documents are too few for {k} topics; {FEW_DOCUMENTS * k} are needed."
    counted = f"{documents:,} documents with a median of {words} counted words"
    return True, f"{counted}; topic_prevalence takes the rest of the uncertainty into account."


def _each(topics: Topics, stability: Stability | None) -> tuple[bool, str]:
    if stability is None:
        return False, "It is unknown whether they come back: see topic_stability."
    if shaky := topics.words.index[~stability.stable(topics.words.index)].astype("str").tolist():
        return False, f"Other runs did not repeat {', '.join(shaky)}."
    return True, f"All came back when {stability.over} varied."
