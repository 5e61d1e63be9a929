"""How often an instrument finds what is there and says yes where nothing is, by its validation table.

Cells are four counts along the last axis: both say yes, instrument only, coders only, neither.
"""

import numpy as np
import pandas as pd

from analysis.arrays import Floats

JEFFREYS = 0.5  # passages added to each cell (Jeffreys' prior): where no error was seen, some are still possible


def table_cells(validation: pd.DataFrame) -> Floats:
    """Labels × cells, recovered from a table of ``validate``.

    >>> table = pd.DataFrame({"n": [10], "positives": [4], "precision": [0.75], "recall": [0.75]})
    >>> table_cells(table).tolist()
    [[3.0, 1.0, 1.0, 5.0]]
    """
    n, positives = validation["n"].to_numpy(float), validation["positives"].to_numpy(float)
    both = np.rint(validation["recall"].fillna(0).to_numpy(float) * positives)
    # Without a true hit the precision is 0 or missing, and does not tell how many there were: none is assumed.
    precision = validation["precision"].fillna(0).to_numpy(float)
    said = np.rint(np.divide(both, precision, out=both.copy(), where=precision > 0))
    return np.stack([both, said - both, positives - both, n - positives - said + both], axis=-1)


def drawn_cells(cells: Floats, *, draws: int, generator: np.random.Generator) -> Floats:
    """Draws × labels × cells: what they might have been. The rates' ratios are Jeffreys' beta posteriors."""
    return generator.gamma(cells + JEFFREYS, size=(draws, *cells.shape))


def true_share(share: Floats, cells: Floats) -> Floats:
    """The share that must hold for the instrument to say yes so often; missing if it knows no better than chance.

    Rogan & Gladen (1978, *American Journal of Epidemiology* 107): (share − false) / (found − false), with the
    share found of what is there and the share of false alarms where nothing is.

    >>> true_share(np.array([0.26]), np.array([[14.0, 12.0, 6.0, 68.0]])).round(2)
    array([0.2])
    """
    both, only, missed, neither = np.moveaxis(cells, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        found, false = both / (both + missed), only / (only + neither)
        return np.asarray(np.where(found > false, (share - false) / (found - false), np.nan))
