"""Topics outlet by outlet: cards to read before naming them, and shares with the model's own uncertainty."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.arrays import Floats, Ints
from analysis.compare.estimates import COLUMNS, compare_outlets, estimate_rows
from analysis.compare.inference import Inference
from analysis.compare.intervals import score_interval
from analysis.compare.observations import story_shares, with_note
from analysis.corpus.stories import article_rows, document_stories, outlet_names, story_names
from analysis.corpus.tables import check_columns, no_rows, places_in
from analysis.draws import resamples, standard_errors
from analysis.numbers import with_interval
from analysis.text.terms import Counts
from analysis.topics.fit import Topics
from analysis.topics.reading import top_words, topic_passages
from analysis.topics.stability import Stability, with_stability


@dataclass(frozen=True, eq=False)
class TopicCards:
    """What to read before naming a topic.

    Attributes
    ----------
    table : DataFrame
        One row per topic: ``label``, its mean ``share`` of a document (each story counts once), the likeliest
        ``words``, ``own_words`` with the highest FREX score, the clearest ``passage`` and its source, the three
        ``outlets`` with the largest shares and their intervals; with a stability also ``stable``.
    estimates : DataFrame
        The share of each topic in each outlet, as ``compare_outlets`` returns it.
    caution : str
        The caution of keyword topics; empty for others.
    """

    table: pd.DataFrame
    estimates: pd.DataFrame
    caution: str = ""


def topic_cards(
    topics: Topics, articles: pd.DataFrame, *, passages: pd.DataFrame | None = None,
    stability: Stability | None = None, n: int = 8, how: Inference | None = None,
) -> TopicCards:  # fmt: skip
    """Card of each topic: its share, words, clearest passage and outlets.

    Parameters
    ----------
    topics, articles, passages
        As for ``topic_passages``.
    stability : Stability, optional
    n : int
        Number of words.
    how : Inference, optional

    Returns
    -------
    TopicCards
        ``table`` with a row per topic, and the ``estimates`` of its share in each outlet.

    Examples
    --------
    >>> import analysis as an
    >>> texts = ["Gas and oil prices rose. " * 3] * 30 + ["The army moved tanks. " * 4] * 20
    >>> articles = pd.DataFrame({"doc_id": [f"d{at:02}" for at in range(50)], "outlet": "AP", "text": texts})
    >>> topics = an.fit_topics(an.count_terms(an.tokenize(articles)), 2)
    >>> an.topic_cards(topics, articles, n=2).table[["label", "words", "passage"]]
         label        words                             passage
    0  topic 1     gas, oil  Gas and oil prices rose. (AP, d00)
    1  topic 2  army, moved     The army moved tanks. (AP, d30)
    """
    documents = document_stories(topics.shares.index, articles)
    best = topic_passages(topics, articles, passages=passages, n=1).set_index("label")
    shown = [f"{row.text} ({row.outlet}, {row.doc_id})" for row in best.itertuples()]
    names = article_rows(topics.shares.index, articles)["doc_id"].to_numpy()
    by_article = replace(topics, shares=topics.shares.groupby(pd.Index(names, name="doc_id")).mean())
    estimates = compare_outlets(by_article, articles, how=how)
    table = pd.DataFrame({
        "label": topics.words.index,
        "share": np.average(topics.shares.to_numpy(), axis=0, weights=documents["weight"].to_numpy()),
        "words": _lines(top_words(topics, n=n), topics),
        "own_words": _lines(top_words(topics, n=n, by="frex"), topics),
        "passage": pd.Series(shown, best.index, dtype="str").reindex(topics.words.index).to_numpy(),
        "outlets": [_leading(estimates, str(topic)) for topic in topics.words.index],
    })  # fmt: skip
    return TopicCards(with_stability(table, stability), estimates, topics.caution)


def _lines(ranked: pd.DataFrame, topics: Topics) -> list[str]:
    words = ranked.groupby("label", sort=False)["term"].agg(lambda terms: ", ".join(map(str, terms)))
    return [str(line) for line in words.reindex(topics.words.index).fillna("")]


def _leading(estimates: pd.DataFrame, topic: str) -> str:
    rows = estimates[estimates["label"] == topic].sort_values(["share", "outlet"], ascending=[False, True]).head(3)
    shares = map(with_interval, rows["share"], rows["low"], rows["high"])
    alone = np.where(rows["n_stories"] < 2, " (one story)", "")
    return "; ".join(map("{} {}{}".format, rows["outlet"], shares, alone))


PRIOR = 1.0  # of a document, in words: 1/k for each of k topics, as scikit-learn, gensim and "nmf-lda" have it
DRAWS = 500
KINDS = {name: COLUMNS[name] for name in COLUMNS if name != "note"} | {"from_topics": "float64", "note": "str"}
DEGREE = 3  # of a curve over dates that can rise and fall twice


class Design(NamedTuple):
    """From documents to outlets: rows are stories in an outlet, as ``story_shares`` has them."""

    mean: csr_array[Any]  # rows × documents, rows sum to 1
    outlet: Floats  # rows × outlets, 1 where the row is the outlet's
    date: Floats  # rows × terms of the curve, 0 on average
    story: Ints  # a number for the story of each row


def topic_prevalence(
    topics: Topics, counts: Counts, articles: pd.DataFrame, *, adjust: str | None = None,
    how: Inference | None = None,
) -> pd.DataFrame:  # fmt: skip
    """The share of each topic in each outlet; intervals include the uncertainty of each article's topics.

    Shares are drawn from each document's posterior, a Dirichlet distribution (Blei, Ng & Jordan 2003), stories are
    resampled, and the outlets' means are taken: the method of composition (Treier & Jackman 2008; for topic models
    Roberts et al. 2014).

    Parameters
    ----------
    topics, counts
        As returned by ``fit_topics``, and the counts that they were fitted to (more words: more precise).
    articles : DataFrame
        ``doc_id`` and the columns named in `how` and `adjust`.
    adjust : str, optional
        A column of dates, ``"date"``: the shares expected if every outlet had written on the same days,
        by a cubic curve over time; articles without a date are left out.
    how : Inference, optional
        By default with 500 draws.

    Returns
    -------
    DataFrame
        ``outlet, label, n_articles, n_stories, share, low, high, from_topics, note`` and, for keyword topics,
        ``caution``. ``from_topics`` is the part of the row's variance that the uncertainty of the topics adds; the
        words of the topics are taken as known.

    Examples
    --------
    >>> import analysis as an
    >>> texts = ["gas oil price " * 4] * 20 + ["army drill navy " * 4] * 20
    >>> articles = pd.DataFrame({"doc_id": [f"d{at:02}" for at in range(40)], "text": texts,
    ...                          "outlet": (["AP"] * 4 + ["DW"]) * 8})
    >>> counts = an.count_terms(an.tokenize(articles))
    >>> topic_prevalence(an.fit_topics(counts, 2), counts, articles)["n_stories"].tolist()
    [32, 8, 32, 8]
    """
    how = how or Inference(draws=DRAWS)
    kept = topics.shares.sort_index()
    if adjust is not None:
        check_columns(articles, [adjust], where="articles")
        kept = kept[pd.to_datetime(article_rows(kept.index, articles)[adjust]).notna().to_numpy()]
        if kept.empty:
            raise ValueError(f"articles: column {adjust!r} has no date, so that shares cannot be adjusted for it.")
    names = pd.Index(article_rows(kept.index, articles)["doc_id"].to_numpy())
    stories = story_shares(kept.groupby(names).mean(), articles, how)
    means = stories.means
    if means.empty:
        return no_rows(KINDS)
    design = _design(names, means, articles, how, adjust)
    shares, words = kept.to_numpy(), _lengths(kept.index, counts, topics)
    point = _standardised(design, np.asarray(design.mean @ shares), np.ones(len(means)))
    number = design.outlet.sum(axis=0)[:, None]
    error = standard_errors(_composed(design, shares, words, how), number)
    table = estimate_rows(stories, point, score_interval(point, error, number, level=how.level))
    # The part of the squared errors that comes from the posterior of the shares.
    variance = shares * (1 - shares) / (words + PRIOR + 1)[:, None]
    weight = (design.outlet / number.T).T @ design.mean
    made = 2 * np.asarray(weight**2 @ variance)  # once between draws, once among the stories of each draw
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(np.isfinite(error) & (error > 0), np.minimum(made / error**2, 1.0), np.nan)
    table["from_topics"] = part.T.ravel()
    table["note"] = with_note(table["note"], stories, how)
    table = table[list(KINDS)].astype(KINDS)
    return table.assign(caution=topics.caution) if topics.caution else table


def _lengths(docs: "pd.Index[str]", counts: Counts, topics: Topics) -> Floats:
    """Words that the topics know, in each document."""
    wrong = "is missing. Give the counts that the topics were fitted to."
    rows = places_in(counts.docs, docs, "counts: document", wrong)
    known = np.flatnonzero(counts.terms.isin(topics.words.columns))
    words = np.asarray(counts.matrix[:, known].sum(axis=1), dtype=np.float64).ravel()
    return words[rows]


def _design(
    names: "pd.Index[str]", means: pd.DataFrame, articles: pd.DataFrame, how: Inference, adjust: str | None
) -> Design:
    """Which documents make up each story of an outlet, and with what weight: ``names`` are their articles."""
    rows = article_rows(names.drop_duplicates(), articles, how.by)
    keys = pd.MultiIndex.from_arrays([outlet_names(rows[how.by]), story_names(rows, how.cluster)])
    row = pd.Series(means.index.get_indexer(keys), index=rows.index)
    weight = 1 / row.map(row.value_counts()) / names.value_counts().reindex(row.index)
    shape = (len(means), len(names))
    mean = csr_array((weight[names].to_numpy(), (row[names].to_numpy(), np.arange(len(names)))), shape=shape)
    outlet, outlets = pd.factorize(means.index.get_level_values("outlet"), sort=True)
    story, _ = pd.factorize(means.index.get_level_values("story"), sort=True)
    date = _curve(mean, rows.loc[names, adjust]) if adjust else np.zeros((len(means), 0))
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


def _composed(design: Design, shares: Floats, words: Floats, how: Inference) -> Floats:
    """Outlets' means in each draw of shares and stories: array of shape (draws, outlets, topics)."""
    generator = np.random.default_rng([how.seed, 1])  # other random numbers than for the stories
    strength = shares * (words + PRIOR)[:, None]
    means = []
    for batch in resamples(int(design.story.max()) + 1, how.draws, seed=how.seed):
        for weights in batch:
            gamma = generator.standard_gamma(strength)
            drawn = gamma / gamma.sum(axis=1, keepdims=True)
            means.append(_standardised(design, np.asarray(design.mean @ drawn), weights[design.story]))
    return np.array(means)
