"""Distinctive terms: what one group says more than the others."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.text.groups import Groups, aligned, group_sums
from analysis.text.terms import Counts, whole

Floats = npt.NDArray[np.float64]

# Below five occurrences the normal approximation behind z is poor, and no term comes near a small q.
RARE = 5


def distinctive_terms(
    counts: Counts, groups: Groups, *, prior: float | None = None, min_count: int = RARE, n: int | None = None
) -> pd.DataFrame:
    """The terms by which each group differs from all the others together.

    Columns are ``group, term, n, n_others, log_odds, z, q``; ``n`` counts the term in the group, ``n_others``
    in all the other groups.

    Log-odds ratios with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, "Fightin' Words"):
    before it is read, every group is taken to speak like the whole corpus, so a rare word must earn its
    place. ``log_odds`` is above 0 where the group uses the term more than the rest; ``z`` divides it by its
    standard error; ``q`` is the two-sided p of z with false discoveries controlled over all terms and groups
    (Benjamini & Hochberg 1995). Rows go by group, then falling z, then term.

    z takes each word for an independent draw. Words cluster in articles and stories, so q is too small: read
    it as a filter and a ranking, and test a difference between outlets with ``outlet_differences``.

    Args:
        counts: what ``count_terms`` returns.
        groups: the group of each document, as for ``top_terms``.
        prior: strength of the prior in tokens, spread over terms by their share of the corpus. By default the
            average group's tokens: what is expected weighs as much as what is read.
        min_count: leave terms with fewer occurrences in all out of the table and of the correction.
        n: only the first ``n`` terms of each group.

    Raises:
        ValueError: fewer than two groups or terms, a group without a single term, a prior that is not above
            0, or weights instead of counts.

    >>> import analysis as an
    >>> counts = an.count_terms(an.tokenize(["gas gas gas deal", "summit summit summit deal"]))
    >>> an.distinctive_terms(counts, ["TASS", "BBC"], min_count=1, n=1).round(2)
      group    term  n  n_others  log_odds     z    q
    0   BBC  summit  3         0      1.72  1.82  0.1
    1  TASS     gas  3         0      1.72  1.82  0.1
    """
    by_group = aligned(groups, counts.docs)
    said = group_sums(whole(counts).matrix, by_group)
    _check(said, by_group, prior)
    kept = np.flatnonzero(said.sum(axis=0) >= max(min_count, 1))
    log_odds, z = _log_odds(said, said.sum() / len(said) if prior is None else prior, kept)
    table = pd.DataFrame(
        {
            "group": pd.Categorical.from_codes(np.repeat(np.arange(len(said)), len(kept)), dtype=by_group.dtype),
            "term": np.tile(counts.terms.to_numpy(dtype=object)[kept], len(said)),
            "n": said[:, kept].ravel(),
            "n_others": (said.sum(axis=0) - said)[:, kept].ravel(),
            "log_odds": log_odds.ravel(),
            "z": z.ravel(),
            "q": _false_discovery(z.ravel()),
        }
    ).astype({"term": "str"})
    table = table.sort_values(["group", "z", "term"], ascending=[True, False, True], ignore_index=True)
    return table if n is None else table.groupby("group", observed=True).head(n).reset_index(drop=True)


def _check(said: npt.NDArray[np.int64], groups: pd.Categorical, prior: float | None) -> None:
    if len(said) < 2:
        raise ValueError(
            f"groups: found only {list(groups.categories)}. Terms are distinctive against other groups: "
            "give two or more."
        )
    if prior is not None and not prior > 0:
        raise ValueError(f"prior={prior}: its strength in tokens must be above 0.")
    if (said.sum(axis=0) > 0).sum() < 2:
        raise ValueError("counts: fewer than two terms, so no term has odds against another. Lower min_df.")
    silent = groups.categories[said.sum(axis=1) == 0]
    if len(silent):
        raise ValueError(
            f"groups: {silent[0]!r} has documents but not one term. Leave it out, or lower min_df in count_terms."
        )


def _log_odds(said: npt.NDArray[np.int64], prior: float, kept: npt.NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Log-odds ratio and z, groups × kept terms (Monroe et al. 2008, equations 15 to 22)."""
    total = said.sum(axis=0)
    alpha = (prior * total / total.sum())[kept]
    own, rest = said[:, kept] + alpha, total[kept] - said[:, kept] + alpha
    size = said.sum(axis=1, keepdims=True) + prior
    size_rest = total.sum() - said.sum(axis=1, keepdims=True) + prior
    log_odds = np.log(own / (size - own)) - np.log(rest / (size_rest - rest))
    return log_odds, log_odds / np.sqrt(1 / own + 1 / rest)


def _false_discovery(z: Floats) -> Floats:
    from scipy import stats

    q: Floats = stats.false_discovery_control(2 * stats.norm.sf(np.abs(z))) if len(z) else z
    return q
