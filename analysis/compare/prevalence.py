"""How much of each topic an outlet has, with the topic model's own doubt about every article."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from analysis.arrays import Floats
from analysis.corpus.stories import article_rows, outlet_names, story_names
from analysis.draws import standard_errors
from analysis.text.terms import Counts
from analysis.topics.result import Topics

from .columns import no_rows
from .estimates import COLUMNS, estimate_rows
from .inference import Inference
from .intervals import score_interval
from .observations import story_shares

# The prior of a document, in words: 1/k for each of k topics, as scikit-learn, gensim and "nmf-lda" have it.
PRIOR = 1.0
# A curve over dates that can rise and fall twice.
DEGREE = 3


class Ask(NamedTuple):
    """What the caller compares, clusters by and adjusts for: columns of articles."""

    by: str
    cluster: str
    adjust: str | None


class Design(NamedTuple):
    """From documents to outlets: rows are stories in an outlet, as ``story_shares`` has them."""

    mean: csr_array[Any]  # rows × documents, rows sum to 1
    outlet: Floats  # rows × outlets, 1 where the row is the outlet's
    date: Floats  # rows × terms of the curve, 0 on average
    story: NDArray[np.int64]  # a number for the story of each row


def topic_prevalence(
    topics: Topics,
    counts: Counts,
    articles: pd.DataFrame,
    *,
    by: str = "outlet",
    cluster: str = "story_id",
    adjust: str | None = None,
    seed: int = 0,
    level: float = 0.95,
    draws: int = 500,
) -> pd.DataFrame:
    """Estimates as from ``compare_outlets``, their intervals widened by the doubt about each article's topics.

    A topic model guesses an article's shares from its words, and from a short one poorly; ``compare_outlets``
    takes the guess for the truth. Here shares are drawn from each document's posterior, a Dirichlet distribution
    (Blei, Ng & Jordan 2003), stories are resampled, and the outlets' means are taken, again and again: the method
    of composition (Treier & Jackman 2008; for topic models Roberts et al. 2014).

    Args:
        topics: what ``fit_topics`` returns.
        counts: what it was fitted to: the more words, the surer the shares.
        articles: ``doc_id``, what `by` and `cluster` name, and for `adjust` that column.
        by, cluster, level: as for ``compare_outlets``.
        adjust: a column of dates, ``"date"``: shares as they would be had every outlet written on the same days.
            A cubic curve over time is fitted beside the outlets, articles without a date are left out.
        seed, draws: of shares and stories.

    Returns:
        ``outlet, label, n_articles, n_stories, share, low, high, note``. ``.attrs["from_topics"]`` is the part of
        the variance that the doubt about topics adds, averaged over rows. It takes the topics' words as known:
        ``topic_stability`` says how far they are.

    Raises:
        ValueError: as ``compare_outlets``, a document without counts, or no date at all.

    >>> import analysis as an
    >>> texts = ["gas oil price " * 4] * 20 + ["army drill navy " * 4] * 20
    >>> articles = pd.DataFrame({"doc_id": [f"d{at:02}" for at in range(40)], "text": texts,
    ...                          "outlet": (["AP"] * 4 + ["DW"]) * 8})
    >>> counts = an.count_terms(an.tokenize(articles))
    >>> estimates = topic_prevalence(an.fit_topics(counts, 2), counts, articles)
    >>> estimates[["outlet", "label", "n_stories"]].head(2)
      outlet    label  n_stories
    0     AP  topic 1         32
    1     DW  topic 1          8
    """
    kept = _dated(topics.shares.sort_index(), articles, adjust)
    names = pd.Index(article_rows(kept.index, articles)["doc_id"].to_numpy())
    told = story_shares(kept.groupby(names).mean(), articles, Inference(by=by, cluster=cluster))
    means = told.means
    if means.empty:
        return no_rows(COLUMNS)
    design = _design(kept.index, names, means, articles, Ask(by, cluster, adjust))
    shares, words = kept.to_numpy(), _lengths(kept.index, counts, topics)
    point = _standardised(design, np.asarray(design.mean @ shares), np.ones(len(means)))
    stories = design.outlet.sum(axis=0)[:, None]
    error = standard_errors(_composed(design, shares, words, draws=draws, seed=seed), stories)
    table = estimate_rows(told, point, score_interval(point, error, stories, level=level)).astype(COLUMNS)
    table.attrs["cluster"] = told.cluster
    table.attrs["from_topics"] = _part(design, shares, words, error)
    return table


def _dated(shares: pd.DataFrame, articles: pd.DataFrame, adjust: str | None) -> pd.DataFrame:
    if adjust is None:
        return shares
    if adjust not in articles:
        raise ValueError(
            f"articles: no column {adjust!r} to adjust for; there is {', '.join(map(str, articles))}."
        )
    dates = pd.to_datetime(article_rows(shares.index, articles)[adjust])
    if dates.isna().all():
        raise ValueError(f"articles: not one {adjust!r} is known, so nothing can be adjusted for it.")
    return shares[dates.notna().to_numpy()]


def _lengths(docs: "pd.Index[str]", counts: Counts, topics: Topics) -> Floats:
    """Words that the topics know, in each document."""
    at = counts.docs.get_indexer(docs)
    if (at < 0).any():
        raise ValueError(f"counts: no row for document {docs[at < 0][0]!r}. Give the counts that were fitted.")
    known = counts.terms.isin(topics.words.columns)
    words: Floats = np.asarray(counts.matrix[:, np.flatnonzero(known)].sum(axis=1), dtype=np.float64).ravel()[at]
    return words


def _design(
    docs: "pd.Index[str]", names: "pd.Index[str]", means: pd.DataFrame, articles: pd.DataFrame, ask: Ask
) -> Design:
    """Which documents make up each story of an outlet, and with what weight: ``names`` are their articles."""
    rows = article_rows(names.drop_duplicates(), articles, ask.by)
    keys = pd.MultiIndex.from_arrays([outlet_names(rows[ask.by]), story_names(rows, ask.cluster)])
    row = pd.Series(means.index.get_indexer(keys), index=rows.index)
    weight = 1 / row.map(row.value_counts()) / names.value_counts().reindex(row.index)
    shape = (len(means), len(docs))
    mean = csr_array((weight[names].to_numpy(), (row[names].to_numpy(), np.arange(len(docs)))), shape=shape)
    outlet, outlets = pd.factorize(means.index.get_level_values("outlet"), sort=True)
    story, _ = pd.factorize(means.index.get_level_values("story"), sort=True)
    date = _curve(mean, rows.loc[names, ask.adjust]) if ask.adjust else np.zeros((len(means), 0))
    return Design(mean, np.eye(len(outlets))[outlet], date, story)


def _curve(mean: csr_array[Any], dates: "pd.Series[Any]") -> Floats:
    """Powers of each row's mean date, 0 on average: outlets are then compared on the corpus's days."""
    days = mean @ pd.to_datetime(dates).astype("datetime64[s]").astype("int64").to_numpy().astype(np.float64)
    spread = np.ptp(days)
    scaled = 2 * (days - days.min()) / spread - 1 if spread else np.zeros_like(days)
    powers = np.column_stack([scaled**power for power in range(1, DEGREE + 1)])
    return np.asarray(powers - powers.mean(axis=0))


def _standardised(design: Design, values: Floats, weights: Floats) -> Floats:
    """Outlets × topics: each outlet's mean of ``values``, rows × topics, on the average day."""
    terms = np.column_stack([design.outlet, design.date])
    weighted = terms * weights[:, None]
    # Outlets that share no days leave the curve free: the smallest coefficients that fit are taken.
    found = np.linalg.lstsq(weighted.T @ terms, weighted.T @ values, rcond=None)[0]
    return np.asarray(np.clip(found[: design.outlet.shape[1]], 0.0, 1.0))


def _composed(design: Design, shares: Floats, words: Floats, *, draws: int, seed: int) -> Floats:
    """Outlets' means in each draw of shares and stories: array of shape (draws, outlets, topics)."""
    generator = np.random.default_rng(seed)
    strength = shares * (words + PRIOR)[:, None]
    found = []
    for _ in range(draws):
        gamma = generator.standard_gamma(strength)
        drawn = gamma / gamma.sum(axis=1, keepdims=True)
        weights = generator.standard_exponential(int(design.story.max()) + 1)[design.story]
        found.append(_standardised(design, np.asarray(design.mean @ drawn), weights))
    return np.array(found)


def _part(design: Design, shares: Floats, words: Floats, error: Floats) -> float:
    """Part of the squared errors that the posterior of the shares makes up, averaged over outlets and topics."""
    variance = shares * (1 - shares) / (words + PRIOR + 1)[:, None]
    weight = (design.outlet / design.outlet.sum(axis=0)).T @ design.mean
    made = 2 * np.asarray(weight**2 @ variance)  # once between draws, once among the stories of each draw
    known = np.isfinite(error) & (error > 0)
    return float(np.mean(np.minimum(made[known] / error[known] ** 2, 1.0))) if known.any() else float("nan")
