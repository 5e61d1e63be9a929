"""Distinctive terms: those that one group uses more than the others."""

import numpy as np
import pandas as pd
from scipy.special import ndtr

from analysis.arrays import Floats, Ints, Places, false_discovery
from analysis.text.terms import Counts, Groups, aligned, group_sums, whole

RARE = 5  # occurrences; below, the normal approximation behind z is poor, and no term comes near a small q


def distinctive_terms(
    counts: Counts, groups: Groups, *, prior: float | None = None, min_count: int = RARE, n: int | None = None
) -> pd.DataFrame:
    """The terms by which each group differs from all the others together.

    Log-odds ratios with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, "Fightin' Words"): by
    default every group is expected to use words as the entire corpus does. Words cluster in articles and stories,
    so q is too small: use it as a filter and a ranking, and test a difference between outlets with
    ``outlet_differences(counts.shares(…), …)``.

    Parameters
    ----------
    counts, groups
        As for ``top_terms``; counts, not weights.
    prior : float, optional
        Strength of the prior in tokens, spread over terms by their share of the corpus. By default the average
        group's tokens: prior and data then have equal weight.
    min_count : int
        Terms with fewer occurrences in all are left out of the table and of the correction.
    n : int, optional
        Only the first `n` terms of each group.

    Returns
    -------
    DataFrame
        ``group, term, n`` (in the group), ``n_others``, ``log_odds`` (above 0 where the group uses the term more
        than the others), ``z`` (by its standard error) and ``q`` (two-sided, over all terms and groups; Benjamini
        & Hochberg 1995). Sorted by group, then falling z, then term.

    Examples
    --------
    >>> import analysis as an
    >>> counts = an.count_terms(an.tokenize(["gas gas gas deal", "summit summit summit deal"]))
    >>> an.distinctive_terms(counts, ["TASS", "BBC"], min_count=1, n=1).round(2)
      group    term  n  n_others  log_odds     z    q
    0   BBC  summit  3         0      1.72  1.82  0.1
    1  TASS     gas  3         0      1.72  1.82  0.1
    """
    by_group = aligned(groups, counts.docs)
    times = group_sums(whole(counts).matrix, by_group)
    _check(times, by_group, prior)
    kept = np.flatnonzero(times.sum(axis=0) >= max(min_count, 1))
    log_odds, z = _log_odds(times, times.sum() / len(times) if prior is None else prior, kept)
    table = pd.DataFrame({
        "group": pd.Categorical.from_codes(np.repeat(np.arange(len(times)), len(kept)), dtype=by_group.dtype),
        "term": np.tile(counts.terms.to_numpy(dtype=object)[kept], len(times)),
        "n": times[:, kept].ravel(), "n_others": (times.sum(axis=0) - times)[:, kept].ravel(),
        "log_odds": log_odds.ravel(), "z": z.ravel(),
        "q": false_discovery(2 * ndtr(-np.abs(z.ravel()))),
    }).astype({"term": "str"})  # fmt: skip
    table = table.sort_values(["group", "z", "term"], ascending=[True, False, True], ignore_index=True)
    return table if n is None else table.groupby("group", observed=True).head(n).reset_index(drop=True)


def _check(times: Ints, groups: pd.Categorical, prior: float | None) -> None:
    if len(times) < 2:
        what = "at least two are needed, to compare one with the others"
        raise ValueError(f"groups: {what}. Found: {list(groups.categories)}.")
    if prior is not None and not prior > 0:
        raise ValueError(f"prior: must be above 0 tokens. Found: {prior}.")
    if (times.sum(axis=0) > 0).sum() < 2:
        raise ValueError("counts: at least two terms are needed. Lower min_df in count_terms.")
    if len(silent := groups.categories[times.sum(axis=1) == 0]):
        what = f"the documents of {silent[0]!r} have no term"
        raise ValueError(f"groups: {what}. Leave them out, or lower min_df in count_terms.")


def _log_odds(times: Ints, prior: float, kept: Places) -> tuple[Floats, Floats]:
    """Log-odds ratio and z, groups × kept terms (Monroe et al. 2008, equations 15 to 22)."""
    total = times.sum(axis=0)
    alpha = (prior * total / total.sum())[kept]
    own, rest = times[:, kept] + alpha, total[kept] - times[:, kept] + alpha
    size = times.sum(axis=1, keepdims=True) + prior
    size_rest = total.sum() - times.sum(axis=1, keepdims=True) + prior
    log_odds = np.log(own / (size - own)) - np.log(rest / (size_rest - rest))
    return log_odds, log_odds / np.sqrt(1 / own + 1 / rest)
