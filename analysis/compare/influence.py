"""How far a single entry of the lexicon carries an outlet's share."""

import numpy as np
import pandas as pd

from analysis.corpus.stories import UNKNOWN
from analysis.frames.shares import frame_shares

from .columns import no_rows
from .inference import Inference
from .observations import story_shares

KEYS = ["outlet", "frame", "entry"]
COLUMNS = {
    "outlet": "str", "frame": "str", "entry": "str", "n_hits": "int64",
    "share": "float64", "without": "float64", "influence": "float64",
}  # fmt: skip


def entry_influence(
    hits: pd.DataFrame,
    passages: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    by: str = "outlet",
    cluster: str = "story_id",
) -> pd.DataFrame:
    """Each outlet's share of each frame without one entry, for every entry that has a hit there.

    A share that hangs on one entry is that entry's finding, not the frame's: read its passages first.

    Computed from the hits: a passage that no other entry gives the frame loses it. That is what taking the entry
    out of the lexicon does, save in three cases, where ``find_frames`` with the shorter lexicon says more. Of
    overlapping hits of one frame the longest wins, so another entry's shorter hit in the same words is not in
    ``hits`` and would come back: influence is then overstated. Hits that yielded to this entry's frame would come
    back in their own frame. And what a denied entry became counts under the frame that it became.

    Args:
        hits: from ``find_frames``.
        passages: the passages in which they were found.
        articles: ``doc_id`` and the columns named by ``by`` and ``cluster``, as for ``compare_outlets``.

    Returns:
        ``outlet, frame`` (categorical), ``entry, n_hits`` (not negated), ``share`` (as ``compare_outlets`` has
        it), ``without``, and ``influence``, their difference, 0 or below. Outlets by name, frames in order, the
        largest influence first.

    Raises:
        ValueError: as ``frame_shares`` and ``compare_outlets`` do.

    >>> passages = pd.DataFrame({"passage_id": ["a:0", "a:1"], "doc_id": "a", "position": [0, 1], "start": [0, 31],
    ...     "text": ["Russia and China are friends.", "China met Russia."]})
    >>> from analysis.frames.formats.files import read_lexicon
    >>> from analysis.frames.match import find_frames
    >>> articles = pd.DataFrame({"doc_id": ["a"], "outlet": "TASS"})
    >>> hits = find_frames(passages, read_lexicon("russia-china"))
    >>> entry_influence(hits, passages, articles)[["entry", "share", "without"]]
            entry  share  without
    0  friendship    0.5      0.0
    """
    shares = frame_shares(hits, passages)
    said = hits[~hits["negated"].to_numpy(dtype=bool)].astype({"frame": "str"})
    if said.empty:
        return no_rows(COLUMNS)
    outlet = articles.set_index("doc_id")[by].astype("str").str.strip().replace("", UNKNOWN).fillna(UNKNOWN)
    table = said.assign(outlet=said["doc_id"].map(outlet)).groupby(KEYS).size().rename("n_hits").reset_index()
    pairs = pd.MultiIndex.from_frame(table[["frame", "entry"]].drop_duplicates())
    means = [_by_outlet(part, articles, by, cluster) for part in (shares, _alone(said, passages, pairs, shares))]
    row = means[0].index.get_indexer(pd.Index(table["outlet"]))
    place = shares.columns.get_indexer(pd.Index(table["frame"]))
    table["share"] = means[0].to_numpy()[row, place]
    pair = pairs.get_indexer(pd.MultiIndex.from_frame(table[["frame", "entry"]]))
    table["influence"] = -means[1].to_numpy()[row, pair] + 0.0  # no "-0.0" in print
    table["without"] = table["share"] + table["influence"]
    order = np.lexsort((table["entry"], table["influence"].round(12), place, table["outlet"]))
    frames = pd.CategoricalDtype(list(shares.columns))
    return table.iloc[order].reset_index(drop=True)[list(COLUMNS)].astype(COLUMNS | {"frame": frames})


def _by_outlet(shares: pd.DataFrame, articles: pd.DataFrame, by: str, cluster: str) -> pd.DataFrame:
    """Outlet × column: the mean over its stories, as in the estimates."""
    return story_shares(shares, articles, Inference(by=by, cluster=cluster)).means.groupby(level="outlet").mean()


def _alone(said: pd.DataFrame, passages: pd.DataFrame, pairs: pd.MultiIndex, shares: pd.DataFrame) -> pd.DataFrame:
    """Document × (frame, entry): the share of its passages to which this entry alone gives the frame."""
    spoken = said.drop_duplicates(["passage_id", "frame", "entry"])
    only = spoken[spoken.groupby(["passage_id", "frame"])["entry"].transform("size") == 1]
    counts = np.zeros((len(shares), len(pairs)))
    column = pairs.get_indexer(pd.MultiIndex.from_frame(only[["frame", "entry"]]))
    np.add.at(counts, (shares.index.get_indexer(pd.Index(only["doc_id"])), column), 1)
    lengths = passages["doc_id"].astype("str").value_counts().reindex(shares.index).to_numpy()
    return pd.DataFrame(counts / lengths[:, None], index=shares.index)
