"""A claim by several coders: models and their prompts, lexicons, a classifier, and what people's codes correct."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.compare.correction.differences import corrected_differences
from analysis.compare.correction.sample import document_means
from analysis.compare.correction.shares import correct_shares
from analysis.compare.inference import Inference
from analysis.compare.robustness.measures import STORY, WHOLE, Choices, Measure, Options
from analysis.corpus.copies import mark_copies
from analysis.frames.coding.codes import votes

Given = pd.DataFrame | tuple[pd.DataFrame, pd.DataFrame]


class CoderMeasure(Measure):
    """A frame by each of some coders. Their texts are coded already, so that cleaning is not a choice."""

    together = ()

    def __init__(self, coders: Mapping[str, Given]) -> None:
        self.tables: dict[str, pd.DataFrame] = {}
        self.corrected: dict[str, tuple[pd.DataFrame, pd.DataFrame]] = {}
        for name, given in coders.items():
            if isinstance(given, tuple):
                self.corrected[name] = given
            elif {"passage_id", "coder"} <= set(given):
                self.tables |= {str(one): _by_document(rows) for one, rows in given.groupby("coder", sort=False)}
            else:
                self.tables[name] = given
        if not self.tables:
            raise ValueError("instrument: no coder is given. Give {'name': shares of documents, …}.")

    def options(self, label: str) -> dict[str, list[Any]]:
        for name, table in self.tables.items():
            if label not in table:
                found = ", ".join(map(str, table))
                raise ValueError(f"claim: {label!r} is not a label of {name!r}. Found: {found}.")
        return {"coder": [*self.tables, *self.corrected]}

    def ways(self, options: Options) -> list[Choices]:
        """A corrected difference is one of all the time or of the shared time."""
        every = super().ways({name: options[name] for name in ("coder", "copies", "period")})
        return [way for way in every if way["coder"] not in self.corrected or way["period"] in WHOLE]

    def read(self, articles: pd.DataFrame, label: str, ways: list[Choices]) -> Iterator[pd.DataFrame]:
        marked = articles if "story_id" in articles else mark_copies(articles)
        marked = marked[[name for name in STORY if name in marked]].astype({"doc_id": "str"})
        for coder in (way["coder"] for way in ways):
            table = self.tables[coder] if coder in self.tables else _by_document(self.corrected[coder][0])
            yield marked.join(table[label].dropna().rename("share"), on="doc_id", how="inner")

    def row(self, sides: pd.DataFrame, label: str, choices: Choices, how: Inference) -> pd.Series[Any] | None:
        if choices["coder"] not in self.corrected:
            return super().row(sides, label, choices, how)
        codes, coded = self.corrected[choices["coder"]]
        here = codes[codes["doc_id"].astype("str").isin(sides["doc_id"]) & codes["label"].eq(label)]
        of_these = coded[coded["passage_id"].isin(here["passage_id"])]
        if here.empty or of_these.empty:
            return None
        found = corrected_differences(correct_shares(here, of_these, sides, how=how), level=how.level)
        return None if found.empty or np.isnan(found["difference"].iloc[0]) else found.iloc[0]


def _by_document(codes: pd.DataFrame) -> pd.DataFrame:
    """The share of each document's passages, by the majority of these coders."""
    return document_means(votes(codes)[0], codes.drop_duplicates("passage_id"))
