"""Coded passages beside what an instrument says of all passages, checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.arrays import Flags, Floats, Ints, sums
from analysis.compare.inference import Inference
from analysis.corpus.stories import article_rows, outlet_names, passage_parts, story_names
from analysis.corpus.tables import check_columns, places_in, refuse_duplicates
from analysis.frames.coding.codes import SPLIT, WHERE, Judged, with_classes

SURE = (0.1, SPLIT, 0.9)  # below the first and from the last on, nearly all votes are for one answer
NO_LABEL = 4


@dataclass(frozen=True)
class Sample:
    """Every passage (rows) and label (columns): what the instrument says, NaN for nothing, and the codes.

    ``codes`` are NaN and ``weights`` 0 where a passage was not coded. ``part`` is what a passage counts in the
    mean of its outlet: stories count alike, within them documents, within these passages.
    """

    outlets: list[str]
    scores: Floats
    codes: Floats
    weights: Floats
    outlet: Ints
    story: Ints
    part: Floats

    @cached_property
    def labels(self) -> Flags:
        return np.asarray(self.scores >= SPLIT)

    @cached_property
    def truth(self) -> Floats:
        """The codes, 0 where there is none."""
        return np.nan_to_num(self.codes)

    @cached_property
    def cells(self) -> Ints:
        """How sure the instrument is: from 0 (certainly not) to 3 (certainly, or a plain yes); 4 if missing."""
        cells = np.searchsorted(SURE, np.nan_to_num(self.scores), side="right")
        return np.where(np.isnan(self.scores), NO_LABEL, cells).astype(np.int64)

    @property
    def ends(self) -> tuple[Sample, Sample]:
        """The same with the coders' ties settled as 0, and as 1."""
        tied = self.codes == SPLIT
        ends = (replace(self, codes=np.where(tied, tie, self.codes)) for tie in (0.0, 1.0))
        return tuple(ends) if tied.any() else (self, self)  # type: ignore[return-value]  # two of them

    def mean(self, values: Floats) -> Floats:
        """Outlets × columns: the mean of values of passages."""
        return sums(values * self.part[:, None], self.outlet, len(self.outlets))

    def story_means(self, values: Floats) -> pd.DataFrame:
        """The mean in each outlet and story, of values of passages."""
        index = pd.MultiIndex.from_arrays([self.outlet, self.story], names=["outlet", "story"])
        total = pd.DataFrame(values * self.part[:, None], index=index).groupby(level=[0, 1], sort=True).sum()
        return total.div(pd.Series(self.part, index=index).groupby(level=[0, 1], sort=True).sum(), axis=0)

    @property
    def stories(self) -> Floats:
        """How many stories each outlet has, as a column."""
        return self.story_means(self.weights).groupby(level="outlet").size().to_numpy().astype(float)[:, None]

    @property
    def coded_stories(self) -> Floats:
        """Outlets × labels: how many stories have a coded passage."""
        return (self.story_means(self.weights) > 0).groupby(level="outlet").sum().to_numpy(float)

    def count(self, cells: Flags) -> Ints:
        """Outlets × labels: how many of some passages each outlet has."""
        return sums(cells, self.outlet, len(self.outlets)).astype(np.int64)


def document_means(shares: pd.DataFrame, passages: pd.DataFrame) -> pd.DataFrame:
    """The share of each document's passages with a label; a document without any label is left out."""
    said = (shares.astype(float) >= SPLIT).astype(float).where(shares.notna())
    return said.groupby(_document_of(shares, passages).to_numpy()).mean().dropna()


def _document_of(shares: pd.DataFrame, passages: pd.DataFrame) -> pd.Series[str]:
    """The ``doc_id`` of each row of shares of passages."""
    check_columns(passages, ["passage_id", "doc_id"], where="passages")
    docs = passages.set_index("passage_id")["doc_id"]
    for name, index in (("passages", docs.index), ("shares", shares.index)):
        refuse_duplicates(f"{name}: passage", index, "Keep one row.")
    remedy = "Give one row per passage: frame_shares(hits, passages, unit='passage')."
    return docs.iloc[places_in(docs.index, shares.index, "shares:", f"is not among the passages. {remedy}")]


def sample_of(
    shares: pd.DataFrame, coded: pd.DataFrame, articles: pd.DataFrame, passages: pd.DataFrame, how: Inference
) -> Sample:
    """Every passage, and the coded ones found among them, checked."""
    shares = shares.astype("float64")
    if len(wrong := np.argwhere(((shares < 0) | (shares > 1)).to_numpy())):
        row, column = wrong[0]
        raise ValueError(
            f"shares: passage {shares.index[row]!r} needs 0, 1 or a probability in "
            f"{shares.columns[column]!r}. Found: {shares.iloc[row, column]}."
        )
    shares = shares.sort_index()
    docs = _document_of(shares, passages)
    rows = article_rows(pd.Index(docs), articles, how.by)
    if how.reprints == "original":
        kept = rows["copy_of"].isna().to_numpy()
        shares, rows, docs = shares[kept], rows[kept], docs[kept]
        coded = coded[~coded["passage_id"].isin(passages["passage_id"]) | coded["passage_id"].isin(shares.index)]
    outlet, outlets = pd.factorize(outlet_names(rows[how.by]), sort=True)
    story = pd.factorize(story_names(rows, how.cluster), sort=True)[0].astype("int64")
    codes, weights = _codes(shares, coded, story)
    scores = shares.to_numpy(dtype=np.float64)
    return Sample([str(name) for name in outlets], scores, codes, weights,
                  outlet.astype("int64"), story, passage_parts(outlet, story, docs))  # fmt: skip


def _codes(shares: pd.DataFrame, coded: pd.DataFrame, story: Ints) -> tuple[Floats, Floats]:
    """Passages × labels: the codes, NaN where it was not coded, and how many passages each one stands for."""
    labels = [str(label) for label in shares]
    coded = with_classes(coded, labels)
    hint = "Coded passages need 'passage_id' and a column of codes for each column of shares."
    check_columns(coded, ["passage_id", *labels], where=WHERE, hint=hint)
    if coded.empty:
        raise ValueError(f"{WHERE}: the table is empty, so nothing can be corrected.")
    names = pd.Index(coded["passage_id"])
    remedy = "Give each passage one code, the coders' majority (an.majority_codes)."
    refuse_duplicates(f"{WHERE}: passage", names, remedy)
    remedy = "if coded elsewhere, give validate(coded, lexicon) and method='misclassification'."
    wrong = f"is not among the passages of shares. Give those that the sample was drawn from; {remedy}"
    place = places_in(shares.index, names, f"{WHERE}:", wrong)
    drawn = Judged.of(coded, labels, story[place])
    codes, weights = np.full(shares.shape, np.nan), np.zeros(shares.shape)
    codes[place] = drawn.codes
    weights[place] = np.column_stack([drawn.weights_of(column) for column in range(len(labels))])
    return codes, weights
