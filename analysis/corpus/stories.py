"""Outlet and story of each document, and its weight when a story counts once."""

import numpy as np
import pandas as pd

from analysis.arrays import Floats, Ints

from .tables import check_columns, missing_column, refuse_duplicates

UNKNOWN = "(unknown)"  # sorts before letters, and cannot be taken for the name of an outlet


def document_stories(
    docs: "pd.Index[str]", articles: pd.DataFrame, *, by: str = "outlet", cluster: str = "story_id"
) -> pd.DataFrame:
    """``outlet, story, weight`` of each document: the articles of one story weigh 1 together.

    Documents are articles, or passages named ``doc_id:position`` as ``passages`` names them; the weight of a
    passage is that of its article. Without a column ``story_id`` (see ``mark_copies``) each article is its own
    story.

    >>> articles = pd.DataFrame({"doc_id": ["a", "b", "c"], "outlet": ["AP", "BBC", "BBC"],
    ...                          "story_id": ["a", "a", "c"]})
    >>> document_stories(pd.Index(["a", "b"]), articles)
      outlet story  weight
    a     AP     a     0.5
    b    BBC     a     0.5
    >>> document_stories(pd.Index(["c:0", "c:1"]), articles)
        outlet story  weight
    c:0    BBC     c     1.0
    c:1    BBC     c     1.0
    """
    rows = article_rows(docs, articles, by)
    story, names = story_names(rows, cluster), rows["doc_id"].astype("str")
    weight = 1.0 / names.groupby(story).transform("nunique")
    return pd.DataFrame({"outlet": outlet_names(rows[by]), "story": story, "weight": weight})


def story_codes(docs: "pd.Index[str]", articles: pd.DataFrame | None) -> Ints:
    """A number for the story of each document, in the order of their names; without articles each is its own."""
    story = docs.astype("str") if articles is None else document_stories(docs, articles)["story"].to_numpy()
    codes: Ints = pd.factorize(story, sort=True)[0].astype("int64")
    return codes


def article_rows(docs: "pd.Index[str]", articles: pd.DataFrame, by: str = "outlet") -> pd.DataFrame:
    """The article of each document, indexed by the document: by its name, or by the part before the last colon."""
    check_columns(articles, ["doc_id", by], where="articles")
    rows = articles.set_index(articles["doc_id"].astype("str"), drop=False).rename_axis(None)
    refuse_duplicates("articles: doc_id", rows.index, "Give one row per article, not the table of passages.")
    places = rows.index.get_indexer(docs.astype("str"))
    if (places < 0).all() and len(docs):
        places = rows.index.get_indexer(pd.Index([str(name).rpartition(":")[0] for name in docs], dtype="str"))
    strangers = docs[places < 0]
    if len(strangers):
        raise ValueError(
            f"articles: {len(strangers)} of {len(docs)} documents are not in this table. First: {strangers[0]!r}. "
            "Give the articles that the shares or counts were made from."
        )
    return rows.iloc[places].set_axis(docs)


def outlet_names(values: "pd.Series[str]") -> "pd.Series[str]":
    """The outlet of each article; missing and empty ones are ``(unknown)``."""
    names = values.astype("str").str.strip()
    return names.mask(names.isna() | (names == ""), UNKNOWN).rename("outlet")


def article_outlets(articles: pd.DataFrame) -> "pd.Series[str]":
    """The outlet of each article; ``(unknown)`` throughout without a column ``outlet``."""
    return outlet_names(articles["outlet"] if "outlet" in articles else pd.Series("", articles.index, dtype="str"))


def story_names(rows: pd.DataFrame, cluster: str = "story_id") -> "pd.Series[str]":
    """The story of each article; an article without one is a story of its own."""
    names = rows["doc_id"].astype("str").rename("story")
    if cluster in rows:
        return rows[cluster].astype("str").fillna(names).rename("story")
    if cluster != "story_id":
        hint = "Name the column whose articles are one observation in Inference(cluster=…)."
        raise missing_column(rows, cluster, where="articles", hint=hint)
    return names


def passage_parts(outlet: Ints, story: Ints, docs: "pd.Series[str]") -> Floats:
    """What each passage counts in its outlet: one over the stories, their documents here, and their passages."""
    table = pd.DataFrame({"outlet": outlet, "story": story, "doc": pd.factorize(docs)[0]})
    of_doc = table.groupby("doc")["doc"].transform("size")
    docs_of = table.groupby(["outlet", "story"])["doc"].transform("nunique")
    stories_of = table.groupby("outlet")["story"].transform("nunique")
    return np.asarray(1.0 / (of_doc * docs_of * stories_of), dtype=np.float64)
