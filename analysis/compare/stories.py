"""One observation a story: what every estimate and test of an outlet is made from."""

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from analysis.corpus.stories import article_rows, outlet_names, story_names

ROUNDING = 1e-6  # shares that a topic model normalised may pass 1 by their last digits
NO_STORIES = "no story_id: each article taken for a story"

Reprints = Literal["weighted", "original"]


class Stories(NamedTuple):
    """What each outlet printed of each story, all indexed by ``outlet`` and ``story``, sorted.

    ``means`` has a column a label; ``articles`` says how many articles are behind it; ``weights`` how much it
    counts among the outlet's stories: 1 where shares are of articles, the passages of an average article of
    the story where they are of passages. ``cluster`` is the column that said what is one story.
    """

    means: pd.DataFrame
    articles: "pd.Series[int]"
    weights: "pd.Series[float]"
    cluster: str

    @property
    def outlets(self) -> list[str]:
        return [str(name) for name in self.means.index.unique("outlet")]

    @property
    def counts(self) -> pd.DataFrame:
        """``n_articles, n_stories`` of each outlet."""
        return pd.DataFrame({"n_articles": self.articles, "n_stories": 1}).groupby(level="outlet").sum()

    def of(self, outlet: str) -> tuple[pd.DataFrame, "pd.Series[float]"]:
        """The shares and weights of one outlet's stories, indexed by story."""
        own = self.means.index.get_level_values("outlet") == outlet
        return self.means[own].droplevel("outlet"), self.weights[own].droplevel("outlet")


def story_shares(
    shares: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    by: str = "outlet",
    cluster: str = "story_id",
    reprints: Reprints = "weighted",
) -> Stories:
    """The mean share of each story in each outlet, the articles behind it, and its weight.

    A story that an outlet ran three times is one row, to which each print adds a third; a story that three
    outlets ran is three rows with the same ``story``. With ``reprints="original"`` only articles that copy none
    count. Articles without a row in `shares` do not count. `shares` may have a row a document or a row a
    passage, named as ``passages`` names them (the document, a colon, the position).

    >>> shares = pd.DataFrame({"economy": [0.5, 1.0, 0.0]}, index=["a", "b", "c"])
    >>> articles = pd.DataFrame({"doc_id": ["a", "b", "c"], "outlet": "TASS", "story_id": ["a", "a", "c"]})
    >>> told = story_shares(shares, articles)
    >>> told.means.assign(articles=told.articles)
                  economy  articles
    outlet story
    TASS   a         0.75         2
           c         0.00         1
    """
    if reprints not in ("weighted", "original"):
        raise ValueError(f"reprints: {reprints!r} is neither 'weighted' nor 'original'.")
    values = _checked(shares)
    rows = article_rows(values.index, articles, by)
    if reprints == "original":
        kept = _originals(rows, cluster)
        values, rows = values[kept], rows[kept]
    keys = [outlet_names(rows[by]), story_names(rows, cluster), rows["doc_id"].astype("str")]
    # Summing in one order makes the last digit of a mean the same however the rows arrived.
    frame = values.sort_index()
    outlet, story, doc = (key.sort_index() for key in keys)
    grouped = frame.groupby([outlet, story], sort=True)
    articles_behind = doc.groupby([outlet, story], sort=True).nunique().astype("int64")
    weights = (grouped.size() / articles_behind).astype("float64")
    return Stories(grouped.mean(), articles_behind, weights, cluster if cluster in rows else "doc_id")


def without_stories(told: Stories, cluster: str) -> bool:
    """Whether stories were asked for and articles had to stand in for them."""
    return told.cluster != cluster


def against_rest(told: Stories) -> Stories:
    """Two outlets in place of each: its own stories, and under :func:`rest_of` those of all others.

    A story that several of the others ran counts once among them, as the mean of what they printed.
    """
    parts = [told]
    for outlet in told.outlets:
        others = told.means.index.get_level_values("outlet") != outlet
        means, articles, weights = told.means[others], told.articles[others], told.weights[others]
        stories = means.index.get_level_values("story")
        names = pd.MultiIndex.from_arrays([[rest_of(outlet)] * len(means), stories], names=["outlet", "story"])
        total = means.mul(weights, axis=0).set_axis(names).groupby(level=["outlet", "story"]).sum()
        by_story = weights.set_axis(names).groupby(level=["outlet", "story"])
        counted = articles.set_axis(names).groupby(level=["outlet", "story"]).sum()
        parts.append(Stories(total.div(by_story.sum(), axis=0), counted, by_story.mean(), told.cluster))
    return Stories(
        pd.concat([part.means for part in parts]).sort_index(),
        pd.concat([part.articles for part in parts]).sort_index(),
        pd.concat([part.weights for part in parts]).sort_index(),
        told.cluster,
    )


def rest_of(outlet: str) -> str:
    """The name under which an outlet's rest is kept: no outlet is called so."""
    return f"{outlet}\0rest"


def _checked(shares: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(shares, pd.DataFrame) or shares.index.nlevels > 1:
        raise TypeError("shares: a table with one index is needed, doc_id or passage_id, and a column a label.")
    repeated = shares.index[shares.index.duplicated()]
    if len(repeated):
        raise ValueError(
            f"shares hold {repeated[0]!r} more than once; they need one row a document. "
            "Average passages first: shares.groupby(level=0).mean()."
        )
    values = shares.astype(float)
    bad = ~((values >= -ROUNDING) & (values <= 1 + ROUNDING)).to_numpy()
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise ValueError(
            f"shares: document {values.index[row]!r} has {values.iloc[row, column]} in column "
            f"{values.columns[column]!r}; a share lies between 0 and 1. Divide counts by the number of "
            "passages, and drop rows without any."
        )
    return values.clip(0.0, 1.0)


def _originals(rows: pd.DataFrame, cluster: str) -> "np.ndarray":
    if "copy_of" not in rows:
        raise ValueError('reprints="original" needs the column copy_of: mark_copies(articles) adds it.')
    if cluster != "story_id":
        raise ValueError(f'reprints="original" goes with cluster="story_id", not {cluster!r}.')
    return np.asarray(rows["copy_of"].isna(), dtype=bool)
