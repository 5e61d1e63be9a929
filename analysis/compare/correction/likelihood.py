"""The outlet shares under which codes and the instrument's labels are most likely together.

With Y what holds and W what the instrument says, P(W, Y | outlet) = P(W | Y) · P(Y | outlet): error rates are one
for all outlets (the likelihood of TeBlunthuis, Hase & Chan 2024 for an outcome that is misclassified). Which
passages were coded may depend on what the instrument said of them; the likelihood does not mind.
"""

import numpy as np

from analysis.arrays import Floats

CELLS = 6  # coded: both say yes, instrument only, coders only, neither; not coded: instrument says yes, no
PRECISE = 1e-6  # of a share, by which a step moves one; what is left of the way is some twenty times as much
MOST_STEPS = 1_000  # one to two hundred are usual where one passage in ten is coded
SMALL = 1e-9  # passages; keeps the rates of empty cells from being 0 / 0


def most_likely(counts: Floats, prior: Floats) -> Floats:
    """The share of each outlet: shape (…, outlets) from counts (…, outlets, 6), passages or their weights.

    Expectation–maximisation (Dempster, Laird & Rubin 1977). `prior`, shape (…, 4), is added to the coded cells
    where error rates are estimated.

    >>> counts = np.array([[7.0, 1.0, 3.0, 9.0, 40.0, 60.0]])  # of 10 that hold 7 are found; 1 false alarm in 10
    >>> most_likely(counts, np.zeros(4)).round(2)
    array([0.5])
    """
    both, only, missed, neither, yes, no = np.moveaxis(counts, -1, 0)
    total: Floats = counts.sum(axis=-1)
    found = _rate(both, missed, prior[..., 0], prior[..., 2])
    false = _rate(only, neither, prior[..., 1], prior[..., 3])
    share: Floats = np.full(total.shape, 0.5)
    for _ in range(MOST_STEPS):
        hits = both + yes * _chance(share, found, false)
        misses = missed + no * _chance(share, 1 - found, 1 - false)
        before, share = share, (hits + misses) / total
        found = _rate(hits, misses, prior[..., 0], prior[..., 2])
        false = _rate(both + only + yes - hits, missed + neither + no - misses, prior[..., 1], prior[..., 3])
        if np.abs(share - before).max(initial=0) < PRECISE:
            break
    return share


def _chance(share: Floats, if_true: Floats, if_not: Floats) -> Floats:
    """That the label holds, given what the instrument said (Bayes)."""
    true, not_true = share * if_true[..., None], (1 - share) * if_not[..., None]
    return np.asarray(true / np.maximum(true + not_true, SMALL**2))


def _rate(part: Floats, rest: Floats, prior_part: Floats, prior_rest: Floats) -> Floats:
    """The part's share over all outlets."""
    one = part.sum(axis=-1) + prior_part + SMALL
    return np.asarray(one / (one + rest.sum(axis=-1) + prior_rest + SMALL))
