"""Coded passages beside what an instrument says of all passages, checked."""

from typing import NamedTuple

import numpy as np
import pandas as pd

CODED = "Coded passages need 'passage_id' and a column of 0 and 1 for each column of shares."


class Sample(NamedTuple):
    """Every passage, and those that were coded with the chance of each (1 where it is not told)."""

    said: pd.DataFrame
    docs: "pd.Series[str]"
    stories: "pd.Series[str]"
    coded: pd.DataFrame
    probability: "pd.Series[float]"


def is_validation(coded: pd.DataFrame) -> bool:
    """Whether this is a table of ``validate`` rather than coded passages."""
    return {"label", "n", "positives", "precision", "recall"} <= set(coded)


def sample(
    shares: pd.DataFrame, coded: pd.DataFrame, articles: pd.DataFrame, passages: pd.DataFrame | None, cluster: str
) -> Sample:
    """The coded passages found among all, indexed by ``passage_id``; all tables are checked."""
    if passages is None:
        raise ValueError(
            "passages: coded passages are compared with what the instrument says of each. Pass shares of one "
            "row a passage, frame_shares(hits, passages, unit='passage'), and passages=passages."
        )
    docs = document_of(shares, passages)
    _check_binary(shares)
    rows = _coded(shares, coded)
    story = docs
    if cluster in articles:
        known = articles.set_index("doc_id")[cluster]
        story = docs.map(known[~known.index.duplicated()]).fillna(docs)
    return Sample(shares, docs, story.astype("str"), rows[list(shares)], _probability(rows))


def document_of(shares: pd.DataFrame, passages: pd.DataFrame) -> "pd.Series[str]":
    """The ``doc_id`` of each row of shares of passages."""
    missing = [name for name in ("passage_id", "doc_id") if name not in passages]
    if missing:
        raise ValueError(f"passages: no column {missing[0]!r}; there is {', '.join(map(str, passages))}.")
    docs = passages.set_index("passage_id")["doc_id"]
    for name, index in (("passages", docs.index), ("shares", shares.index)):
        if not index.is_unique:
            raise ValueError(f"{name}: passage {index[index.duplicated()][0]!r} stands twice.")
    strangers = shares.index.difference(docs.index)
    if len(strangers):
        raise ValueError(
            f"shares: {strangers[0]!r} is not among the passages. With passages=…, shares have one row a passage: "
            "frame_shares(hits, passages, unit='passage')."
        )
    return docs.loc[shares.index]


def _check_binary(shares: pd.DataFrame) -> None:
    wrong = ~shares.isin([0, 1]).to_numpy()
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise ValueError(
            f"shares: passage {shares.index[row]!r} has {shares.iloc[row, column]} in {shares.columns[column]!r}; "
            "of a passage the instrument says 0 or 1."
        )


def _coded(shares: pd.DataFrame, coded: pd.DataFrame) -> pd.DataFrame:
    missing = [name for name in ("passage_id", *shares) if name not in coded]
    if missing:
        raise ValueError(
            f"coded passages: no column {missing[0]!r}; there is {', '.join(map(str, coded))}. {CODED}"
        )
    rows = coded.set_index("passage_id")
    if rows.empty:
        raise ValueError("coded passages: the table is empty, so nothing can be corrected.")
    if not rows.index.is_unique:
        twice = rows.index[rows.index.duplicated()][0]
        raise ValueError(
            f"coded passages: {twice!r} stands twice. Give each passage one code, the coders' majority."
        )
    strangers = rows.index.difference(shares.index)
    if len(strangers):
        raise ValueError(
            f"coded passages: {strangers[0]!r} is not among the passages of shares. Pass those that the sample "
            "was drawn from. Coded elsewhere? Pass validate(lexicon, coded) and method='misclassification'."
        )
    for label in shares:
        _check_codes(rows[label])
    return rows


def _check_codes(codes: "pd.Series[int]") -> None:
    wrong = ~codes.isin([0, 1]).to_numpy()
    if wrong.any():
        at = int(wrong.argmax())
        found, passage = codes.tolist()[at], codes.index[at]
        raise ValueError(f"coded passages: {codes.name} is {found!r} for {passage!r}. A code is 0 or 1.")


def _probability(rows: pd.DataFrame) -> "pd.Series[float]":
    if "probability" not in rows:
        return pd.Series(1.0, index=rows.index)
    chance = pd.to_numeric(rows["probability"], errors="coerce")
    wrong = ~((chance > 0) & (chance <= 1)).to_numpy()
    if wrong.any():
        at = int(wrong.argmax())
        raise ValueError(
            f"coded passages: the probability of {rows.index[at]!r} is {rows['probability'].tolist()[at]!r}; "
            "the chance of having been coded is above 0 and at most 1."
        )
    return chance
