"""Stories: who printed each document, and how much it weighs when a story counts once."""

import pandas as pd

UNKNOWN = "(unknown)"


def told_by(docs: "pd.Index[str]", articles: pd.DataFrame) -> pd.DataFrame:
    """``outlet, story, weight`` of each document: articles of one story weigh 1 together.

    Documents are articles, or passages named ``doc_id:position`` as ``passages`` names them; the weight of a
    passage is that of its article. Without a column ``story_id`` (see ``mark_copies``) each article is its own
    story.

    Raises:
        ValueError: a column is missing, a ``doc_id`` stands twice, or a document is not in ``articles``.

    >>> articles = pd.DataFrame({"doc_id": ["a", "b", "c"], "outlet": ["AP", "BBC", "BBC"],
    ...                          "story_id": ["a", "a", "c"]})
    >>> told_by(pd.Index(["a", "b", "c:0", "c:1"]), articles)
        outlet story  weight
    a       AP     a     0.5
    b      BBC     a     0.5
    c:0    BBC     c     1.0
    c:1    BBC     c     1.0
    """
    rows = articles_of(docs, articles)
    outlet = rows["outlet"].astype("str").str.strip().replace("", None).fillna(UNKNOWN)
    names = rows["doc_id"].astype("str")
    story = rows["story_id"].astype("str").fillna(names) if "story_id" in rows else names
    carried = names.groupby(story).nunique()
    weight = 1.0 / story.map(carried)
    return pd.DataFrame({"outlet": outlet, "story": story, "weight": weight})


def articles_of(docs: "pd.Index[str]", articles: pd.DataFrame) -> pd.DataFrame:
    """The row of ``articles`` behind each document, indexed by document."""
    missing = [name for name in ("doc_id", "outlet") if name not in articles]
    if missing:
        raise ValueError(
            f"articles: no column {missing[0]!r}; there is {', '.join(map(str, articles)) or 'none'}."
        )
    rows = articles.set_index(articles["doc_id"].astype("str"), drop=False).rename_axis(None)
    if not rows.index.is_unique:
        twice = rows.index[rows.index.duplicated()][0]
        raise ValueError(
            f"articles: doc_id {twice!r} stands twice. Give the table of articles, a row each, not that of their "
            "passages."
        )
    names = pd.Index(docs.astype("str"))
    known = names.isin(rows.index)
    names = names.where(known, names.str.rsplit(":", n=1).str[0])
    strangers = docs[~names.isin(rows.index)]
    if len(strangers):
        raise ValueError(
            f"articles: {len(strangers)} of {len(docs)} documents are not among them, first {strangers[0]!r}. "
            "Give the articles that were counted."
        )
    found: pd.DataFrame = rows.loc[names].set_axis(docs)
    return found
