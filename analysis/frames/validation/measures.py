"""Precision, recall, F1 and Krippendorff's alpha of labels beside codes, with intervals over resampled stories."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import krippendorff
import numpy as np
import numpy.typing as npt
import pandas as pd

MEASURES = ["precision", "recall", "f1", "alpha"]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]


class Resampling(NamedTuple):
    """What is drawn whole, how many passages each one stands for, and how intervals are drawn."""

    groups: "pd.Series[Any]"
    weights: Numbers
    level: float
    draws: int
    seed: int

    def at(self, rows: Flags) -> "Resampling":
        """The same for some of the passages."""
        return self._replace(groups=self.groups[rows], weights=self.weights[rows])


def frame_table(said: Flags, true: Flags, labels: Sequence[str], resampling: Resampling) -> pd.DataFrame:
    """``frame, n, positives`` and the measures, a row a frame; ``said`` and ``true`` are passages × frames."""
    table = pd.DataFrame({"frame": labels, "n": len(true), "positives": true.sum(axis=0)})
    return table.join(measured(said, true, resampling))


def measured(said: Flags, true: Flags, resampling: Resampling) -> pd.DataFrame:
    """Each measure with ``_low`` and ``_high``, a row a column of ``said`` and ``true``.

    Of the weights only the ratios matter. Alpha without weights comes from the ``krippendorff`` package.
    """
    groups, weights, level, draws, seed = resampling
    cells = _cells(said, true, groups, weights * (len(weights) / weights.sum()))
    point = measures(cells.sum(axis=0))
    if (weights == weights[0]).all():
        point[:, -1] = [alpha(np.stack(pair)) for pair in zip(said.T, true.T, strict=True)]
    drawn = measures(np.tensordot(resamples(len(cells), draws, seed), cells, axes=1))
    low, high = interval(drawn if len(cells) > 1 else np.full_like(drawn, np.nan), level)
    low, high = _without_errors(low, high, _rests_on(cells), level)
    ends = {"": point, "_low": low, "_high": high}
    return pd.DataFrame(
        {f"{name}{end}": values[:, at] for at, name in enumerate(MEASURES) for end, values in ends.items()}
    )


def alpha(codes: npt.NDArray[Any]) -> float:
    """Krippendorff's alpha of coders × passages, nominal; NaN where no code varies or no passage has two codes.

    >>> round(alpha(np.array([[1, 0, 0], [1, 1, 0]])), 2)  # 1 of 3 differ; by chance 3 · 3 · 2 / (6 · 5) = .6
    0.44
    """
    codes = np.asarray(codes, dtype=float)
    paired = codes[:, (~np.isnan(codes)).sum(axis=0) > 1]
    if len(np.unique(paired[~np.isnan(paired)])) < 2:
        return float("nan")
    return float(krippendorff.alpha(paired, level_of_measurement="nominal"))


def alpha_of(disagreed: Numbers, ones: Numbers, codes: Numbers) -> Numbers:
    """Nominal alpha of yes-or-no codes from sums over passages, so that resamples cost one product of arrays.

    ``disagreed`` sums 2 · yes · no / (coders − 1) over the passages, ``ones`` the yes, ``codes`` all codes.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = 2 * ones * (codes - ones) / (codes * (codes - 1))
        return np.asarray(1 - disagreed / codes / expected)


def resamples(groups: int, draws: int, seed: int) -> Numbers:
    """How often each group is drawn, draws × groups (Efron 1979)."""
    drawn = np.random.default_rng(seed).multinomial(groups, np.full(groups, 1 / groups), size=draws)
    return drawn.astype(np.float64)


def interval(drawn: Numbers, level: float) -> tuple[Numbers, Numbers]:
    """Percentiles over the draws; a draw in which a measure does not exist is passed over."""
    known = pd.DataFrame(drawn.reshape(len(drawn), -1)).quantile([(1 - level) / 2, (1 + level) / 2])
    low, high = known.to_numpy(dtype=float).reshape(2, *drawn.shape[1:])
    return low, high


def measures(cells: Numbers) -> Numbers:
    """Precision, recall, F1 and alpha along the last axis."""
    both, lexicon, coders, neither = np.moveaxis(cells, -1, 0)
    n = both + lexicon + coders + neither
    with np.errstate(divide="ignore", invalid="ignore"):
        right = [both / (both + lexicon), both / (both + coders), 2 * both / (2 * both + lexicon + coders)]
    agreement = alpha_of(2 * (lexicon + coders), 2 * both + lexicon + coders, 2 * n)
    return np.stack([*right, agreement], axis=-1)


def _cells(said: Flags, true: Flags, groups: "pd.Series[Any]", weights: Numbers) -> Numbers:
    """Group × frame × (both, lexicon only, coders only, neither): the four cells, counted."""
    code, _ = pd.factorize(groups, sort=True)
    cells = np.stack([said & true, said & ~true, ~said & true, ~said & ~true], axis=2)
    counted = np.zeros((code.max() + 1, *cells.shape[1:]))
    np.add.at(counted, code, cells * weights[:, None, None])
    return counted


def _rests_on(cells: Numbers) -> Numbers:
    """How many groups hold a case of each measure, frames × measures; alpha has no such count."""
    both, lexicon, coders, _ = np.moveaxis(cells, -1, 0)
    held = [both + lexicon > 0, both + coders > 0, both + lexicon + coders > 0]
    counts = [cases.sum(axis=0).astype(float) for cases in held]
    return np.stack([*counts, np.full_like(counts[0], np.nan)], axis=-1)


def _without_errors(low: Numbers, high: Numbers, groups: Numbers, level: float) -> tuple[Numbers, Numbers]:
    """Honest bounds where every resample was alike: all right, or all wrong, in so many groups."""
    unseen = 1 - ((1 - level) / 2) ** (1 / np.maximum(groups, 1))
    unseen = np.where(np.isnan(groups), np.nan, unseen)
    alike = low == high
    return (
        np.where(alike & (low == 1), 1 - unseen, low),
        np.where(alike & (high == 0), unseen, high),
    )
