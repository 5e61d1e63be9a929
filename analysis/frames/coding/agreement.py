"""How well coders agree: no instrument can be held to more."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import krippendorff
import numpy as np
import pandas as pd

from analysis.arrays import Floats, Ints
from analysis.draws import resampled_sums
from analysis.frames.coding.codes import is_classes, side_by_side, words_of, yes_or_no
from analysis.frames.coding.gold import clusters

COLUMNS = {
    "label": "str", "classes": "int64", "coders": "int64", "n": "int64", "agree": "float64", "kappa": "float64",
    "alpha": "float64", "alpha_low": "float64", "alpha_high": "float64",
}  # fmt: skip
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
        A long table, as from ``read_codes``: ``passage_id`` (or ``doc_id``), ``coder``, ``label`` and ``code``; or
        ``class`` in place of ``code`` where coders chose one of several classes, as words or numbers. Or coded
        passages with a column a coder: ``war_coder1``, ``war_coder2``, as ``majority_codes`` writes them. Missing
        codes are passed over, so coders may share only a part.
    coders : sequence of str, optional
        Names of the coders where columns are called ``war_ann, war_bob``, or of the columns that hold their
        classes. Other columns are never taken for coders.
    cluster, level, seed
        As in ``validate``. Weights do not count: agreement is that of the coded passages.

    Returns
    -------
    DataFrame
        A row a label: ``label, classes, coders, n`` (passages with two codes or more), ``agree`` (the share of
        these on which all agree), ``kappa`` (the mean over pairs of coders; Cohen 1960, Light 1971) and ``alpha``
        (nominal; Krippendorff 2019, ch. 12) with ``alpha_low, alpha_high``. Of classes, the first row is that of
        all together, then each has its own. Alpha and kappa are missing where no code varies.

    Raises
    ------
    ValueError
        A column is missing, no label has two coders, or a code is not valid.

    Notes
    -----
    The interval draws the weight of each story (Bayesian bootstrap, Rubin 1981) with half a passage added for each
    way in which a passage can be coded (Jeffreys' prior), so that twenty passages without a disagreement are not
    taken for perfect agreement.

    Examples
    --------
    >>> codes = pd.DataFrame({"passage_id": [*"aabbcc"], "coder": ["ann", "bob"] * 3, "label": "war",
    ...                       "code": [1, 1, 0, 0, 0, 1]})
    >>> coder_agreement(codes)[["label", "coders", "n", "agree", "kappa", "alpha"]].round(2)
      label  coders  n  agree  kappa  alpha
    0   war       2  3   0.67    0.4   0.44
    """
    votes = side_by_side(codes, coders)
    several = {label: given for label, given in votes.given.items() if given.notna().any().sum() > 1}
    if not several:
        raise ValueError(
            "codes: no label has two coders. Give the table of an.read_codes, or coded passages with columns such "
            "as war, war_coder1 and war_coder2. Columns called war_ann, war_bob? Write coders=['ann', 'bob']."
        )
    groups = pd.factorize(clusters(votes.units, cluster), sort=True)[0]
    rows = []
    for label, given in several.items():
        for name, values, classes in _variables(label, given):
            rows.append({"label": name, "classes": classes, **_agreement(values, groups, level, seed)})
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _variables(label: str, given: pd.DataFrame) -> list[tuple[str, Floats, int]]:
    """Name, codes (passages × coders, NaN for missing) and number of classes of each row of the result."""
    if not is_classes(given, label):
        return [(label, yes_or_no(given, label), 2)]
    words = words_of(given)
    codes, names = pd.factorize(words.to_numpy().ravel(), sort=True)
    values = np.where(codes < 0, np.nan, codes).reshape(words.shape)
    own = [(str(name), np.where(np.isnan(values), np.nan, values == at), 2) for at, name in enumerate(names)]
    return [(label, values, len(names)), *own]


def _agreement(values: Floats, groups: Ints, level: float, seed: int) -> dict[str, Any]:
    paired = values[(~np.isnan(values)).sum(axis=1) > 1]
    n = len(paired)
    classes = np.unique(paired[~np.isnan(paired)])
    counts = np.stack([(paired == one).sum(axis=1) for one in classes], axis=1) if n else np.zeros((0, 0))
    alone = n and len(classes) > 1
    alpha = float(krippendorff.alpha(paired.T, level_of_measurement="nominal")) if alone else np.nan
    low, high = (
        _bounds(counts, groups[(~np.isnan(values)).sum(axis=1) > 1], level, seed) if alone else (np.nan, np.nan)
    )
    return {
        "coders": int((~np.isnan(values)).any(axis=0).sum()), "n": n,
        "agree": float((counts.max(axis=1) == counts.sum(axis=1)).mean()) if n else np.nan,
        "kappa": _kappa(paired), "alpha": alpha,
        "alpha_low": np.fmin(low, alpha) if alone else np.nan,
        "alpha_high": np.fmax(high, alpha) if alone else np.nan,
    }  # fmt: skip


def _bounds(counts: Floats, groups: Ints, level: float, seed: int) -> tuple[float, float]:
    """Percentiles of alpha over weighted stories and the imagined passages; missing for one story alone."""
    story, stories = np.unique(groups, return_inverse=True)[1], len(np.unique(groups))
    if stories < 2:
        return np.nan, np.nan
    sums = np.zeros((stories, counts.shape[1] + 1))
    np.add.at(sums, story, _parts(counts))
    kinds = counts.shape[1] + 1
    split = [2.0, *[2 / (kinds - 1)] * (kinds - 1)]  # two coders who differ; two who agree, a row a class
    imagined = np.vstack([np.column_stack([np.zeros(kinds - 1), 2 * np.eye(kinds - 1)]), split])
    prior = np.random.default_rng([seed, 1]).gamma(1.5 / kinds, size=(DRAWS, kinds))  # .5 each for yes and no
    drawn = resampled_sums(sums, DRAWS, seed=seed) + prior @ imagined
    alpha = _alpha(drawn)
    low, high = np.nanquantile(alpha, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _parts(counts: Floats) -> Floats:
    """Of each passage its disagreement, then how often each class was given; their sums make alpha."""
    given = counts.sum(axis=1)
    differing = (given**2 - (counts**2).sum(axis=1)) / np.maximum(given - 1, 1)
    return np.column_stack([differing, counts])


def _alpha(sums: Floats) -> Floats:
    """Nominal alpha from the sums of `_parts` along the last axis (Krippendorff 2019, ch. 12)."""
    ones = sums[..., 1:]
    n = ones.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = (n**2 - (ones**2).sum(axis=-1)) / np.maximum(n - 1, 1e-9)
        return np.asarray(1 - sums[..., 0] / expected)


def _kappa(values: Floats) -> float:
    """Cohen's kappa, the mean over the pairs of coders who share passages on which their codes vary."""
    kappas = []
    for one, other in combinations(range(values.shape[1]), 2):
        both = values[~np.isnan(values[:, [one, other]]).any(axis=1)][:, [one, other]]
        classes = np.unique(both)
        if len(classes) < 2:
            continue
        first, second = ((both[:, [at]] == classes).mean(axis=0) for at in (0, 1))
        expected = float(first @ second)
        kappas.append(((both[:, 0] == both[:, 1]).mean() - expected) / (1 - expected) if expected < 1 else np.nan)
    return float(np.mean(kappas)) if kappas else np.nan
