"""Names for the kinds of arrays that travel between functions, and what is done with such arrays everywhere."""

import ctypes
import sys
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int32]  # words of a corpus, of which there are many: half the memory of Ints
Places = NDArray[np.intp]  # positions as numpy's own functions return them


def sums(values: NDArray[Any], group: NDArray[Any], number: int) -> Floats:
    """The rows of `values` added up by their group, an integer below `number`: number × columns."""
    total = np.zeros((number, values.shape[1]))
    np.add.at(total, group, values)
    return total


def false_discovery(p: Floats) -> Floats:
    """q after Benjamini & Hochberg (1995) over all of p; missing where p is."""
    order = np.argsort(p, kind="stable")[: np.isfinite(p).sum()]  # missing ones come last
    q, n = np.full(p.shape, np.nan), len(order)
    steps = p[order] * (n / np.arange(1, n + 1))
    q[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return q


def in_spans(n: int, first: NDArray[np.integer], last: NDArray[np.integer]) -> Flags:
    """Which of n places lie in one of the spans, ends included."""
    edges = np.bincount(first, minlength=n + 1) - np.bincount(last + 1, minlength=n + 1)
    return np.asarray(np.cumsum(edges[:n]) > 0)


def return_memory() -> None:
    """Gives the system what is free within the process: the peaks of one step and the next then do not add up."""
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None  # of glibc
    if trim:
        trim(0)
