"""Resamples: what stays fixed in each, and that seeds decide the rest."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from analysis import draws


@pytest.mark.parametrize("kind", ["bayesian", "efron"])
def test_strata_keep_their_weight_in_every_resample(kind):
    strata = np.array([0, 1, 0, 1, 1, 2])
    weights = np.concatenate(list(draws.resamples(6, 50, seed=1, kind=kind, strata=strata)))
    for stratum, size in ((0, 2), (1, 3), (2, 1)):
        assert weights[:, strata == stratum].sum(axis=1) == pytest.approx(np.full(50, size))
    assert weights[:, strata == 0].std() > 0.3


@pytest.mark.parametrize("kind", ["bayesian", "efron"])
def test_batches_change_nothing(kind, monkeypatch):
    at_once = np.concatenate(list(draws.resamples(5, 12, seed=3, kind=kind)))
    monkeypatch.setattr(draws, "BATCH", 10)
    batches = list(draws.resamples(5, 12, seed=3, kind=kind))
    assert len(batches) == 6
    np.testing.assert_array_equal(np.concatenate(batches), at_once)


def test_sums_of_sparse_values_are_those_of_dense_ones():
    values = np.array([[1.0, 0.0], [0.0, 2.0], [3.0, 1.0]])
    dense = draws.resampled_sums(values, 20, seed=0)
    np.testing.assert_allclose(draws.resampled_sums(csr_array(values), 20, seed=0), dense)


def test_the_error_of_a_mean_is_s_over_root_n():
    values = np.array([0.1, 0.9, 0.4, 0.0, 0.6])
    sums = draws.resampled_sums(np.column_stack([values, np.ones(5)]), 40_000, seed=0)
    error = draws.standard_errors(sums[:, :1] / sums[:, 1:], 5)[0]
    assert error == pytest.approx(values.std(ddof=1) / np.sqrt(5), rel=0.02)
