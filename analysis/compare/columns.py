"""Tables that hold their columns even where nothing was found."""

from collections.abc import Mapping

import pandas as pd


def no_rows(columns: Mapping[str, str]) -> pd.DataFrame:
    """The columns, each of its kind, without a row.

    >>> no_rows({"label": "str", "share": "float64"}).dtypes.astype("str").tolist()
    ['str', 'float64']
    """
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
