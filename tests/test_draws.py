"""Resamples: what stays fixed in each, and that seeds decide the rest."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from analysis import draws


def test_units_drawn_with_replacement_are_as_many_as_there_are():
    weights = np.concatenate(list(draws.resamples(6, 50, seed=1, kind="efron")))
    assert (weights.sum(axis=1) == 6).all()
    assert weights.min() == 0
    assert weights.max() > 1


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
