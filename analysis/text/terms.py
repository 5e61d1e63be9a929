"""Counts of terms, with their labels."""

from dataclasses import dataclass

import pandas as pd
from scipy import sparse


@dataclass(frozen=True)
class Counts:
    """Documents × terms, sparse, with its labels."""

    matrix: sparse.csr_array
    docs: "pd.Index[str]"
    terms: "pd.Index[str]"
