"""What a view counts: passages that carry frames, or documents made up of topics. One shape for both."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis.arrays import Flags, Floats, Ints
from analysis.corpus.tables import places_in, refuse_duplicates
from analysis.topics.reading import top_words
from analysis.topics.result import Topics

# An article is listed under a topic that makes up this much of it. A passage carries a frame or does not, so the
# same limit serves both; at a fifth, no article of News Articles is listed under more than four topics.
LISTED = 0.2
ROUNDING = 1e-9  # shares are quotients: a sum of them may miss 1 by the last digits
EXCERPT = 420  # letters of an article that stand for it in a list: its first paragraph


@dataclass(frozen=True, eq=False)
class Units:
    """Rows that are counted, ``unit_id, doc, start, end, place``, and the frames or topics they carry."""

    table: pd.DataFrame
    labels: tuple[str, ...]
    carried: Floats  # units × labels, 0 to 1; their mean over a document is the document's share
    strength: Floats  # units × labels, for sorting
    kind: str  # "passage" or "article"

    def row(self, at: int) -> tuple[str, int, int, int]:
        """The ``unit_id, doc, start, end`` of one unit as plain values."""
        name, *places = (column[at] for column in self._columns)
        return (str(name), *map(int, places))  # type: ignore[return-value]

    @cached_property
    def _columns(self) -> list[Any]:
        return [self.table[name].array for name in ("unit_id", "doc", "start", "end")]

    @cached_property
    def place(self) -> Ints:
        """Where each unit stands among the passages, or among the articles."""
        return self.table["place"].to_numpy(np.int64)

    @cached_property
    def listed(self) -> Flags:
        """Units × labels: what stands in the list behind a cell."""
        return np.asarray(self.carried >= LISTED)

    def shares(self, kept: Flags, doc_ids: "pd.Series[str]") -> pd.DataFrame:
        """The share of each label in each document, from the units kept: index ``doc_id``."""
        table = pd.DataFrame(self.carried[kept], columns=list(self.labels))
        return table.groupby(doc_ids.to_numpy()[self.table["doc"].to_numpy()[kept]]).mean().rename_axis("doc_id")


def frame_units(passages: pd.DataFrame, hits: pd.DataFrame, frames: tuple[str, ...]) -> Units:
    """Passages and the frames they carry; the more different entries say it, the stronger."""
    said = hits[~hits["negated"].to_numpy(bool)]
    column = pd.Index(frames).get_indexer(pd.Index(said["frame"]))
    said = said.assign(column=column)[column >= 0].drop_duplicates(["passage", "column", "entry"])
    strength = np.zeros((len(passages), len(frames)))
    np.add.at(strength, (said["passage"].to_numpy(int), said["column"].to_numpy(int)), 1.0)
    every = np.arange(len(passages))
    return Units(_passage_rows(passages, every), frames, (strength > 0).astype(float), strength, "passage")


def _passage_rows(passages: pd.DataFrame, at: Ints) -> pd.DataFrame:
    rows = passages.iloc[at].reset_index(drop=True).rename(columns={"passage_id": "unit_id"})
    return rows[["unit_id", "doc", "start", "end"]].assign(place=at)


def topic_units(
    topics: Topics | pd.DataFrame | None, articles: pd.DataFrame, passages: pd.DataFrame
) -> tuple[Units | None, dict[str, list[str]] | None]:
    """The documents of the topics as units, and the words that set each topic apart."""
    if topics is None or isinstance(topics, pd.DataFrame):
        return None if topics is None else document_units(topics, articles, passages), None
    listed = top_words(topics, n=8, by="frex")
    words = {str(topic): rows["term"].tolist() for topic, rows in listed.groupby("label", sort=False)}
    return document_units(topics.shares, articles, passages), words


def _check_shares(shares: pd.DataFrame) -> None:
    if shares.columns.empty:
        raise ValueError("topics: the table has no column, so no topic.")
    refuse_duplicates("topics: document", shares.index, "Give each document one row.")
    row, column = np.nonzero(~((shares >= 0) & (shares <= 1 + ROUNDING)).to_numpy(bool))
    if len(row):
        value, name = shares.iloc[row[0], column[0]], shares.columns[column[0]]
        raise ValueError(
            f"topics: {value} of {name!r} in document {shares.index[row[0]]!r}. A share lies between 0 and 1."
        )


def document_units(shares: pd.DataFrame, articles: pd.DataFrame, passages: pd.DataFrame) -> Units:
    """Documents and what each topic makes up of them; a document is an article, or a passage."""
    _check_shares(shares)
    names = pd.Index(shares.index.astype("str"))
    doc = pd.Index(articles["doc_id"]).get_indexer(names)
    if (doc >= 0).all():
        length = articles["text"].str.len().to_numpy()[doc]
        ends = np.minimum(length, EXCERPT)
        table = pd.DataFrame({"unit_id": names, "doc": doc, "start": 0, "end": ends, "place": doc})
        kind = "article"
    else:
        wrong = "is neither an article nor a passage. Pass the topics of these articles or of these passages."
        at = places_in(passages["passage_id"], names, "topics: document", wrong)
        table = _passage_rows(passages, at)
        kind = "passage"
    order = np.lexsort([table["start"], table["doc"]])
    values = shares.to_numpy(float)[order]
    return Units(table.iloc[order].reset_index(drop=True), tuple(map(str, shares.columns)), values, values, kind)
