"""Outlet shares corrected for the measured error of the instrument that gave them."""

import numpy as np
import pandas as pd

from analysis.compare.correction.coded import document_of, is_validation, sample
from analysis.compare.correction.corrected import Chance, Corrected, Groups, by_design, by_likelihood, by_rates
from analysis.compare.correction.error_rates import table_cells
from analysis.compare.estimates import COLUMNS as NAIVE
from analysis.compare.estimates import compare_outlets
from analysis.compare.inference import Inference
from analysis.compare.observations import story_shares

METHODS = ("dsl", "misclassification")
COLUMNS = {name: kind for name, kind in NAIVE.items() if name != "note"} | {
    "corrected": "float64", "corrected_low": "float64", "corrected_high": "float64", "note": "str",
}  # fmt: skip
FEW = "fewer than 2 coded stories: not corrected"
CHANCE = "finds no more than chance: not corrected"
OUTSIDE = "corrected estimate beyond 0 or 1: set to it"


def correct_shares(
    shares: pd.DataFrame,
    coded: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    passages: pd.DataFrame | None = None,
    method: str = "dsl",
    by: str = "outlet",
    cluster: str = "story_id",
    seed: int = 0,
    level: float = 0.95,
    draws: int = 2000,
) -> pd.DataFrame:
    """Estimates as the instrument gives them, and beside them what they are after its errors are taken out.

    Parameters
    ----------
    shares : DataFrame
        What the instrument says: one row a passage, 0 or 1 (``frame_shares`` with ``unit="passage"``), together
        with `passages`. For a validation table also one row a document (``frame_shares``).
    coded : DataFrame
        What coders say: ``passage_id``, a column of 0 and 1 for each column of `shares`, and ``probability``, the
        chance that the passage had of being coded (for n of N drawn by lot, n / N). Or the table of ``validate``.
    articles : DataFrame
        ``doc_id`` and the columns named by `by` and `cluster`.
    passages : DataFrame
        ``passage_id, doc_id`` of every row of `shares`.
    method : {"dsl", "misclassification"}
        ``"dsl"`` is right whatever errors the instrument makes, also when they differ between outlets, if the
        coded passages were drawn by lot, with known chances, from all outlets compared. Prefer it.
        ``"misclassification"`` takes the instrument to find and to miss equally often in every outlet. If so, its
        intervals are narrower, not every outlet needs coded passages, and they may have been chosen by what the
        instrument said of them. With a validation table, the passages may come from elsewhere. Where error rates
        differ between outlets it is wrong, and does not show it.
    by, cluster, seed, level, draws
        As for :func:`compare_outlets`.

    Returns
    -------
    DataFrame
        ``outlet, label, n_articles, n_stories, share, low, high`` as :func:`compare_outlets` gives them, and
        ``corrected, corrected_low, corrected_high, note``. Where too little was coded, the instrument finds no
        more than chance, or the outlet has one story, there is no correction, and ``note`` says so.

    Raises
    ------
    ValueError
        As :func:`compare_outlets`; an unknown method; a passage that is coded twice or is not among `shares`, a
        code that is not 0 or 1, a probability that is missing or not above 0 and up to 1, a missing column.

    Notes
    -----
    ``"dsl"``: design-based supervised learning (Egami, Hinck, Stewart & Wei 2023), see ``pseudo.py``.
    ``"misclassification"``: with coded passages the likelihood of TeBlunthuis, Hase & Chan (2024, *Communication
    Methods and Measures* 18), see ``likelihood.py``; with a validation table the estimate of Rogan & Gladen (1978)
    and Jeffreys' beta posteriors of the error rates, as of independent passages: from few articles, their doubt is
    understated. Stories are resampled; intervals are those of ``compare_outlets``, with as many degrees of freedom
    as stories were coded. ``python -m benchmarks correction`` measures how often they hold the truth.

    Examples
    --------
    >>> passages = pd.DataFrame({"doc_id": [f"d{i:02}" for i in range(40)]})
    >>> passages["passage_id"] = passages["doc_id"] + ":0"
    >>> said = pd.DataFrame({"economy": [1.0, 0.0] * 20}, index=passages["passage_id"])
    >>> coded = pd.DataFrame({"passage_id": passages["passage_id"][:20], "probability": 0.5,
    ...                       "economy": [1, 0, 1, 1] * 5})
    >>> articles = passages[["doc_id"]].assign(outlet="DW")
    >>> table = correct_shares(said, coded, articles, passages=passages)
    >>> table[["outlet", "share", "low", "high", "corrected", "corrected_low", "corrected_high"]].round(2)
      outlet  share   low  high  corrected  corrected_low  corrected_high
    0     DW    0.5  0.34  0.66       0.75            0.52             0.9
    """
    _refuse(coded, method)
    documents = shares if passages is None else _documents(shares, passages)
    groups: Groups = {"by": by, "cluster": cluster}
    chance: Chance = {"level": level, "draws": draws, "seed": seed}
    naive = compare_outlets(documents, articles, how=Inference(**groups, **chance))
    if naive.empty:
        return _beside(naive, Corrected(*np.zeros((3, 0, 0))), "")
    if is_validation(coded):
        told = story_shares(documents, articles, Inference(**groups))
        return _beside(naive, by_rates(told, table_cells(_rows(coded, shares)), chance), CHANCE)
    known = sample(shares, coded, articles, passages, cluster)
    way = by_design if method == "dsl" else by_likelihood
    return _beside(naive, way(known, articles, groups, chance), FEW)


def _documents(shares: pd.DataFrame, passages: pd.DataFrame) -> pd.DataFrame:
    return shares.astype(float).groupby(document_of(shares, passages).to_numpy()).mean()


def _refuse(coded: pd.DataFrame, method: str) -> None:
    """Refuses what the method cannot start from."""
    if method not in METHODS:
        raise ValueError(f"method={method!r}: there is {' and '.join(map(repr, METHODS))}.")
    if method == "dsl" and is_validation(coded):
        raise ValueError(
            "method='dsl' needs the coded passages, drawn by lot, not their validation table. "
            "Pass them, or write method='misclassification'."
        )
    if method == "dsl" and "probability" not in coded:
        raise ValueError(
            f"coded passages: no column 'probability'; there is {', '.join(map(str, coded))}. "
            "method='dsl' needs the chance that each passage had of being coded: n / N for n of N drawn by lot. "
            "Not drawn by lot? Write method='misclassification'."
        )


def _rows(validation: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """The validation of each label of the shares."""
    twice = validation["label"].duplicated()
    if twice.any():
        raise ValueError(
            f"validation: label {validation['label'][twice].iloc[0]!r} stands twice. "
            "Pass one row a frame: the figures over all outlets and entries."
        )
    rows = validation.set_index("label")
    missing = [label for label in shares if label not in rows.index]
    if missing:
        raise ValueError(
            f"validation: no label {missing[0]!r}; there is {', '.join(map(str, rows.index))}. "
            "Leave the column out of shares, or validate it."
        )
    return rows.loc[list(shares)]


def _beside(naive: pd.DataFrame, corrected: Corrected, lacking: str) -> pd.DataFrame:
    """Naive and corrected estimates in one table, with what there is to say of them."""
    share, low, high = (values.T.ravel() for values in corrected)
    notes = [naive["note"].to_numpy(), np.where(np.isnan(share), lacking, "")]
    notes += [np.where((share < 0) | (share > 1), OUTSIDE, "")]
    table = naive.assign(
        corrected=np.clip(share, 0, 1), corrected_low=low, corrected_high=high,
        note=["; ".join(filter(None, said)) for said in zip(*notes, strict=True)],
    )  # fmt: skip
    return table[list(COLUMNS)].astype(COLUMNS)
