"""One observation a story: what every estimate and test of an outlet is made from."""

import numpy as np
import pandas as pd

UNKNOWN = "(unknown)"  # sorts before letters, and cannot be taken for the name of an outlet
ROUNDING = 1e-6  # shares that a topic model normalised may pass 1 by their last digits


def story_shares(
    shares: pd.DataFrame, articles: pd.DataFrame, *, by: str = "outlet", cluster: str = "story_id"
) -> tuple[pd.DataFrame, "pd.Series[int]"]:
    """The mean share of each story in each outlet, and the articles behind it.

    Both are indexed by ``outlet`` (the values of `by`) and ``story``, sorted. A story that an outlet ran
    three times is one row; a story that three outlets ran is three rows with the same ``story``. Articles
    without a row in `shares` do not count. Without a column ``story_id`` every article is its own story, and
    ``.attrs["cluster"]`` says ``"doc_id"``.

    >>> shares = pd.DataFrame({"economy": [0.5, 1.0, 0.0]}, index=["a", "b", "c"])
    >>> articles = pd.DataFrame({"doc_id": ["a", "b", "c"], "outlet": "TASS", "story_id": ["a", "a", "c"]})
    >>> means, sizes = story_shares(shares, articles)
    >>> means.assign(articles=sizes)
                  economy  articles
    outlet story
    TASS   a         0.75         2
           c         0.00         1
    """
    values = _checked(shares)
    rows = _rows(values.index, articles, by)
    keys = [_names(rows[by]), _stories(rows, cluster)]
    # Summing in one order makes the last digit of a mean the same however the rows arrived.
    grouped = values.sort_index().groupby([key.sort_index() for key in keys], sort=True)
    means = grouped.mean()
    means.attrs["cluster"] = cluster if cluster in rows else "doc_id"
    return means, grouped.size()


def _checked(shares: pd.DataFrame) -> pd.DataFrame:
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


def _rows(docs: "pd.Index[str]", articles: pd.DataFrame, by: str) -> pd.DataFrame:
    """The article of each document of the shares."""
    missing = [name for name in ("doc_id", by) if name not in articles]
    if missing:
        raise ValueError(f"articles have no column {missing}; they have {list(articles)}.")
    rows = articles.set_index("doc_id", drop=False)
    if not rows.index.is_unique:
        twice = rows.index[rows.index.duplicated()][0]
        raise ValueError(f"articles hold doc_id {twice!r} more than once; give each article its own.")
    strangers = docs.difference(rows.index)
    if len(strangers):
        raise ValueError(
            f"{len(strangers)} of {len(docs)} documents in shares are not in articles, "
            f"first {strangers[0]!r}. Pass the articles that the shares were made from."
        )
    return rows.loc[docs]


def _names(values: "pd.Series[str]") -> "pd.Series[str]":
    names = values.astype("str").str.strip()
    return names.mask(names.isna() | (names == ""), UNKNOWN).rename("outlet")


def _stories(rows: pd.DataFrame, cluster: str) -> "pd.Series[str]":
    if cluster in rows:
        return rows[cluster].astype("str").fillna(rows["doc_id"].astype("str")).rename("story")
    if cluster != "story_id":
        raise ValueError(f"articles have no column {cluster!r} to cluster by; they have {list(rows)}.")
    return rows["doc_id"].astype("str").rename("story")
