"""Shares that follow from hits: of each document's passages, of single passages, and along an article."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.corpus.provenance import stamped
from analysis.corpus.tables import check_table, places_in, refuse_unknown
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import as_passages, find_frames, text_passages

UNITS = ("document", "passage")


def frame_shares(
    hits: pd.DataFrame,
    passages: pd.DataFrame,
    *,
    unit: Literal["document", "passage"] = "document",
    weights: Lexicon | None = None,
) -> pd.DataFrame:
    """Share of each document's passages that carry each frame by a hit that is not negated.

    Parameters
    ----------
    hits, passages : DataFrame
        From ``find_frames``, and the passages (or articles) in which they were found.
    unit : {"document", "passage"}
        With ``"passage"`` each passage is a row of its own, 1.0 where it carries the frame and else 0.0.
    weights : Lexicon, optional
        The lexicon that found the hits. A passage then counts with the weight of its heaviest hit in a frame. It
        also names the frames of hits that were read from CSV.

    Returns
    -------
    DataFrame
        Index ``doc_id`` (sorted) or ``passage_id`` (in order), a column per frame, values from 0 to 1. A document
        of ``passages`` without a hit has 0.

    Examples
    --------
    >>> from analysis.frames.lexicon import Entry, Frame, Lexicon
    >>> lexicon = Lexicon("tiny", (Frame("trade"),), (Entry("gas", "trade", ("gas",)),))
    >>> passages = pd.DataFrame({"passage_id": ["a:0", "a:1"], "doc_id": "a", "position": [0, 1],
    ...                          "start": [0, 12], "text": ["Gas is sold.", "It rained."]})
    >>> hits = find_frames(passages, lexicon)
    >>> frame_shares(hits, passages)
            trade
    doc_id
    a         0.5
    """
    refuse_unknown("unit", unit, "a unit", UNITS)
    passages = as_passages(passages, alone=unit == "passage")
    carried = _carried(hits, pd.Index(passages["passage_id"]), weights)
    if unit == "passage":
        shares = carried.astype(float).set_axis(pd.Index(passages["passage_id"], name="passage_id"))
    else:
        shares = carried.groupby(passages["doc_id"].to_numpy()).mean().rename_axis("doc_id")
    return stamped(shares, "frame_shares", {"hits": hits}, {})


def hit_positions(hits: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Place of each hit in its article, from 0 (first character) to 1 (last); negated hits are left out.

    ``articles`` are those from which the passages were cut.

    Returns
    -------
    DataFrame
        ``doc_id, frame, position``, a row per hit.

    Examples
    --------
    >>> hits = pd.DataFrame({"doc_id": ["a"], "start": [5], "frame": ["economy"], "negated": [False]})
    >>> hit_positions(hits, pd.DataFrame({"doc_id": ["a"], "text": ["0123456789"]}))
      doc_id    frame  position
    0      a  economy       0.5
    """
    check_table(articles, "articles", ["doc_id", "text"], key="doc_id")
    kept = hits[~hits["negated"].astype(bool)].reset_index(drop=True)
    wrong = "is not among the articles. Pass the articles from which the passages were cut."
    place = places_in(articles["doc_id"], kept["doc_id"], "hits: article", wrong)
    length = articles["text"].str.len().to_numpy()[place]
    return kept[["doc_id", "frame"]].assign(position=kept["start"] / length)


def text_frames(texts: Sequence[str], lexicon: Lexicon) -> pd.DataFrame:
    """Whether each text, read without its article, carries each frame: a row per text, a column per frame."""
    passages = text_passages(texts)
    return _carried(find_frames(passages, lexicon, isolated=True), pd.Index(passages["passage_id"]))


def _carried(hits: pd.DataFrame, passage_ids: "pd.Index[str]", weights: Lexicon | None = None) -> pd.DataFrame:
    """Passage × frame: whether it carries it, or with what weight."""
    if not isinstance(hits["frame"].dtype, pd.CategoricalDtype):
        if weights is None:
            remedy = "Pass weights=lexicon, or hits.astype({'frame': pd.CategoricalDtype(lexicon.labels)})."
            raise ValueError(f"hits: frame is not categorical, so frames without a hit are lost. {remedy}")
        hits = hits.astype({"frame": pd.CategoricalDtype(weights.labels)})
    counted = hits[~hits["negated"].to_numpy(dtype=bool)]
    wrong = "is not among the passages. Pass the table in which the hits were found."
    row = places_in(passage_ids, counted["passage_id"], "hits: passage", wrong)
    frames = hits["frame"].cat.categories
    weight = np.ones(len(counted), bool) if weights is None else _weights(counted, weights)
    carried = np.zeros((len(passage_ids), len(frames)), weight.dtype)
    np.maximum.at(carried, (row, counted["frame"].cat.codes.to_numpy()), weight)
    return pd.DataFrame(carried, columns=list(frames))


def _weights(hits: pd.DataFrame, lexicon: Lexicon) -> npt.NDArray[np.float64]:
    """The weight of each hit's entry, which may count for another frame when negated."""
    entries = [entry for one in lexicon.each.values() for entry in one.entries]
    instead = {(frame, entry.name): entry.weight for entry in entries for frame in (entry.negated, entry.hedged)}
    known = instead | {(entry.frame, entry.name): entry.weight for entry in entries}
    pairs = list(zip(hits["frame"].tolist(), hits["entry"].tolist(), strict=True))
    if unknown := [pair for pair in pairs if pair not in known]:
        what = f"lexicon {lexicon.name!r} has no entry {unknown[0][1]!r} of {unknown[0][0]}"
        raise ValueError(f"hits: {what}. Pass the lexicon that found them as weights.")
    return np.array([known[pair] for pair in pairs], np.float64)
