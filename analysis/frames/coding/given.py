"""Codes that were given already, by a model or another coder, as an instrument to be measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from analysis.corpus.tables import check_columns
from analysis.frames.coding.codes import SPLIT, votes


@dataclass(frozen=True, eq=False)
class GivenCodes:
    """What the coders of a table of codes say of passages, by majority; half of the votes are a yes."""

    codes: pd.DataFrame = field(repr=False)
    about: tuple[str, ...] = ()
    language: str = ""

    def __post_init__(self) -> None:
        check_columns(
            self.codes, ["passage_id", "coder", "code"], where="codes", hint="Give the table of an.code."
        )
        object.__setattr__(self, "codes", self.codes.astype({"passage_id": "str"}))

    @property
    def name(self) -> str:
        return ", ".join(map(str, pd.unique(self.codes["coder"])))

    @property
    def labels(self) -> list[str]:
        return [str(label) for label in self.weights]

    @property
    def weights(self) -> pd.DataFrame:
        """The share of votes: what these codes are known by."""
        return votes(self.codes)[0]

    def label(self, passages: pd.DataFrame | Sequence[str]) -> pd.DataFrame:
        """Whether each passage has each label; passages are known by ``passage_id``."""
        if not isinstance(passages, pd.DataFrame):
            raise TypeError("codes: passages are found by their passage_id. Give a table, not texts.")
        return self.weights.reindex(passages["passage_id"].astype("str").to_numpy()) >= SPLIT

    def coded_too(self, coded: pd.DataFrame) -> pd.DataFrame:
        """The coded passages of which these coders say something; a missing code is not a no."""
        check_columns(coded, ["passage_id"], where="coded passages", hint="By it their codes are found.")
        shares = self.weights
        known = shares.index[shares.notna().all(axis=1)]
        kept = coded[coded["passage_id"].astype("str").isin(known)]
        if kept.empty:
            raise ValueError("validate: no coded passage has codes of these coders. Code the same passages.")
        return kept.reset_index(drop=True)
