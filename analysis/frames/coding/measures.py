"""Agreement of coders with each other, and of an instrument with coders, with intervals of a drawn sample.

Of all passages a share s has the label from the instrument; of these a share p is right (the precision), of the
others a share q is missed. All measures follow from s, p and q. Each has its own interval, from which
those of the measures follow: recall is s·p / (s·p + (1 − s)·q). Only passages without the label show q; few of
them may be coded, each standing for many.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any, NamedTuple

import krippendorff
import numpy as np
import pandas as pd
from scipy.special import betaincinv, chdtrc, ndtri, stdtrit

from analysis.arrays import Flags, Floats, Ints, sums
from analysis.draws import resampled_sums
from analysis.frames.coding.codes import FORMS, SPLIT, Judged, clusters, side_by_side

RESAMPLES = 2000


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
    prior = np.random.default_rng([seed, 1]).gamma(1.5 / kinds, size=(RESAMPLES, kinds))  # .5 each for yes and no
    drawn = resampled_sums(of_stories, RESAMPLES, seed=seed) + prior @ imagined
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


MEASURES = ["precision", "recall", "f1", "alpha"]
CELLS = ["both", "instrument_only", "coders_only", "neither"]
SIZES = ["size_share", "size_found", "size_others"]
DRAWS = 4000  # of each rate: bounds of two runs differ by less than .005
JEFFREYS = 0.5  # added to both outcomes (Brown, Cai & DasGupta 2001, Statistical Science 16)


class Rate(NamedTuple):
    """A share and the number of independent passages it is worth; infinite where it is known exactly."""

    share: float
    size: float


def frame_table(
    labelled: Flags, coded: Judged, labels: Sequence[str], *, level: float, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A row per label: ``label, n, positives, unsettled``, the measures with bounds; and the weighted cells."""
    rows, cells = [], []
    for column, label in enumerate(labels):
        codes = coded.codes[:, column]
        known = ~np.isnan(codes)
        bounded, of_label = _measured(labelled[:, column], coded, column, level, seed)
        counts = (int(n.sum()) for n in (known, codes == 1, codes == SPLIT))
        rows.append([label, *counts, *bounded.T.ravel()])
        cells.append([label, *of_label])
    names = ["label", "n", "positives", "unsettled", *(f"{m}{e}" for m in MEASURES for e in ("", "_low", "_high"))]
    return pd.DataFrame(rows, columns=names), pd.DataFrame(cells, columns=["label", *CELLS, *SIZES])


def measures(cells: Floats) -> Floats:
    """Precision, recall, F1 and alpha along the last axis, from the four cells along it."""
    both, instrument, coders, neither = np.moveaxis(cells, -1, 0)
    n = both + instrument + coders + neither
    with np.errstate(divide="ignore", invalid="ignore"):
        right = [both / (both + instrument), both / (both + coders), 2 * both / (2 * both + instrument + coders)]
        ones = 2 * both + instrument + coders
        expected = ones * (2 * n - ones) / (2 * n - 1)  # disagreements by chance, Krippendorff 2019, ch. 12
        agreement = 1 - (instrument + coders) / expected
    return np.stack([*right, agreement], axis=-1)


def rate(yes: Floats, weights: Floats, clusters: Ints) -> Rate:
    """The weighted share of yes, and how many independent passages it is worth (Kish 1965), by story."""
    total = weights.sum()
    if total <= 0:
        return Rate(np.nan, 0.0)
    share = float(weights @ yes / total)
    code = np.unique(clusters, return_inverse=True)[1]
    groups = int(code.max()) + 1
    most, least = (total**2 / (values**2).sum() for values in (weights, np.bincount(code, weights)))
    if groups < 2 or not 0 < share < 1:  # the spread is unknown, and each story counts once
        return Rate(share, float(least))
    spread = (np.bincount(code, weights * (yes - share)) ** 2).sum() * groups / (groups - 1)
    few = (ndtri(0.975) / stdtrit(groups - 1, 0.975)) ** 2  # the spread is itself estimated
    observed = share * (1 - share) * total**2 / max(spread, 1e-12) * few
    return Rate(share, float(np.clip(observed, least, most)))


def possible(known: Rate, generator: np.random.Generator) -> tuple[Floats, Floats]:
    """Draws of what the true share may be, for lower and upper bounds: beta, Jeffreys' prior, modified ends."""
    share, size = known
    if np.isinf(size):
        return (np.full(DRAWS, share),) * 2
    yes, no = (0.0, 0.0) if np.isnan(share) else (share * size, (1 - share) * size)
    drawn = generator.beta(yes + JEFFREYS, no + JEFFREYS, DRAWS)
    return np.zeros(DRAWS) if yes <= 0 else drawn, np.ones(DRAWS) if no <= 1e-9 * size else drawn


def interval(known: Rate, level: float) -> tuple[float, float]:
    """Bounds of one share, as for `possible`; missing without a case."""
    if np.isnan(known.share):
        return np.nan, np.nan
    yes, no = known.share * known.size, (1 - known.share) * known.size
    ends = np.array([1 - level, 1 + level]) / 2
    low, high = map(float, betaincinv(yes + JEFFREYS, no + JEFFREYS, ends))
    return low if yes > 0 else 0.0, high if no > 1e-9 * known.size else 1.0


def _measured(labelled: Flags, coded: Judged, column: int, level: float, seed: int) -> tuple[Floats, Floats]:
    """The measures of one label, with lower and upper bounds below; the cells, and what the rates are worth."""
    codes, weights = coded.codes[:, column], coded.weights_of(column)
    known, yes, sides = weights > 0, np.nan_to_num(codes), (labelled, ~labelled)
    cells = np.array([(weights * rows * side).sum() for rows in sides for side in (yes, 1 - yes)])
    total = cells[:2].sum() + cells[2:].sum()
    cells = cells * (known.sum() / total if total else 0.0)
    points, low, high = measures(cells), np.full(4, np.nan), np.full(4, np.nan)
    # Without passages that lack the label, drawn unseen, only precision can be measured.
    telling = np.array([True, *[not labelled[known].all() and not coded.picked[known].any()] * 3])
    share = label_rate(labelled, coded)
    if len(np.unique(coded.clusters[known])) > 1:
        bounds = []
        for chance, worst in (((1 - level) / 2, True), ((1 + level) / 2, False)):
            codes_at = np.where(codes == SPLIT, labelled != worst, yes).astype(float)
            rates = [share, *(rate(codes_at[rows], weights[rows], coded.clusters[rows]) for rows in sides)]
            bounds.append(_bound(labelled, rates, int(known.sum()), chance, seed))
        low, high = np.minimum(bounds[0], points), np.maximum(bounds[1], points)  # missing where the measure is
    bounded = np.where(telling, np.stack([points, low, high]), np.nan)
    sizes = [rate(yes[rows], weights[rows], coded.clusters[rows]).size for rows in sides]
    return bounded, np.array([*cells, share.size, *sizes])


def _bound(labelled: Flags, rates: Sequence[Rate], n: int, chance: float, seed: int) -> Floats:
    """The quantile of each measure over draws of s, p and q: all at their worst, or all at their best."""
    generator = np.random.default_rng(seed)
    shares, right, missed = (possible(each, generator) for each in rates)
    lower = chance < 0.5
    s, p, q = (shares[0], right[0], missed[1]) if lower else (shares[1], right[1], missed[0])
    s = np.full(DRAWS, rates[0].share) if labelled.all() or not labelled.any() else s
    cells = np.stack([s * p, s * (1 - p), (1 - s) * q, (1 - s) * (1 - q)], axis=-1)
    drawn = measures(cells * n)
    drawn[:, 0] = p
    known = np.where(np.isnan(drawn), 0.0 if lower else 1.0, drawn)
    return np.asarray(np.quantile(known, chance, axis=0))


def label_rate(labelled: Flags, coded: Judged) -> Rate:
    """The share that has the label from the instrument: exact where it alone decided the strata."""
    weights, total = coded.weights, coded.weights.sum()
    share = float(weights @ labelled / total)
    clusters = int(coded.clusters.max()) + 1
    cells, code = np.unique(coded.strata.astype(np.int64) * clusters + coded.clusters, return_inverse=True)
    stratum = cells // clusters
    within = np.bincount(coded.strata, weights * labelled) / np.maximum(np.bincount(coded.strata, weights), 1e-12)
    parts = np.bincount(code, weights * (labelled - within[coded.strata]))
    groups = np.bincount(stratum)[stratum]
    spread = (parts**2 * groups / np.maximum(groups - 1, 1)).sum()
    if spread <= 1e-12 * total**2:
        return Rate(share, np.inf)
    return Rate(share, share * (1 - share) * total**2 / spread)


def rates_differ(labelled: Flags, coded: Judged, column: int, outlets: Ints) -> float:
    """p of the test that the instrument finds and raises false alarms equally often in every outlet.

    Chi-square over outlets among passages with and without the label, by effective sizes (Rao & Scott 1981).
    """
    codes, weights = coded.codes[:, column], coded.weights_of(column)
    total, degrees = 0.0, 0
    for value in (1.0, 0.0):
        rows = [(codes == value) & (outlets == one) for one in np.unique(outlets)]
        given = labelled.astype(float)
        rates = [rate(given[each], weights[each], coded.clusters[each]) for each in rows if each.any()]
        shares, sizes = np.array(rates).reshape(-1, 2).T
        if len(rates) < 2 or not 0 < (mean := shares @ sizes / sizes.sum()) < 1:
            continue
        total += float((sizes * (shares - mean) ** 2).sum() / (mean * (1 - mean)))
        degrees += len(rates) - 1
    return float(chdtrc(degrees, total)) if degrees else np.nan
