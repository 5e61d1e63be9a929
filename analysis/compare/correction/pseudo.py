"""Design-based supervised learning: what passages say, had all been coded, on average.

A coded passage that had the chance π of being coded stands for 1/π passages. Its code Y corrects what was expected
of it, g: the pseudo-outcome is g + R/π · (Y − g), R being 1 for coded passages and 0 for others (Egami, Hinck,
Stewart & Wei 2023, "Using Imperfect Surrogates for Downstream Inference"). Its mean is that of Y whatever g is, so
no assumption on the instrument's errors is needed; a good g makes it precise.
"""

import numpy as np
import pandas as pd

from analysis.arrays import Floats
from analysis.compare.correction.coded import Sample


def pseudo_outcomes(sample: Sample) -> pd.DataFrame:
    """Passages × labels; single values may lie far outside 0 and 1, only their means are shares.

    >>> said = pd.DataFrame({"economy": [1.0, 1.0, 0.0, 0.0]}, index=list("abcd"))
    >>> coded = pd.DataFrame({"economy": [1.0, 1.0]}, index=["a", "c"])
    >>> each = pd.Series(list("abcd"), index=said.index)
    >>> half = pd.Series(0.5, index=coded.index)
    >>> pseudo_outcomes(Sample(said, each, each, coded, half))["economy"].tolist()
    [1.0, 1.0, 2.0, 0.5]
    """
    said, row = sample.said, sample.said.index.get_indexer(sample.coded.index)
    weight, truth = np.zeros((len(said), 1)), np.zeros(said.shape)
    weight[row, 0] = 1 / sample.probability.to_numpy(dtype=float)
    truth[row] = sample.coded.to_numpy(dtype=float)
    expected = _expected(said.to_numpy(dtype=float), truth, weight, sample.stories)
    return pd.DataFrame(expected + weight * (truth - expected), index=said.index, columns=said.columns)


def _expected(said: Floats, truth: Floats, weight: Floats, stories: "pd.Series[str]") -> Floats:
    """g: the share of codes 1 among passages of other stories of which the instrument said the same.

    Leaving out the passage's own story keeps g free of its code (cross-fitting). One imaginary passage in which
    the instrument is right steadies the share and settles what no coded passage tells.
    """
    usual = weight[weight > 0].mean() if (weight > 0).any() else 1.0
    expected = said.copy()
    for value in (0.0, 1.0):
        cell = weight * (said == value)
        right = _of_others(cell * truth, stories) + usual * value
        expected = np.where(said == value, right / (_of_others(cell, stories) + usual), expected)
    return expected


def _of_others(values: Floats, stories: "pd.Series[str]") -> Floats:
    """Column sums without the rows of the same story."""
    own = pd.DataFrame(values).groupby(stories.to_numpy()).transform("sum").to_numpy()
    return np.asarray(values.sum(axis=0) - own)
