"""Outlet shares corrected for the measured error of the instrument that gave them, and their differences."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from analysis.arrays import Flags, Floats, Ints
from analysis.compare.correction.estimators import (
    FEW_CODED,
    Estimate,
    by_design,
    by_hand,
    by_likelihood,
    by_rates,
    errors_differ,
)
from analysis.compare.correction.sample import Sample, document_means, sample_of
from analysis.compare.differences import concluded
from analysis.compare.effects import excludes_zero
from analysis.compare.estimates import COLUMNS as NAIVE
from analysis.compare.estimates import compare_outlets
from analysis.compare.inference import Inference
from analysis.compare.intervals import difference_interval
from analysis.corpus.provenance import stamped
from analysis.corpus.tables import check_columns, refuse_unknown
from analysis.frames.coding.certificate import DIFFER, Certificate
from analysis.frames.coding.codes import SPLIT, WHERE, votes
from analysis.numbers import counted, joined_notes, p_is

METHODS = ("dsl", "misclassification")
CORRECTED = ["corrected", "corrected_low", "corrected_high"]
BY_HAND = ["by_hand", "by_hand_low", "by_hand_high"]
COLUMNS = {name: kind for name, kind in NAIVE.items() if name != "note"} | {
    **dict.fromkeys(CORRECTED, "float64"), "n_coded": "int64", **dict.fromkeys(BY_HAND, "float64"), "note": "str",
}  # fmt: skip
DIFFERENCES = {
    "outlet": "str", "other": "str", "label": "str", "difference": "float64", "low": "float64", "high": "float64",
    "p": "float64", "q": "float64", "p_equivalent": "float64", "verdict": "str", "naive": "float64",
    "naive_low": "float64", "naive_high": "float64", "note": "str",
}  # fmt: skip
WAYS = {("difference", "low", "high"): CORRECTED, ("naive", "naive_low", "naive_high"): ["share", "low", "high"]}
NAIVE_ALONE = "by the instrument alone they differ: that may be its errors"
FEW = "fewer than 2 coded stories: not corrected"
CHANCE = "finds no more than chance: not corrected"
OUTSIDE = "corrected estimate beyond 0 or 1: set to it"
NO_LABEL = "passages without a label from the instrument: {n}, corrected by their hand codes"
NO_GAIN = "no narrower than the hand codes alone"
TIES = "ties of coders: {n}, counted both ways in the bounds"
EVEN = "errors assumed equal in all outlets (test of that: {p})"
UNTESTED = "errors assumed equal in all outlets (not tested)"
ELSEWHERE = "no coded passages here: errors taken from other outlets"
UNEVEN = "errors differ between outlets ({p}): not corrected; use method='dsl'"


def correct_shares(
    shares: pd.DataFrame, coded: pd.DataFrame | Certificate, articles: pd.DataFrame, *,
    passages: pd.DataFrame | None = None, method: str = "dsl", how: Inference | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Estimates as the instrument gives them, corrected for its errors, and by the hand codes alone.

    Parameters
    ----------
    shares : DataFrame
        What the instrument says, 0 or 1: one row per passage (``frame_shares(…, unit="passage")``, or ``label`` of
        a classifier), with `passages`; or one row per article, where articles were coded. Numbers between, a
        share of votes or a probability, say how sure it is. Or the table of ``code``: each passage then has the
        share of the coders that said yes, a label from one half on. For a `Certificate` also a row per document.
    coded : DataFrame or Certificate
        What coders say: ``passage_id`` (``doc_id`` where articles were coded), a column of codes for each column
        of `shares`, and ``probability`` or ``weight`` as ``sample_to_code`` gives them (for n of N drawn at
        random, n / N). Ties named in the column ``tied`` are counted both ways. Or what ``validate`` returned.
    articles, how
        As for ``compare_outlets``.
    passages : DataFrame, optional
        ``passage_id, doc_id`` of every row of `shares`.
    method : {"dsl", "misclassification"}
        "dsl" is right whatever errors the instrument makes, also when they differ between outlets, if the coded
        passages were drawn at random, with known probabilities, from all outlets compared. Prefer it.
        "misclassification" assumes that the instrument errs equally often in every outlet. Then not every outlet
        needs coded passages, they may have been chosen by what the instrument said of them, and with a
        `Certificate` they may come from elsewhere. Where errors clearly differ it corrects nothing; a hundred
        codes seldom show that, so bounds of an outlet with coded passages also include those of "dsl".

    Returns
    -------
    DataFrame
        ``outlet, label, n_articles, n_stories, share, low, high`` as ``compare_outlets`` gives them;
        ``corrected, corrected_low, corrected_high``; ``n_coded`` and ``by_hand, by_hand_low, by_hand_high``, the
        share by the coded passages alone; and ``note``: what was not corrected or not tested, and where the
        instrument did not make the estimate more precise.

    Notes
    -----
    "dsl": design-based supervised learning (Egami, Hinck, Stewart & Wei 2023). With π the probability of being
    coded, R 1 for coded passages, and g what was expected of the code Y, the mean of g + R/π · (Y − g) is that of
    Y whatever g is. Bounds are beta quantiles with the mean and the error of an outlet's share: the spread of its
    stories, with (Y − g)² from all outlets' coded passages of which the instrument said the same.

    "misclassification": with coded passages the likelihood of TeBlunthuis, Hase & Chan (2024, *Communication
    Methods and Measures* 18); with a `Certificate` the estimate of Rogan & Gladen (1978), whose intervals contain
    the true share in 65 to 75 of 100 cases where errors differ, of one outlet in 12 (``benchmarks/README.md``).

    A classifier must not be corrected with codes that it learned from: its ``label`` for all passages uses models
    that did not see the passage's story.

    Examples
    --------
    >>> passages = pd.DataFrame({"doc_id": [f"d{i:02}" for i in range(40)]})
    >>> passages["passage_id"] = passages["doc_id"] + ":0"
    >>> labels = pd.DataFrame({"economy": [1.0, 0.0] * 20}, index=passages["passage_id"])
    >>> coded = pd.DataFrame({"passage_id": passages["passage_id"][:20], "probability": 0.5,
    ...                       "economy": [1, 0, 1, 1] * 5})
    >>> articles = passages[["doc_id"]].assign(outlet="DW")
    >>> table = correct_shares(labels, coded, articles, passages=passages)
    >>> table[["share", "corrected", "corrected_low", "corrected_high", "by_hand"]].round(2).to_numpy().tolist()
    [[0.5, 0.75, 0.54, 0.91, 0.75]]
    """
    how = how or Inference()
    _refuse(coded, method)
    if {"passage_id", "coder"} <= set(shares):
        passages = shares.drop_duplicates("passage_id") if passages is None else passages
        shares = votes(shares)[0]
    if passages is None and isinstance(coded, pd.DataFrame):
        passages, coded = _of_articles(shares, coded)
    documents = shares if passages is None else document_means(shares, passages)
    naive = compare_outlets(documents, articles, how=how)
    if naive.empty:
        found = Found(NOTHING, NOTHING, np.zeros((0, 0), dtype=int), [])
    elif isinstance(coded, Certificate):
        found = _by_validation(documents, articles, coded, how)
    else:
        assert passages is not None
        sample = sample_of(shares, coded, articles, passages, how)
        _check_labelled(sample, set(naive["outlet"]), method)
        found = _by_sample(sample, method, how)
    share, low, high = (part.T.ravel() for part in found.corrected)
    beyond = np.where((share < 0) | (share > 1), OUTSIDE, "")
    notes = [naive["note"].to_numpy(), *(note.T.ravel() for note in found.notes), beyond]
    table = naive.assign(
        **dict(zip(CORRECTED, (np.clip(share, 0, 1), low, high), strict=True)),
        **{name: part.T.ravel() for name, part in zip(BY_HAND, found.by_hand, strict=True)},
        n_coded=found.n_coded.T.ravel(),
        note=[joined_notes(*row) for row in zip(*notes, strict=True)],
    )[list(COLUMNS)].astype(COLUMNS)
    return stamped(table, "correct_shares", {"shares": shares, "articles": articles}, how.settings(method=method))


def _of_articles(shares: pd.DataFrame, coded: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Articles that were coded, each as its own passage, and their codes."""
    if "passage_id" in coded or "doc_id" not in coded:
        raise ValueError(
            "correct_shares: passages= is missing. Give shares with one row per passage and "
            "passages=passages, or codes of articles with 'doc_id'."
        )
    passages = pd.DataFrame({"passage_id": shares.index, "doc_id": shares.index})
    return passages, coded.rename(columns={"doc_id": "passage_id"})


class Found(NamedTuple):
    """Estimates, corrected and by hand; how many passages were coded, and notes: arrays (outlets, labels)."""

    corrected: Estimate
    by_hand: Estimate
    n_coded: Ints
    notes: list[np.ndarray]


NOTHING = Estimate(*[np.full((0, 0), np.nan)] * 3)


def _by_sample(sample: Sample, method: str, how: Inference) -> Found:
    corrected, hand = (by_design if method == "dsl" else by_likelihood)(sample, how), by_hand(sample, how)
    notes = [_counted(NO_LABEL, sample, np.isnan(sample.scores)), _counted(TIES, sample, sample.codes == SPLIT)]
    found = Found(corrected, hand, sample.count(sample.weights > 0), notes)
    if method != "dsl":
        elsewhere = np.where(sample.coded_stories < FEW_CODED, ELSEWHERE, "")
        return _stepping_aside(found._replace(notes=[elsewhere, *notes]), errors_differ(sample))
    few = np.where(np.isnan(corrected.share), FEW, "")
    wide = np.where(corrected.high - corrected.low >= hand.high - hand.low, NO_GAIN, "")
    return found._replace(notes=[few, notes[0], wide, notes[1]])


def _by_validation(documents: pd.DataFrame, articles: pd.DataFrame, known: Certificate, how: Inference) -> Found:
    hint = "Pass what validate(coded, lexicon) returns, without by=."
    check_columns(known.cells, ["label", "p_outlets"], where="validation", hint=hint)
    cells = known.cells.set_index("label")
    if missing := [label for label in documents if label not in cells.index]:
        raise ValueError(
            f"validation: label {missing[0]!r} is missing. Found: {', '.join(map(str, cells.index))}. "
            "Leave the column out of shares, or validate it."
        )
    rows = cells.loc[list(documents)]
    corrected = by_rates(documents, articles, rows, how)
    unknown, chance = np.full(corrected.share.shape, np.nan), np.where(np.isnan(corrected.share), CHANCE, "")
    found = Found(corrected, Estimate(unknown, unknown, unknown), np.zeros(unknown.shape, dtype=int), [chance])
    return _stepping_aside(found, rows["p_outlets"].to_numpy(float))


def _stepping_aside(found: Found, p: Floats) -> Found:
    differ = np.broadcast_to(np.nan_to_num(p, nan=1.0) < DIFFER, found.n_coded.shape)
    even = [UNTESTED if np.isnan(one) else EVEN.format(p=p_is(one)) for one in p]
    assumed = np.where(np.isfinite(found.corrected.share), even, "")
    uneven = np.where(differ, [UNEVEN.format(p=p_is(one)) for one in p], assumed)
    notes = [uneven, *(np.where(differ, "", note) for note in found.notes)]
    corrected = Estimate(*(np.where(differ, np.nan, part) for part in found.corrected))
    return found._replace(corrected=corrected, notes=notes)


def _counted(text: str, sample: Sample, cells: Flags) -> np.ndarray:
    """The text with the number of each outlet's passages concerned; empty where there are none."""
    return np.array([[text.format(n=n) if n else "" for n in row] for row in sample.count(cells)], dtype=object)


def _check_labelled(sample: Sample, outlets: set[str], method: str) -> None:
    """Refuses missing labels where they cannot be corrected."""
    missing = int(np.isnan(sample.scores).any(axis=1).sum())
    if missing and (method != "dsl" or (without := sorted(set(sample.outlets) - outlets))):
        where = f", all those of {without[0]!r} among them" if method == "dsl" else ""
        raise ValueError(
            f"correct_shares: method={method!r} needs labels from the instrument. Found: "
            f"{counted(missing, 'passage')} without one{where}. Ask again (an.code(…, again=True)), or leave "
            "them out."
        )


def _refuse(coded: pd.DataFrame | Certificate, method: str) -> None:
    """Refuses what the method cannot start from."""
    refuse_unknown("method", method, "a method", METHODS)
    if method != "dsl":
        return
    if isinstance(coded, Certificate):
        raise ValueError(
            "correct_shares: method='dsl' needs the coded passages, drawn at random, not their validation. "
            "Pass them, or write method='misclassification'."
        )
    if not {"probability", "weight"} & set(coded):
        hint = (
            "method='dsl' needs the probability that each passage had of being coded: n / N for n of N drawn at "
            "random. Not drawn at random? Write method='misclassification'."
        )
        check_columns(coded, ["probability"], where=WHERE, hint=hint)


def corrected_differences(corrected: pd.DataFrame, *, margin: float = 0.1, level: float = 0.95) -> pd.DataFrame:
    """Each two outlets' difference in corrected shares, with its interval, test and verdict.

    Parameters
    ----------
    corrected : DataFrame
        From ``correct_shares``.
    margin : float
        The largest difference that would not matter.
    level : float
        That of the intervals in `corrected`.

    Returns
    -------
    DataFrame
        ``outlet, other, label, difference, low, high, p, q, p_equivalent, verdict`` as in ``outlet_differences``,
        with p from the level at which this interval would just exclude zero; ``naive, naive_low, naive_high``: the
        difference by the instrument's own labels; and ``note``, where only that one excludes zero. Missing where
        an outlet was not corrected.
    """
    needed = ["outlet", "label", "share", "low", "high", *CORRECTED]
    check_columns(corrected, needed, where="corrected", hint="Give the table of an.correct_shares.")
    places = corrected.reset_index(drop=True).groupby("label", sort=False).indices.values()
    pairs = np.array([pair for of_label in places for pair in combinations(of_label, 2)], dtype=int).reshape(-1, 2)
    first, second = (corrected.iloc[side].reset_index(drop=True) for side in pairs.T)
    found = first[["outlet", "label"]].assign(other=second["outlet"])
    for names, columns in WAYS.items():
        shares, least, most = ((first[name].to_numpy(float), second[name].to_numpy(float)) for name in columns)
        bounds = difference_interval(shares, least, most, np.zeros(len(first)))
        found = found.assign(**dict(zip(names, (shares[0] - shares[1], *bounds), strict=True)))
    difference, low, high = (found[name].to_numpy(float) for name in ("difference", "low", "high"))
    toward = np.where(difference > 0, difference - low, high - difference)
    found["p"] = 2 * _beyond(np.abs(difference), toward, level)
    within = (margin - difference, high - difference), (margin + difference, difference - low)
    found["p_equivalent"] = np.maximum(*(_beyond(*side, level) for side in within))
    found = concluded(found, margin)
    alone = excludes_zero(found, "naive_low", "naive_high") & ~excludes_zero(found)
    found["note"] = np.where(alone, NAIVE_ALONE, "")
    return found[list(DIFFERENCES)].astype(DIFFERENCES)


def _beyond(distance: Floats, reach: Floats, level: float) -> Floats:
    """Probability of an error this large, where a bound of this level lies at `reach`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(ndtr(-ndtri((1 + level) / 2) * distance / reach))
