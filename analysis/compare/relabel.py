"""Permutation tests for two outlets, some of whose stories may be the same."""

from collections.abc import Iterator
from itertools import combinations, product
from math import comb

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .intervals import BATCH, Floats

Bools = NDArray[np.bool_]

TIE = 1e-9  # statistics this close (relative) are the same number, summed in another order


def permutation_p(first: pd.DataFrame, second: pd.DataFrame, *, relabelings: int, seed: int) -> Floats:
    """Two-sided p of "the outlet makes no difference", one value a column.

    `first` and `second` hold one row a story (two or more), indexed by story. A relabeling deals the stories
    that one outlet alone carries out anew, keeping how many each has, and swaps the two versions of a story
    that both carry, or does not. All relabelings are tried if there are at most `relabelings`, otherwise that
    many at random, and the observed one counts among them (Phipson & Smyth 2010, *Statistical Applications
    in Genetics and Molecular Biology* 9). The statistic is the difference divided by its standard error,
    which keeps the test right when outlets differ in spread (Janssen 1997, *Statistics & Probability
    Letters* 36; Chung & Romano 2013, *Annals of Statistics* 41).

    A shared story that both printed alike says nothing, so outlets with few stories of their own seldom
    differ significantly: the test then errs on the side of caution.

    Of the six ways to deal 0, 0, 1, 1 into two and two, two are as far apart as these:

    >>> low, high = pd.DataFrame({"x": [0.0, 0.0]}, ["a", "b"]), pd.DataFrame({"x": [1.0, 1.0]}, ["c", "d"])
    >>> permutation_p(low, high, relabelings=100, seed=0).round(3)
    array([0.333])
    """
    shared = first.index.intersection(second.index).sort_values()
    alone = [outlet.drop(shared).sort_index().to_numpy() for outlet in (first, second)]
    # Centred, squares keep their digits when all shares are nearly alike.
    centre = (first.mean().to_numpy() + second.mean().to_numpy()) / 2
    stories = np.concatenate(alone) - centre
    pair = first.loc[shared].to_numpy() - centre, second.loc[shared].to_numpy() - centre
    sizes = len(alone[0]), len(alone[1]), len(shared)
    batches = (_statistic(stories, pair, *batch) for batch in _relabelings(sizes, relabelings, seed))
    found = np.concatenate(list(batches))  # the observed labels come first
    return np.asarray((found >= found[0] * (1 - TIE)).mean(axis=0))


def _relabelings(sizes: tuple[int, int, int], most: int, seed: int) -> Iterator[tuple[Bools, Bools]]:
    """Batches of two masks: of stories one outlet has, those of the first; of shared ones, those swapped."""
    first, second, shared = sizes
    if comb(first + second, first) * 2**shared <= most:
        yield _every(first, first + second, shared)
        return
    generator = np.random.default_rng(seed)
    yield np.arange(first + second)[None, :] < first, np.zeros((1, shared), dtype=bool)
    step = max(1, BATCH // (first + second + shared))
    for start in range(0, most, step):
        rows = min(step, most - start)
        yield _dealt(generator, rows, first, first + second), generator.random((rows, shared)) < 0.5


def _every(first: int, alone: int, shared: int) -> tuple[Bools, Bools]:
    dealt = np.zeros((comb(alone, first), alone), dtype=bool)
    for row, chosen in zip(dealt, combinations(range(alone), first), strict=True):
        row[list(chosen)] = True
    swapped = np.array(list(product([False, True], repeat=shared)), dtype=bool).reshape(2**shared, shared)
    return np.repeat(dealt, len(swapped), axis=0), np.tile(swapped, (len(dealt), 1))


def _dealt(generator: np.random.Generator, rows: int, first: int, alone: int) -> Bools:
    """Random rows, each with `first` of `alone` places true."""
    if first in (0, alone):
        return np.full((rows, alone), first > 0)
    keys = generator.random((rows, alone))
    return np.asarray(keys <= np.partition(keys, first - 1, axis=1)[:, [first - 1]])


def _statistic(alone: Floats, pair: tuple[Floats, Floats], dealt: Bools, swapped: Bools) -> Floats:
    """|difference of means| / its standard error, of shape (relabelings, columns)."""
    a, b = pair
    shared = swapped @ (b - a) + a.sum(axis=0)  # sums over the shared stories, as the first outlet has them
    sums = dealt @ alone + shared
    squares = dealt @ alone**2 + swapped @ (b**2 - a**2) + (a**2).sum(axis=0)
    all_sums, all_squares = (alone.sum(0) + a.sum(0) + b.sum(0)), ((alone**2).sum(0) + (a**2 + b**2).sum(0))
    n = int(dealt[0].sum()) + len(a)
    m = int((~dealt[0]).sum()) + len(a)
    mean, other = sums / n, (all_sums - sums) / m
    variance = (squares - n * mean**2) / (n * (n - 1))
    variance += (all_squares - squares - m * other**2) / (m * (m - 1))
    both = a.sum(0) + b.sum(0) - shared
    joint = (a * b).sum(0) - other * shared - mean * both + len(a) * mean * other
    variance -= 2 * joint / np.sqrt(n * (n - 1) * m * (m - 1))
    return _ratio(np.abs(mean - other), variance)


def _ratio(difference: Floats, variance: Floats) -> Floats:
    """Difference / √variance, where nothing differs 0, where only the outlets differ infinite."""
    certain = np.where(difference > TIE, np.inf, 0.0)
    spread = np.sqrt(np.maximum(variance, TIE**2))
    return np.where(variance > TIE**2, difference / spread, certain)
