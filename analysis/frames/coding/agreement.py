"""Agreement of coders, the upper limit for any instrument."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import krippendorff
import numpy as np
import pandas as pd

from analysis.arrays import Floats, Ints, sums
from analysis.draws import resampled_sums
from analysis.frames.coding.codes import FORMS, clusters, side_by_side

DRAWS = 2000


def coder_agreement(
    codes: pd.DataFrame,
    *,
    coders: Sequence[str] | None = None,
    cluster: str | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Krippendorff's alpha and Cohen's kappa of the coders for each label, with the interval of alpha.

    Parameters
    ----------
    codes : DataFrame
        A long table, as from ``read_codes``: ``passage_id`` (or ``doc_id``), ``coder``, ``label`` and ``code``, or
        ``class`` in place of ``code``. Or coded passages with a column per coder: ``war_coder1``, ``war_coder2``.
        Missing codes are ignored, so coders may share only a part.
    coders : sequence of str, optional
        Names of the coders where columns are called ``war_ann, war_bob``, or of the columns that hold their
        classes. Other columns are never taken for coders.
    cluster, level, seed
        As in ``validate``. Weights do not count: agreement is that of the coded passages.

    Returns
    -------
    DataFrame
        A row per label: ``label, classes, coders, n`` (passages with two codes or more), ``agree`` (the share of
        these on which all agree), ``kappa`` (the mean over pairs of coders; Cohen 1960, Light 1971) and ``alpha``
        (nominal; Krippendorff 2019, ch. 12) with ``alpha_low, alpha_high``. Of classes, a row for all together
        comes before one of each. Alpha and kappa are missing where no code varies, and the interval also for one
        story alone.

    Notes
    -----
    The interval draws the weight of each story (Bayesian bootstrap, Rubin 1981) with half a passage added for each
    way in which a passage can be coded (Jeffreys' prior), so that twenty passages without a disagreement do
    not count as certain agreement.

    Examples
    --------
    >>> codes = pd.DataFrame({"passage_id": [*"aabbcc"], "coder": ["ann", "bob"] * 3, "label": "war",
    ...                       "code": [1, 1, 0, 0, 0, 1]})
    >>> coder_agreement(codes)[["label", "coders", "n", "agree", "kappa", "alpha"]].round(2)
      label  coders  n  agree  kappa  alpha
    0   war       2  3   0.67    0.4   0.44
    """
    votes = side_by_side(codes, coders)
    groups = pd.factorize(clusters(votes.units, cluster), sort=True)[0]
    asked: list[tuple[str, int, Floats]] = []
    for label, names in votes.asked.items():
        own = [votes.codes[name].to_numpy() for name in names]
        if any((~np.isnan(values)).any(axis=0).sum() < 2 for values in own):
            continue
        if names != [label]:
            asked.append((label, len(own), np.select([values == 1 for values in own], range(len(own)), np.nan)))
        asked += [(name, 2, values) for name, values in zip(names, own, strict=True)]
    if not asked:
        raise ValueError(f"codes: no label has two coders. {FORMS}")
    rows = [{"label": label, "classes": n, **_agreement(given, groups, level, seed)} for label, n, given in asked]
    return pd.DataFrame(rows)


def _agreement(values: Floats, groups: Ints, level: float, seed: int) -> dict[str, Any]:
    given = ~np.isnan(values)
    several = given.sum(axis=1) > 1
    paired = values[several]
    classes = np.unique(paired[given[several]])
    counts = (paired[:, :, None] == classes).sum(axis=1)
    alpha, low, high = np.nan, np.nan, np.nan
    if len(classes) > 1:
        alpha = float(krippendorff.alpha(paired.T, level_of_measurement="nominal"))
        low, high = _bounds(counts, groups[several], level, seed)
    return {
        "coders": int(given.any(axis=0).sum()), "n": len(paired),
        "agree": float((counts.max(axis=1) == counts.sum(axis=1)).mean()) if len(paired) else np.nan,
        "kappa": _kappa(paired), "alpha": alpha,
        "alpha_low": np.minimum(low, alpha), "alpha_high": np.maximum(high, alpha),
    }  # fmt: skip


def _bounds(counts: Floats, groups: Ints, level: float, seed: int) -> tuple[float, float]:
    """Percentiles of alpha over weighted stories and the imagined passages; missing for one story alone."""
    names, story = np.unique(groups, return_inverse=True)
    if len(names) < 2:
        return np.nan, np.nan
    kinds = counts.shape[1] + 1
    given = counts.sum(axis=1)
    differing = (given**2 - (counts**2).sum(axis=1)) / np.maximum(given - 1, 1)
    of_stories = sums(np.column_stack([differing, counts]), story, len(names))
    split = [2.0, *[2 / (kinds - 1)] * (kinds - 1)]  # two coders who differ; two who agree, a row per class
    imagined = np.vstack([np.column_stack([np.zeros(kinds - 1), 2 * np.eye(kinds - 1)]), split])
    prior = np.random.default_rng([seed, 1]).gamma(1.5 / kinds, size=(DRAWS, kinds))  # .5 each for yes and no
    drawn = resampled_sums(of_stories, DRAWS, seed=seed) + prior @ imagined
    ones, n = drawn[:, 1:], drawn[:, 1:].sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha = 1 - drawn[:, 0] / ((n**2 - (ones**2).sum(axis=1)) / np.maximum(n - 1, 1e-9))
    low, high = np.nanquantile(alpha, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _kappa(values: Floats) -> float:
    """Cohen's kappa, the mean over the pairs of coders who share passages on which their codes vary."""
    from sklearn.metrics import cohen_kappa_score

    pairs = (values[:, at] for at in combinations(range(values.shape[1]), 2))
    shared = (pair[~np.isnan(pair).any(axis=1)] for pair in pairs)
    kappas = [cohen_kappa_score(*pair.T) for pair in shared if len(np.unique(pair)) > 1]
    return float(np.mean(kappas)) if kappas else np.nan
