"""Resamples, signs and simulated series: the only source of random numbers of intervals and tests."""

from collections.abc import Iterator
from itertools import product
from typing import Any, Literal

import numpy as np
from scipy.sparse import csr_array

from analysis.arrays import Floats

Kind = Literal["bayesian", "efron"]

BATCH = 1 << 22  # numbers drawn at a time: 32 MB, whatever the size of the corpus


def resamples(units: int, draws: int, *, seed: int, kind: Kind = "bayesian") -> Iterator[Floats]:
    """Batches of rows of weights, one row per resample and one column a unit (a story, or a group of them).

    "bayesian": weights from the exponential distribution (Rubin 1981, *Annals of Statistics* 9), so that no unit
    drops out. "efron": how often each unit is drawn with replacement (Efron 1979, *Annals of Statistics* 7).
    """
    generator = np.random.default_rng(seed)
    for rows in _batches(draws, units):
        if kind == "efron":
            yield generator.multinomial(units, np.full(units, 1 / units), rows).astype(np.float64)
        else:
            yield generator.standard_exponential((rows, units))


def resampled_sums(values: Floats | csr_array[Any], draws: int, *, seed: int, kind: Kind = "bayesian") -> Floats:
    """Weighted sums of the rows of `values` (units × columns, dense or sparse), a row for each resample."""
    batches = resamples(values.shape[0], draws, seed=seed, kind=kind)
    return np.concatenate([np.asarray(weights @ values, dtype=np.float64) for weights in batches])


def standard_errors(resampled: Floats, units: Floats | int) -> Floats:
    """Standard error of each mean: the spread over Bayesian resamples, widened for few units.

    Exponential weights on n units give a variance of s²(n − 1) / (n (n + 1)), where s² / n is wanted.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(resampled.std(axis=0) * np.sqrt((np.asarray(units) + 1) / (np.asarray(units) - 1)))


def signs(units: int, most: int, *, seed: int) -> Iterator[Floats]:
    """Batches of rows of 1 and −1, ones first: every such row if there are at most `most`, else random ones."""
    if 2**units <= most:
        yield np.array(list(product([1.0, -1.0], repeat=units)), dtype=np.float64).reshape(2**units, units)
        return
    generator = np.random.default_rng(seed)
    yield np.ones((1, units))
    for rows in _batches(most, units):
        yield np.where(generator.random((rows, units)) < 0.5, -1.0, 1.0)


def autoregressive(length: int, draws: int, *, lag: float, part: float, seed: int) -> Iterator[Floats]:
    """Batches of series of variance 1, one a column: noise and slow swings, `part` of the variance."""
    generator = np.random.default_rng(seed)
    for columns in _batches(draws, length):
        error, noise = generator.standard_normal((2, length, columns))
        error[1:] *= np.sqrt(1 - lag**2)  # the first value is of a swing that has run for long
        for at in range(1, length):  # scipy.signal's lfilter gives the same and takes half a second to import
            error[at] += lag * error[at - 1]
        yield np.asarray(np.sqrt(part) * error + np.sqrt(1 - part) * noise)


def _batches(rows: int, columns: int) -> Iterator[int]:
    """The rows of each batch."""
    step = max(1, BATCH // max(columns, 1))
    for start in range(0, rows, step):
        yield min(step, rows - start)
