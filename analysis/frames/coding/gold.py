"""Coded passages, checked: codes, weights, and which passages are one observation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.arrays import Flags, Floats, Ints
from analysis.corpus.tables import check_columns, missing_column
from analysis.frames.coding.codes import NOT_CODED, SPLIT, as_codes, majority_codes

WHERE = "coded passages"
# The widest that a table has: a reprint is not a second observation.
CLUSTERS = ("story", "story_id", "article", "doc_id")
PICKED = "picked"  # true where a reader chose the passage, having seen what the instrument found


@dataclass(frozen=True)
class Judged:
    """What was judged of some passages (rows) and labels (columns)."""

    codes: Floats  # 1, 0, one half where coders are tied, NaN where nobody coded
    weights: Floats  # how many passages each one stands for
    strata: Ints
    clusters: Ints
    picked: Flags

    def at(self, rows: Flags) -> "Judged":
        return Judged(**{name: part[rows] for name, part in vars(self).items()})

    def weights_of(self, column: int) -> Floats:
        """Weights for one label: passages without a code are stood for by the others of their stratum."""
        coded = ~np.isnan(self.codes[:, column])
        given = np.bincount(self.strata, self.weights * coded)
        factor = np.bincount(self.strata, self.weights) / np.where(given > 0, given, np.inf)
        return np.where(coded, self.weights * factor[self.strata], 0.0)


def judged(coded: pd.DataFrame, labels: Sequence[str], cluster: str | None = None) -> tuple[Judged, str]:
    """The coded passages as numbers, and the column that groups them (``passage`` where none does)."""
    coded = with_classes(coded, labels)
    hint = "A column 'text' and a column of codes for each label are needed."
    check_columns(coded, ["text", *labels], where=WHERE, hint=hint)
    if coded.empty:
        raise ValueError(f"{WHERE}: the table is empty, so nothing can be measured.")
    groups = clusters(coded, cluster)
    stratum = coded["stratum"].astype("str") if "stratum" in coded else np.zeros(len(coded))
    picked = as_codes(coded[PICKED], WHERE) == 1 if PICKED in coded else np.zeros(len(coded), dtype=bool)
    strata, numbers = (pd.factorize(each, sort=True)[0].astype("int64") for each in (stratum, groups))
    return Judged(codes_of(coded, labels), weights_of(coded), strata, numbers, picked), str(groups.name)


def codes_of(coded: pd.DataFrame, labels: Sequence[str]) -> Floats:
    """Passages × labels: 1, 0, one half where the column ``tied`` names the label, NaN where nobody coded."""
    columns = [as_codes(coded[label], WHERE) for label in labels]
    codes = np.column_stack(columns) if columns else np.zeros((len(coded), 0))
    if "tied" in coded:
        ties = [set(str(names).split(", ")) for names in coded["tied"].fillna("")]
        tied = np.array([[label in names for label in labels] for names in ties]).reshape(codes.shape)
        codes = np.where(tied & np.isnan(codes), SPLIT, codes)
    return codes


def with_classes(coded: pd.DataFrame, labels: Sequence[str]) -> pd.DataFrame:
    """The table with a column per label, where it has a row per coder, or one column of labels."""
    if {"coder", "code"} <= set(coded):
        coded = majority_codes(coded)
    column = next((name for name in ("class", "label", "frame", "code") if name in coded), None)
    if column is None or any(label in coded for label in labels):
        return coded
    words = coded[column].map(lambda value: "" if pd.isna(value) else str(value).strip().casefold())
    if not words.isin([label.casefold() for label in labels]).any():
        return coded
    missing = words.isin(NOT_CODED)
    return coded.assign(**{label: words.eq(label.casefold()).astype(float).mask(missing) for label in labels})


def clusters(coded: pd.DataFrame, cluster: str | None) -> "pd.Series[Any]":
    """What is one observation, named as its column; each passage for itself where no column groups them."""
    name = cluster or next((name for name in CLUSTERS if name in coded), None)
    if name is None:
        return pd.Series(range(len(coded)), name="passage")
    check_columns(coded, [name], where=WHERE, hint="cluster= names the column of articles or stories.")
    if coded[name].isna().any():
        row = int(coded[name].isna().to_numpy().argmax())
        raise ValueError(f"{WHERE}: {name} is missing in row {row} (from 0). Write where the passage is from.")
    return coded[name].reset_index(drop=True)


def weights_of(coded: pd.DataFrame) -> Floats:
    """How many passages each one stands for: ``weight``, or one over ``probability``, or 1."""
    name = next((name for name in ("weight", "probability") if name in coded), None)
    if name is None:
        if "stratum" in coded:
            hint = "They were drawn from strata: without it recall is far too high. Merge it from the sample."
            raise missing_column(coded, "weight", where=WHERE, hint=hint)
        return np.ones(len(coded))
    values = pd.to_numeric(coded[name], errors="coerce").to_numpy(dtype=float)
    wrong = ~(np.isfinite(values) & (values > 0)) | ((name == "probability") & (values > 1))
    if wrong.any():
        row, bounds = int(wrong.argmax()), "above 0" if name == "weight" else "above 0 and at most 1"
        what = f"{name} must be a number {bounds}, as an.sample_to_code gives it"
        found = f"{coded[name].tolist()[row]!r} in row {row} (from 0)"
        raise ValueError(f"{WHERE}: {what}. Found: {found}. Drop the column to count each passage once.")
    return np.asarray(values if name == "weight" else 1 / values)
