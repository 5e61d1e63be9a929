"""Coded passages: what coders judged, checked before anything is measured with it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.outlets import known_outlet
from analysis.corpus.shipped import ROOT
from analysis.frames.validation.measures import Numbers, Resampling

GOLD = ROOT / "data" / "gold" / "russia_china_coded.csv"  # beside the package, not in it
STORIES = GOLD.with_name("stories.csv")
CLUSTERS = (
    "story",
    "story_id",
    "article",
    "doc_id",
)  # the widest that a table has: a reprint is no second witness


def load_coded() -> pd.DataFrame:
    """The 221 passages on Russia and China that come with the project, coded by a language model, not by people.

    The columns are told in ``data/README.md``. ``outlet`` is the name used everywhere else; ``story`` is one for
    ``seed-000`` and ``seed-001``, the AP story and its reprint (``data/gold/stories.csv``), and else the article.

    Raises:
        FileNotFoundError: the package stands without the project's ``data`` folder.

    >>> coded = load_coded()
    >>> coded["article"].nunique(), coded["story"].nunique()
    (42, 41)
    """
    if not GOLD.exists():
        raise FileNotFoundError(
            f"{GOLD} is not there: the coded passages stand beside the package, in the project's data folder. "
            "Work in a clone of the project, or code passages of your own with an.sample_to_code."
        )
    coded = pd.read_csv(GOLD)
    stories = pd.read_csv(STORIES).set_index("article")["story"]
    return coded.assign(
        outlet=[known_outlet(outlet).name for outlet in coded["outlet"]],
        story=coded["article"].map(stories).fillna(coded["article"]),
    )


def check_coded(coded: pd.DataFrame, labels: Sequence[str]) -> None:
    """Refuses a table without a text and a code of 0 or 1 for each frame."""
    missing = [name for name in ["text", *labels] if name not in coded]
    if missing:
        raise ValueError(
            f"coded passages: no column {missing[0]!r}; there is {', '.join(map(str, coded))}. "
            "They need 'text' and a column of 0 and 1 for each frame of the lexicon."
        )
    if coded.empty:
        raise ValueError("coded passages: the table is empty, so nothing can be measured.")
    for label in labels:
        wrong = ~coded[label].isin([0, 1]).to_numpy(dtype=bool)
        if wrong.any():
            row, codes = int(wrong.argmax()), coded[label].tolist()
            remedy = (
                "A code is 0 or 1." if not pd.isna(codes[row])
                else "Nobody coded it, or the coders tied: settle it, or drop the passage."
            )  # fmt: skip
            raise ValueError(f"coded passages: {label} is {codes[row]!r} in row {row} (from 0). {remedy}")


def clusters(coded: pd.DataFrame, cluster: str | None) -> "pd.Series[Any]":
    """What is resampled whole, named as its column; each passage for itself where no column groups them."""
    name = cluster or next((name for name in CLUSTERS if name in coded), None)
    if name is None:
        return pd.Series(range(len(coded)), name="passage")
    if name not in coded:
        raise ValueError(f"coded passages: no column {name!r} to resample; there is {', '.join(map(str, coded))}.")
    if coded[name].isna().any():
        row = int(coded[name].isna().argmax())
        raise ValueError(
            f"coded passages: {name} is missing in row {row} (from 0). Say where the passage is from."
        )
    return coded[name].reset_index(drop=True)


def weights_of(coded: pd.DataFrame) -> Numbers:
    """How many passages each one stands for: the column ``weight`` of ``sample_to_code``, else 1."""
    if "weight" not in coded:
        return np.ones(len(coded))
    weights = pd.to_numeric(coded["weight"], errors="coerce").to_numpy(dtype=float)
    wrong = ~(np.isfinite(weights) & (weights > 0))
    if wrong.any():
        row = int(wrong.argmax())
        raise ValueError(
            f"coded passages: weight is {coded['weight'].tolist()[row]!r} in row {row} (from 0). A weight is a "
            "number above 0, as an.sample_to_code gives it; drop the column to count each passage once."
        )
    return weights


def resampling(coded: pd.DataFrame, cluster: str | None, *, level: float, draws: int, seed: int) -> Resampling:
    """How the intervals of these passages are drawn, checked."""
    groups = clusters(coded, cluster)
    if not 0 < level < 1 or draws < 1:
        raise ValueError(f"level lies between 0 and 1 and draws is 1 or more, not {level} and {draws}.")
    return Resampling(groups, weights_of(coded), level, draws, seed)
