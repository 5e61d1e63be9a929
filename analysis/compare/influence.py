"""How much of an outlet's share depends on a single entry of the lexicon."""

import numpy as np
import pandas as pd

from analysis.compare.inference import Inference
from analysis.compare.observations import story_shares
from analysis.corpus.stories import outlet_names
from analysis.corpus.tables import check_columns, no_rows
from analysis.frames.shares import frame_shares

KEYS = ["outlet", "label", "entry"]
COLUMNS = {
    "outlet": "str", "label": "str", "entry": "str", "n_hits": "int64",
    "share": "float64", "without": "float64", "influence": "float64",
}  # fmt: skip


def entry_influence(
    hits: pd.DataFrame, passages: pd.DataFrame, articles: pd.DataFrame, *, how: Inference | None = None
) -> pd.DataFrame:
    """Each outlet's share of each frame without one entry, for every entry that has a hit there.

    Parameters
    ----------
    hits, passages
        From ``find_frames``, and the passages in which they were found.
    articles, how
        As for ``compare_outlets``; nothing is resampled.

    Returns
    -------
    DataFrame
        ``outlet, label`` (categorical), ``entry, n_hits`` (negated ones left out), ``share``, ``without`` and
        their difference ``influence``, 0 or below. Outlets by name, frames in order, the largest influence first.

    Notes
    -----
    A passage loses the frame if no other entry gives it. A search without the entry differs where another hit in
    the same words had yielded to it (influence is overstated), and where its negated hit counts for another frame.

    Examples
    --------
    >>> passages = pd.DataFrame({"passage_id": ["a:0", "a:1"], "doc_id": "a", "position": [0, 1], "start": [0, 31],
    ...     "text": ["Russia and China are friends.", "China met Russia."]})
    >>> import analysis as an
    >>> articles = pd.DataFrame({"doc_id": ["a"], "outlet": "TASS"})
    >>> hits = an.find_frames(passages, an.read_lexicon("russia-china"))
    >>> entry_influence(hits, passages, articles)[["entry", "share", "without"]]
            entry  share  without
    0  friendship    0.5      0.0
    """
    how = how or Inference()
    check_columns(articles, ["doc_id", how.by], where="articles")
    shares = frame_shares(hits, passages)
    counted = (
        hits[~hits["negated"].to_numpy(dtype=bool)].astype({"frame": "str"}).rename(columns={"frame": "label"})
    )
    if counted.empty:
        return no_rows(COLUMNS)
    outlet = outlet_names(articles.set_index(articles["doc_id"].astype("str"))[how.by])
    rows = counted.assign(outlet=counted["doc_id"].astype("str").map(outlet))
    table = rows.groupby(KEYS).size().rename("n_hits").reset_index()
    pairs = pd.MultiIndex.from_frame(table[["label", "entry"]].drop_duplicates())
    # Of each document, the share of its passages to which an entry alone gives the frame.
    once = counted.drop_duplicates(["passage_id", "label", "entry"])
    only = once[once.groupby(["passage_id", "label"])["entry"].transform("size") == 1]
    number = np.zeros((len(shares), len(pairs)))
    column = pairs.get_indexer(pd.MultiIndex.from_frame(only[["label", "entry"]]))
    np.add.at(number, (shares.index.get_indexer(pd.Index(only["doc_id"])), column), 1)
    lengths = passages["doc_id"].astype("str").value_counts().reindex(shares.index).to_numpy()
    alone = pd.DataFrame(number / lengths[:, None], index=shares.index)
    means = [story_shares(part, articles, how).means.groupby(level="outlet").mean() for part in (shares, alone)]
    row = means[0].index.get_indexer(pd.Index(table["outlet"]))
    place = shares.columns.get_indexer(pd.Index(table["label"]))
    table["share"] = means[0].to_numpy()[row, place]
    pair = pairs.get_indexer(pd.MultiIndex.from_frame(table[["label", "entry"]]))
    table["influence"] = -means[1].to_numpy()[row, pair] + 0.0  # no "-0.0" in print
    table["without"] = table["share"] + table["influence"]
    order = np.lexsort((table["entry"], table["influence"].round(12), place, table["outlet"]))
    frames = pd.CategoricalDtype(list(shares.columns))
    return table.iloc[order].reset_index(drop=True)[list(COLUMNS)].astype(COLUMNS | {"label": frames})
