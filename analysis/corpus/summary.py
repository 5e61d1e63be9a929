"""What a corpus holds, outlet by outlet, with what is missing."""

import pandas as pd
import polars as pl

from .tables import check_columns

UNKNOWN = "(unknown)"
UNPARSED = "(unparsed)"


def summarize(articles: pd.DataFrame, *, by: str = "outlet") -> pd.DataFrame:
    """A row an outlet, or another column's value, with what it holds and what it lacks.

    Columns: ``by``, ``n_articles``, ``n_stories`` (if the articles have a ``story_id``), ``words`` (median
    of those that have any, counted between spaces), ``first_date``, ``last_date``, ``undated``, ``empty``.
    Articles without a value stand last, as "(unknown)"; without a column ``date`` all are undated. Items of the
    file that became no article, listed in ``.attrs["unparsed"]``, follow as "(unparsed)", counted in
    ``n_articles``. But ``by="audit"`` gives a row a fact of the reading, ``fact, items``, with the reasons for
    which items were not parsed. ValueError if there is no column ``by`` or ``text``.

    >>> summarize(pd.DataFrame({
    ...     "outlet": ["TASS", "TASS", ""], "text": ["Xi met Putin", "", "Xi left"],
    ...     "date": pd.to_datetime(["2017-02-06", "2017-02-07", None]),
    ... })).drop(columns="last_date")
          outlet  n_articles  words first_date  undated  empty
    0       TASS           2    3.0 2017-02-06        0      1
    1  (unknown)           1    2.0        NaT        1      0
    """
    if by == "audit" and by not in articles and by in articles.attrs:
        return _audit(articles)
    _check(articles, by)
    table = (
        _facts(articles, by)
        .groupby(by, dropna=False, sort=True)
        .agg(
            n_articles=("story", "size"),
            n_stories=("story", "nunique"),
            words=("words", "median"),
            first_date=("date", "min"),
            last_date=("date", "max"),
            undated=("date", lambda column: column.isna().sum()),
            empty=("empty", "sum"),
        )
    )
    table.index = table.index.astype("str").fillna(UNKNOWN).rename(by)
    table = table.reset_index().drop(columns=[] if "story_id" in articles else "n_stories")
    return _with_unparsed(table, by, len(articles.attrs.get("unparsed", ())))


def _facts(articles: pd.DataFrame, by: str) -> pd.DataFrame:
    """What is summed up of each article, under the column it is grouped by."""
    dates = articles["date"] if "date" in articles else pd.Series(pd.NaT, articles.index, dtype="datetime64[us]")
    texts = pl.Series(articles["text"].fillna("").tolist(), dtype=pl.String)
    words = pd.Series(texts.str.count_matches(r"\S+").to_list())
    return pd.DataFrame(
        {
            by: articles[by].astype("str").mask(articles[by] == "").to_numpy(),
            "story": articles["story_id"].to_numpy() if "story_id" in articles else "",
            "words": words.astype("float").where(words > 0).to_numpy(),
            "date": dates.to_numpy(),
            "empty": (words == 0).to_numpy(),
        }
    )


def _with_unparsed(table: pd.DataFrame, by: str, items: int) -> pd.DataFrame:
    """The table with a last row for what became no article, if anything did."""
    if not items:
        return table
    counts = {name: 0 for name in ("n_stories", "undated", "empty") if name in table}
    last = pd.DataFrame({by: [UNPARSED], "n_articles": [items], **counts}).reindex(columns=table.columns)
    return pd.concat([table, last.astype(table.dtypes.to_dict())], ignore_index=True)


def _audit(articles: pd.DataFrame) -> pd.DataFrame:
    """A row a fact of the reading: the counts of the audit, then each reason for an unparsed item."""
    facts = {fact: items for fact, items in articles.attrs["audit"].items() if isinstance(items, int)}
    unparsed = articles.attrs.get("unparsed", pd.DataFrame({"reason": []}))
    reasons = {
        f"unparsed: {reason}": items for reason, items in unparsed["reason"].value_counts().sort_index().items()
    }
    facts |= reasons
    return pd.DataFrame({"fact": list(facts), "items": list(facts.values())}).astype({"fact": "str"})


def _check(articles: pd.DataFrame, by: str) -> None:
    check_columns(articles, [by, "text"], where="articles")
